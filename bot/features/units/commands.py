"""What anyone reads about the course: its phases with the group's dates, one unit, and the unit's notes by section."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from typing import Annotated, Literal

from bot.commands.command import Command, IntentPattern, Param, SuggestedValue, command
from bot.commands.context import Context
from bot.commands.parameter_types import UnitRef
from bot.curriculum import reading_pages
from bot.curriculum.content import Phase, Roadmap, Unit
from bot.curriculum.exercises import ExerciseFiles
from bot.curriculum.note import Note
from bot.curriculum.reading_pages import PagePlace
from bot.curriculum.track import Track
from bot.features import command_links
from bot.features.checkins.checkin_log import list_standing
from bot.features.checkins.service import Progress
from bot.features.groups import wording as group_wording
from bot.features.groups.calendar.pacing import Slot
from bot.features.groups.calendar.timeline import Timeline
from bot.features.groups.params import CONFIRM, GROUP, OUTSIDE_COURSE, suggest_unit
from bot.features.groups.service import Groups
from bot.features.quiz import commands as quiz_commands
from bot.features.resolution.subject import choose_track, find_current_unit
from bot.features.units import wording
from bot.features.units.unit_notes import UnitNote, UnitNotes
from bot.messages import markup
from bot.messages.call import Call
from bot.messages.errors import NotFound
from bot.messages.reply import Button, Reply

PRESENT = IntentPattern(
    r"^(?:the )?(?:this|current|running) (?:week|unit|topic)(?:'s (?:unit|topic))?\W*$",
    "Show unit",
    "I can show you the current unit.",
)

FILES = Param("Files of the exercise", example="starter", in_form=False)

UNIT = (
    r"(?:see|find|open|view|get|show|read) (?:the |this |our |my )?(?:current |week's )?"
    r"(?:unit|topic|exercise|task|homework|assignment)",
)

"""How people ask for the running unit."""
THIS_UNIT = ("this week's unit", "this weeks unit", "this unit", "the current unit", "the unit")


@command(
    "unit",
    formerly=("topic",),
    writes=False,
    group="choose",
    which=GROUP,
    after_end=True,
    hints=(PRESENT,),
    own=True,
    spoken=tuple(f"{show} {unit}" for show in ("show me", "show", "open") for unit in THIS_UNIT),
    asked=UNIT,
)
def show_unit(
    ctx: Context,
    unit: Annotated[UnitRef | None, Param("Unit (leave empty for the current one)", suggest=suggest_unit)] = None,
    course: Annotated[str | None, OUTSIDE_COURSE] = None,
    files: Annotated[Literal["starter", "solution"] | None, FILES] = None,
    confirm: Annotated[bool, CONFIRM] = False,
    *,
    groups: Groups,
    unit_notes: UnitNotes,
) -> Reply:
    """Show a unit: goals, exercise, resources, due date."""
    timeline = groups.here(ctx) if ctx.actor.group_id is not None else None
    track = choose_track(ctx, groups, course, "which course's units should I show")
    way = track.roadmap
    if unit is None:
        chosen = find_current_unit(ctx, timeline) if timeline else way.units[0]
        if chosen is None and timeline:
            return wording.render_finished(timeline, ctx.now)
    else:
        chosen = way.find(unit)
    assert chosen is not None
    exercise = track.exercises.get(way.heir(chosen.id))
    if files is not None:
        return _give_files(ctx, track, timeline, chosen, exercise, files, groups, is_sure=confirm)
    when = _when(ctx, timeline, chosen) if timeline else ""
    group_id = timeline.group.id if timeline else None
    is_out = timeline is not None and timeline.find(chosen.id) is not None
    is_open = is_out and timeline is not None and timeline.group.ended_at is None
    own = _list_own(ctx, unit_notes, chosen)
    return wording.render_unit(
        way,
        chosen,
        when,
        check_in=command_links.CHECKIN.ask(group_id, unit=chosen.id) if is_open else None,
        notes=read_notes(ctx, track, chosen) if chosen.notes or own else None,
        own=[note.title for note in own],
        quiz=quiz_commands.way(ctx, track, chosen) if track.find_bank(chosen.id) else None,
        starter=_make_files_call(ctx, track, chosen, "starter") if exercise is not None else None,
        minutes=exercise.minutes if exercise is not None else 0,
        ask=command_links.ASK.ask(group_id),
    )


def _make_files_call(ctx: Context, track: Track, unit: Unit, files: str, **more: object) -> Call:
    """Return the way to files of a unit's exercise; without a group it says whose they are."""
    whose = {} if ctx.actor.group_id is not None else {"course": track.id}
    return command_links.UNIT.call(ctx.actor.group_id, unit=unit.id, files=files, **whose, **more)


def _give_files(
    ctx: Context,
    track: Track,
    timeline: Timeline | None,
    unit: Unit,
    exercise: ExerciseFiles | None,
    files: str,
    groups: Groups,
    *,
    is_sure: bool,
) -> Reply:
    """Return the starter, or the solution if the caller has checked in for the unit or is sure."""
    if exercise is None:
        raise NotFound(wording.describe_no_files(unit), field="files")
    solution = _make_files_call(ctx, track, unit, "solution")
    if files == "starter":
        return wording.render_starter(unit, exercise.read_starter(), exercise.minutes, solution=solution)
    if not is_sure and not _has_checked_in(ctx, timeline, unit, groups):
        sure = _make_files_call(ctx, track, unit, "solution", confirm=True)
        return wording.render_early_solution(unit, solution=sure)
    return wording.render_solution(unit, exercise.read_solution())


def _has_checked_in(ctx: Context, timeline: Timeline | None, unit: Unit, groups: Groups) -> bool:
    if timeline is None:
        return False
    heir = timeline.roadmap.heir
    checkins = list_standing(groups.session, timeline.group.id, [ctx.actor.account_id])
    return any(heir(checkin.unit_id) == heir(unit.id) for checkin in checkins)


def _list_own(ctx: Context, unit_notes: UnitNotes, unit: Unit) -> Sequence[UnitNote]:
    """Return the group's own notes on a unit, for its members and moderators."""
    if ctx.actor.group_id is None or {"member", "moderator"}.isdisjoint(ctx.actor.roles):
        return ()
    return unit_notes.list_of_unit(ctx.actor.group_id, unit.id)


def read_notes(ctx: Context, track: Track, unit: Unit) -> Call:
    """Return the way to a unit's notes; without a group it says whose they are."""
    if ctx.actor.group_id is not None:
        return command_links.READ.call(ctx.actor.group_id, unit=unit.id)
    return command_links.READ.call(unit=unit.id, course=track.id)


def _when(ctx: Context, timeline: Timeline, unit: Unit) -> str:
    zone = timeline.group.zone
    opened = timeline.find(unit.id)
    if opened is not None:
        at = opened.slot.deadline_at
        return wording.describe_due(markup.moment(at, zone, "countdown"), is_past=ctx.now > at)
    slot = next((s for s in timeline.planned(ctx.now) if s.unit_id == unit.id), None)
    if slot is not None:
        return wording.describe_opening(markup.moment(slot.opens_at, zone), markup.moment(slot.deadline_at, zone))
    return wording.LEFT_OUT if unit in timeline.left_out else ""


COMMANDS: tuple[Command, ...] = (show_unit,)


ALL = "all"

_WHICH = "which course's units should I show"


def suggest_phase(ctx: Context, typed: str, *, groups: Groups) -> list[SuggestedValue]:
    """Return the phases by their titles."""
    way = choose_track(ctx, groups, ctx.call.args.get("course"), _WHICH).roadmap
    text = typed.strip().casefold()
    return [
        SuggestedValue(markup.clip(phase.title, 100), phase.id)
        for phase in way.phases
        if text in phase.title.casefold()
    ][:25]


PHASE = Param("Phase to open, or all", example="2", max=100, suggest=suggest_phase, in_form=False)

WAY = (
    r"(?:see|find|open|view|get|show) (?:the |our )?"
    r"(?:whole |full )?(?:roadmap|plan|list of (?:the )?units|schedule|curriculum|syllabus|units)",
    r"^where(?: is|'s) the (?:roadmap|plan|schedule|curriculum|syllabus)|^how many units are there",
)

"""How people ask for the course."""


@command(
    "course", formerly=("roadmap",), writes=False, group="choose", which=GROUP, after_end=True, own=True, asked=WAY
)
def course(
    ctx: Context,
    phase: Annotated[str | None, PHASE] = None,
    course: Annotated[str | None, OUTSIDE_COURSE] = None,
    *,
    progress: Progress,
) -> Reply:
    """Show the course, its units and your progress."""
    track = choose_track(ctx, progress.groups, course, _WHICH)
    timeline = progress.groups.here(ctx) if ctx.actor.group_id is not None else None
    way = timeline.roadmap if timeline is not None else track.roadmap
    at = find_current_unit(ctx, timeline) if timeline is not None else way.units[0]
    if phase:
        opened = _find_phases(way, phase)
    elif timeline is not None and len(way.parts) > 1:
        opened = []
    else:
        opened = [way.phase_of(at) if at is not None else way.phases[-1]]
    view = wording.CourseView(way) if timeline is None else make_view(ctx, timeline, progress)
    position = group_wording.describe_position(timeline, ctx.now) if timeline is not None else ""
    whose = {} if timeline is not None else {"course": track.id}
    closed = [
        (phase, command_links.COURSE.call(ctx.actor.group_id, phase=phase.id, **whose))
        for phase in way.phases
        if phase not in opened
    ]
    return wording.render_course(view, position, at, opened, closed, replaces="phase" in ctx.call.args)


def _find_phases(way: Roadmap, text: str) -> list[Phase]:
    """Return the phase that a person names by number, id or title, or all of them."""
    key = text.strip().casefold()
    if key == ALL:
        return list(way.phases)
    if key.isdecimal() and 0 < int(key[:4]) <= len(way.phases):
        return [way.phases[int(key[:4]) - 1]]
    phases = [phase for phase in way.phases if key == phase.id or key in phase.title.casefold()]
    if not phases:
        raise NotFound(wording.render_unknown_phase(way, text), field="phase")
    return phases


def make_view(ctx: Context, timeline: Timeline, progress: Progress) -> wording.CourseView:
    """Return the course of a group as the caller sees it."""
    score = progress.mine(ctx).score if "member" in ctx.actor.roles else None
    running = timeline.running(ctx.now)
    slots = [*(opened_unit.slot for opened_unit in timeline.opened), *timeline.planned(ctx.now)]

    def days_of(slot: Slot) -> tuple[date, date]:
        return slot.opens_at.astimezone(timeline.zone).date(), slot.deadline_at.astimezone(timeline.zone).date()

    days = {timeline.roadmap.heir(slot.unit_id): days_of(slot) for slot in slots}
    opened = frozenset(opened_unit.slot.unit_id for opened_unit in timeline.opened)
    left_out = frozenset(unit.id for unit in timeline.left_out)
    return wording.CourseView(
        timeline.roadmap, score, opened, running.slot.unit_id if running else None, days, left_out
    )


COURSE_COMMANDS: tuple[Command, ...] = (course,)


OFFERED = 5

"""Most places offered if a person's words fit several."""

_WHICH_PASSAGE = "which course's notes should I open"


def suggest_reading(ctx: Context, typed: str, *, groups: Groups) -> list[SuggestedValue]:
    """Return notes and headings, those of the current unit first."""
    track = choose_track(ctx, groups, ctx.call.args.get("course"), _WHICH_PASSAGE)
    unit = _find_unit(ctx, groups, track, ctx.call.args.get("unit"))
    spots = reading_pages.find(track, unit, typed, 25) if typed.strip() else reading_pages.spots(track, unit)[:25]
    return [SuggestedValue(markup.clip(spot.label, 100), spot.id) for spot in spots]


@command(
    "notes read",
    formerly=("read",),
    writes=False,
    group="choose",
    which=GROUP,
    after_end=True,
    own=True,
    title="Read the notes",
    spoken=("read the notes", "read notes", "notes"),
    asked=(r"(?:find|see|open|view|get(?: to)?) (?:the |our )?notes", r"^where are the notes"),
)
def read(
    ctx: Context,
    note: Annotated[str | None, Param("Note or heading", example="attention", max=100, suggest=suggest_reading)] = None,
    unit: Annotated[UnitRef | None, Param("Unit (leave empty for the current one)", suggest=suggest_unit)] = None,
    course: Annotated[str | None, OUTSIDE_COURSE] = None,
    *,
    groups: Groups,
    unit_notes: UnitNotes,
) -> Reply:
    """Read the notes of a unit, section by section."""
    track = choose_track(ctx, groups, course, _WHICH_PASSAGE)
    if note is None or note.isdecimal():
        chosen = _find_unit(ctx, groups, track, note or unit)
        own = [
            (own_note, command_links.NOTE.call(ctx.actor.group_id, note=str(own_note.id)))
            for own_note in _list_own(ctx, unit_notes, chosen)
        ]
        return _render_contents(ctx, track, chosen, own, replaces=note is not None)
    at_hand = _find_unit(ctx, groups, track, unit)
    spots = reading_pages.find(track, at_hand, note, OFFERED)
    if not spots:
        raise NotFound(
            wording.render_unknown_note(note),
            field="note",
            buttons=(Button("Read unit notes", read_notes(ctx, track, at_hand)),),
        )
    if len(spots) > 1:
        return wording.render_choice(note, [(spot, _make_call(ctx, track, spot)) for spot in spots])
    return render_page(ctx, track, spots[0], replaces=spots[0].id == note)


def _find_unit(ctx: Context, groups: Groups, track: Track, named: str | None) -> Unit:
    """Return the named unit, or else the running one, or else the first."""
    if named:
        return track.roadmap.find(named)
    timeline = groups.here(ctx) if ctx.actor.group_id is not None else None
    return (find_current_unit(ctx, timeline) if timeline is not None else None) or track.roadmap.units[0]


def _make_call(ctx: Context, track: Track, to: PagePlace | str) -> Call:
    """Return the way to a place, or to a unit's list by its number; the clicked page gives way to it."""
    place = to.id if isinstance(to, PagePlace) else to
    if ctx.actor.group_id is not None:
        return command_links.READ.call(ctx.actor.group_id, note=place)
    return command_links.READ.call(note=place, course=track.id)


def _render_contents(
    ctx: Context, track: Track, unit: Unit, own: Sequence[tuple[UnitNote, Call]] = (), *, replaces: bool
) -> Reply:
    """Return what a unit's notes hold, with a button that opens each.

    Args:
        own: the group's own notes on the unit, each with the Call that opens it.
    """
    notes = [(note, _make_call(ctx, track, PagePlace(note, 1))) for note in _list_notes(track, unit)]
    return wording.render_contents(unit, notes, own, track.roadmap.accent(unit), replaces=replaces)


def render_page(
    ctx: Context, track: Track, spot: PagePlace, *, replaces: bool = False, marks: Collection[str] = ()
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
    if spot.part == reading_pages.ANSWERS and reading_pages.has_answers(spot):
        questions = _make_call(ctx, track, replace(spot, part=1))
        return wording.render_answers(spot, track.roadmap.accent(unit), questions=questions, replaces=replaces)
    page = own[reading_pages.place(own, spot)]
    marked = (reading_pages.marked(candidate, marks) for candidate in own if candidate.spot.at == page.spot.at)
    page = next((candidate for candidate in marked if candidate not in own), page)
    at = [page.spot for page in pages].index(page.spot)
    before, after = pages[at - 1].spot if at else None, pages[at + 1].spot if at + 1 < len(pages) else None
    return wording.render_page(
        page,
        after,
        track.roadmap.accent(unit),
        onward=_make_call(ctx, track, after) if after is not None else None,
        back=_make_call(ctx, track, before) if before is not None else None,
        answers=_make_call(ctx, track, replace(page.spot, part=reading_pages.ANSWERS))
        if reading_pages.has_answers(page.spot)
        else None,
        contents=_make_call(ctx, track, str(unit.number)),
        replaces=replaces,
    )


def _list_notes(track: Track, unit: Unit) -> list[Note]:
    return [track.notes[note_id] for note_id in unit.notes]


READING_COMMANDS: tuple[Command, ...] = (read,)
