"""My progress: what is now, how a member stands, and what they did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.commands.context import Context
from bot.curriculum.content import Unit
from bot.curriculum.track import Track
from bot.dashboard.page import OWN, DashboardPage, Viewer
from bot.drawing.progress_card import MARKS
from bot.features import command_links
from bot.features.checkins import wording
from bot.features.checkins.checkin_log import CheckinState, MemberView
from bot.features.checkins.milestones import DONE
from bot.features.checkins.service import Progress
from bot.features.checkins.standings import KEPT
from bot.features.groups.calendar.timeline import Opened, Timeline
from bot.features.groups.wording import describe_open_unit, describe_position
from bot.features.plans import wording as pledge_wording
from bot.features.plans.service import Pledges
from bot.features.quiz import reviews
from bot.features.quiz.commands import review
from bot.features.schedule.wording import shorten
from bot.features.standings import cards
from bot.messages import markup
from bot.messages.errors import UserError
from bot.messages.numerals import counted, numbered
from bot.messages.reply import Button

ROWS, AHEAD, READ, TASK_WORDS = 6, 3, 3, 25
"""Rows of the table before the rest is folded, coming units, and notes and task words of the running one."""


@dataclass(frozen=True)
class OwnUnit:
    """The running unit, what to do in it and its buttons.

    Args:
        label: its title, or where the group is if no unit runs.
        says: its due date, or why the group is paused.
        task: the first sentences of the exercise, as in the unit's post.
        trail: the marks of the part's units.
        trail_says: what the marks show, in words.
    """

    label: str
    says: str
    task: str = ""
    trail: tuple[str, ...] = ()
    trail_says: str = ""
    check_in: Button | None = None
    quiz: Button | None = None
    notes: tuple[Button, ...] = ()


@dataclass(frozen=True)
class Plan:
    """A member's plan for the running unit: their own words, when it reminds them, and the button to write it."""

    text: str
    says: str
    write: Button | None


@dataclass(frozen=True)
class CheckinEntry:
    """A check-in, with what may still be changed about it."""

    at: datetime
    minutes: str
    note: str
    link: str
    buttons: tuple[Button, ...]


@dataclass(frozen=True)
class UnitRow:
    """A unit that has opened: its result, what happened in it, and its check-ins."""

    label: str
    sign: str
    state: str
    points: int
    minutes: int
    says: str
    checkins: tuple[CheckinEntry, ...]
    is_current: bool


@dataclass(frozen=True)
class Coming:
    """A unit that is to come."""

    label: str
    opens_at: datetime


def read(viewer: Viewer, *, progress: Progress, pledges: Pledges, repeats: reviews.Reviews) -> Mapping[str, object]:
    """Return what a member's own page shows."""
    ctx, member = viewer.ctx, progress.mine(viewer.ctx)
    timeline = member.timeline
    track = progress.groups.tracks_of(timeline.group).get(timeline.roadmap.id)
    rows = _list_rows(ctx, member)
    says, reviewing = due(ctx, repeats)
    return {
        "now": _describe_now(ctx, member, track),
        "streak": member.score.streak,
        "balance": wording.describe_freezes(member.score, timeline.group),
        "points": member.score.points,
        "plan": _read_plan(ctx, pledges),
        "due": says,
        "reviewing": reviewing,
        "rows": rows[:ROWS],
        "earlier": rows[ROWS:],
        "coming": [Coming(timeline.label(s), s.opens_at) for s in timeline.planned(ctx.now)[:AHEAD]],
        "picture": cards.draw_member(ctx, member) if ctx.actor.sees_pictures else None,
    }


def _describe_now(ctx: Context, member: MemberView, track: Track | None) -> OwnUnit:
    timeline, group = member.timeline, member.timeline.group
    running = timeline.running(ctx.now)
    if running is None:
        check_in = None
        if group.ended_at is None and timeline.opened:
            check_in = Button("Check in again", command_links.CHECKIN.ask(group.id))
        return OwnUnit("Now", describe_position(timeline, ctx.now), check_in=check_in)
    unit, unit_id = timeline.unit(running.slot), running.slot.unit_id
    state = next((s.state for s in member.score.states if s.unit_id == unit_id), None)
    is_open = state not in KEPT
    check_in = Button(
        "Check in" if is_open else "Check in again",
        command_links.CHECKIN.ask(group.id, unit=unit_id),
        "primary" if is_open else "plain",
    )
    marks, trail_says = _draw_trail(member, unit_id)
    status = describe_open_unit(running, ctx.now) if is_open else "You've checked in."
    return OwnUnit(
        unit.label,
        f"{_describe_due(running, timeline)} {status}".strip(),
        markup.prose(shorten(unit.exercise.task, TASK_WORDS) or unit.exercise.short) if is_open else "",
        marks,
        trail_says,
        check_in if group.ended_at is None else None,
        _find_quiz(timeline, unit, track),
        _link_notes(timeline, unit, track),
    )


def _describe_due(running: Opened, timeline: Timeline) -> str:
    if running.is_held:
        return "No deadline while the group is paused."
    return f"Due {markup.moment(running.slot.deadline_at, timeline.group.zone)}."


def _draw_trail(member: MemberView, unit_id: str) -> tuple[tuple[str, ...], str]:
    """Return the marks of the part's units, and what they show in words."""
    way = member.timeline.roadmap
    part = way.part_of(unit_id)
    states = {way.heir(state.unit_id): state.state for state in member.score.states}
    marks = tuple(MARKS[states.get(unit.id, "to come")] for unit in part.units)
    done = sum(states.get(unit.id) in DONE for unit in part.units)
    return marks, f"{done} of {numbered(len(part.units), 'unit')} completed in part {part.number}"


def _find_quiz(timeline: Timeline, unit: Unit, track: Track | None) -> Button | None:
    if track is None or timeline.roadmap.heir(unit.id) not in track.banks:
        return None
    return Button("Take quiz", command_links.QUIZ.call(timeline.group.id, unit=unit.number))


def _read_plan(ctx: Context, pledges: Pledges) -> Plan | None:
    """Return the plan for the running unit; None if none can be made."""
    try:
        plan = pledges.mine(ctx, None)
        if plan.pledge is None:
            pledges.require_ahead(ctx, plan)
    except UserError:
        return None
    write = command_links.WRITE_PLAN.ask(plan.timeline.group.id, unit=plan.opened.slot.unit_id)
    if plan.pledge is None:
        return Plan("", "When will you study?", Button("Make a plan", write))
    says = pledge_wording.describe_reminder(plan, ctx.now)
    return Plan(markup.escape(plan.pledge.text, 500), says, Button("Edit plan", write))


def due(ctx: Context, repeats: reviews.Reviews) -> tuple[str, Button | None]:
    """Return a sentence about today's reviews and their button; "" if the member has answered no questions."""
    begins, ends = reviews.day(ctx.now, ZoneInfo(ctx.actor.zone))
    due_items, cap = repeats.due(ctx.actor.account_id, ends), repeats.habit(ctx.actor.account_id).cap
    left = cap - repeats.count_reviewed(ctx.actor.account_id, begins)
    if due_items is not None and left <= 0:
        return f"You've done today's {counted(cap, 'question')}.", None
    if due_items is not None:
        return f"{counted(min(len(due_items[1]), left), 'question').capitalize()} to review today.", Button(
            "Review", review.call()
        )
    at = repeats.next_due_at(ctx.actor.account_id)
    return (f"The next question comes back on {markup.moment(at, ctx.actor.zone, 'day')}." if at else ""), None


def _link_notes(timeline: Timeline, unit: Unit, track: Track | None) -> tuple[Button, ...]:
    notes = [track.notes[note] for note in unit.notes if note in track.notes] if track is not None else []
    group_id = timeline.group.id
    return tuple(Button(note.title, command_links.READ.call(group_id, note=f"{note.id}.1")) for note in notes[:READ])


def _list_rows(ctx: Context, member: MemberView) -> list[UnitRow]:
    """Return the units that have opened, newest first, with their check-ins."""
    unit_of, facts = member.timeline.roadmap.unit, member.scores.facts(member.account.id)
    lines = {line.unit_id: line for line in member.score.ledger}
    running = member.timeline.running(ctx.now)
    rows = []
    for state in reversed(member.score.states):
        own = sorted((fact for fact in facts if fact.unit_id == state.unit_id), key=lambda fact: (fact.at, fact.id))
        line = lines.get(state.unit_id)
        says = wording.describe_state(state)
        if line is not None:
            says = f"{wording.describe_line(line)} {wording.format_balance(line)}"
        rows.append(
            UnitRow(
                unit_of(state.unit_id).label,
                wording.SIGNS[state.state],
                wording.format_state(state.state),
                state.points,
                sum(fact.minutes for fact in own),
                says,
                tuple(_describe_checkin(ctx, member, fact) for fact in reversed(own)),
                running is not None and running.slot.unit_id == state.unit_id,
            )
        )
    return rows


def _describe_checkin(ctx: Context, member: MemberView, fact: CheckinState) -> CheckinEntry:
    timeline, group_id = member.timeline, member.timeline.group.id
    buttons: tuple[Button, ...] = ()
    if timeline.group.ended_at is None:
        buttons = (Button("Edit", command_links.EDIT_CHECKIN.ask(group_id, id=fact.id)),)
        opened = timeline.find(fact.unit_id)
        if opened is not None and (ctx.now < opened.slot.grace_until or fact.at >= opened.slot.grace_until):
            buttons = (*buttons, Button("Undo", command_links.UNDO_CHECKIN.call(group_id, id=fact.id), "danger"))
    link = wording.format_link(fact.link, wording.LINK_SHOWN) if fact.link else ""
    note = markup.escape(fact.note, 500, lines=True)
    return CheckinEntry(fact.at, f"{fact.minutes} min", note, link, buttons)


MY_PROGRESS = DashboardPage("", "My progress", OWN, "my_progress.html", read)
