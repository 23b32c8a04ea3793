"""Texts on the course: its phases with the group's dates, one unit, and the unit's notes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache

from bot.curriculum import reading_pages
from bot.curriculum.content import Checkpoint, Phase, Resource, Roadmap, Unit
from bot.curriculum.note import Note
from bot.curriculum.reading_pages import PagePlace, ReadingPage
from bot.drawing import progress_card
from bot.drawing.map_card import MAP, MapCard, MapPart, describe_map
from bot.features import command_links
from bot.features.checkins.scoring import Score, State
from bot.features.checkins.wording import SIGNS, format_state
from bot.features.groups import wording as group_wording
from bot.features.groups.calendar.timeline import Timeline
from bot.features.units.unit_notes import UnitNote
from bot.messages import markup
from bot.messages.call import Call
from bot.messages.numerals import lasting, numbered
from bot.messages.reply import Block, Button, File, Image, Quote, Reply, Subtext, Text, say, zipped

_NEEDS = {"must": "essential", "may": "deeper"}
SHOWN_KINDS = ("video", "course", "repository")

"""Kinds of resources that are named, because people don't read them like a page."""

UNWRITTEN = "This unit has only a title so far."
OWN_SHOWN = 5
PHASE_BUTTONS = 5
"""Phases that have a button each; any other is opened by typing."""
LABEL_MAX = 75


def render_finished(timeline: Timeline, now: datetime) -> Reply:
    """Return that the group has no current unit any more."""
    return Reply(
        (Text(group_wording.describe_position(timeline, now)),),
        (Button("Show course", command_links.COURSE.call(timeline.group.id)),),
        title="Course finished",
    )


def render_unit(
    way: Roadmap,
    unit: Unit,
    when: str,
    *,
    check_in: Call | None,
    notes: Call | None,
    quiz: Call | None,
    starter: Call | None,
    minutes: int,
    ask: Call,
    own: Sequence[str] = (),
) -> Reply:
    """Return a unit with the next steps; a Call that is None isn't possible.

    Args:
        when: when it opens or is due, small Markdown.
        minutes: how long the exercise takes from its starter.
        own: titles of the group's own notes on it.
    """
    buttons = (
        *([Button("Check in", check_in, "primary")] if check_in is not None else []),
        *([Button("Read the notes", notes)] if notes is not None else []),
        *([Button("Take a quiz", quiz)] if quiz is not None else []),
        *([Button("Get the starter", starter)] if starter is not None else []),
        Button("Ask", ask),
    )
    files = (
        Subtext(f"The exercise has a starter with a checker. It takes about {lasting(timedelta(minutes=minutes))}."),
    )
    blocks = (*unit_blocks(way, unit, when), *(files if starter is not None else ()))
    if own:
        listed = "\n".join(f"- {markup.escape(title, 150)}" for title in own[:OWN_SHOWN])
        blocks = (*(block for block in blocks if block != Text(UNWRITTEN)), Text(f"**Notes of your group**\n{listed}"))
    return Reply(blocks, buttons, title=markup.escape(way.label(unit)), accent=way.accent(unit))


def render_starter(unit: Unit, texts: Sequence[tuple[str, str]], minutes: int, *, solution: Call) -> Reply:
    """Return the files with which an exercise begins.

    Args:
        texts: each file's name and text.
    """
    lead = (
        f"Unzip the files, fill the gaps in `{unit.id}/starter.py`, and run `python check.py {unit.id}`. The check "
        f"runs on your computer and says what is missing. Plan about {lasting(timedelta(minutes=minutes))}."
    )
    archive = File.packed(f"{unit.id}.zip", "application/zip", zipped(texts))
    title = f"Starter for {markup.escape(unit.title)}"
    return Reply((Text(lead), archive), (Button("Show solution", solution),), title=title, audience="private")


def render_early_solution(unit: Unit, *, solution: Call) -> Reply:
    """Ask whether to show a solution before the check-in."""
    text = f"You haven't checked in for **{markup.escape(unit.title)}** yet. Show the solution anyway?"
    buttons = (Button("Show solution", solution),)
    return Reply((Text(text),), buttons, title="Show solution?", audience="private")


def render_solution(unit: Unit, text: str) -> Reply:
    """Return the solution of an exercise."""
    lead = "This is one finished version. Yours may differ: it's right if the checks pass."
    file = File(f"{unit.id}-solution.py", "text/x-python", text)
    return Reply((Text(lead), file), title=f"Solution for {markup.escape(unit.title)}", audience="private")


def describe_no_files(unit: Unit) -> str:
    """Return that an exercise has no files."""
    return f"The exercise of **{markup.escape(unit.title)}** has no files."


def unit_blocks(way: Roadmap, unit: Unit, when: str) -> tuple[Block, ...]:
    """Return a unit's content in reading order, without empty parts."""
    ends = way.checkpoint_after(unit)
    texts = (markup.prose(unit.summary), f"**{when}**" if when else "", *_parts(unit), checkpoint(ends) if ends else "")
    return tuple(Text(text) for text in texts if text) or (Text(UNWRITTEN),)


@lru_cache(maxsize=1024)
def _parts(unit: Unit) -> tuple[str, ...]:
    hours = f"about {unit.hours} hour{'' if unit.hours == 1 else 's'} with reading" if unit.hours else ""
    done = f"_Done when:_ {markup.prose(unit.exercise.done_when)}" if unit.exercise.done_when else ""
    took = f" _({unit.exercise.minutes} min)_" if unit.exercise.minutes else ""
    deeper = f"_Deeper:_ {markup.prose(unit.exercise.deeper)}" if unit.exercise.deeper else ""
    criteria = [f"- {markup.prose(criterion)}" for criterion in unit.exercise.criteria]
    listed = "\n".join(["_Another member can check:_", *criteria]) if criteria else ""
    exercise = "\n".join(filter(None, (f"{markup.prose(unit.exercise.task)}{took}", done, listed, adds(unit), deeper)))
    return (
        _under("After this unit you can", objectives(unit)),
        _under("To discuss", markup.prose(unit.prompt)),
        _under("Exercise", exercise, hours) or (f"_It takes {hours}._" if hours else ""),
        _under("Only 30 minutes?", markup.prose(unit.exercise.short)),
        _under("Resources", resources(unit)),
    )


def _under(heading: str, text: str, aside: str = "") -> str:
    """Return a text under its heading; "" without a text."""
    return f"**{heading}**{f' ({aside})' if aside else ''}\n{text}" if text else ""


def objectives(unit: Unit) -> str:
    """Return a unit's objectives as a list."""
    return "\n".join(f"- {markup.prose(objective)}" for objective in unit.objectives)


def resources(unit: Unit) -> str:
    """Return a unit's resources as a list of links with authors, years and what to read of them; what must be first."""
    return "\n".join(f"- {_resource(resource)}" for resource in _order(unit))


def resource_links(unit: Unit) -> str:
    """Return a unit's resources as a list of links, without authors and years; what must be first."""
    return "\n".join(f"- {_format_title(resource)}{_format_amount(resource)}" for resource in _order(unit))


def _order(unit: Unit) -> list[Resource]:
    return sorted(unit.resources, key=lambda resource: ("must", "", "may").index(resource.need))


def _format_title(resource: Resource) -> str:
    return f"[{markup.escape(resource.title)}]({resource.url})" if resource.url else markup.escape(resource.title)


def _format_amount(resource: Resource) -> str:
    """Return whether one must read it, and how much of it; "" if neither is known."""
    kind = resource.kind if resource.kind in SHOWN_KINDS else ""
    minutes = f"{resource.minutes} min" if resource.minutes else ""
    need = _NEEDS.get(resource.need, "")
    parts = ", ".join(filter(None, (need, kind, markup.escape(resource.part), minutes)))
    return f" ({parts})" if parts else ""


def _resource(resource: Resource) -> str:
    source = (_format_title(resource), markup.escape(resource.authors), str(resource.year or ""))
    return f"{', '.join(filter(None, source))}{_format_amount(resource)}"


def adds(unit: Unit) -> str:
    """Return what a unit's exercise adds to the capstone, if anything."""
    return f"_For the capstone:_ {markup.prose(unit.exercise.adds)}" if unit.exercise.adds else ""


def checkpoint(ends: Checkpoint) -> str:
    """Return the task at the end of a phase, and how a peer judges it."""
    rubric = "\n".join(f"- {markup.prose(criterion)}" for criterion in ends.rubric)
    return f"**Phase checkpoint**\n{markup.prose(ends.task)}\n_A peer will check:_\n{rubric}"


def describe_parts(way: Roadmap, at: Unit | None) -> str:
    """Return how many units and parts there are, and the current part."""
    if len(way.parts) == 1:
        return f"{numbered(len(way.units), 'unit')}."
    length = f"{numbered(len(way.units), 'unit')} in {len(way.parts)} parts."
    if at is None:
        return length
    return f"{length} {markup.escape(way.part_of(at.id).label, 200)}."


@dataclass(frozen=True)
class CourseView:
    """A course as a reader sees it.

    Args:
        score: the member's own, if a member asks.
        current: the running unit.
        days: when each unit opens and is due for the group.
        left_out: units that the group skips.
    """

    roadmap: Roadmap
    score: Score | None = None
    opened: frozenset[str] = frozenset()
    current: str | None = None
    days: Mapping[str, tuple[date, date]] = field(default_factory=dict)
    left_out: frozenset[str] = frozenset()

    def render_phases(self, opened: list[Phase]) -> list[str]:
        """Return the capstone and each phase: the opened ones with their units, the others in a line."""
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

    def render_parts(self, at: Unit | None) -> str:
        """Return a line for each part: done, now or coming; the current one with its units."""
        lines: list[str] = []
        for part in self.roadmap.parts:
            is_now = at is not None and at in part.units
            has_opened = any(unit.id in self.opened for unit in part.units)
            is_coming = at is not None and at.number < part.first
            if is_now:
                place = "now" if has_opened else "next"
            else:
                place = "done" if has_opened else "coming" if is_coming else "not in this round"
            lines.append(f"**{part.number} {markup.escape(part.title, 200)}**: {place}")
            lines += [self._unit(unit) for unit in part.units] if is_now else []
        return "\n".join(lines)

    def span(self, phase: Phase) -> str:
        """Return the days of a phase for the group; "" if unknown."""
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
            text += " (skipped)"
        state = self.state(unit)
        return f"{SIGNS[state]} {text}" if state is not None and state != "open" else text


def draw_map(view: CourseView) -> Image:
    """Return the course as a drawn map: its parts, where the group is, and what the reader has completed."""
    way, text = view.roadmap, list[str]()
    states: dict[str, progress_card.Unit] = {unit.id: view.state(unit) or "to come" for unit in way.units}
    parts = [MapPart(part.title, [states[unit.id] for unit in part.units]) for part in way.parts]
    done = (unit.number for unit in way.units if states[unit.id] in progress_card.DONE)
    at = way.find(view.current).number if view.current is not None else 0
    card = MapCard(way.title, parts, at, max(done, default=0), view.score is not None)
    for part in way.parts:
        signs = "".join(SIGNS.get(view.state(unit) or "before", "") for unit in part.units)
        now = f" (now: {at})" if any(unit.id == view.current for unit in part.units) else ""
        text.append(f"{part.number} {markup.escape(part.title, 60)}: {signs}{now}")
    alt = f"Map of {way.title}. {describe_map(card)}."
    return Image(MAP, card.data(), markup.clip(markup.clean(alt), 600), "\n".join(text))


def render_course(
    view: CourseView,
    position: str,
    at: Unit | None,
    opened: list[Phase],
    closed: Sequence[tuple[Phase, Call]],
    *,
    replaces: bool,
) -> Reply:
    """Return a course with some of its phases open.

    Args:
        position: where the group is, small Markdown; "" without a group.
        at: the current unit.
        opened: the open phases; none shows the parts instead.
        closed: the other phases, each with the Call that opens it.
    """
    way = view.roadmap
    course = [describe_parts(way, at), *view.render_phases(opened)] if opened else [view.render_parts(at)]
    texts = [*([position] if position else []), *course]
    signs = _describe_signs({view.state(unit) for unit in way.units})
    buttons = tuple(Button(markup.clip(phase.title, 40), call) for phase, call in closed[:PHASE_BUTTONS])
    drawn = (draw_map(view),) if position and not replaces else ()
    return Reply((*drawn, *map(Text, texts), *signs), buttons, title=markup.escape(way.title), replaces=replaces)


def span(first: date, last: date) -> str:
    """Return the days from one to another."""
    year = f" {first:%Y}" if first.year != last.year else ""
    return f"{first.day} {first:%b}{year} to {last.day} {last:%b %Y}"


def _describe_signs(shown: Collection[State | None]) -> tuple[Subtext, ...]:
    states: tuple[State, ...] = ("kept", "late", "caught up", "missed")
    signs = ", ".join(f"{SIGNS[state]} {format_state(state)}" for state in states if state in shown)
    return (Subtext(signs),) if signs else ()


def describe_due(at: str, *, is_past: bool) -> str:
    """Return when an opened unit is or was due."""
    return f"{'Was due' if is_past else 'Due'} {at}"


def describe_opening(opens: str, due: str) -> str:
    """Return when a unit opens and is due."""
    return f"Opens {opens}, due {due}"


LEFT_OUT = "Your group skips this unit"


def render_unknown_phase(way: Roadmap, text: str) -> str:
    """Return that a course has no such phase, with those that it has."""
    titles = ", ".join(f"{number} {markup.escape(phase.title)}" for number, phase in enumerate(way.phases, 1))
    return f"**Phase**: I can't find “{markup.escape(text, 40)}”. Choose {titles}."


def render_unknown_note(text: str) -> str:
    """Return that no note or heading has a name."""
    ask = markup.typed("ask")
    return f"I can't find a note or heading “{markup.escape(text, 60)}”. To search the text, type {ask}."


def render_contents(
    unit: Unit,
    notes: Sequence[tuple[Note, Call]],
    own: Sequence[tuple[UnitNote, Call]],
    accent: int,
    *,
    replaces: bool,
) -> Reply:
    """Return what a unit's notes hold, each with the Call that opens it.

    Args:
        own: the notes of the group.
    """
    title = markup.escape(unit.label)
    if not notes and not own:
        return say("This unit has no notes yet.", title=title)
    titles = [*((note.title, call) for note, call in notes), *((note.title, call) for note, call in own[:OWN_SHOWN])]
    buttons = tuple(
        Button(markup.clip(name, LABEL_MAX), call, "plain" if i else "primary") for i, (name, call) in enumerate(titles)
    )
    listed = "\n".join(f"- {markup.escape(note.title, 150)}" for note, _ in own)
    blocks = (
        *(Text(reading_pages.contents(note)) for note, _ in notes),
        *([Text(f"**Notes of your group**\n{listed}")] if own else []),
    )
    return Reply(blocks, buttons, title=title, accent=accent, replaces=replaces)


def render_choice(typed: str, places: Sequence[tuple[PagePlace, Call]]) -> Reply:
    """Return the places that a person's words fit, each with the Call that opens it."""
    lines = "\n".join(f"- {markup.escape(spot.label, 150)}" for spot, _ in places)
    return say(
        f"Which one do you mean by “{markup.escape(typed, 60)}”?\n{lines}",
        buttons=tuple(Button(markup.clip(spot.title, LABEL_MAX), call) for spot, call in places),
    )


def render_page(
    page: ReadingPage,
    after: PagePlace | None,
    accent: int,
    *,
    onward: Call | None,
    back: Call | None,
    answers: Call | None,
    contents: Call,
    replaces: bool,
) -> Reply:
    """Return one page of a unit's notes.

    Args:
        after: the place of the next page.
        onward, back: open the next and the previous page; None if there is none.
        answers: shows the answers to the page's questions; None if it asks none.
        contents: lists the unit's notes.
    """
    spot = page.spot
    is_same = after is not None and after.at == spot.at and after.note is spot.note
    buttons = (
        *([Button("Show answers", answers, "primary")] if answers is not None else []),
        *([Button("More" if is_same else "Next", onward, "primary")] if onward is not None else []),
        *([Button("Previous", back)] if back is not None else []),
        Button("Contents", contents),
    )
    heading = f"**{markup.escape(spot.title, 150)}** ({spot.at} of {page.of})"
    return Reply(
        (Text(heading), *page.blocks),
        buttons,
        title=markup.escape(spot.note.title, 150),
        accent=accent,
        replaces=replaces,
    )


def render_answers(spot: PagePlace, accent: int, *, questions: Call, replaces: bool) -> Reply:
    """Return the questions of a section, each with its answer.

    Args:
        questions: shows the questions alone.
    """
    pairs = reading_pages.answers(spot.note.sections[spot.at - 1])
    blocks: list[Block] = [Text(f"**{markup.escape(spot.title, 150)}: answers**")]
    for number, (question, answer) in enumerate(pairs, 1):
        blocks += [Text(f"**{number}.** {question}"), *([Quote(answer)] if answer else [])]
    title = markup.escape(spot.note.title, 150)
    return Reply(tuple(blocks), (Button("Hide answers", questions),), title=title, accent=accent, replaces=replaces)
