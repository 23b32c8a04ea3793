"""What members read about themselves and the group, and what moderators rule or correct.

Members read their progress, the ledger behind it and the leaderboard. Moderators excuse or void a unit, lift a ruling,
and correct the minutes or the unit of a check-in.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from bot.commands.command import Command, IntentPattern, Param, SuggestedValue, command
from bot.commands.context import Context
from bot.commands.parameter_types import MemberRef, Minutes, UnitRef
from bot.features import command_links
from bot.features.checkins import wording
from bot.features.checkins.checkin_log import Scores
from bot.features.checkins.commands import suggest_opened
from bot.features.checkins.repairs import Repairs, describe_offer, describe_spent
from bot.features.checkins.rulings import Case, Corrections, Kind, Rulings
from bot.features.checkins.service import MemberView, Progress
from bot.features.groups.calendar.timeline import Timeline
from bot.features.groups.commands import settings
from bot.features.groups.confirmation import Pending
from bot.features.groups.params import CONFIRM, GROUP
from bot.features.groups.visibility import GroupVisibility, refuse_closed
from bot.features.people.service import is_called
from bot.features.quiz import wording as quiz_wording
from bot.features.quiz.strengths import list_strengths
from bot.features.standings import cards, trend
from bot.features.standings.group_standings import Period, Roll, read_board
from bot.features.standings.leaderboard import BoardRow, SkippedRows
from bot.messages import markup
from bot.messages.errors import BadInput, NotAllowed
from bot.messages.reply import Button, Image, Reply, Table, Text, say

PAGE_LINES = 10


def suggest_member(ctx: Context, typed: str, *, progress: Progress) -> list[SuggestedValue]:
    """Return the group's members by name; members see only shown names without alias."""
    timeline = progress.groups.here(ctx)
    if not GroupVisibility.by(progress.session, ctx).sees(timeline.group):
        return []
    members = progress.groups.list_members(timeline.group.id)
    members_seen = [a for m, a in members if "moderator" in ctx.actor.roles or (m.is_shown and not m.alias)]
    return [SuggestedValue(a.name, a.external_id) for a in members_seen if is_called(a, typed)][:25]


MINE = IntentPattern(
    r"\bmy (?:streak|points?|score|progress|freezes?|standing)\b", "My progress", "That is yours alone to see."
)


@command(
    "progress",
    role="member",
    moderators_too=True,
    group="needed",
    which=GROUP,
    writes=False,
    after_end=True,
    hints=(MINE,),
    own=True,
    spoken=("what's my streak", "whats my streak", "what is my streak", "how's my streak", "how is my streak"),
    asked=(
        r"(?:see|find|check|view|look at|know|look up|get|show) (?:my|our) (?:own )?"
        r"(?:streak|points?|progress|record|score|check[ -]?ins?|history|freezes?)",
        r"^where(?: is|'s| are) my (?:streak|points?|progress|record|score|check[ -]?ins?)",
    ),
)
def progress(
    ctx: Context,
    member: Annotated[MemberRef | None, Param("Member (you if empty)", suggest=suggest_member)] = None,
    *,
    progress: Progress,
    repairs: Repairs,
) -> Reply:
    """Your streak and why, unit by unit, and your points."""
    view = _find_view(ctx, progress, member) if member else progress.mine(ctx)
    row = view.timeline.group
    is_me = view.account.id == ctx.actor.account_id
    recent = view.score.ledger[-wording.LEDGER_LINES :]
    blocks: list[Text | Image] = [
        Text(f"{wording.describe_balance(view.score, view.timeline.group)} {wording.render_points(view)}"),
        cards.draw_member(ctx, view),
        *([Text(wording.render_ledger(view, recent, is_own=is_me))] if recent else []),
    ]
    if (other := wording.render_absences(view)) and (is_me or "moderator" in ctx.actor.roles):
        blocks.append(other)
    chance = repairs.find(view, ctx.now) if is_me else None
    text = describe_offer(view, chance) if chance is not None else describe_spent(repairs, view, ctx) if is_me else ""
    blocks += [Text(text)] if text else []
    track = progress.groups.tracks_of(row).get(view.timeline.roadmap.id)
    if is_me and (paced := trend.describe_pace(progress.session, view.timeline, track, ctx.now)):
        blocks.append(Text(paced))
    if is_me and track is not None and (known := list_strengths(progress.session, ctx.actor.account_id, track)):
        blocks.append(Text(quiz_wording.strengths(known)))
    may_check_in = is_me and row.ended_at is None
    buttons = [Button("Check in", command_links.CHECKIN.ask(row.id), "primary")] if may_check_in else []
    buttons += [Button("Repair my streak", command_links.REPAIR.call(row.id))] if chance is not None else []
    if is_me and len(view.score.ledger) > len(recent):
        buttons.append(Button("All units", ledger.call(row.id, page=1)))
    title = "Your progress" if is_me else f"Progress of {markup.escape(view.account.name, 40)}"
    return Reply(tuple(blocks), tuple(buttons), title=title)


def _find_view(ctx: Context, progress: Progress, named: str) -> MemberView:
    timeline = progress.groups.here(ctx)
    if not GroupVisibility.by(progress.session, ctx).sees(timeline.group):
        raise refuse_closed(timeline.group)
    membership, account = progress.groups.find_member(timeline.group, named)
    is_open = membership.is_shown and not membership.alias
    if not (is_open or account.id == ctx.actor.account_id or "moderator" in ctx.actor.roles):
        raise NotAllowed("That member keeps their progress to themselves.")
    return MemberView(
        timeline, membership, account, Scores(progress.session, timeline, [(membership, account)], ctx.now)
    )


@command("ledger", hidden=True, role="member", group="needed", writes=False, after_end=True, own=True)
def ledger(ctx: Context, page: Annotated[int, Param("Page")] = 1, *, progress: Progress) -> Reply:
    """Every unit of your record, page by page."""
    view = progress.mine(ctx)
    lines = view.score.ledger
    pages = max(1, -(-len(lines) // PAGE_LINES))
    page = min(max(1, page), pages)
    newest = len(lines) - (page - 1) * PAGE_LINES
    group_id = view.timeline.group.id
    buttons = []
    if page < pages:
        buttons.append(Button("Earlier", ledger.call(group_id, page=page + 1)))
    if page > 1:
        buttons.append(Button("Later", ledger.call(group_id, page=page - 1)))
    page_lines = lines[max(0, newest - PAGE_LINES) : newest]
    text = wording.render_ledger(view, page_lines, is_own=True) or "No unit is out yet."
    reply = say(text, title=f"Your record, page {page} of {pages}", buttons=tuple(buttons))
    return replace(reply, replaces=True)


BOARD = (
    r"(?:see|find|open|look at|view|show|get|check)(?: to)? (?:the |our )?"
    r"(?:leader ?board|board|ranking|standings|scores)",
    r"^where(?: is|'s) the (?:leader ?board|board|ranking)",
)

"""How people ask for the board."""

SHOW = (r"(?:show|give) (?:me |us )?(?:the |our )?(?:leader ?board|board|ranking|standings)",)

"""How people ask to see it."""


@command(
    "leaderboard",
    role="member",
    moderators_too=True,
    group="needed",
    which=GROUP,
    writes=False,
    after_end=True,
    asked=BOARD,
    answers=SHOW,
)
def leaderboard(
    ctx: Context,
    period: Annotated[Period | None, Param("Period (phase if empty)")] = None,
    *,
    progress: Progress,
) -> Reply:
    """The board: the first five, then you with your neighbours."""
    timeline = progress.groups.here(ctx)
    membership = progress.groups.find_membership(timeline.group.id, ctx.actor.account_id)
    if membership is not None and not membership.sees_board:
        again = Button("Show it to me again", settings.call(timeline.group.id, board=True))
        return say("You have hidden the board for yourself. Your points and streak go on.", buttons=(again,))
    has_finished = timeline.group.closed_at is not None
    period = period or ("season" if has_finished else "phase")
    label = format_period(timeline, period, ctx)
    rows = read_board(Roll(progress.groups, timeline, ctx.now), period, ctx.actor.account_id)
    buttons = tuple(
        Button(p.capitalize(), leaderboard.call(timeline.group.id, period=p))
        for p in ("phase", "week", "season")
        if p != period
    )
    if membership is not None and membership.left_at is None:
        buttons = (*buttons, Button("Hide it from me", settings.call(timeline.group.id, board=False)))
    blocks: list[Image | Text] = [Text(f"{label}. {points_rule(timeline)}")]
    head = "Final leaderboard" if timeline.group.ended_at is not None else "Leaderboard"
    name = timeline.group.name
    blocks.append(
        cards.draw_board(f"{head} of {name}", markup.flat(markup.inline(label)), rows, render_table(rows))
        if rows
        else Text("Nobody is on the board yet.")
    )
    if any(isinstance(r, BoardRow) and r.is_me and r.is_hidden for r in rows):
        blocks.append(Text("_Only you see your row: you are hidden from the board. Your settings can change that._"))
    return Reply(tuple(blocks), buttons, title=f"{head} of {markup.escape(name)}")


def points_rule(timeline: Timeline) -> str:
    """Return what earns points, in a sentence."""
    further = "each further day and each day with a quiz" if timeline.group.has_quiz_points else "each further day"
    return f"Points: on time 10, late 8, caught up 4, and 1 for {further}."


def render_table(rows: list[BoardRow | SkippedRows]) -> Table:
    """Return the board as a table of rank, name and points."""
    lines = [
        ("…", "", "")
        if isinstance(r, SkippedRows)
        else (str(r.rank), markup.clip(r.name, 24) + cards.format_aside(r), str(r.points))
        for r in rows
    ]
    return Table(("#", "Name", "Points"), tuple(lines), right=(0, 2))


def format_period(timeline: Timeline, period: Period, ctx: Context) -> str:
    """Return the label of a leaderboard's period, escaped."""
    if period == "season" or not timeline.opened:
        return "The whole season"
    current = timeline.unit((timeline.running(ctx.now) or timeline.opened[-1]).slot)
    if period == "week":
        return markup.escape(current.label)
    return f"Phase {markup.escape(timeline.roadmap.phase_of(current).title)}"


COMMANDS: tuple[Command, ...] = (progress, leaderboard, ledger)


MEMBER = Param("Member (by @ or by name)", example="@ada", suggest=suggest_member)

UNIT = Param("Unit (by number or title)", example="7", suggest=suggest_opened)

REASON = Param("Reason, told to the member", example="was ill, told us late", max=200)

VOID_REASON = replace(REASON, example="the link shows somebody else's work")

LIFT_REASON = replace(REASON, example="we talked, it was a mistake")


@command("excuse", form=True, role="moderator", group="needed", which=GROUP, title="Excuse a member")
def excuse(
    ctx: Context,
    member: Annotated[MemberRef, MEMBER],
    unit: Annotated[UnitRef, UNIT],
    reason: Annotated[str, REASON],
    *,
    progress: Progress,
) -> Reply:
    """Excuse a member from a unit: their streak holds, and they are told why."""
    case = Rulings(progress).case(ctx, member, unit)
    return _rule(ctx, progress, case, "excuse", reason)


@command("void", form=True, role="moderator", group="needed", which=GROUP, title="Void a unit")
def void(
    ctx: Context,
    member: Annotated[MemberRef, MEMBER],
    unit: Annotated[UnitRef, UNIT],
    reason: Annotated[str, VOID_REASON],
    confirm: Annotated[bool, CONFIRM] = False,
    *,
    progress: Progress,
) -> Reply:
    """Rule that a member's check-ins for a unit do not count; asks first, and they are told why."""
    case = Rulings(progress).case(ctx, member, unit)
    if confirm or "void" in case.standing:
        return replace(_rule(ctx, progress, case, "void", reason), replaces=confirm)
    pending = Pending.keep(progress.groups.work, ctx, void, case.timeline.group.id)
    who = markup.name(case.account.external_id, case.account.name)
    asked = (
        f"**{case.label}** then gives {who} no points and no place in the streak, and they are told why: "
        f"{markup.escape(reason, 200)}"
    )
    return Reply((Text(asked),), (pending.confirm("Void it", "danger"),), title="Void this unit?", tone="warn")


@command("lift", form=True, role="moderator", group="needed", which=GROUP, title="Lift a ruling")
def lift(
    ctx: Context,
    member: Annotated[MemberRef, MEMBER],
    unit: Annotated[UnitRef, UNIT],
    reason: Annotated[str, LIFT_REASON],
    *,
    progress: Progress,
) -> Reply:
    """Take back an excuse or a void of a member's unit; both stay on record, and they are told why."""
    case = Rulings(progress).case(ctx, member, unit)
    if not case.standing:
        who = markup.name(case.account.external_id, case.account.name)
        raise BadInput(f"Nothing is ruled about **{case.label}** of {who}, so there is nothing to lift.", field="unit")
    return _rule(ctx, progress, case, "lift", reason)


def _rule(ctx: Context, progress: Progress, case: Case, kind: Kind, reason: str) -> Reply:
    who = markup.name(case.account.external_id, case.account.name)
    did = {"excuse": "is excused from", "void": "has no credit for", "lift": "has no ruling any more on"}[kind]
    if kind in case.standing:
        return say(f"{who} already {did} **{case.label}**; nothing changed.")
    notice = Rulings(progress).rule(ctx, case, kind, reason)
    about = {"member": case.account.external_id, "unit": case.opened.slot.unit_id}
    back = lift.ask(case.timeline.group.id, **about)
    buttons = () if kind == "lift" else (Button("Lift it", back),)
    return say(f"{who} {did} **{case.label}**. {notice}", tone="good", buttons=buttons)


RULING_COMMANDS: tuple[Command, ...] = (excuse, void, lift)

CHECKIN_UNIT = Param("Unit of the check-in (by number or title)", example="7", suggest=suggest_opened)

RIGHT = Param("Unit for which it should count", suggest=suggest_opened)


@command(
    "correct",
    form=True,
    role="moderator",
    group="needed",
    which=GROUP,
    title="Correct a check-in",
    form_note="Their newest check-in of the unit; they are told once, with your reason.",
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
    """Correct the minutes or the unit of a member's check-in; they are told why."""
    if minutes is None and to is None:
        text = "say the minutes or the unit that is right"
        raise BadInput(f"**Right time spent**: {text}. Example: `30m`", field="minutes")
    corrections = Corrections(progress)
    target = corrections.find(ctx, member, unit)
    after = corrections.changed(ctx, target, minutes, to)
    who = markup.name(target.account.external_id, target.account.name)
    if after == target.checkin:
        return say(f"The check-in of {who} says that already; nothing changed.")
    notice = corrections.keep(ctx, target, after, reason)
    was, now = corrections.differ(target, after)
    back = correct.ask(
        target.timeline.group.id,
        member=target.account.external_id,
        unit=target.number(after),
        minutes=target.checkin.minutes,
        to=target.number(target.checkin),
    )
    text = f"The check-in of {who} has {now} instead of {was}. {notice}"
    return say(text, tone="good", buttons=(Button("Correct it back", back),))


CORRECTION_COMMANDS: tuple[Command, ...] = (correct,)
