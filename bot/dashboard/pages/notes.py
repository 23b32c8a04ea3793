"""The notes: what there is to read by unit, one note whole, what a search finds, and the group's own."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from bot.answers.index.chunks import SourceId
from bot.answers.index.retrieval import Index
from bot.curriculum import note_renderer, reading_pages
from bot.curriculum.content import Phase, Roadmap, Unit
from bot.curriculum.note import Note
from bot.curriculum.track import Library, Track
from bot.dashboard.page import READERS, DashboardPage, Viewer
from bot.dashboard.render import MOVABLE_PATH
from bot.features import command_links
from bot.features.ask import passages
from bot.features.ask.group_notes_index import OwnNotes, readable
from bot.features.groups.service import Groups
from bot.features.notes.commands import notes_add, notes_list, notes_remove, notes_replace, notes_show
from bot.features.notes.service import Credited
from bot.features.notes.wording import credit
from bot.features.resolution.subject import find_current_unit
from bot.messages import markup
from bot.messages.call import Call
from bot.messages.errors import NotFound
from bot.messages.reply import Block, Button, Image, Text
from bot.storage.unit_of_work import Database, Work

FOUND, SNIPPET = 10, 260
"""Passages that a search shows, and characters of one."""


@dataclass(frozen=True)
class NotesShelf:
    """The notes of a group.

    Args:
        at: the unit at hand; None after the last.
        own: those that the group keeps for itself, as far as the viewer may read them.
    """

    track: Track
    way: Roadmap
    at: Unit | None
    own: tuple[Credited, ...]


@dataclass(frozen=True)
class NoteSection:
    """A section of the note that is read.

    Args:
        place: from 1, its name in an address.
        blocks: each with the address of its page, if it is a figure that people can move.
        is_marked: whether an answer rests on what stands in bold in it.
        questions: those to the reader, each with its folded answer, in small Markdown.
    """

    place: int
    heading: str
    blocks: tuple[tuple[Block, str], ...]
    is_marked: bool
    questions: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class NoteView:
    """A note that is read.

    Args:
        credit: who wrote it, where it is the group's own; with the buttons of who moderates.
        units: those that it belongs to.
        beside: the notes before and after it.
    """

    title: str
    sections: tuple[NoteSection, ...]
    credit: str = ""
    buttons: tuple[Button, ...] = ()
    units: tuple[Unit, ...] = ()
    beside: tuple[tuple[str, Note], ...] = ()


@dataclass(frozen=True)
class FoundPassage:
    """A passage that a search found."""

    note: str
    place: int
    title: str
    heading: str
    snippet: str


async def read(
    viewer: Viewer, *, database: Database, library: Library, index: Index, notes: OwnNotes
) -> Mapping[str, object]:
    """Return the group's notes, or the note or search result that is asked for."""
    shelf = await database.run(lambda work: _read_shelf(viewer, work, library), writes=False)
    sought = viewer.query.get("q", "").strip()
    data = {"reading": None, "found": None, "q": sought}
    if named := viewer.query.get("of", "") or viewer.query.get("note", ""):
        return {**data, "reading": _read_note(viewer, library, shelf, named)}
    if sought:
        sources = [SourceId(shelf.track.id), *(await notes.of(viewer.ctx)).sources]
        return {**data, "found": await asyncio.to_thread(_search, shelf, index, sought, sources)}
    return {**data, **_list_contents(viewer, shelf)}


def _read_shelf(viewer: Viewer, work: Work, library: Library) -> NotesShelf:
    groups = Groups(work, library)
    timeline = groups.here(viewer.ctx)
    track = groups.tracks_of(timeline.group)[timeline.roadmap.id]
    return NotesShelf(
        track, timeline.roadmap, find_current_unit(viewer.ctx, timeline), tuple(readable(viewer.ctx, work))
    )


def _list_contents(viewer: Viewer, shelf: NotesShelf) -> Mapping[str, object]:
    """Return the notes by phase and unit, the phase that is named or at hand open, and the group's own."""
    named = viewer.query.get("unit", "")
    at = shelf.way.find(named) if named else shelf.at
    opened = shelf.way.phase_of(at) if at is not None else None
    zone, group_id = viewer.ctx.actor.zone, viewer.group_id
    return {
        "at": at,
        "phases": [
            (phase, phase is opened, _list_units(shelf, phase))
            for phase in shelf.way.phases
            if _list_units(shelf, phase)
        ],
        "own": [(note.row, credit(note, zone), _offer_changes(viewer, note)) for note in shelf.own],
        "adding": Button("Add a note", notes_add.ask(group_id)) if viewer.moderates else None,
    }


def _list_units(shelf: NotesShelf, phase: Phase) -> list[tuple[Unit, list[Note]]]:
    known = shelf.track.notes
    listed = ((unit, [known[note] for note in unit.notes if note in known]) for unit in phase.units)
    return [(unit, notes) for unit, notes in listed if notes]


def _offer_changes(viewer: Viewer, credited: Credited) -> tuple[Button, ...]:
    """Return a moderator's buttons for a note of the group."""
    if not viewer.moderates:
        return ()
    group_id, note = viewer.group_id, credited.row.id
    return (
        Button("Replace", notes_replace.ask(group_id, note=note)),
        Button("Remove", notes_remove.call(group_id, note=note), "danger"),
    )


def _read_note(viewer: Viewer, library: Library, shelf: NotesShelf, named: str) -> NoteView:
    """Return the note that the address names by its id or a passage; raises NotFound."""
    own = next((credited for credited in shelf.own if str(credited.row.id) == named.partition(".")[0]), None)
    known = {str(own.row.id): own.read()} if own is not None else shelf.track.notes
    passage = passages.find(known, named)
    note = passage.spot.note if passage is not None else known.get(named.partition(".")[0])
    if note is None:
        raise NotFound("That note doesn't exist any more. The Notes page lists all notes.")
    marks = passage.marks if passage is not None else ()
    pages = reading_pages.whole(None if own is not None else shelf.track, note)
    sections = tuple(_draw_section(viewer, library, page, marks) for page in pages)
    if own is not None:
        return NoteView(own.row.title, sections, credit(own, viewer.ctx.actor.zone), _offer_changes(viewer, own))
    listed = list(shelf.track.notes.values())
    at = listed.index(note)
    places = (("Before", at - 1), ("After", at + 1))
    beside = tuple((label, listed[i]) for label, i in places if 0 <= i < len(listed))
    units = tuple(unit for unit in shelf.way.units if note.id in unit.notes)
    return NoteView(note.title, sections, units=units, beside=beside)


def _draw_section(
    viewer: Viewer, library: Library, page: reading_pages.ReadingPage, marks: Collection[str]
) -> NoteSection:
    marked = reading_pages.marked(page, marks)
    blocks = marked.blocks
    if not viewer.ctx.actor.sees_pictures:
        blocks = tuple(block.words if isinstance(block, Image) else block for block in blocks)
    questions = tuple(reading_pages.answers(page.spot.note.sections[page.spot.at - 1]))
    asked = Text("\n".join(f"{number}. {question}" for number, (question, _) in enumerate(questions, 1)))
    movable = tuple((block, _find_movable_address(library, block)) for block in blocks if block != asked)
    return NoteSection(page.spot.at, page.spot.title, movable, marked != page, questions)


def _find_movable_address(library: Library, block: Block) -> str:
    if not isinstance(block, Image) or block.drawing != note_renderer.FIGURE:
        return ""
    track_id, name = block.data["track"], f"{block.data['figure']}.html"
    return f"{MOVABLE_PATH}/{track_id}/{name}" if note_renderer.find_movable(library, track_id, name) else ""


def _search(shelf: NotesShelf, index: Index, sought: str, sources: Sequence[SourceId]) -> list[FoundPassage]:
    known = {**shelf.track.notes, **{str(credited.row.id): credited.read() for credited in shelf.own}}
    matches = []
    for chunk in (hit.chunk for hit in index.search(sought, sources, FOUND).hits):
        headings = [section.heading for section in known[chunk.note].sections] if chunk.note in known else []
        if chunk.heading in headings:
            snippet = note_renderer.inline(markup.clip(chunk.gist or " ".join(chunk.sentences[:2]), SNIPPET))
            matches.append(
                FoundPassage(chunk.note, headings.index(chunk.heading) + 1, chunk.title, chunk.heading, snippet)
            )
    return matches


def _find_query(call: Call) -> str | None:
    args = call.args
    if call.ask or "course" in args:
        return None
    if call.name == command_links.PASSAGE.name:
        name = args.get("of", "")
        return f"{urlencode({'of': name})}#s{_parse_place(name)}"
    if call.name == notes_show.name and args.get("note", "").isdecimal():
        return urlencode({"note": args["note"]})
    if call.name == notes_list.name:
        return ""
    if call.name != command_links.READ.name:
        return None
    note = args.get("note", "")
    if note and not note.isdecimal():
        return f"{urlencode({'note': note.partition('.')[0]})}#s{_parse_place(note)}"
    unit = note or args.get("unit", "")
    return urlencode({"unit": unit}) if unit else ""


def _parse_place(named: str) -> int:
    section = named.split(".")[1:2]
    return int(section[0]) if section and section[0].isdecimal() else 1


NOTES = DashboardPage(
    "notes", "Notes", READERS, "notes.html", read, keeps=("note", "of", "unit", "q"), opens=_find_query
)
