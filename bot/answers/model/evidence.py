"""What the shown passages say, cut into sentences and rows, and which of it a sentence rests on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np

from bot.answers.index.retrieval import Hit, Index
from bot.answers.index.sentences import is_quotable, split, without_links
from bot.answers.index.words import overlap, stem, stems, words
from bot.answers.model.clauses import NotePlace
from bot.answers.model.clauses import place as read
from bot.base.arithmetic import read_numbers
from bot.curriculum.markdown_body import Body, paragraphs
from bot.llm.base import Vector

LIGHT = frozenset(words("a an the and or is are be been was were has have had it its this that these those do does"))
"""Words that neither change what a sentence says nor where it says it."""

NEIGHBOURS = 0.04
"""A single sentence is preferred to a window of two that is no nearer than this."""

ADDS = 0.15
"""Share of a sentence's words that a second place must add to be evidence too."""

APART = -9
"""The place of a gist, which is nobody's neighbour."""

_RULE = re.compile(r"[|:\s-]+")


@dataclass(frozen=True, slots=True)
class EvidenceUnit:
    """One sentence, one row of a table, or the gist, of a shown passage.

    Args:
        hit: number of the passage, from 0.
        place: its place in the passage.
        vector: float32 [dim], unit length; None where it was not embedded.
    """

    hit: int
    place: int
    text: str
    vector: Vector | None

    @property
    def stems(self) -> frozenset[str]:
        """Return the stems of its words."""
        return held_stems(self.text)

    @property
    def is_quotable(self) -> bool:
        """Say whether it can be shown alone."""
        return is_quotable(self.text) and not self.text.startswith("|")


@dataclass(frozen=True, slots=True)
class Window:
    """One or two neighbouring units.

    Args:
        cosine: of a sentence and the window; where there are no vectors, the share of its words that stand there.
        held: that share.
    """

    units: tuple[EvidenceUnit, ...]
    cosine: float
    held: float

    @property
    def score(self) -> float:
        """Say how much it looks like the place that a sentence comes from."""
        return self.cosine + self.held - NEIGHBOURS * (len(self.units) - 1)


@dataclass(frozen=True, slots=True)
class EvidenceWindow:
    """What a sentence rests on: a window, or two where it joins two places.

    Args:
        names: title and heading of its passages.
    """

    windows: tuple[Window, ...]
    names: str

    @property
    def units(self) -> tuple[EvidenceUnit, ...]:
        """Return its units, the best window's first."""
        return tuple(unit for window in self.windows for unit in window.units)

    @property
    def quotes(self) -> tuple[tuple[int, str], ...]:
        """Return the first unit of each window that can be shown alone, with the number of its passage."""
        best = (next((unit for unit in window.units if unit.is_quotable), window.units[0]) for window in self.windows)
        return tuple(dict.fromkeys((unit.hit, unit.text) for unit in best))


class Evidence:
    """The passages that were shown, for finding what a sentence rests on. CPU work."""

    def __init__(self, index: Index, hits: Sequence[Hit]) -> None:
        self._index = index
        self._hits = hits
        self.units = [unit for number, hit in enumerate(hits) for unit in _units(number, hit)]
        self._windows = [*((unit,) for unit in self.units), *_pairs(self.units)]
        self.numbers = frozenset(read_numbers(" ".join(unit.text for unit in self.units)))

    def places(self) -> list[NotePlace]:
        """Read every sentence and row, for holding a model's against them."""
        found, before = list[NotePlace](), ""
        for unit in self.units:
            chunk = self._hits[unit.hit].chunk
            parts = split(unit.text) if unit.place == APART else (unit.text,)
            found += [
                read(part, f"{chunk.title}. {chunk.heading}.", "" if unit.place < 1 else before) for part in parts
            ]
            before = unit.text
        return found

    def vector(self, text: str) -> Vector | None:
        """Embed a sentence, or return None while there are no vectors."""
        vectors = self._index.vectors([text])
        return None if vectors is None else vectors[0]

    def ground(self, text: str, cited: Iterable[int] = ()) -> EvidenceWindow | None:
        """Find what a sentence rests on, in any passage; of equal places one that it cites, counted from 0."""
        wanted, vector, preferred = stems(text), self.vector(text), set(cited)
        if not wanted or not self._windows:
            return None
        seen = [self._seen(units, wanted, vector) for units in self._windows]
        best = max(seen, key=lambda window: window.score + 0.03 * (window.units[0].hit in preferred))
        left = wanted - best_stems(best)
        second = max(
            (window for window in seen if not _overlap(window, best)),
            key=lambda window: window.cosine + len(left & best_stems(window)) / len(wanted),
            default=None,
        )
        adds = second is not None and len(left & best_stems(second)) / len(wanted) >= ADDS
        windows = (best, second) if second is not None and adds else (best,)
        chunks = dict.fromkeys(self._hits[unit.hit].chunk for window in windows for unit in window.units)
        return EvidenceWindow(windows, " ".join(f"{chunk.title}. {chunk.heading}." for chunk in chunks))

    def _seen(self, units: tuple[EvidenceUnit, ...], wanted: frozenset[str], vector: Vector | None) -> Window:
        held = overlap(wanted, frozenset[str]().union(*(unit.stems for unit in units)))
        known = [unit.vector for unit in units if unit.vector is not None]
        if vector is None or not known:
            return Window(units, held, held)
        mean = np.sum(known, axis=0)
        return Window(units, float(mean @ vector / np.linalg.norm(mean)), held)


def best_stems(window: Window) -> frozenset[str]:
    """Return the stems of a window."""
    return frozenset[str]().union(*(unit.stems for unit in window.units))


def _overlap(one: Window, other: Window) -> bool:
    return any(a.hit == b.hit and a.place == b.place for a in one.units for b in other.units)


def _units(number: int, hit: Hit) -> Iterator[EvidenceUnit]:
    rows = hit.rows if hit.rows is not None else ()
    vectors = dict(zip(hit.chunk.statements, rows, strict=False))
    for place, text in enumerate(cut(hit.chunk.text)):
        yield EvidenceUnit(number, place, text, vectors.get(text))
    if hit.chunk.gist:
        yield EvidenceUnit(number, APART, hit.chunk.gist, vectors.get(hit.chunk.gist))


def _pairs(units: Sequence[EvidenceUnit]) -> Iterator[tuple[EvidenceUnit, EvidenceUnit]]:
    for one, other in pairwise(units):
        if one.hit == other.hit and other.place == one.place + 1:
            yield one, other


@lru_cache(maxsize=4096)
def cut(text: str) -> tuple[str, ...]:
    """Cut a passage into sentences and rows of tables, in order, without code."""
    said = [sentence for paragraph in paragraphs(text) for sentence in split(paragraph)]
    rows = [line.text.strip() for line in Body(text).prose if line.is_row]
    return tuple(dict.fromkeys([*said, *(row for row in rows if not _RULE.fullmatch(row))]))


@lru_cache(maxsize=8192)
def held_stems(text: str) -> frozenset[str]:
    """Return the stems of a text of the notes, remembered."""
    return stems(text)


@lru_cache(maxsize=8192)
def tokens(text: str) -> tuple[str, ...]:
    """Return the stems of all words that carry meaning or order, in their order."""
    return tuple(stem(word) for word in words(without_links(text)) if word not in LIGHT)


def in_common(one: Sequence[str], other: Sequence[str]) -> int:
    """Return the length of the longest row of words that both have in this order."""
    places: dict[str, int] = {}
    for place, word in enumerate(one):
        places[word] = places.get(word, 0) | 1 << place
    full = (1 << len(one)) - 1
    row = full
    for word in other:
        both = row & places.get(word, 0)
        row = ((row + both) | (row - both)) & full
    return len(one) - row.bit_count()
