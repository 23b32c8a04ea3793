"""Commands for focus sessions: start, join, leave, and check in afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from bot.commands.command import Command, Param, SuggestedValue, command
from bot.commands.context import Context
from bot.commands.parameter_types import Minutes, RoomRef, parse_int
from bot.features.checkins.commands import MINUTES, NOTE, checkin
from bot.features.checkins.repairs import Repairs
from bot.features.checkins.service import NextStep, Progress, Turnout
from bot.features.focus import wording
from bot.features.focus.posts import FocusMessages
from bot.features.focus.service import Focus
from bot.features.focus.tables import FocusSession
from bot.features.groups.params import GROUP
from bot.features.groups.service import Groups
from bot.messages.errors import BadInput, NotFound
from bot.messages.reply import Reply

USUAL = Minutes(25)
ID = Param("Session", in_form=False)


def suggest_length(ctx: Context, typed: str) -> list[SuggestedValue]:
    """Return the usual lengths of a round."""
    return [SuggestedValue(f"{n} min", str(n)) for n in (25, 50, 90) if str(n).startswith(typed.strip())]


@command(
    "focus",
    role="member",
    group="needed",
    which=GROUP,
    title="Study together",
    asked=(
        r"(?:study|work|focus|learn) (?:together|with (?:others|the group|somebody|someone))",
        r"(?:start|begin|run) (?:a |another )?(?:focus|study|pomodoro)(?: session| timer)?",
    ),
)
def start_focus(
    ctx: Context,
    minutes: Annotated[Minutes, Param("Length", example="25m", min=10, max=120, suggest=suggest_length)] = USUAL,
    voice: Annotated[RoomRef | None, Param("Voice channel", example="#voice", max=80, is_voice=True)] = None,
    *,
    groups: Groups,
    focus: Focus,
) -> Reply:
    """Study at the same time as others in your group."""
    group = groups.here(ctx).group
    is_here = ctx.place.whole == groups.place(group)
    new = FocusSession(
        group_id=group.id,
        minutes=minutes,
        thread=ctx.place.thread if is_here else None,
        voice=voice,
        round=1,
        starts_at=ctx.now,
    )
    row = focus.start(group, ctx.actor.account_id, new)
    if row is new:
        FocusMessages(groups, group, ctx.now).open(row)
    return wording.render_started(group, row, is_new=row is new)


@command("focus join", hidden=True, role="member", group="needed")
def join_focus(ctx: Context, id: Annotated[int, ID], *, groups: Groups, focus: Focus) -> Reply:
    """Join a focus session."""
    group = groups.here(ctx).group
    row = focus.join(group, ctx.actor.account_id, id, ctx.now)
    FocusMessages(groups, group, ctx.now).update(row, ctx.actor.tenancy.edit_every_s)
    return wording.render_joined(group, row, is_next=row.starts_at > ctx.now)


@command("focus leave", hidden=True, role="member", group="needed")
def leave_focus(ctx: Context, id: Annotated[int, ID], *, groups: Groups, focus: Focus) -> Reply:
    """Leave a focus session."""
    group = groups.here(ctx).group
    row, minutes = focus.leave(group, ctx.actor.account_id, id, ctx.now)
    if row.ended_at is None:
        FocusMessages(groups, group, ctx.now).update(row, ctx.actor.tenancy.edit_every_s)
    return wording.render_left(group, row, minutes)


def initial_checkin(ctx: Context, *, groups: Groups, focus: Focus) -> Mapping[str, str]:
    """Return the member's minutes in a session that they have not checked in; NotFound without any."""
    try:
        session_id = parse_int(ctx.call.args.get("id", ""))
    except BadInput:
        session_id = 0
    times = focus.list_unlogged(groups.here(ctx).group, ctx.actor.account_id, session_id, ctx.now)
    if not times:
        raise NotFound("You have no time in this session to check in. You can still use the usual check-in.")
    return {"minutes": str(sum(time.minutes for time in times))}


@command(
    "focus checkin",
    hidden=True,
    form=True,
    role="member",
    group="needed",
    title="Check in",
    initial=initial_checkin,
    own=True,
)
def check_in_focus(
    ctx: Context,
    id: Annotated[int, ID],
    minutes: Annotated[Minutes, MINUTES],
    note: Annotated[str, NOTE],
    *,
    groups: Groups,
    focus: Focus,
    progress: Progress,
    repairs: Repairs,
    turnout: Turnout,
    next_step: NextStep,
) -> Reply:
    """Check in your time in a focus session."""
    for time in focus.list_unlogged(groups.here(ctx).group, ctx.actor.account_id, id, ctx.now):
        time.is_checked_in = True
    reply: Reply = checkin.run(
        ctx, minutes, note, progress=progress, repairs=repairs, turnout=turnout, next_step=next_step
    )
    return reply


COMMANDS: tuple[Command, ...] = (start_focus, join_focus, leave_focus, check_in_focus)
