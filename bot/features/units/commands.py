"""What anyone reads about the course: its phases with the group's dates, one unit, and the unit's notes by section."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Annotated

from bot.commands.command import Command, IntentPattern, Param, SuggestedValue, command
from bot.commands.context import Context
from bot.commands.parameter_types import UnitRef
from bot.curriculum import reading_pages
from bot.curriculum.content import Checkpoint, Phase, Resource, Roadmap, Unit
from bot.curriculum.note import Note
from bot.curriculum.reading_pages import Spot
from bot.curriculum.track import Track
from bot.features import command_links
from bot.features.checkins.scoring import Score, State
from bot.features.checkins.service import Progress
from bot.features.checkins.wording import SIGNS
from bot.features.group_access.subject import choose_track, find_current_unit
from bot.features.groups import wording as group_wording
from bot.features.groups.calendar.pacing import Slot
from bot.features.groups.calendar.timeline import Timeline
from bot.features.groups.params import GROUP, WHOSE, suggest_unit
from bot.features.groups.service import Groups
from bot.features.quiz import commands as quiz_commands
from bot.messages import markup
from bot.messages.call import Call
from bot.messages.errors import NotFound
from bot.messages.numerals import numbered
from bot.messages.reply import Block, Button, Reply, Text, say

SHOWN_KINDS = ("video", "course", "repository")

"""Kinds of resources that are not read like a page or a book."""

UNWRITTEN = "Nothing is written about this unit yet: its title says it all."

PRESENT = IntentPattern(
    r"^(?:the )?(?:this|current|running) (?:week|unit|topic)(?:'s (?:unit|topic))?\W*$",
    "The unit",
    "The unit at hand is one click away.",
)

UNIT = (
    r"(?:see|find|open|view|get|show|read) (?:the |this |our |my )?(?:current |week's )?"
    r"(?:unit|topic|exercise|task|homework|assignment)",
)

"""How people ask for the running unit."""


@command("topic", writes=False, group="choose", which=GROUP, after_end=True, hints=(PRESENT,), own=True, asked=UNIT)
def topic(
    ctx: Context,
    unit: Annotated[UnitRef | None, Param("Unit (the running one if empty)", suggest=suggest_unit)] = None,
    roadmap: Annotated[str | None, WHOSE] = None,
    *,
    groups: Groups,
) -> Reply:
    """One unit whole: summary, objectives, prompt, exercise, resources, deadline."""
    timeline = groups.here(ctx) if ctx.actor.group_id is not None else None
    track = choose_track(ctx, groups, roadmap, "whose units shall I show")
    way = track.roadmap
    if unit is None:
        chosen = find_current_unit(ctx, timeline) if timeline else way.units[0]
        if chosen is None and timeline:
            way_button = Button("Roadmap", command_links.ROADMAP.call(timeline.group.id))
            return Reply((Text(group_wording.describe_position(timeline, ctx.now)),), (way_button,), title="Finished")
    else:
        chosen = way.find(unit)
    assert chosen is not None
    when = _when(ctx, timeline, chosen) if timeline else ""
    group_id = timeline.group.id if timeline else None
    buttons = [
        Button("Check in", command_links.CHECKIN.ask(group_id, unit=chosen.id), "primary"),
        *([Button("Read the notes", read_notes(ctx, track, chosen))] if chosen.notes else []),
        *([Button("Quiz", quiz_commands.way(ctx, track, chosen))] if chosen.id in track.banks else []),
        Button("Ask", command_links.ASK.ask(group_id)),
    ]
    is_out = timeline is not None and timeline.find(chosen.id) is not None
    is_open = is_out and timeline is not None and timeline.group.ended_at is None
    title = markup.escape(way.label(chosen))
    offered = tuple(buttons if is_open else buttons[1:])
    return Reply(unit_blocks(way, chosen, when), offered, title=title, accent=way.accent(chosen))


def read_notes(ctx: Context, track: Track, unit: Unit) -> Call:
    """Return the way to a unit's notes; without a group it says whose they are."""
    if ctx.actor.group_id is not None:
        return command_links.READ.call(ctx.actor.group_id, unit=unit.id)
    return command_links.READ.call(unit=unit.id, roadmap=track.id)


def _when(ctx: Context, timeline: Timeline, unit: Unit) -> str:
    zone = timeline.group.zone
    opened = timeline.find(unit.id)
    if opened is not None:
        word = "Due" if ctx.now <= opened.slot.deadline_at else "Was due"
        return f"{word} {markup.moment(opened.slot.deadline_at, zone, 'countdown')}"
    slot = next((s for s in timeline.planned(ctx.now) if s.unit_id == unit.id), None)
    if slot is not None:
        return f"Opens {markup.moment(slot.opens_at, zone)}, due {markup.moment(slot.deadline_at, zone)}"
    return "The group leaves it out" if unit in timeline.left_out else ""


def unit_blocks(way: Roadmap, unit: Unit, when: str) -> tuple[Block, ...]:
    """Return a unit's content in reading order, what is still to be written left out."""
    ends = way.checkpoint_after(unit)
    texts = (markup.prose(unit.summary), f"**{when}**" if when else "", *_parts(unit), checkpoint(ends) if ends else "")
    return tuple(Text(text) for text in texts if text) or (Text(UNWRITTEN),)


@lru_cache(maxsize=1024)
def _parts(unit: Unit) -> tuple[str, ...]:
    hours = f"about {unit.hours} hour{'' if unit.hours == 1 else 's'} with the reading" if unit.hours else ""
    done = f"_Done when:_ {markup.prose(unit.exercise.done_when)}" if unit.exercise.done_when else ""
    exercise = "\n".join(filter(None, (markup.prose(unit.exercise.task), done, adds(unit))))
    return (
        _under("After this unit you can", objectives(unit)),
        _under("To discuss", markup.prose(unit.prompt)),
        _under("Exercise", exercise, hours) or (f"_It takes {hours}._" if hours else ""),
        _under("Only 30 minutes?", markup.prose(unit.exercise.short)),
        _under("Resources", resources(unit)),
    )


def _under(heading: str, text: str, aside: str = "") -> str:
    """Return a text under its heading; nothing where there is no text."""
    return f"**{heading}**{f' ({aside})' if aside else ''}\n{text}" if text else ""


def objectives(unit: Unit) -> str:
    """Return what one can do after a unit, as a list."""
    return "\n".join(f"- {markup.prose(objective)}" for objective in unit.objectives)


def resources(unit: Unit) -> str:
    """Return a unit's resources as a list of links with authors, years and what to read of them; what must be first."""
    ordered = sorted(unit.resources, key=lambda resource: ("must", "", "may").index(resource.need))
    return "\n".join(f"- {_resource(resource)}" for resource in ordered)


def _resource(resource: Resource) -> str:
    kind = resource.kind if resource.kind in SHOWN_KINDS else ""
    minutes = f"{resource.minutes} min" if resource.minutes else ""
    more = ", ".join(filter(None, (resource.need, kind, markup.escape(resource.part), minutes)))
    title = f"[{markup.escape(resource.title)}]({resource.url})" if resource.url else markup.escape(resource.title)
    named = ", ".join(filter(None, (title, markup.escape(resource.authors), str(resource.year or ""))))
    return f"{named} ({more})" if more else named


def adds(unit: Unit) -> str:
    """Return what a unit's exercise adds to the capstone, if anything."""
    return f"_For the capstone:_ {markup.prose(unit.exercise.adds)}" if unit.exercise.adds else ""


def checkpoint(ends: Checkpoint) -> str:
    """Return what stands at the end of a phase, and how a peer judges it."""
    rubric = "\n".join(f"- {markup.prose(criterion)}" for criterion in ends.rubric)
    return f"**Checkpoint of the phase**\n{markup.prose(ends.task)}\n_A peer looks whether:_\n{rubric}"


COMMANDS: tuple[Command, ...] = (topic,)


ALL = "all"

BUTTONS = 5

"""Phases that have a button each; any other is opened by typing."""

_WHICH = "whose units shall I show"


def suggest_phase(ctx: Context, typed: str, *, groups: Groups) -> list[SuggestedValue]:
    """Return the phases by their titles."""
    way = choose_track(ctx, groups, ctx.call.args.get("roadmap"), _WHICH).roadmap
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

"""How people ask for the roadmap."""


@command("roadmap", writes=False, group="choose", which=GROUP, after_end=True, own=True, asked=WAY)
def roadmap(
    ctx: Context,
    phase: Annotated[str | None, PHASE] = None,
    roadmap: Annotated[str | None, WHOSE] = None,
    *,
    progress: Progress,
) -> Reply:
    """The way: phases and units, where the group is, what you have done."""
    track = choose_track(ctx, progress.groups, roadmap, _WHICH)
    timeline = progress.groups.here(ctx) if ctx.actor.group_id is not None else None
    way = timeline.roadmap if timeline is not None else track.roadmap
    at = find_current_unit(ctx, timeline) if timeline is not None else way.units[0]
    opened = _find_phases(way, phase) if phase else [way.phase_of(at) if at is not None else way.phases[-1]]
    drawn = CourseView(way) if timeline is None else make_view(ctx, timeline, progress)
    blocks = [Text(group_wording.describe_position(timeline, ctx.now))] if timeline is not None else []
    blocks.append(Text(_describe_parts(way, at)))
    blocks += [Text(text) for text in drawn.told(opened)]
    if drawn.score is not None:
        blocks.append(Text("_" + ", ".join(f"{SIGNS[s]} {s}" for s in ("kept", "late", "caught up", "missed")) + "_"))
    whose = {} if timeline is not None else {"roadmap": track.id}
    buttons = [
        Button(markup.clip(phase.title, 40), command_links.ROADMAP.call(ctx.actor.group_id, phase=phase.id, **whose))
        for phase in way.phases
        if phase not in opened
    ][:BUTTONS]
    return Reply(tuple(blocks), tuple(buttons), title=markup.escape(way.title), replaces="phase" in ctx.call.args)


def _describe_parts(way: Roadmap, at: Unit | None) -> str:
    """Return how many units there are in how many legs, and which leg somebody is in."""
    if len(way.legs) == 1:
        return f"{numbered(len(way.units), 'unit')}."
    length = f"{numbered(len(way.units), 'unit')} in {len(way.legs)} legs."
    if at is None:
        return length
    return f"{length} {markup.escape(way.leg_of(at.id).label, 200)}."


def _find_phases(way: Roadmap, text: str) -> list[Phase]:
    """Return the phase that a person names by number, id or title, or all of them."""
    key = text.strip().casefold()
    if key == ALL:
        return list(way.phases)
    if key.isdecimal() and 0 < int(key[:4]) <= len(way.phases):
        return [way.phases[int(key[:4]) - 1]]
    phases = [phase for phase in way.phases if key == phase.id or key in phase.title.casefold()]
    if not phases:
        titles = ", ".join(f"{n} {markup.escape(phase.title)}" for n, phase in enumerate(way.phases, 1))
        raise NotFound(
            f"**Phase**: there is none called “{markup.escape(text, 40)}”. There are {titles}.", field="phase"
        )
    return phases


def make_view(ctx: Context, timeline: Timeline, progress: Progress) -> CourseView:
    """Return the roadmap of a group as the caller sees it."""
    score = progress.mine(ctx).score if "member" in ctx.actor.roles else None
    running = timeline.running(ctx.now)
    slots = [*(opened_unit.slot for opened_unit in timeline.opened), *timeline.planned(ctx.now)]

    def days_of(slot: Slot) -> tuple[date, date]:
        return slot.opens_at.astimezone(timeline.zone).date(), slot.deadline_at.astimezone(timeline.zone).date()

    days = {timeline.roadmap.heir(slot.unit_id): days_of(slot) for slot in slots}
    opened = frozenset(opened_unit.slot.unit_id for opened_unit in timeline.opened)
    left_out = frozenset(unit.id for unit in timeline.left_out)
    return CourseView(timeline.roadmap, score, opened, running.slot.unit_id if running else None, days, left_out)


@dataclass(frozen=True)
class CourseView:
    """A roadmap as somebody sees it.

    Args:
        score: what the member has done, if a member asks.
        current: the running unit.
        days: on which a unit opens and falls due for the group.
        left_out: units that the group does without.
    """

    roadmap: Roadmap
    score: Score | None = None
    opened: frozenset[str] = frozenset()
    current: str | None = None
    days: Mapping[str, tuple[date, date]] = field(default_factory=dict)
    left_out: frozenset[str] = frozenset()

    def told(self, opened: list[Phase]) -> list[str]:
        """Return the capstone and each phase: those that are opened with their units, the others in a line."""
        goal = self.roadmap.capstone
        texts = [f"**{markup.escape(goal.title)}**\n{markup.prose(goal.summary)}"] if goal is not None else []
        folded: list[str] = []
        for phase in self.roadmap.phases:
            if phase in opened:
                texts += ["\n".join(folded)] if folded else []
                texts.append(self._open(phase))
                folded = []
            else:
                folded.append(f"{self._head(phase)}: {numbered(len(phase.units), 'unit')}")
        return texts + (["\n".join(folded)] if folded else [])

    def span(self, phase: Phase) -> str:
        """Return from which day to which the group is in a phase; "" where nobody knows."""
        days = [self.days[unit.id] for unit in phase.units if unit.id in self.days]
        return span(min(first for first, _ in days), max(last for _, last in days)) if days else ""

    def state(self, unit: Unit) -> State | None:
        """Return what the member made of a unit that has opened."""
        states = self.score.states if self.score is not None and unit.id in self.opened else ()
        return next((state.state for state in states if state.unit_id == unit.id), None)

    def _head(self, phase: Phase) -> str:
        days = self.span(phase)
        return f"**{markup.escape(phase.title)}**{f' ({days})' if days else ''}"

    def _open(self, phase: Phase) -> str:
        lines = [self._head(phase)]
        for topic in phase.topics:
            units = ", ".join(map(self._unit, topic.units))
            is_named = len(phase.topics) > 1 or topic.title != phase.title
            lines.append(f"- _{markup.escape(topic.title)}_: {units}" if is_named else units)
        if phase.checkpoint is not None:
            lines.append(f"- _Checkpoint_: {markup.prose(phase.checkpoint.task)}")
        return "\n".join(lines)

    def _unit(self, unit: Unit) -> str:
        text = f"{unit.number} {markup.escape(unit.title)}"
        if unit.id == self.current:
            text = f"**{text}** (now)"
        if unit.id in self.left_out:
            text += " (left out)"
        state = self.state(unit)
        return f"{SIGNS[state]} {text}" if state is not None else text


def span(first: date, last: date) -> str:
    """Return the days from one to another."""
    year = f" {first:%Y}" if first.year != last.year else ""
    return f"{first.day} {first:%b}{year} to {last.day} {last:%b %Y}"


COURSE_COMMANDS: tuple[Command, ...] = (roadmap,)


OFFERED = 5

"""Places that are offered where a person's words fit several."""

LABEL = 75

_WHICH_PASSAGE = "whose notes shall I open"


def suggest_reading(ctx: Context, typed: str, *, groups: Groups) -> list[SuggestedValue]:
    """Return notes and headings, those of the unit at hand first."""
    track = choose_track(ctx, groups, ctx.call.args.get("roadmap"), _WHICH_PASSAGE)
    unit = _find_unit(ctx, groups, track, ctx.call.args.get("unit"))
    spots = reading_pages.find(track, unit, typed, 25) if typed.strip() else reading_pages.spots(track, unit)[:25]
    return [SuggestedValue(markup.clip(spot.label, 100), spot.id) for spot in spots]


@command(
    "read",
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
    unit: Annotated[UnitRef | None, Param("Unit (the running one if empty)", suggest=suggest_unit)] = None,
    roadmap: Annotated[str | None, WHOSE] = None,
    *,
    groups: Groups,
) -> Reply:
    """The notes of a unit, a section at a time, with their figures."""
    track = choose_track(ctx, groups, roadmap, _WHICH_PASSAGE)
    if note is None or note.isdecimal():
        return _render_contents(ctx, track, _find_unit(ctx, groups, track, note or unit), replaces=note is not None)
    at_hand = _find_unit(ctx, groups, track, unit)
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


def _find_unit(ctx: Context, groups: Groups, track: Track, named: str | None) -> Unit:
    """Return the unit that is named, else the one at hand: the running one, or the first."""
    if named:
        return track.roadmap.find(named)
    timeline = groups.here(ctx) if ctx.actor.group_id is not None else None
    return (find_current_unit(ctx, timeline) if timeline is not None else None) or track.roadmap.units[0]


def _make_call(ctx: Context, track: Track, to: Spot | str) -> Call:
    """Return the way to a place, or to a unit's list by its number; the clicked page gives way to it."""
    place = to.id if isinstance(to, Spot) else to
    if ctx.actor.group_id is not None:
        return command_links.READ.call(ctx.actor.group_id, note=place)
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


READING_COMMANDS: tuple[Command, ...] = (read,)
