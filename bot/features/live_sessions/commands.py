"""Commands for live sessions: members see, answer and host them; moderators plan, move and cancel them."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from bot.commands.command import Command, Param, SuggestedValue
from bot.commands.context import Context
from bot.commands.parameter_types import Minutes, Url, parse_clock
from bot.features.checkins import sharing
from bot.features.groups.confirmation import Pending, is_stale, make_mark
from bot.features.groups.params import CONFIRM, member_action, member_command, moderator_command
from bot.features.groups.service import Groups
from bot.features.groups.tables import Group
from bot.features.live_sessions import wording
from bot.features.live_sessions.posts import Staging
from bot.features.live_sessions.service import Hours
from bot.features.live_sessions.tables import REASON_MAX, TOPIC_MAX, LiveHour, Says
from bot.features.live_sessions.time_finder import find_best, weigh
from bot.features.people.tables import AccountRow
from bot.features.schedule.commands import EXAMPLE, format_exact, parse_when
from bot.messages import markup
from bot.messages.errors import BadInput, TryLater
from bot.messages.reply import Reply


@member_command(
    "session next",
    title="See next session",
    moderators_too=True,
    writes=False,
    spoken=("when is the next live hour", "when is our next live hour", "next live hour"),
    asked=(r"(?:join|attend|come to|take part in) (?:the |a |our )?(?:next )?(?:live hour|live session|meeting|call)",),
)
def session_next(ctx: Context, *, groups: Groups, hours: Hours) -> Reply:
    """See the next live session and say if you'll come."""
    group = groups.here(ctx).group
    coming = hours.list_coming(group.id, ctx.now)
    moderates, is_member = "moderator" in ctx.actor.roles, "member" in ctx.actor.roles
    if not coming:
        return wording.render_none_planned(group, moderates=moderates, is_member=is_member)
    staging = Staging(groups, hours, group, ctx.now, ctx.actor.account_id)
    hosts = {hour.id: staging.host_of(hour) for hour in coming[: wording.SHOWN]}
    answers = hours.said_by(ctx.actor.account_id, coming)
    return wording.render_coming(group, coming, hosts, answers, moderates=moderates, is_member=is_member)


@member_action("session answer")
def session_answer(
    ctx: Context,
    id: Annotated[int, Param("Live session")],
    answer: Annotated[Says, Param("Your answer", formerly=("says",))],
    *,
    groups: Groups,
    hours: Hours,
) -> Reply:
    """Say whether you'll come to a live session."""
    group = groups.here(ctx).group
    hour = hours.coming(group.id, ctx.now, id)
    account = groups.session.get_one(AccountRow, ctx.actor.account_id)
    staging = Staging(groups, hours, group, ctx.now, ctx.actor.account_id)
    if answer == "perhaps" and hour.host_id == account.id:
        hours.answer(hour, account.id, "coming", ctx.now)
        staging.count(hour)
        return wording.render_host_comes(group, hour)
    hours.answer(hour, account.id, answer, ctx.now)
    is_freed = answer == "not" and hour.host_id == account.id
    if is_freed:
        staging.pass_on(hour)
    else:
        staging.count(hour)
    is_reminded = answer == "coming" and account.unreachable_at is None and staging.remind(hour, account)
    return wording.render_answer(group, hour, answer, is_reminded=is_reminded, is_freed=is_freed)


@member_command("session host", title="Host sessions", asked=(r"host (?:a |the )?(?:live )?\w+",))
def session_host(
    ctx: Context,
    on: Annotated[bool, Param("Host in turn", example="no")] = True,
    id: Annotated[int | None, Param("Live session", in_form=False)] = None,
    *,
    groups: Groups,
    hours: Hours,
) -> Reply:
    """Volunteer to host live sessions."""
    group = groups.here(ctx).group
    if on and group.closed_at is not None:
        raise TryLater("The season is over, so there are no more live sessions. Thank you!")
    staging, me = Staging(groups, hours, group, ctx.now, ctx.actor.account_id), ctx.actor.account_id
    if not on:
        return _hand_over(staging, group, hours.step_back(group.id, me, ctx.now))
    free = hours.agree(group.id, me, ctx.now)
    if id is not None:
        hour = hours.coming(group.id, ctx.now, id)
        if hour not in free:
            return wording.render_host(group, hour, staging.host_of(hour), is_mine=hour.host_id == me)
        free = [hour]
    if len(free) > 1:
        return wording.render_host_choice(group, free)
    if not free:
        return wording.render_agreement(group)
    hours.take(free[0], groups.session.get_one(AccountRow, me), ctx.now)
    staging.tell_host(free[0])
    staging.count(free[0])
    return wording.render_taken(group, free[0])


def _hand_over(staging: Staging, group: Group, changed: Sequence[LiveHour]) -> Reply:
    """Tell the new hosts, and return the reply to the old one."""
    for hour in changed:
        staging.tell_host(hour)
        staging.count(hour)
    return wording.render_handed_over(group, [(hour, staging.host_of(hour)) for hour in changed])


MEMBER_COMMANDS: tuple[Command, ...] = (session_next, session_host, session_answer)


USUAL = Minutes(60)

ID = Param("Live session", in_form=False)


def suggest_when(ctx: Context, typed: str) -> list[SuggestedValue]:
    """Return examples of a day and a time."""
    return [SuggestedValue(d, d) for d in (EXAMPLE, "tomorrow 18:00", "next wednesday 7pm") if typed.lower() in d]


AT = Param("Day and time, in your time zone", example=EXAMPLE, max=60, suggest=suggest_when)


@moderator_command(
    "manage session plan",
    formerly=("session plan",),
    title="Plan a live session",
    asked=(
        r"(?:plan|schedule|arrange|organi[sz]e|set up|propose|hold) (?:a |the |an? next |our )?"
        r"(?:live hour|live session|meeting|call|video call|study session)",
    ),
)
def session_plan(
    ctx: Context,
    at: Annotated[str | None, AT] = None,
    minutes: Annotated[Minutes, Param("Length", example="60m", min=15, max=240)] = USUAL,
    topic: Annotated[str, Param("Topic", example="questions on attention", max=TOPIC_MAX)] = "",
    link: Annotated[Url | None, Param("Link to the call", example="https://meet.example.org/owls")] = None,
    confirm: Annotated[bool, CONFIRM] = False,
    *,
    groups: Groups,
    hours: Hours,
) -> Reply:
    """Plan a live session at a time that suits most members."""
    group = groups.here(ctx).group
    if at is None:
        return _propose(ctx, groups, hours, group, minutes)
    starts_at = parse_when(at, ctx.today, ZoneInfo(ctx.actor.zone))
    hours.check(group, starts_at, minutes, ctx.now)
    row = LiveHour(
        group_id=group.id,
        starts_at=starts_at,
        minutes=minutes,
        topic=markup.clean(topic),
        link=link,
        author_id=ctx.actor.account_id,
        made_at=ctx.now,
    )
    host_id = hours.next_host(group.id, starts_at)
    rests_on = make_mark(host_id)
    if not confirm or is_stale(ctx, rests_on):
        return _preview(ctx, groups, hours, group, row, host_id, rests_on)
    staging = Staging(groups, hours, group, ctx.now, ctx.actor.account_id)
    staging.open(hours.plan(row, host_id), is_listed=ctx.actor.tenancy.has_events)
    return replace(wording.render_planned(starts_at, ctx.actor.zone), replaces=True)


def _propose(ctx: Context, groups: Groups, hours: Hours, group: Group, minutes: Minutes) -> Reply:
    members = [account for _, account in groups.list_members(group.id)]
    zones = hours.zones(group) or {group.zone: 0}
    candidates = find_best(zones, ctx.now, ZoneInfo(group.zone), timedelta(minutes=minutes))
    unknown = sum(account.zone is None for account in members)
    length = {"minutes": minutes} if minutes != USUAL else {}
    plans = [session_plan.call(group.id, at=format_exact(candidate.at), **length) for candidate in candidates]
    return wording.render_proposals(group, candidates, plans, ctx.actor.zone, len(members), unknown)


def _preview(
    ctx: Context, groups: Groups, hours: Hours, group: Group, row: LiveHour, host_id: int | None, rests_on: str
) -> Reply:
    zones = hours.zones(group)
    burden = weigh(row.starts_at, timedelta(minutes=row.minutes), zones)
    host = groups.session.get(AccountRow, host_id) if host_id is not None else None
    pending = Pending.keep(groups.work, ctx, session_plan, group.id, rests_on=rests_on)
    return wording.render_preview(
        group,
        row,
        burden,
        ctx.actor.zone,
        sharing.format_member(groups, group, host) if host else "",
        members=zones.total(),
        same_day=hours.beside(group, row.starts_at, ctx.now),
        is_stale=is_stale(ctx, rests_on),
        confirm=pending.call(at=format_exact(row.starts_at)),
    )


@moderator_command(
    "manage session move",
    formerly=("session move",),
    form=True,
    title="Move the live session",
    form_note="I'll message the host and everyone who might come.",
)
def session_move(
    ctx: Context,
    at: Annotated[str, AT],
    id: Annotated[int | None, ID] = None,
    confirm: Annotated[bool, CONFIRM] = False,
    *,
    groups: Groups,
    hours: Hours,
) -> Reply:
    """Move the next live session, after a preview."""
    group = groups.here(ctx).group
    row = hours.coming(group.id, ctx.now, id, plans=True)
    zone = ZoneInfo(ctx.actor.zone)
    with suppress(BadInput):  # a time alone keeps the day
        at = f"{row.starts_at.astimezone(zone):%Y-%m-%d} {parse_clock(at):%H:%M}"
    starts_at = parse_when(at, ctx.today, zone)
    hours.check(group, starts_at, row.minutes, ctx.now, but=row)
    rests_on = make_mark(row.id, row.starts_at)
    is_moved = starts_at == row.starts_at  # as by a second click
    if not confirm or (is_stale(ctx, rests_on) and not is_moved):
        burden = weigh(starts_at, timedelta(minutes=row.minutes), hours.zones(group))
        pending = Pending.keep(groups.work, ctx, session_move, group.id, rests_on=rests_on)
        return wording.render_move_preview(
            group,
            row.starts_at,
            starts_at,
            burden,
            ctx.actor.zone,
            readers=_count_readers(ctx, hours, row),
            same_day=hours.beside(group, starts_at, ctx.now, but=row),
            is_stale=is_stale(ctx, rests_on),
            confirm=pending.call(at=format_exact(starts_at), id=row.id),
        )
    before, row.starts_at = row.starts_at, starts_at
    hours.session.flush()
    readers = 0
    if before != starts_at:
        readers = Staging(groups, hours, group, ctx.now, ctx.actor.account_id).move(row, before)
    return replace(wording.render_moved(group, starts_at, ctx.actor.zone, readers), replaces=True)


@moderator_command("manage session cancel", formerly=("session cancel",), title="Cancel the live session")
def session_cancel(
    ctx: Context,
    reason: Annotated[str, Param("Reason, shown to those who may come", example="I am ill", max=REASON_MAX)] = "",
    id: Annotated[int | None, ID] = None,
    confirm: Annotated[bool, CONFIRM] = False,
    *,
    groups: Groups,
    hours: Hours,
) -> Reply:
    """Cancel the next live session."""
    group = groups.here(ctx).group
    row = hours.coming(group.id, ctx.now, id, plans=True)
    rests_on = make_mark(row.id, row.starts_at)
    if not confirm or is_stale(ctx, rests_on):
        pending = Pending.keep(groups.work, ctx, session_cancel, group.id, rests_on=rests_on)
        readers, confirm_call = _count_readers(ctx, hours, row), pending.call(id=row.id)
        return wording.render_cancel_preview(
            group, row, readers, is_stale=is_stale(ctx, rests_on), confirm=confirm_call
        )
    readers = Staging(groups, hours, group, ctx.now, ctx.actor.account_id).cancel(row, reason)
    return replace(wording.render_cancelled(readers), replaces=True)


def _count_readers(ctx: Context, hours: Hours, row: LiveHour) -> int:
    return len(hours.list_concerned(row, ctx.actor.account_id))


COMMANDS: tuple[Command, ...] = (session_plan, session_move, session_cancel)
