"""My progress: what is now, how a member stands, and what they did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.commands.context import Context
from bot.curriculum.track import Track
from bot.dashboard.page import OWN, DashboardPage, Viewer
from bot.features import command_links
from bot.features.checkins import wording
from bot.features.checkins.checkin_log import CheckinState
from bot.features.checkins.member_view import MemberView
from bot.features.checkins.scoring import State
from bot.features.checkins.service import Progress
from bot.features.checkins.standings import KEPT
from bot.features.groups.calendar.timeline import Opened, Timeline
from bot.features.groups.wording import describe_open_unit, describe_position
from bot.features.plans import wording as pledge_wording
from bot.features.plans.service import Pledges
from bot.features.quiz import reviews
from bot.features.quiz.commands import review
from bot.features.quiz.strengths import Strength, list_strengths
from bot.features.standings import cards
from bot.messages import markup
from bot.messages.errors import UserError
from bot.messages.numerals import counted
from bot.messages.reply import Button, ButtonStyle

CHECKINS, LINES, AHEAD = 20, 10, 3
"""Check-ins that are shown, lines of the ledger before the rest is folded, and units that are to come."""


@dataclass(frozen=True)
class Now:
    """What to do now: sentences and buttons.

    Args:
        pledge: their own words for the running unit; "" is none.
        notes: the titles of the running unit's notes with what opens each.
    """

    where: str
    standing: str
    points: str
    check_in: Button | None = None
    pledge: str = ""
    pledge_says: str = ""
    pledging: Button | None = None
    notes: tuple[Button, ...] = ()
    due: str = ""
    reviewing: Button | None = None


@dataclass(frozen=True)
class TrailStep:
    """A unit on the trail."""

    label: str
    sign: str
    state: State
    says: str
    points: int


@dataclass(frozen=True)
class Coming:
    """A unit that is to come."""

    label: str
    opens_at: datetime


@dataclass(frozen=True)
class Done:
    """A check-in, with what may still be changed about it."""

    unit: str
    at: datetime
    minutes: str
    note: str
    link: str
    buttons: tuple[Button, ...]


def read(viewer: Viewer, *, progress: Progress, pledges: Pledges, repeats: reviews.Reviews) -> Mapping[str, object]:
    """Return what a member's own page shows."""
    ctx, member = viewer.ctx, progress.mine(viewer.ctx)
    timeline = member.timeline
    track = progress.groups.tracks_of(timeline.group).get(timeline.roadmap.id)
    return {
        "now": _describe_now(ctx, member, track, pledges, repeats),
        "steps": _list_steps(member),
        "coming": [Coming(timeline.label(s), s.opens_at) for s in timeline.planned(ctx.now)[:AHEAD]],
        "ledger": _list_ledger(member),
        "shown": LINES,
        "done": _list_checkins(ctx, member),
        "strengths": _list_strengths(progress, ctx, track),
        "picture": cards.draw_member(ctx, member) if ctx.actor.sees_pictures else None,
    }


def _describe_now(
    ctx: Context, member: MemberView, track: Track | None, pledges: Pledges, repeats: reviews.Reviews
) -> Now:
    timeline, group_id = member.timeline, member.timeline.group.id
    running = timeline.running(ctx.now)
    is_over = timeline.group.ended_at is not None
    state = next((s.state for s in member.score.states if running and s.unit_id == running.slot.unit_id), None)
    is_open = running is not None and state not in KEPT
    status = "" if running is None else describe_open_unit(running, ctx.now) if is_open else "You've checked in."
    check_in = None
    if not is_over and timeline.opened:
        unit = {"unit": running.slot.unit_id} if running is not None else {}
        style: ButtonStyle = "primary" if is_open else "plain"
        check_in = Button(
            "Check in" if is_open else "Check in again", command_links.CHECKIN.ask(group_id, **unit), style
        )
    pledge, pledge_says, pledging = _read_plan(ctx, pledges)
    coming, reviewing = due(ctx, repeats)
    return Now(
        f"{describe_position(timeline, ctx.now)} {status}".strip(),
        wording.describe_balance(member.score, timeline.group),
        wording.render_points(member),
        check_in,
        pledge,
        pledge_says,
        pledging,
        _link_notes(timeline, running, track),
        coming,
        reviewing,
    )


def _read_plan(ctx: Context, pledges: Pledges) -> tuple[str, str, Button | None]:
    """Return the plan for the running unit, its reminder, and the button to write it; empty if none can be."""
    try:
        plan = pledges.mine(ctx, None)
        if plan.pledge is None:
            pledges.require_ahead(ctx, plan)
    except UserError:
        return "", "", None
    write = command_links.WRITE_PLAN.ask(plan.timeline.group.id, unit=plan.opened.slot.unit_id)
    if plan.pledge is None:
        return "", pledge_wording.ASKS, Button("Make a plan", write)
    says = pledge_wording.describe_reminder(plan, ctx.now)
    return markup.escape(plan.pledge.text, 500), says, Button("Edit plan", write)


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


def _link_notes(timeline: Timeline, running: Opened | None, track: Track | None) -> tuple[Button, ...]:
    if running is None or track is None:
        return ()
    notes = [track.notes[note] for note in timeline.unit(running.slot).notes if note in track.notes]
    return tuple(Button(note.title, command_links.READ.call(timeline.group.id, note=f"{note.id}.1")) for note in notes)


def _list_steps(member: MemberView) -> list[TrailStep]:
    unit = member.timeline.roadmap.unit
    return [
        TrailStep(
            unit(state.unit_id).label,
            wording.SIGNS[state.state],
            state.state,
            wording.describe_state(state),
            state.points,
        )
        for state in member.score.states
    ]


def _list_ledger(member: MemberView) -> list[Mapping[str, object]]:
    """Return the lines of the ledger, newest first."""
    return [
        {
            "number": entry.number,
            "deadline_at": entry.deadline_at,
            "what": wording.describe_line(entry),
            "streak": entry.streak,
            "freezes": entry.freezes,
            "points": entry.points,
        }
        for entry in reversed(member.score.ledger)
    ]


def _list_checkins(ctx: Context, member: MemberView) -> list[Done]:
    facts = sorted(member.scores.facts(member.account.id), key=lambda fact: (fact.at, fact.id), reverse=True)
    return [_describe_checkin(ctx, member, fact) for fact in facts[:CHECKINS]]


def _describe_checkin(ctx: Context, member: MemberView, fact: CheckinState) -> Done:
    timeline, group_id = member.timeline, member.timeline.group.id
    buttons: tuple[Button, ...] = ()
    if timeline.group.ended_at is None:
        buttons = (Button("Edit", command_links.EDIT_CHECKIN.ask(group_id, id=fact.id)),)
        opened = timeline.find(fact.unit_id)
        if opened is not None and (ctx.now < opened.slot.grace_until or fact.at >= opened.slot.grace_until):
            buttons = (*buttons, Button("Undo", command_links.UNDO_CHECKIN.call(group_id, id=fact.id), "danger"))
    link = wording.format_link(fact.link, wording.LINK_SHOWN) if fact.link else ""
    label = timeline.roadmap.unit(fact.unit_id).label
    return Done(
        label, fact.at, wording.format_minutes(fact.minutes), markup.escape(fact.note, 500, lines=True), link, buttons
    )


def _list_strengths(progress: Progress, ctx: Context, track: Track | None) -> list[Strength]:
    return list_strengths(progress.session, ctx.actor.account_id, track) if track is not None else []


MY_PROGRESS = DashboardPage("", "My progress", OWN, "my_progress.html", read)
