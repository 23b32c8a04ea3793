"""Reading the notes: what a unit's notes hold, and one section at a time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Annotated

from bot.commands.command import Command, Param, SuggestedValue, command
from bot.commands.context import Context
from bot.commands.parameter_types import UnitRef
from bot.curriculum import reading_pages
from bot.curriculum.content import Unit
from bot.curriculum.note import Note
from bot.curriculum.reading_pages import Spot
from bot.curriculum.track import Track
from bot.features import command_links
from bot.features.group_access.subject import choose_track, find_current_unit
from bot.features.groups.params import COHORT, WHOSE, suggest_unit
from bot.features.groups.service import Cohorts
from bot.features.units.commands import read_notes
from bot.messages import markup
from bot.messages.call import Call
from bot.messages.errors import NotFound
from bot.messages.reply import Button, Reply, Text, say

OFFERED = 5
"""Places that are offered where a person's words fit several."""
LABEL = 75
_WHICH = "whose notes shall I open"


def suggest_reading(ctx: Context, typed: str, *, cohorts: Cohorts) -> list[SuggestedValue]:
    """Return notes and headings, those of the unit at hand first."""
    track = choose_track(ctx, cohorts, ctx.call.args.get("roadmap"), _WHICH)
    unit = _find_unit(ctx, cohorts, track, ctx.call.args.get("unit"))
    spots = reading_pages.find(track, unit, typed, 25) if typed.strip() else reading_pages.spots(track, unit)[:25]
    return [SuggestedValue(markup.clip(spot.label, 100), spot.id) for spot in spots]


@command(
    "read",
    writes=False,
    cohort="choose",
    which=COHORT,
    after_end=True,
    own=True,
    title="Read the notes",
    spoken=("read the notes", "read notes", "notes"),
    asked=(r"(?:find|see|open|view|get(?: to)?) (?:the |our )?notes", r"^where are the notes"),
)
def read(
    ctx: Context,
    note: Annotated[str | None, Param("Note or heading", example="attention", max=100, suggest=suggest_reading)] = None,
    unit: Annotated[UnitRef | None, Param("Unit (the running one if empty)", suggest=suggest_unit)] = None,
    roadmap: Annotated[str | None, WHOSE] = None,
    *,
    cohorts: Cohorts,
) -> Reply:
    """The notes of a unit, a section at a time, with their figures."""
    track = choose_track(ctx, cohorts, roadmap, _WHICH)
    if note is None or note.isdecimal():
        return _render_contents(ctx, track, _find_unit(ctx, cohorts, track, note or unit), replaces=note is not None)
    at_hand = _find_unit(ctx, cohorts, track, unit)
    spots = reading_pages.find(track, at_hand, note, OFFERED)
    if not spots:
        raise NotFound(
            f"No note and no heading is called “{markup.escape(note, 60)}”. {markup.typed('ask')} looks into their "
            "text.",
            field="note",
            buttons=(Button("The unit's notes", read_notes(ctx, track, at_hand)),),
        )
    if len(spots) > 1:
        return _render_choice(ctx, track, note, spots)
    return render_page(ctx, track, spots[0], replaces=spots[0].id == note)


def _find_unit(ctx: Context, cohorts: Cohorts, track: Track, named: str | None) -> Unit:
    """Return the unit that is named, else the one at hand: the running one, or the first."""
    if named:
        return track.roadmap.find(named)
    timeline = cohorts.here(ctx) if ctx.actor.cohort_id is not None else None
    return (find_current_unit(ctx, timeline) if timeline is not None else None) or track.roadmap.units[0]


def _make_call(ctx: Context, track: Track, to: Spot | str) -> Call:
    """Return the way to a place, or to a unit's list by its number; the clicked page gives way to it."""
    place = to.id if isinstance(to, Spot) else to
    if ctx.actor.cohort_id is not None:
        return command_links.READ.call(ctx.actor.cohort_id, note=place)
    return command_links.READ.call(note=place, roadmap=track.id)


def _render_contents(ctx: Context, track: Track, unit: Unit, *, replaces: bool) -> Reply:
    """Return what a unit's notes hold, with a button that opens each."""
    title = markup.escape(unit.label)
    notes = _list_notes(track, unit)
    if not notes:
        return say("This unit has no notes yet.", title=title)
    buttons = tuple(
        Button(markup.clip(note.title, LABEL), _make_call(ctx, track, Spot(note, 1)), "plain" if i else "primary")
        for i, note in enumerate(notes)
    )
    listed = tuple(Text(reading_pages.contents(note)) for note in notes)
    return Reply(listed, buttons, title=title, accent=track.roadmap.accent(unit), replaces=replaces)


def _render_choice(ctx: Context, track: Track, typed: str, spots: Sequence[Spot]) -> Reply:
    lines = "\n".join(f"- {markup.escape(spot.label, 150)}" for spot in spots)
    buttons = tuple(Button(markup.clip(spot.title, LABEL), _make_call(ctx, track, spot)) for spot in spots)
    return Reply((Text(f"Which one do you mean by “{markup.escape(typed, 60)}”?\n{lines}"),), buttons)


def render_page(
    ctx: Context, track: Track, spot: Spot, *, replaces: bool = False, marks: Collection[str] = ()
) -> Reply:
    """Return one page, with the ways to the one before, the next and the unit's list.

    Args:
        marks: sentences of the section that are marked, as the note has them; the page that has one is shown.
    """
    unit = next(unit for unit in track.roadmap.units if spot.note.id in unit.notes)
    pages = [page for note in _list_notes(track, unit) for page in reading_pages.pages(track, note)]
    own = [page for page in pages if page.spot.note is spot.note]
    if not own:
        return _render_contents(ctx, track, unit, replaces=replaces)
    page = own[reading_pages.place(own, spot)]
    marked = (reading_pages.marked(candidate, marks) for candidate in own if candidate.spot.at == page.spot.at)
    page = next((candidate for candidate in marked if candidate not in own), page)
    at = [page.spot for page in pages].index(page.spot)
    buttons = []
    if at + 1 < len(pages):
        after = pages[at + 1].spot
        is_same = after.at == page.spot.at and after.note is page.spot.note
        buttons.append(Button("More" if is_same else "Next", _make_call(ctx, track, after), "primary"))
    if at:
        buttons.append(Button("Previous", _make_call(ctx, track, pages[at - 1].spot)))
    buttons.append(Button("Contents", _make_call(ctx, track, str(unit.number))))
    heading = f"**{markup.escape(page.spot.title, 150)}** ({page.spot.at} of {page.of})"
    return Reply(
        (Text(heading), *page.blocks),
        tuple(buttons),
        title=markup.escape(spot.note.title, 150),
        accent=track.roadmap.accent(unit),
        replaces=replaces,
    )


def _list_notes(track: Track, unit: Unit) -> list[Note]:
    return [track.notes[note_id] for note_id in unit.notes]


COMMANDS: tuple[Command, ...] = (read,)
