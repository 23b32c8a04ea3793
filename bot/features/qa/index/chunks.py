"""Notes cut at their headings into the passages that answers are made of."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import NewType

from bot.features.qa.index.pieces import pieces
from bot.features.qa.index.sentences import quotable, without_links
from bot.features.roadmap.note import Note, Section, Source

SourceId = NewType("SourceId", str)
"""Names what notes come from: a track by its id."""

UNANSWERED = frozenset({"check yourself"})
"""Headings of questions to the reader: they match every question and answer none."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """One heading of a note with the text under it.

    Args:
        text: the Markdown under the heading, code included.
        sentences: what can be quoted from it, verbatim, in order.
        questions: members' questions that the note says this heading answers.
        gist: all that a question may ask of it in at most 45 words, verbatim; empty where its author wrote none.
        sources: those that its note lists.
    """

    source: SourceId
    note: str
    title: str
    heading: str
    text: str
    sentences: tuple[str, ...]
    questions: tuple[str, ...]
    gist: str = ""
    sources: tuple[Source, ...] = field(default=(), compare=False)

    @property
    def statements(self) -> tuple[str, ...]:
        """Return all that an answer may show of it: its sentences, and then its gist."""
        return (*self.sentences, self.gist) if self.gist else self.sentences


def cut(note: Note, source: SourceId) -> list[Chunk]:
    """Make a chunk of each section of a note from which something can be quoted."""
    chunks = []
    for section in note.sections:
        sentences = quotes(note, section)
        if section.heading.casefold() in UNANSWERED or not (sentences or section.gist):
            continue
        told = (section.heading, section.text, sentences, section.asked, section.gist)
        chunks.append(Chunk(source, note.id, note.title, *told, note.sources))
    return chunks


def quotes(note: Note, section: Section) -> tuple[str, ...]:
    """List what can be quoted of a section beside its gist; of a group's own note, whose id is a number, all of it."""
    return pieces(section.text) if note.id.isdecimal() else quotable(section.paragraphs)


def rows(chunk: Chunk) -> list[str]:
    """List the texts that are embedded for a chunk: its statements, its name, its questions, in this order.

    A chunk is as near to a question as its nearest row. The whole passage as one more row found nothing that its
    sentences had not found, and took as long to embed as all of them together.
    """
    return [*map(without_links, chunk.statements), f"{chunk.title}. {chunk.heading}.", *chunk.questions]


def row_hash(text: str) -> str:
    """Name a row by its content, hexadecimal: an unchanged row is never embedded twice."""
    return hashlib.sha256(text.encode()).hexdigest()
