"""What notes have a name for: a few words of a title or heading, which by themselves ask what they are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache

from bot.answers.compose.citations import SUMMARY
from bot.answers.index.spelling import is_inflected, written_out
from bot.answers.index.words import STOP_WORDS, stem, stems, words
from bot.curriculum.track import Library, Track

LONGEST = 4
MOST_WORDS = 40
"""Words of a line in which terms are looked for."""
_PIECE = re.compile(r"[:;,/()&–—-]+\s|\s(?:and|or|vs|with|in|of|for|from|to|by|on|into)\s", re.IGNORECASE)
SHARE = 0.25
"""Of the words of a subject that notes know."""
KEYNESS = 2000
"""Names that have a word times its place among all English ones, from which on it is the notes' own: attention has
23,000, broadcasting 8,000, mixture 5,000; time and contract 1,100, two 600."""
_ACRONYM = re.compile(r"\b[A-Z][a-z]?[A-Z]\w*\b")


class Terms:
    """Says whether a line is a term of the notes of any track that is there now.

    Args:
        ordinary: reads the words of everyday English, each with its place, the commonest first; none of these is a term
            by itself although a heading has it.
    """

    def __init__(self, library: Library, ordinary: Callable[[], Mapping[str, int]]) -> None:
        self._library, self._ordinary = library, ordinary

    def __call__(self, text: str) -> bool:
        """Whether it is."""
        asked = " ".join(words(text))
        return any(asked in _list_names(track, self._ordinary) for track in self._library.values())

    def count(self, line: str) -> int:
        """Return how many terms of the notes a line names, the longest first, each word counted once."""
        asked, terms, at = words(line)[:MOST_WORDS], 0, 0
        while at < len(asked):
            ends = range(min(at + LONGEST, len(asked)), at, -1)
            end = next((end for end in ends if self(" ".join(asked[at:end]))), at)
            terms, at = terms + (end > at), max(end, at + 1)
        return terms

    def knows(self, subject: str) -> bool:
        """Say whether the notes may well know a subject: some of the words that it has are words of theirs."""
        asked = stems(written_out(subject))
        shares = (len(asked & _list_stems(track, self._ordinary)) for track in self._library.values())
        return bool(asked) and max(shares, default=0) >= SHARE * len(asked)


@lru_cache(maxsize=64)
def _list_stems(track: Track, read_ordinary: Callable[[], Mapping[str, int]]) -> frozenset[str]:
    """Return the stems of a track's own words: more frequent in names than English has them, or strange."""
    times, places, ordinary = Counter[str](), dict[str, int](), read_ordinary()
    for name in _all_names(track):
        for word in {*words(name)}:
            root = stem(word)
            times[root] += 1
            places[root] = min(places.get(root, len(ordinary)), ordinary.get(word, len(ordinary)))
    text = " ".join(
        {word for note in track.notes.values() for section in note.sections for word in section.text.split()}
    )
    strange = {word for word in {*words(text)} if word not in ordinary and not is_inflected(word, ordinary)}
    strange |= {acronym.lower() for acronym in _ACRONYM.findall(text)}
    return frozenset(root for root, n in times.items() if n * places[root] >= KEYNESS) | stems(" ".join(strange))


@lru_cache(maxsize=64)
def _list_names(track: Track, read_ordinary: Callable[[], Mapping[str, int]]) -> frozenset[str]:
    """Return the runs of words of a track's titles and headings that are terms."""
    pieces = [words(piece) for name in _all_names(track) for piece in _PIECE.split(name)]
    ordinary = read_ordinary()
    return frozenset(run for piece in pieces for run in _runs(piece) if " " in run or run not in ordinary)


def _all_names(track: Track) -> list[str]:
    names = (name for note in track.notes.values() for name in (note.title, *note.headings))
    return [name for name in names if name.casefold() not in SUMMARY]


def _runs(piece: Sequence[str]) -> Iterator[str]:
    """Yield the runs of a piece's words in which no word only joins others."""
    for first in range(len(piece)):
        for end in range(first + 1, min(first + LONGEST, len(piece)) + 1):
            run = piece[first:end]
            if STOP_WORDS.isdisjoint(run):
                yield " ".join(run)
