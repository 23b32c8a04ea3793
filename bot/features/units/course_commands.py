"""What anyone reads about the whole way: its phases with the group's own dates, one of them open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated

from bot.commands.command import Command, Param, SuggestedValue, command
from bot.commands.context import Context
from bot.curriculum.content import Phase, Roadmap, Unit
from bot.features import command_links
from bot.features.checkins.facts import State
from bot.features.checkins.scoring import Score
from bot.features.checkins.service import Progress
from bot.features.checkins.wording import SIGNS
from bot.features.group_access.subject import choose_track, find_current_unit
from bot.features.groups import wording as cohort_wording
from bot.features.groups.calendar.pacing import Slot
from bot.features.groups.calendar.timeline import Timeline
from bot.features.groups.params import COHORT, WHOSE
from bot.features.groups.service import Cohorts
from bot.messages import markup
from bot.messages.errors import NotFound
from bot.messages.numerals import numbered
from bot.messages.reply import Button, Reply, Text

ALL = "all"
BUTTONS = 5
"""Phases that have a button each; any other is opened by typing."""
_WHICH = "whose units shall I show"


def suggest_phase(ctx: Context, typed: str, *, cohorts: Cohorts) -> list[SuggestedValue]:
    """Return the phases by their titles."""
    way = choose_track(ctx, cohorts, ctx.call.args.get("roadmap"), _WHICH).roadmap
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


@command("roadmap", writes=False, cohort="choose", which=COHORT, after_end=True, own=True, asked=WAY)
def roadmap(
    ctx: Context,
    phase: Annotated[str | None, PHASE] = None,
    roadmap: Annotated[str | None, WHOSE] = None,
    *,
    progress: Progress,
) -> Reply:
    """The way: phases and units, where the group is, what you have done."""
    track = choose_track(ctx, progress.cohorts, roadmap, _WHICH)
    timeline = progress.cohorts.here(ctx) if ctx.actor.cohort_id is not None else None
    way = timeline.roadmap if timeline is not None else track.roadmap
    at = find_current_unit(ctx, timeline) if timeline is not None else way.units[0]
    opened = _find_phases(way, phase) if phase else [way.phase_of(at) if at is not None else way.phases[-1]]
    drawn = CourseView(way) if timeline is None else make_view(ctx, timeline, progress)
    blocks = [Text(cohort_wording.describe_position(timeline, ctx.now))] if timeline is not None else []
    blocks.append(Text(_describe_parts(way, at)))
    blocks += [Text(text) for text in drawn.told(opened)]
    if drawn.score is not None:
        blocks.append(Text("_" + ", ".join(f"{SIGNS[s]} {s}" for s in ("kept", "late", "caught up", "missed")) + "_"))
    whose = {} if timeline is not None else {"roadmap": track.id}
    buttons = [
        Button(markup.clip(phase.title, 40), command_links.ROADMAP.call(ctx.actor.cohort_id, phase=phase.id, **whose))
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


COMMANDS: tuple[Command, ...] = (roadmap,)
