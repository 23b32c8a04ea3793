"""Notes cut at their headings into the passages that answers are made of."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from bot.features.qa.index.sentences import quotable, without_links
from bot.features.qa.note import HEADING, Note, fenced

UNANSWERED = frozenset({"check yourself"})
"""Headings of questions to the reader: they match every question and answer none."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """One heading of a note with the text under it.

    Args:
        text: the Markdown under the heading, code included.
        sentences: what can be quoted from it, verbatim, in order.
        questions: members' questions that the note says this heading answers.
        hash: of everything above, hexadecimal.
    """

    note: str
    title: str
    heading: str
    text: str
    sentences: tuple[str, ...]
    questions: tuple[str, ...]
    hash: str

    @property
    def key(self) -> tuple[str, str]:
        """Return note and heading, which no other chunk shares."""
        return self.note, self.heading


def cut(note: Note) -> list[Chunk]:
    """Cut a note at its `##` headings; what stands before the first one goes under the note's title."""
    chunks = []
    for heading, text in _sections(note):
        sentences = quotable(text)
        if heading.casefold() in UNANSWERED or not sentences:
            continue
        questions = tuple(asked.question for asked in note.answers if asked.heading == heading)
        parts = (note.id, note.title, heading, text, *questions)
        digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()
        chunks.append(Chunk(note.id, note.title, heading, text, sentences, questions, digest))
    return chunks


def _sections(note: Note) -> list[tuple[str, str]]:
    """Split a body into (heading, text); a `##` inside a code fence is code."""
    sections: list[tuple[str, list[str]]] = [(note.title, [])]
    for line, is_code in fenced(note.body.splitlines()):
        heading = None if is_code else HEADING.match(line)
        if heading:
            sections.append((heading[1], []))
        elif is_code or not line.startswith("# "):
            sections[-1][1].append(line)
    return [(heading, "\n".join(lines).strip()) for heading, lines in sections]


def rows(chunk: Chunk) -> list[str]:
    """List the texts that are embedded for a chunk: its sentences, its name, its questions, in this order.

    A chunk is as near to a question as its nearest row. The whole passage as one more row found nothing that its
    sentences had not found, and took as long to embed as all of them together.
    """
    return [*map(without_links, chunk.sentences), f"{chunk.title}. {chunk.heading}.", *chunk.questions]


def row_hash(text: str) -> str:
    """Name a row by its content, hexadecimal: an unchanged row is never embedded twice."""
    return hashlib.sha256(text.encode()).hexdigest()
