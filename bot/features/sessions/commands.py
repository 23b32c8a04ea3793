"""What moderators do with live hours: plan one where most can come, move it, cancel it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from bot.core import markup
from bot.core.command import Choice, Command, Param, command
from bot.core.context import Context
from bot.core.numerals import numbered
from bot.core.reply import Button, Reply, Text, say
from bot.core.values import Minutes, Url
from bot.features.cohort.params import COHORT, CONFIRM
from bot.features.cohort.pending import CHANGED, Pending, is_stale, mark
from bot.features.cohort.service import Cohorts
from bot.features.cohort.tables import Cohort
from bot.features.people.tables import Account
from bot.features.progress import sharing
from bot.features.schedule.when import EXAMPLE, exact, parse_when
from bot.features.sessions import wording
from bot.features.sessions.finding import best, weigh
from bot.features.sessions.service import Hours
from bot.features.sessions.staging import Staging
from bot.features.sessions.tables import REASON_MAX, TOPIC_MAX, LiveHour

USUAL = Minutes(60)
ID = Param("Which live hour", in_form=False)


def suggest_when(ctx: Context, typed: str) -> list[Choice]:
    """Return how a day and an hour may be written."""
    return [Choice(d, d) for d in (EXAMPLE, "tomorrow 18:00", "next wednesday 7pm") if typed.lower() in d]


AT = Param("Day and hour, in your time zone", example=EXAMPLE, max=60, suggest=suggest_when)


@command(
    "session plan",
    role="moderator",
    cohort="needed",
    which=COHORT,
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
    cohorts: Cohorts,
    hours: Hours,
) -> Reply:
    """Plan a live hour: shows when most can come, or takes a time, and posts it once you confirm."""
    cohort = cohorts.here(ctx).cohort
    if at is None:
        return _propose(ctx, cohorts, hours, cohort, minutes)
    starts_at = parse_when(at, ctx.today, ZoneInfo(ctx.actor.zone))
    hours.check(cohort, starts_at, minutes, ctx.now)
    row = LiveHour(
        cohort_id=cohort.id,
        starts_at=starts_at,
        minutes=minutes,
        topic=markup.clean(topic),
        link=link,
        author_id=ctx.actor.account_id,
        made_at=ctx.now,
    )
    host_id = hours.next_host(cohort.id, starts_at)
    rests_on = mark(host_id)
    if not confirm or is_stale(ctx, rests_on):
        return _preview(ctx, cohorts, hours, cohort, row, host_id, rests_on)
    staging = Staging(cohorts, hours, cohort, ctx.now, ctx.actor.account_id)
    staging.open(hours.plan(row, host_id), is_listed=ctx.actor.tenancy.has_events)
    said = f"**{_own(ctx, starts_at)}**: it is on its way to the channel, with buttons for who comes."
    return replace(say(said, tone="good"), replaces=True)


def _propose(ctx: Context, cohorts: Cohorts, hours: Hours, cohort: Cohort, minutes: Minutes) -> Reply:
    members = [account for _, account in cohorts.list_members(cohort.id)]
    zones = hours.zones(cohort) or {cohort.zone: 0}
    found = best(zones, ctx.now, ZoneInfo(cohort.zone), timedelta(minutes=minutes))
    unknown = sum(account.zone is None for account in members)
    length = {"minutes": minutes} if minutes != USUAL else {}
    buttons = tuple(
        Button(_label(one.at, ctx.actor.zone), session_plan.call(cohort.id, at=exact(one.at), **length))
        for one in found
    )
    blocks = wording.proposal(cohort, found, len(members), unknown)
    return Reply(blocks, buttons, title=f"When can {markup.escape(cohort.name)} meet?")


def _label(at: datetime, zone: str) -> str:
    local = at.astimezone(ZoneInfo(zone))
    return f"{markup.day(local.date())}, {local:%H:%M}"


def _own(ctx: Context, at: datetime) -> str:
    """Return an instant as who wrote it meant it."""
    return f"{_label(at, ctx.actor.zone)} in your time zone ({markup.escape(ctx.actor.zone)})"


def _preview(
    ctx: Context, cohorts: Cohorts, hours: Hours, cohort: Cohort, row: LiveHour, host_id: int | None, rests_on: str
) -> Reply:
    zones = hours.zones(cohort)
    burden = weigh(row.starts_at, timedelta(minutes=row.minutes), zones)
    host = cohorts.session.get(Account, host_id) if host_id is not None else None
    hosted = sharing.signed(cohorts, cohort, host) if host else "nobody yet; the post asks who can"
    facts = [
        f"**{markup.moment(row.starts_at, cohort.zone)}**, {row.minutes} minutes: {wording.burden(burden)} of "
        f"{numbered(zones.total(), 'member')}.",
        f"That is {_own(ctx, row.starts_at)}.",
        *filter(None, (wording.beside(cohort, hours.beside(cohort, row.starts_at, ctx.now)),)),
        f"Where: {wording.where(row)}",
        f"Host: {hosted}",
    ]
    pending = Pending.keep(cohorts.work, ctx, session_plan, cohort.id, rests_on=rests_on)
    return Reply(
        (*map(Text, _stale(ctx, rests_on)), Text("\n".join(facts))),
        (pending.confirm("Post it", at=exact(row.starts_at)),),
        title=f"{wording.title(row)}?",
    )


@command(
    "session move",
    role="moderator",
    cohort="needed",
    which=COHORT,
    form=True,
    title="Move the live hour",
    form_note="Whoever said that they come, or perhaps, is told, and the host.",
)
def session_move(
    ctx: Context,
    at: Annotated[str, AT],
    id: Annotated[int | None, ID] = None,
    confirm: Annotated[bool, CONFIRM] = False,
    *,
    cohorts: Cohorts,
    hours: Hours,
) -> Reply:
    """Move the next live hour; shows the new time before anybody is told."""
    cohort = cohorts.here(ctx).cohort
    row = hours.coming(cohort.id, ctx.now, id)
    starts_at = parse_when(at, ctx.today, ZoneInfo(ctx.actor.zone))
    hours.check(cohort, starts_at, row.minutes, ctx.now, but=row)
    rests_on = mark(row.id, row.starts_at)
    was_at, now_at = markup.moment(row.starts_at, cohort.zone), markup.moment(starts_at, cohort.zone)
    is_moved = starts_at == row.starts_at  # as by a second click
    if not confirm or (is_stale(ctx, rests_on) and not is_moved):
        burden = weigh(starts_at, timedelta(minutes=row.minutes), hours.zones(cohort))
        pending = Pending.keep(cohorts.work, ctx, session_move, cohort.id, rests_on=rests_on)
        own = f"That is {_own(ctx, starts_at)}."
        beside = wording.beside(cohort, hours.beside(cohort, starts_at, ctx.now, but=row))
        heard = " ".join(filter(None, (own, beside, _heard(ctx, hours, row))))
        said = f"From {was_at} to **{now_at}**: {wording.burden(burden)}. {heard}"
        move = pending.confirm("Move it", at=exact(starts_at), id=row.id)
        return say(*_stale(ctx, rests_on), said, title="Move the live hour?", buttons=(move,))
    before, row.starts_at = row.starts_at, starts_at
    hours.session.flush()
    told = (
        Staging(cohorts, hours, cohort, ctx.now, ctx.actor.account_id).move(row, before) if before != starts_at else 0
    )
    said = f"It is **{now_at}** now, {_own(ctx, starts_at)}. {_told(told)}"
    return replace(say(said, title="Moved", tone="good"), replaces=True)


@command("session cancel", role="moderator", cohort="needed", which=COHORT)
def session_cancel(
    ctx: Context,
    reason: Annotated[str, Param("Reason, told to who wanted to come", example="I am ill", max=REASON_MAX)] = "",
    id: Annotated[int | None, ID] = None,
    confirm: Annotated[bool, CONFIRM] = False,
    *,
    cohorts: Cohorts,
    hours: Hours,
) -> Reply:
    """Cancel the next live hour; asks once more before anybody is told."""
    cohort = cohorts.here(ctx).cohort
    row = hours.coming(cohort.id, ctx.now, id)
    rests_on = mark(row.id, row.starts_at)
    if not confirm or is_stale(ctx, rests_on):
        pending = Pending.keep(cohorts.work, ctx, session_cancel, cohort.id, rests_on=rests_on)
        said = f"{wording.line(cohort, row)}\n{_heard(ctx, hours, row)}"
        cancel = pending.confirm("Cancel it", "danger", id=row.id)
        return say(*_stale(ctx, rests_on), said, title="Cancel the live hour?", buttons=(cancel,))
    told = Staging(cohorts, hours, cohort, ctx.now, ctx.actor.account_id).cancel(row, reason)
    return replace(say(f"The post says so. {_told(told)}", title="Cancelled", tone="good"), replaces=True)


def _stale(ctx: Context, rests_on: str) -> tuple[str, ...]:
    """Return what stands above a preview once more: another moderator was quicker."""
    return (CHANGED,) if is_stale(ctx, rests_on) else ()


def _heard(ctx: Context, hours: Hours, row: LiveHour) -> str:
    told = len(hours.list_concerned(row, ctx.actor.account_id))
    return f"Who comes, may come or hosts will be told: {numbered(told, 'member')}." if told else ""


def _told(members: int) -> str:
    return f"{numbered(members, 'member')} will hear of it." if members else "Nobody else had to be told."


COMMANDS: tuple[Command, ...] = (session_plan, session_move, session_cancel)
