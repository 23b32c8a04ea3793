"""What members read about themselves and the group, and what moderators rule or correct.

Members read their progress, the ledger behind it and the leaderboard. Moderators excuse or void a unit, lift a ruling,
and correct the minutes or the unit of a check-in.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Annotated

from bot.commands.command import Command, IntentPattern, Param, SuggestedValue
from bot.commands.context import Context
from bot.commands.parameter_types import MemberRef, Minutes, UnitRef
from bot.features import command_links
from bot.features.checkins.checkin_log import MemberView, Scores
from bot.features.checkins.commands import suggest_opened
from bot.features.checkins.repairs import Repairs, describe_offer, describe_spent
from bot.features.checkins.rulings import Case, Corrections, Kind, Rulings
from bot.features.checkins.service import Progress
from bot.features.groups.calendar.timeline import Timeline
from bot.features.groups.commands import settings
from bot.features.groups.confirmation import Pending
from bot.features.groups.params import CONFIRM, member_action, member_command, moderator_command
from bot.features.groups.visibility import GroupVisibility, refuse_closed
from bot.features.people.service import is_called
from bot.features.quiz import wording as quiz_wording
from bot.features.quiz.strengths import list_strengths
from bot.features.standings import cards, trend, wording
from bot.features.standings.group_standings import Period, Roll, read_board
from bot.messages import markup
from bot.messages.errors import BadInput, NotAllowed
from bot.messages.reply import Image, Reply

PAGE_LINES = 10
PERIODS: tuple[Period, ...] = ("phase", "week", "season")


def suggest_member(ctx: Context, typed: str, *, progress: Progress) -> list[SuggestedValue]:
    """Return the group's members by name; members see only shown names without alias."""
    timeline = progress.groups.here(ctx)
    if not GroupVisibility.by(progress.session, ctx).sees(timeline.group):
        return []
    members = progress.groups.list_members(timeline.group.id)
    members_seen = [a for m, a in members if "moderator" in ctx.actor.roles or (m.is_shown and not m.alias)]
    return [SuggestedValue(a.name, a.external_id) for a in members_seen if is_called(a, typed)][:25]


MINE = IntentPattern(
    r"\bmy (?:streak|points?|score|progress|freezes?|standing)\b", "My progress", "Only you can see that."
)


@member_command(
    "progress",
    moderators_too=True,
    writes=False,
    after_end=True,
    hints=(MINE,),
    own=True,
    spoken=(
        "what's my streak",
        "whats my streak",
        "what is my streak",
        "how's my streak",
        "how is my streak",
        "my streak",
        "my points",
        "streak",
        "points",
    ),
    asked=(
        r"(?:see|find|check|view|look at|know|look up|get|show) (?:my|our) (?:own )?"
        r"(?:streak|points?|progress|record|score|check[ -]?ins?|history|freezes?)",
        r"^where(?: is|'s| are) my (?:streak|points?|progress|record|score|check[ -]?ins?)",
    ),
)
def progress(
    ctx: Context,
    member: Annotated[MemberRef | None, Param("Member (leave empty for yourself)", suggest=suggest_member)] = None,
    *,
    progress: Progress,
    repairs: Repairs,
) -> Reply:
    """See your streak, points and completed units."""
    view = _find_view(ctx, progress, member) if member else progress.mine(ctx)
    row = view.timeline.group
    is_me = view.account.id == ctx.actor.account_id
    chance = repairs.find(view, ctx.now) if is_me else None
    streak = ""
    if is_me:
        streak = describe_offer(view, chance) if chance is not None else describe_spent(repairs, view, ctx)
    return wording.render_progress(
        view,
        cards.draw_member(ctx, view),
        ctx.now,
        streak,
        is_own=is_me,
        shows_absences=is_me or "moderator" in ctx.actor.roles,
        check_in=command_links.CHECKIN.ask(row.id) if is_me and row.ended_at is None else None,
        repair=command_links.REPAIR.call(row.id) if chance is not None else None,
        all_units=ledger.call(row.id, page=1) if is_me and view.score.ledger else None,
    )


def _find_view(ctx: Context, progress: Progress, named: str) -> MemberView:
    timeline = progress.groups.here(ctx)
    if not GroupVisibility.by(progress.session, ctx).sees(timeline.group):
        raise refuse_closed(timeline.group)
    membership, account = progress.groups.find_member(timeline.group, named)
    is_open = membership.is_shown and not membership.alias
    if not (is_open or account.id == ctx.actor.account_id or "moderator" in ctx.actor.roles):
        raise NotAllowed("That member's progress is private.")
    return MemberView(
        timeline, membership, account, Scores(progress.session, timeline, [(membership, account)], ctx.now)
    )


@member_action("ledger", writes=False, after_end=True, own=True)
def ledger(ctx: Context, page: Annotated[int, Param("Page")] = 1, *, progress: Progress) -> Reply:
    """List all your units, page by page."""
    view = progress.mine(ctx)
    lines = view.score.ledger
    pages = max(1, -(-len(lines) // PAGE_LINES))
    page = min(max(1, page), pages)
    newest = len(lines) - (page - 1) * PAGE_LINES
    group_id = view.timeline.group.id
    return wording.render_ledger_page(
        view,
        lines[max(0, newest - PAGE_LINES) : newest],
        (page, pages),
        _list_insights(ctx, progress, view) if page == 1 else (),
        earlier=ledger.call(group_id, page=page + 1) if page < pages else None,
        later=ledger.call(group_id, page=page - 1) if page > 1 else None,
    )


def _list_insights(ctx: Context, progress: Progress, view: MemberView) -> list[str]:
    """Return the pace of earlier finishers and the member's quiz strengths, as far as they are known."""
    track = progress.groups.tracks_of(view.timeline.group).get(view.timeline.roadmap.id)
    pace = trend.describe_pace(progress.session, view.timeline, track, ctx.now)
    strengths = list_strengths(progress.session, ctx.actor.account_id, track) if track is not None else []
    return [text for text in (pace, quiz_wording.strengths(strengths) if strengths else "") if text]


BOARD = (
    r"(?:see|find|open|look at|view|show|get|check)(?: to)? (?:the |our )?"
    r"(?:leader ?board|board|ranking|standings|scores)",
    r"^where(?: is|'s) the (?:leader ?board|board|ranking)",
)

"""How people ask for the leaderboard."""

SHOW = (r"(?:show|give) (?:me |us )?(?:the |our )?(?:leader ?board|board|ranking|standings)",)

"""How people ask to see it."""


@member_command("leaderboard", moderators_too=True, writes=False, after_end=True, asked=BOARD, answers=SHOW)
def leaderboard(
    ctx: Context,
    period: Annotated[Period | None, Param("Period (leave empty for the phase)")] = None,
    *,
    progress: Progress,
) -> Reply:
    """See the top five and your place."""
    timeline = progress.groups.here(ctx)
    membership = progress.groups.find_membership(timeline.group.id, ctx.actor.account_id)
    if membership is not None and not membership.sees_board:
        return wording.render_hidden_board(settings.call(timeline.group.id, leaderboard=True))
    has_finished = timeline.group.closed_at is not None
    period = period or ("season" if has_finished else "phase")
    rows = read_board(Roll(progress.groups, timeline, ctx.now), period, ctx.actor.account_id)
    may_hide = membership is not None and membership.left_at is None
    return wording.render_leaderboard(
        timeline,
        period,
        rows,
        _draw_board(timeline, period, rows, ctx.now) if rows else None,
        ctx.now,
        periods={other: leaderboard.call(timeline.group.id, period=other) for other in PERIODS if other != period},
        hide=settings.call(timeline.group.id, leaderboard=False) if may_hide else None,
    )


def _draw_board(timeline: Timeline, period: Period, rows: wording.Rows, now: datetime) -> Image:
    title = f"{wording.format_board_title(timeline)}: {timeline.group.name}"
    label = markup.flat(markup.inline(wording.format_period(timeline, period, now)))
    return cards.draw_board(title, label, rows, wording.render_table(rows), has_head=False)


COMMANDS: tuple[Command, ...] = (progress, leaderboard, ledger)


MEMBER = Param("Member (by @ or by name)", example="@ada", suggest=suggest_member)

UNIT = Param("Unit (by number or title)", example="7", suggest=suggest_opened)

REASON = Param("Reason (the member will see it)", example="was ill, told us late", max=200)

VOID_REASON = replace(REASON, example="the link shows somebody else's work")

LIFT_REASON = replace(REASON, example="we talked, it was a mistake")


@moderator_command("manage excuse", formerly=("excuse",), form=True, title="Excuse a member")
def excuse(
    ctx: Context,
    member: Annotated[MemberRef, MEMBER],
    unit: Annotated[UnitRef, UNIT],
    reason: Annotated[str, REASON],
    *,
    progress: Progress,
) -> Reply:
    """Excuse a member from a unit and keep their streak."""
    case = Rulings(progress).case(ctx, member, unit)
    return _rule(ctx, progress, case, "excuse", reason)


@moderator_command("manage void", formerly=("void",), form=True, title="Void a unit")
def void(
    ctx: Context,
    member: Annotated[MemberRef, MEMBER],
    unit: Annotated[UnitRef, UNIT],
    reason: Annotated[str, VOID_REASON],
    confirm: Annotated[bool, CONFIRM] = False,
    *,
    progress: Progress,
) -> Reply:
    """Void a member's check-ins for a unit."""
    case = Rulings(progress).case(ctx, member, unit)
    if confirm or "void" in case.standing:
        return replace(_rule(ctx, progress, case, "void", reason), replaces=confirm)
    pending = Pending.keep(progress.groups.work, ctx, void, case.timeline.group.id)
    who = markup.name(case.account.external_id, case.account.name)
    return wording.render_void_question(case.label, who, reason, confirm=pending.call())


@moderator_command("manage lift", formerly=("lift",), form=True, title="Lift a ruling")
def lift(
    ctx: Context,
    member: Annotated[MemberRef, MEMBER],
    unit: Annotated[UnitRef, UNIT],
    reason: Annotated[str, LIFT_REASON],
    *,
    progress: Progress,
) -> Reply:
    """Undo an excuse or a void."""
    case = Rulings(progress).case(ctx, member, unit)
    if not case.standing:
        who = markup.name(case.account.external_id, case.account.name)
        raise BadInput(f"There is no ruling on **{case.label}** for {who}.", field="unit")
    return _rule(ctx, progress, case, "lift", reason)


def _rule(ctx: Context, progress: Progress, case: Case, kind: Kind, reason: str) -> Reply:
    who = markup.name(case.account.external_id, case.account.name)
    if kind in case.standing:
        return wording.render_ruled_already(kind, who, case.label)
    notice = Rulings(progress).rule(ctx, case, kind, reason)
    about = {"member": case.account.external_id, "unit": case.opened.slot.unit_id}
    back = lift.ask(case.timeline.group.id, **about)
    return wording.render_ruled(kind, who, case.label, notice, undo=back)


RULING_COMMANDS: tuple[Command, ...] = (excuse, void, lift)

CHECKIN_UNIT = Param("Unit of the check-in (by number or title)", example="7", suggest=suggest_opened)

RIGHT = Param("Unit for which it should count", suggest=suggest_opened)


@moderator_command(
    "manage correct",
    formerly=("correct",),
    form=True,
    title="Correct a check-in",
    form_note="This changes their newest check-in of the unit. I'll tell them your reason.",
    asked=(r"(?:correct|fix|change|edit) (?:a|the|someone's|somebody's) (?:member's )?(?:check-?in|minutes)",),
)
def correct(
    ctx: Context,
    member: Annotated[MemberRef, MEMBER],
    unit: Annotated[UnitRef, CHECKIN_UNIT],
    reason: Annotated[str, replace(REASON, example="300 minutes were meant as 30")],
    minutes: Annotated[Minutes | None, Param("Right time spent", example="30m")] = None,
    to: Annotated[UnitRef | None, RIGHT] = None,
    *,
    progress: Progress,
) -> Reply:
    """Correct the minutes or the unit of a check-in."""
    if minutes is None and to is None:
        raise BadInput("**Right time spent**: add the right minutes or unit. Example: `30m`", field="minutes")
    corrections = Corrections(progress)
    target = corrections.find(ctx, member, unit)
    after = corrections.changed(ctx, target, minutes, to)
    who = markup.name(target.account.external_id, target.account.name)
    if after == target.checkin:
        return wording.render_correct_already(who)
    notice = corrections.keep(ctx, target, after, reason)
    was, now = corrections.differ(target, after)
    back = correct.ask(
        target.timeline.group.id,
        member=target.account.external_id,
        unit=target.number(after),
        minutes=target.checkin.minutes,
        to=target.number(target.checkin),
    )
    return wording.render_corrected(who, was, now, notice, undo=back)


CORRECTION_COMMANDS: tuple[Command, ...] = (correct,)
