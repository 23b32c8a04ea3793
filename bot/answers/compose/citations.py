"""Number the citations of an answer, and list further passages to read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.answers.compose.values import Citation, Passage
from bot.answers.index.chunks import Chunk
from bot.answers.index.retrieval import Hit
from bot.answers.index.sentences import without_links

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
"""What holds a sentence: (number of the hit, the note's words)."""


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
