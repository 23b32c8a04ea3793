"""A curated note as a value: what it says under which heading, and which of members' questions that answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.curriculum.markdown_body import Body, Figure, paragraphs


@dataclass(frozen=True, slots=True)
class Section:
    """What stands under a heading.

    Args:
        heading: of the second level; no other section of the note has it.
        text: the Markdown under it, code and figures included.
        paragraphs: its prose: each paragraph and list item in one line.
        asked: members' questions that it answers.
        gist: all that a question may ask for, in Markdown of one line; it may be empty.
        figures: those that it shows.
    """

    heading: str
    text: str
    paragraphs: tuple[str, ...]
    asked: tuple[str, ...]
    gist: str = ""
    figures: tuple[Figure, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """What a note draws on: a paper, a book, a page."""

    title: str
    authors: str
    year: int


@dataclass(frozen=True)
class Note:
    """A note; what stands before its first heading is a section under the note's title.

    Args:
        figure: the one that stands for the whole note.
        sources: those that it lists.
    """

    id: str
    title: str
    sections: tuple[Section, ...]
    figure: Figure | None = None
    sources: tuple[Source, ...] = ()

    @cached_property
    def headings(self) -> frozenset[str]:
        """Every heading that has a section."""
        return frozenset(section.heading for section in self.sections)


def cut(note_id: str, title: str, body: Body, asked: Mapping[str, Sequence[str]], figure: str = "") -> Note:
    """Return the note that a body makes.

    Args:
        asked: members' questions by the heading that answers them.
        figure: the name of its main one.
    """
    parts = ((part, title if part.heading is None else part.heading) for part in body.parts)
    sections = (
        Section(
            heading, part.text, tuple(paragraphs(part.lines)), tuple(asked.get(heading, ())), part.gist, part.figures
        )
        for part, heading in parts
        if part.heading is not None or part.text
    )
    main = next((drawing for part in body.parts for drawing in part.figures if drawing.name == figure), None)
    return Note(note_id, title, tuple(sections), main)
