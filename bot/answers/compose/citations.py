"""Number the citations of an answer, list further passages to read, and know what an earlier answer has shown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from bot.answers.compose.values import Citation, Passage
from bot.answers.index.chunks import Chunk
from bot.answers.index.retrieval import HITS, Hit, SearchResult
from bot.answers.index.sentences import without_links
from bot.answers.index.words import words

SUMMARY = frozenset({"in one minute"})
"""Headings of sections that sum up their note."""


@dataclass(frozen=True, slots=True)
class NoteQuote:
    """A statement of a note, verbatim, the hit it comes from, and its place in `Chunk.statements`."""

    hit: int
    position: int
    text: str


def is_summary(chunk: Chunk) -> bool:
    """Say whether a chunk sums up its note and says nothing of its own."""
    return chunk.heading.casefold() in SUMMARY


LOOKED_AT = 5
"""Passages that may be listed as further reading."""

NEAREST = 3
NEAREST_COSINE = 0.40
"""A declined question is shown so many passages from this cosine on; foreign ones mostly lie below. No passage below is
listed as further reading."""

Quotes = tuple[tuple[int, str], ...]
"""The support of a sentence: (number of the hit, the note's words)."""


def numbered(parts: Sequence[tuple[str, Quotes]], hits: Sequence[Hit]) -> tuple[str, tuple[Citation, ...]]:
    """Follow each sentence by its marks; citations are numbered by first use."""
    citations: dict[Citation, int] = {}
    sentences = []
    for text, quotes in parts:
        marks = []
        for number, quote in quotes:
            chunk = hits[number].chunk
            citation = Citation(chunk.note, chunk.title, chunk.heading, quote)
            marks.append(f"[{citations.setdefault(citation, len(citations) + 1)}]")
        sentences.append(f"{without_links(text)} {''.join(dict.fromkeys(marks))}")
    return " ".join(sentences), tuple(citations)


def near(hits: Sequence[Hit], citations: Sequence[Citation]) -> tuple[Passage, ...]:
    """List the first passages that are not cited and near enough; summaries are none."""
    cited = {(citation.note, citation.heading) for citation in citations}
    some = [hit for hit in hits[:LOOKED_AT] if hit.cosine is None or hit.cosine >= NEAREST_COSINE]
    chunks = (hit.chunk for hit in some if not is_summary(hit.chunk))
    passages = (Passage(chunk.note, chunk.title, chunk.heading) for chunk in chunks)
    return tuple(passage for passage in passages if (passage.note, passage.heading) not in cited)


def nearest(hits: Sequence[Hit]) -> tuple[Passage, ...]:
    """List the passages that come nearest to a question that none answers, if any comes near."""
    return near([hit for hit in hits[:LOOKED_AT] if (hit.cosine or 0.0) >= NEAREST_COSINE], ())[:NEAREST]


OPENING_WORDS = 8
"""Words that identify a sentence; a stored answer may be cut within one."""

SEARCHED = 60
"""Passages of which those of the shown notes come up."""

COMPANY_WEIGHT = 0.3
"""The bonus of a passage whose note the last answer has shown; .2 to .4 find the same passages, .1 fewer."""

MORE = re.compile(r"^explain$|\b(?:more|else|others?|another)\b", re.IGNORECASE)
"""Asks for more, or for the same in other words: the answer leaves out what the last one said."""


def shown(chunks: Iterable[Chunk], answered: str) -> list[Chunk]:
    """Return the passages whose gists an answer has shown, in its order."""
    answer = " ".join(words(answered))
    places = {chunk: answer.find(_opening(chunk.gist)) for chunk in chunks if chunk.gist} if answer else {}
    return sorted((chunk for chunk, place in places.items() if place >= 0), key=lambda chunk: places[chunk])


def is_of_notes(hits: Sequence[Hit], before: Sequence[Chunk]) -> bool:
    """Say whether the best hit is of a note of these passages."""
    return any((hit.chunk.source, hit.chunk.note) == (chunk.source, chunk.note) for hit in hits[:1] for chunk in before)


def raise_notes(found: SearchResult, before: Sequence[Chunk]) -> SearchResult:
    """Return a search with passages of the notes of these passages further up, cut to the hits of any search."""
    notes = {(chunk.source, chunk.note) for chunk in before}

    def score(hit: Hit) -> float:
        is_of_them = (hit.chunk.source, hit.chunk.note) in notes
        return (hit.score + COMPANY_WEIGHT * is_of_them) / (1 + COMPANY_WEIGHT)

    hits = sorted((replace(hit, score=score(hit)) for hit in found.hits), key=lambda hit: -hit.score)
    return replace(found, hits=tuple(hits[:HITS]))


def is_told(text: str, told: str) -> bool:
    """Say whether an answer has said a sentence, by its first words."""
    return bool(text) and _opening(text) in _join_words(told)


@lru_cache(maxsize=16)
def _join_words(text: str) -> str:
    return " ".join(words(text))


@lru_cache(maxsize=4096)
def _opening(text: str) -> str:
    return " ".join(words(without_links(text))[:OPENING_WORDS])
