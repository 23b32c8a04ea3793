"""What notes have a name for: a few words of a title or heading, which by themselves ask what they are."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import lru_cache

from bot.features.qa.answer.extract import SUMMARY
from bot.features.qa.index.words import STOP_WORDS, words
from bot.features.roadmap.track import Library, Track

LONGEST = 4
MOST_WORDS = 40
"""Words of a line in which terms are looked for."""
_PIECE = re.compile(r"[:;,/()&–—-]+\s|\s(?:and|or|vs|with|in|of|for|from|to|by|on|into)\s", re.IGNORECASE)


class Terms:
    """Says whether a line is a term of the notes of any track that is there now.

    Args:
        ordinary: reads the words of everyday English, none of which is a term by itself although a heading has it.
    """

    def __init__(self, library: Library, ordinary: Callable[[], Collection[str]]) -> None:
        self._library, self._ordinary = library, ordinary
        self._named = lru_cache(maxsize=64)(self._names)

    def __call__(self, said: str) -> bool:
        """Whether it is."""
        asked = " ".join(words(said))
        return any(asked in self._named(track) for track in self._library.values())

    def count(self, said: str) -> int:
        """Return how many terms of the notes a line names, the longest first, each word counted once."""
        asked, found, at = words(said)[:MOST_WORDS], 0, 0
        while at < len(asked):
            ends = range(min(at + LONGEST, len(asked)), at, -1)
            end = next((end for end in ends if self(" ".join(asked[at:end]))), at)
            found, at = found + (end > at), max(end, at + 1)
        return found

    def _names(self, track: Track) -> frozenset[str]:
        names = [name for note in track.notes.values() for name in (note.title, *note.headings)]
        pieces = [words(piece) for name in names if name.casefold() not in SUMMARY for piece in _PIECE.split(name)]
        ordinary = self._ordinary()
        return frozenset(run for piece in pieces for run in _runs(piece) if " " in run or run not in ordinary)


def _runs(piece: Sequence[str]) -> Iterator[str]:
    """Yield the runs of a piece's words in which no word only joins others."""
    for first in range(len(piece)):
        for end in range(first + 1, min(first + LONGEST, len(piece)) + 1):
            run = piece[first:end]
            if STOP_WORDS.isdisjoint(run):
                yield " ".join(run)
