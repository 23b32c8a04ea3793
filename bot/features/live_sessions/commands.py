"""What moderators do with live hours: plan one where most can come, move it, cancel it.

What members do about live hours: see when the next is, say whether they come, host.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from bot.commands.command import Command, Param, SuggestedValue, command
from bot.commands.context import Context
from bot.commands.parameter_types import Minutes, Url
from bot.features.checkins import sharing
from bot.features.groups.confirmation import CHANGED, Pending, is_stale, make_mark
from bot.features.groups.params import CONFIRM, GROUP
from bot.features.groups.service import Groups
from bot.features.groups.tables import Group
from bot.features.live_sessions import wording
from bot.features.live_sessions import wording as buttons
from bot.features.live_sessions.posts import Staging
from bot.features.live_sessions.service import Hours
from bot.features.live_sessions.tables import REASON_MAX, TOPIC_MAX, LiveHour, Says
from bot.features.live_sessions.time_finder import find_best, weigh
from bot.features.people.tables import AccountRow
from bot.features.schedule.commands import EXAMPLE, format_exact, parse_when
from bot.messages import markup
from bot.messages.errors import TryLater
from bot.messages.numerals import numbered
from bot.messages.reply import Button, Reply, Text, say

SHOWN = 3

"""Live hours that are told at once."""

_SAID: dict[Says, str] = {"coming": "you come", "perhaps": "perhaps", "not": "you do not come"}


@command(
    "session next",
    role="member",
    moderators_too=True,
    writes=False,
    group="needed",
    which=GROUP,
    spoken=("when is the next live hour", "when is our next live hour", "next live hour"),
    asked=(r"(?:join|attend|come to|take part in) (?:the |a |our )?(?:next )?(?:live hour|live session|meeting|call)",),
)
def session_next(ctx: Context, *, groups: Groups, hours: Hours) -> Reply:
    """See the next live session and say if you'll come."""
    group = groups.here(ctx).group
    coming = hours.list_coming(group.id, ctx.now)
    moderates = "moderator" in ctx.actor.roles
    if not coming:
        plan = (Button("Plan one", session_plan.call(group.id), "primary"),) if moderates else ()
        host = (buttons.host_on(group.id),) if "member" in ctx.actor.roles else ()
        return say("No live session is planned.", buttons=(*plan, *host))
    answers = hours.said_by(ctx.actor.account_id, coming)
    staging = Staging(groups, hours, group, ctx.now, ctx.actor.account_id)
    lines = [f"- {_format_line(group, hour, staging.host_of(hour), answers.get(hour.id))}" for hour in coming[:SHOWN]]
    more = f"\nand {len(coming) - SHOWN} more" if len(coming) > SHOWN else ""
    return Reply(
        (Text("\n".join(lines) + more),),
        (
            *_make_answer_buttons(ctx, group, coming[:SHOWN]),
            *(_make_moderator_buttons(group, coming[0]) if moderates else ()),
        ),
        title=f"{markup.escape(group.name)} meets",
    )


def _format_line(group: Group, hour: LiveHour, host: str, says: Says | None) -> str:
    hosted = f", with {host}" if host else ""
    answer = f"; {_SAID[says]}" if says else ""
    return f"{wording.line(group, hour)}{hosted}{answer}"


def _make_answer_buttons(ctx: Context, group: Group, hours: Sequence[LiveHour]) -> tuple[Button, ...]:
    """Return what a member can say to the next hour, and that they come to each further one."""
    first, *others = hours
    if "member" not in ctx.actor.roles:
        return (buttons.calendar(group, first),)
    when = buttons.when(group, first) if others else ""
    further = (buttons.rsvp(group.id, other, "coming", buttons.when(group, other)) for other in others)
    return (*buttons.under_post(group, first, when), *further)


def _make_moderator_buttons(group: Group, hour: LiveHour) -> tuple[Button, ...]:
    return (
        Button("Move it", session_move.ask(group.id, id=hour.id)),
        Button("Cancel it", session_cancel.call(group.id, id=hour.id)),
    )


@command("session answer", hidden=True, role="member", group="needed")
def session_answer(
    ctx: Context,
    id: Annotated[int, Param("Which live hour")],
    says: Annotated[Says, Param("Whether you come")],
    *,
    groups: Groups,
    hours: Hours,
) -> Reply:
    """Say whether you'll come to a live session."""
    group = groups.here(ctx).group
    hour = hours.coming(group.id, ctx.now, id)
    account = groups.session.get_one(AccountRow, ctx.actor.account_id)
    staging = Staging(groups, hours, group, ctx.now, ctx.actor.account_id)
    if says == "perhaps" and hour.host_id == account.id:
        hours.answer(hour, account.id, "coming", ctx.now)
        staging.count(hour)
        notice = "You host it, so I count you as coming. If you cannot be there, “Not this time” hands it over."
        out = buttons.rsvp(group.id, hour, "not")
        return say(f"{wording.line(group, hour)}\n{notice}", title="Noted", tone="good", buttons=(out,))
    hours.answer(hour, account.id, says, ctx.now)
    is_freed = says == "not" and hour.host_id == account.id
    if is_freed:
        staging.pass_on(hour)
    else:
        staging.count(hour)
    notice = _describe_answer(staging, hour, account, says) + (" Somebody else is asked to host." if is_freed else "")
    other = tuple(buttons.rsvp(group.id, hour, label) for label in buttons.LABELS if label != says)
    more = (buttons.calendar(group, hour),) if says != "not" else ()
    return say(f"{wording.line(group, hour)}\n{notice}", title="Noted", tone="good", buttons=(*more, *other))


def _describe_answer(staging: Staging, hour: LiveHour, account: AccountRow, says: Says) -> str:
    if says != "coming":
        return "You can change that until it begins." if says == "perhaps" else "Thank you for saying so."
    if account.unreachable_at is not None or not staging.remind(hour, account):
        return "See you there!"
    return "See you there! I write to you an hour before."


@command("session host", role="member", group="needed", which=GROUP, asked=(r"host (?:a |the )?(?:live )?\w+",))
def session_host(
    ctx: Context,
    on: Annotated[bool, Param("Whether you host", example="no")] = True,
    id: Annotated[int | None, Param("Which live hour", in_form=False)] = None,
    *,
    groups: Groups,
    hours: Hours,
) -> Reply:
    """Volunteer to host live sessions."""
    group = groups.here(ctx).group
    if on and group.closed_at is not None:
        raise TryLater("The season is over, so there are no more live hours. Thank you!")
    staging, me = Staging(groups, hours, group, ctx.now, ctx.actor.account_id), ctx.actor.account_id
    if not on:
        return _hand_over(staging, group, hours.step_back(group.id, me, ctx.now))
    free = hours.agree(group.id, me, ctx.now)
    if id is not None:
        hour = hours.coming(group.id, ctx.now, id)
        if hour not in free:
            return _describe_host(staging, group, hour, is_mine=hour.host_id == me)
        free = [hour]
    if len(free) > 1:
        asked = "Which live hour do you host? Of the others I write to you when it is your turn."
        choices = (buttons.host_this(group.id, planned, buttons.when(group, planned)) for planned in free[:SHOWN])
        return say(asked, title="Thank you!", tone="good", buttons=(*choices, buttons.host_off(group.id)))
    if not free:
        return _thank_host(group, "When it is your turn, I write to you.")
    hours.take(free[0], groups.session.get_one(AccountRow, me), ctx.now)
    staging.tell_host(free[0])
    staging.count(free[0])
    return _thank_host(group, f"You host {wording.line(group, free[0])}, so I count you as coming.")


def _thank_host(group: Group, text: str) -> Reply:
    return say(text, title="Thank you!", tone="good", buttons=(buttons.host_off(group.id),))


def _describe_host(staging: Staging, group: Group, hour: LiveHour, *, is_mine: bool) -> Reply:
    """Return who hosts an hour that somebody wanted to host."""
    if is_mine:
        return _thank_host(group, f"You host {wording.line(group, hour)} already.")
    host = staging.host_of(hour)
    taken = f"{host} hosts {wording.line(group, hour)}. " if host else ""
    return _thank_host(group, f"{taken}When it is your turn, I write to you.")


def _hand_over(staging: Staging, group: Group, changed: Sequence[LiveHour]) -> Reply:
    """Tell new hosts of their hours, and return to whom the old one's went."""
    lines = ["You are asked no more to host."]
    for hour in changed:
        staging.tell_host(hour)
        staging.count(hour)
        host = staging.host_of(hour)
        lines.append(f"{wording.line(group, hour)}: {f'{host} hosts it now' if host else 'it is open to the others'}.")
    return say("\n".join(lines), tone="good", buttons=(buttons.host_on(group.id),))


MEMBER_COMMANDS: tuple[Command, ...] = (session_next, session_host, session_answer)


USUAL = Minutes(60)

ID = Param("Which live hour", in_form=False)


def suggest_when(ctx: Context, typed: str) -> list[SuggestedValue]:
    """Return how a day and an hour may be written."""
    return [SuggestedValue(d, d) for d in (EXAMPLE, "tomorrow 18:00", "next wednesday 7pm") if typed.lower() in d]


AT = Param("Day and hour, in your time zone", example=EXAMPLE, max=60, suggest=suggest_when)


@command(
    "manage session plan",
    formerly=("session plan",),
    role="moderator",
    group="needed",
    which=GROUP,
    title="Plan a live hour",
    asked=(
        r"(?:plan|schedule|arrange|organi[sz]e|set up|propose|hold) (?:a |the |an? next |our )?"
        r"(?:live hour|live session|meeting|call|video call|study session)",
    ),
)
def session_plan(
    ctx: Context,
    at: Annotated[str | None, AT] = None,
    minutes: Annotated[Minutes, Param("How long", example="60m", min=15, max=240)] = USUAL,
    topic: Annotated[str, Param("What it is about", example="questions on attention", max=TOPIC_MAX)] = "",
    link: Annotated[Url | None, Param("Where (a link to the call)", example="https://meet.example.org/owls")] = None,
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
    text = f"**{_format_own_time(ctx, starts_at)}**: it is on its way to the channel, with buttons for who comes."
    return replace(say(text, tone="good"), replaces=True)


def _propose(ctx: Context, groups: Groups, hours: Hours, group: Group, minutes: Minutes) -> Reply:
    members = [account for _, account in groups.list_members(group.id)]
    zones = hours.zones(group) or {group.zone: 0}
    candidates = find_best(zones, ctx.now, ZoneInfo(group.zone), timedelta(minutes=minutes))
    unknown = sum(account.zone is None for account in members)
    length = {"minutes": minutes} if minutes != USUAL else {}
    buttons = tuple(
        Button(
            _format_label(candidate.at, ctx.actor.zone),
            session_plan.call(group.id, at=format_exact(candidate.at), **length),
        )
        for candidate in candidates
    )
    blocks = wording.render_proposal(group, candidates, len(members), unknown)
    return Reply(blocks, buttons, title=f"When can {markup.escape(group.name)} meet?")


def _format_label(at: datetime, zone: str) -> str:
    local = at.astimezone(ZoneInfo(zone))
    return f"{markup.day(local.date())}, {local:%H:%M}"


def _format_own_time(ctx: Context, at: datetime) -> str:
    """Return an instant as who wrote it meant it."""
    return f"{_format_label(at, ctx.actor.zone)} in your time zone ({markup.escape(ctx.actor.zone)})"


def _preview(
    ctx: Context, groups: Groups, hours: Hours, group: Group, row: LiveHour, host_id: int | None, rests_on: str
) -> Reply:
    zones = hours.zones(group)
    burden = weigh(row.starts_at, timedelta(minutes=row.minutes), zones)
    host = groups.session.get(AccountRow, host_id) if host_id is not None else None
    hosted = sharing.format_member(groups, group, host) if host else "nobody yet; the post asks who can"
    facts = [
        f"**{markup.moment(row.starts_at, group.zone)}**, {row.minutes} minutes: {wording.describe_burden(burden)} of "
        f"{numbered(zones.total(), 'member')}.",
        f"That is {_format_own_time(ctx, row.starts_at)}.",
        *filter(None, (wording.describe_same_day(group, hours.beside(group, row.starts_at, ctx.now)),)),
        f"Where: {wording.where(row)}",
        f"Host: {hosted}",
    ]
    pending = Pending.keep(groups.work, ctx, session_plan, group.id, rests_on=rests_on)
    return Reply(
        (*map(Text, _list_stale_notices(ctx, rests_on)), Text("\n".join(facts))),
        (pending.confirm("Post it", at=format_exact(row.starts_at)),),
        title=f"{wording.title(row)}?",
    )


@command(
    "manage session move",
    formerly=("session move",),
    role="moderator",
    group="needed",
    which=GROUP,
    form=True,
    title="Move the live session",
    form_note="Whoever said that they come, or perhaps, is told, and the host.",
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
    row = hours.coming(group.id, ctx.now, id)
    starts_at = parse_when(at, ctx.today, ZoneInfo(ctx.actor.zone))
    hours.check(group, starts_at, row.minutes, ctx.now, but=row)
    rests_on = make_mark(row.id, row.starts_at)
    was_at, now_at = markup.moment(row.starts_at, group.zone), markup.moment(starts_at, group.zone)
    is_moved = starts_at == row.starts_at  # as by a second click
    if not confirm or (is_stale(ctx, rests_on) and not is_moved):
        burden = weigh(starts_at, timedelta(minutes=row.minutes), hours.zones(group))
        pending = Pending.keep(groups.work, ctx, session_move, group.id, rests_on=rests_on)
        own = f"That is {_format_own_time(ctx, starts_at)}."
        beside = wording.describe_same_day(group, hours.beside(group, starts_at, ctx.now, but=row))
        heard = " ".join(filter(None, (own, beside, _describe_audience(ctx, hours, row))))
        text = f"From {was_at} to **{now_at}**: {wording.describe_burden(burden)}. {heard}"
        move = pending.confirm("Move it", at=format_exact(starts_at), id=row.id)
        return say(*_list_stale_notices(ctx, rests_on), text, title="Move the live session?", buttons=(move,))
    before, row.starts_at = row.starts_at, starts_at
    hours.session.flush()
    n_told = (
        Staging(groups, hours, group, ctx.now, ctx.actor.account_id).move(row, before) if before != starts_at else 0
    )
    text = f"It is **{now_at}** now, {_format_own_time(ctx, starts_at)}. {_describe_told(n_told)}"
    return replace(say(text, title="Moved", tone="good"), replaces=True)


@command(
    "manage session cancel",
    formerly=("session cancel",),
    title="Cancel a session",
    role="moderator",
    group="needed",
    which=GROUP,
)
def session_cancel(
    ctx: Context,
    reason: Annotated[str, Param("Reason, told to who wanted to come", example="I am ill", max=REASON_MAX)] = "",
    id: Annotated[int | None, ID] = None,
    confirm: Annotated[bool, CONFIRM] = False,
    *,
    groups: Groups,
    hours: Hours,
) -> Reply:
    """Cancel the next live session."""
    group = groups.here(ctx).group
    row = hours.coming(group.id, ctx.now, id)
    rests_on = make_mark(row.id, row.starts_at)
    if not confirm or is_stale(ctx, rests_on):
        pending = Pending.keep(groups.work, ctx, session_cancel, group.id, rests_on=rests_on)
        text = f"{wording.line(group, row)}\n{_describe_audience(ctx, hours, row)}"
        cancel = pending.confirm("Cancel it", "danger", id=row.id)
        return say(*_list_stale_notices(ctx, rests_on), text, title="Cancel the live session?", buttons=(cancel,))
    n_told = Staging(groups, hours, group, ctx.now, ctx.actor.account_id).cancel(row, reason)
    return replace(say(f"The post says so. {_describe_told(n_told)}", title="Cancelled", tone="good"), replaces=True)


def _list_stale_notices(ctx: Context, rests_on: str) -> tuple[str, ...]:
    """Return what stands above a preview once more: another moderator was quicker."""
    return (CHANGED,) if is_stale(ctx, rests_on) else ()


def _describe_audience(ctx: Context, hours: Hours, row: LiveHour) -> str:
    n_told = len(hours.list_concerned(row, ctx.actor.account_id))
    return f"Who comes, may come or hosts will be told: {numbered(n_told, 'member')}." if n_told else ""


def _describe_told(members: int) -> str:
    return f"{numbered(members, 'member')} will hear of it." if members else "Nobody else had to be told."


COMMANDS: tuple[Command, ...] = (session_plan, session_move, session_cancel)
