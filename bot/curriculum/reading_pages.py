"""The notes of a unit as pages to read: each a section or a part of one, in order, and how a person names one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.curriculum import lookup, note_renderer
from bot.curriculum.content import Unit
from bot.curriculum.note import Note, Section
from bot.curriculum.track import Track
from bot.messages import markup
from bot.messages.reply import Block, Quote, Text, plain_block

PAGE_MAX = 2500
"""Characters of one page beside its gist; a message of any platform holds them with their marks."""

ANSWERS = 0
"""The part of a section that shows the answers to its questions."""

_AT = re.compile(r"([a-z0-9-]{1,40})(?:\.(\d{1,3}))?(?:\.(\d{1,3}|answers))?")


@dataclass(frozen=True)
class PagePlace:
    """A place in a track's notes: a note, or a section of it, or a later part of that, or its folded answers.

    Args:
        at: the section, from 1; 0 for the note as a whole.
        part: the part of the section, from 1; or ANSWERS.
    """

    note: Note
    at: int = 0
    part: int = 1

    number: int = 0
    """Nobody names a place by a number: numbers mean units."""

    @property
    def id(self) -> str:
        """Return how a button and a suggestion name it."""
        section = f".{self.at}" if self.at else ""
        part = ".answers" if self.part == ANSWERS else f".{self.part}" if self.part > 1 else ""
        return f"{self.note.id}{section}{part}"

    @property
    def title(self) -> str:
        """Return the heading, or the note's title."""
        return self.note.sections[self.at - 1].heading if self.at else self.note.title

    @property
    def label(self) -> str:
        """Return the heading with its note's title."""
        return f"{self.title} ({self.note.title})" if self.at else self.title


def spots(track: Track, first: Unit | None) -> list[PagePlace]:
    """Return every note and section of a track, those of one unit first."""
    ordered = sorted(track.notes.values(), key=lambda note: first is None or note.id not in first.notes)
    return [PagePlace(note, at) for note in ordered for at in range(len(note.sections) + 1)]


def find(track: Track, first: Unit | None, text: str, most: int) -> list[PagePlace]:
    """Return what a person means by a note's title, a heading or an id, best first; one alone where that is sure.

    Args:
        first: the unit whose notes come first.
    """
    if (spot := _find_by_id(track, text.strip())) is not None:
        return [spot]
    known = spots(track, first)
    typed = " ".join(text.casefold().split())
    same = [spot for spot in known if spot.title.casefold() == typed]
    if same:
        return same[:1]
    by_id = {spot.id: spot for spot in known}
    near = [by_id[spot_id] for _, spot_id in lookup.suggestions(known, text, len(known))]
    return sorted(near, key=lambda spot: spot.at > 0)[:most]  # a note before what only one section is about


def _find_by_id(track: Track, text: str) -> PagePlace | None:
    match = _AT.fullmatch(text)
    note = track.notes.get(match[1]) if match else None
    if match is None or note is None:
        return None
    at, part = int(match[2] or 0), ANSWERS if match[3] == "answers" else int(match[3] or 1)
    return PagePlace(note, at, part) if at <= len(note.sections) else PagePlace(note)


@dataclass(frozen=True)
class ReadingPage:
    """What one message shows.

    Args:
        blocks: the gist first, on a section's first page.
        of: how many sections the note has.
    """

    spot: PagePlace
    blocks: tuple[Block, ...]
    of: int


def pages(track: Track | None, note: Note) -> list[ReadingPage]:
    """Return a note's pages in order; without a track figures are words."""
    return [
        ReadingPage(PagePlace(note, at, part), blocks, len(note.sections))
        for at, section in enumerate(note.sections, 1)
        for part, blocks in enumerate(_split_section(track, section), 1)
    ]


def whole(track: Track | None, note: Note) -> list[ReadingPage]:
    """Return a note's sections in order, none of them cut; without a track figures are words."""
    return [
        ReadingPage(
            PagePlace(note, at), (*_build_gist(section), *note_renderer.blocks(track, section)), len(note.sections)
        )
        for at, section in enumerate(note.sections, 1)
    ]


def place(pages: Sequence[ReadingPage], spot: PagePlace) -> int:
    """Return which of a note's pages shows a place; what is not there any more is on the one before it."""
    wanted = (max(spot.at, 1), spot.part)
    return max(i for i, page in enumerate(pages) if i == 0 or (page.spot.at, page.spot.part) <= wanted)


def marked(page: ReadingPage, sentences: Iterable[str]) -> ReadingPage:
    """Return a page with sentences in bold that stand on it; they are given as the note has them."""
    drawn = [text for sentence in sentences if (text := note_renderer.inline(sentence))]
    return replace(page, blocks=tuple(_mark_block(block, drawn) for block in page.blocks))


def _mark_block(block: Block, drawn: Sequence[str]) -> Block:
    if not isinstance(block, Text | Quote):
        return block
    text = block.markdown
    for sentence in drawn:
        text = text.replace(sentence, markup.bold(sentence), 1)
    return replace(block, markdown=text)


def _split_section(track: Track | None, section: Section) -> list[tuple[Block, ...]]:
    gist = _build_gist(section)
    return [
        (*gist, *first) if i == 0 else first
        for i, first in enumerate(_split_blocks(note_renderer.blocks(track, section)))
    ]


def _build_gist(section: Section) -> list[Block]:
    return [Quote(note_renderer.inline(section.gist))] if section.gist else []


def _split_blocks(blocks: Iterable[Block]) -> list[tuple[Block, ...]]:
    """Return blocks in parts that fit, cut between two of them."""
    parts: list[list[Block]] = [[]]
    used = 0
    for block in blocks:
        length = len(plain_block(block))
        if parts[-1] and used + length > PAGE_MAX:
            parts.append([])
            used = 0
        parts[-1].append(block)
        used += length
    return [tuple(part) for part in parts]


def has_answers(spot: PagePlace) -> bool:
    """Whether a place is in a section whose questions have folded answers."""
    return spot.at > 0 and bool(spot.note.sections[spot.at - 1].questions)


def answers(section: Section) -> list[tuple[str, str]]:
    """Return each question to the reader and its answer, both as small Markdown; the answer has several lines."""
    return [
        (note_renderer.inline(question.text), "\n".join(map(note_renderer.inline, question.answer)))
        for question in section.questions
    ]


def contents(note: Note) -> str:
    """Return a note's title and headings as small Markdown."""
    headings = "\n".join(f"- {markup.escape(section.heading, 120)}" for section in note.sections)
    return f"**{markup.escape(note.title, 150)}**\n{headings}"
