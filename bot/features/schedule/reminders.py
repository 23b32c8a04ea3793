"""Reminders: one in the unit's thread, and direct ones to members who asked for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from bot.db.announcement import Announcement, Unless, Within
from bot.db.work import Work
from bot.features.buddies import wording as buddies
from bot.features.cohort.calendar.rhythm import local_instant
from bot.features.cohort.calendar.timeline import Opened
from bot.features.cohort.quiet import is_quiet, next_waking, reminder_at
from bot.features.cohort.tables import Membership
from bot.features.people.tables import Account
from bot.features.progress.record import list_standing
from bot.features.progress.standing import KEPT
from bot.features.progress.tables import Away
from bot.features.schedule import asks, wording
from bot.features.schedule.asks import Ask
from bot.features.schedule.group import Group
from bot.features.schedule.post import Effect, Post, Reminded
from bot.features.schedule.tables import Mute

RUNGS = (("1d", timedelta(days=1)), ("3h", timedelta(hours=3)))
"""The reminders of one unit: the key of each, and how long before the deadline it is due."""
THREAD_LEAD = timedelta(days=1)


def thread_reminder(group: Group) -> Iterator[Effect]:
    """A day before the deadline, one post in the thread that pings nobody."""
    for opened in group.timeline.open_units(group.now):
        at = _thread_reminder_at(group, opened)
        if at is not None and at <= group.now:
            slot = opened.slot
            yield Announcement(
                group.key(slot.unit_id, "thread:1d"),
                group.place,
                wording.thread_reminder(group.timeline, slot),
                slot.deadline_at - THREAD_LEAD,
                slot.deadline_at,
                Within(group.key(slot.unit_id, "post")),
            )


def next_thread_reminder(group: Group) -> datetime | None:
    """When the next thread is reminded."""
    instants = (_thread_reminder_at(group, opened) for opened in group.timeline.open_units(group.now))
    return min((at for at in instants if at is not None and at > group.now), default=None)


def _thread_reminder_at(group: Group, opened: Opened) -> datetime | None:
    """Return the first instant, from now on, at which the unit's thread may be reminded; None if it never may."""
    slot, due_at = opened.slot, opened.slot.deadline_at - THREAD_LEAD
    if not group.cohort.has_reminders or opened.is_held or due_at <= slot.opens_at:
        return None
    if group.has_sent(group.key(slot.unit_id, "thread:1d")):
        return None
    at = max(due_at, group.now)
    if (pause := group.timeline.pause_at(at)) is not None:
        at = pause.until_at or slot.deadline_at
    return at if at < slot.deadline_at else None


@dataclass(frozen=True)
class Waiting:
    """The next reminder of one unit for one member: when it is due, and from when on it may go out."""

    account: Account
    key: str
    rung: str
    due_at: datetime
    at: datetime


def direct_reminders(group: Group) -> Iterator[Effect]:
    """To members who asked for it and have the unit open: a day and three hours before, at most one a local day."""
    reminded: set[int] = set()
    due = asks.due(group)
    for opened in group.timeline.open_units(group.now):
        for one in waiting(group, opened):
            if one.at <= group.now and one.account.id not in reminded:
                reminded.add(one.account.id)
                yield _direct(group, opened, one, due.get(one.account.id))


def next_direct_reminder(group: Group) -> datetime | None:
    """When the next member may be reminded: who is reminded now may be again on another day."""
    instants = []
    for opened in group.timeline.open_units(group.now):
        for one in waiting(group, opened):
            at: datetime | None = one.at
            if one.at <= group.now:
                tomorrow = midnight(group.now, zone_of(group, one.account))
                at = free_at(group, one.account, tomorrow, opened.slot.deadline_at)
            if at is not None:
                instants.append(at)
    return min(instants, default=None)


def waiting(group: Group, opened: Opened) -> Iterator[Waiting]:
    """Yield the next reminder of a unit for each member who gets one."""
    if not group.cohort.has_reminders or opened.is_held or group.now >= opened.slot.deadline_at:
        return
    reached = [account for account in group.reminded if needs_reminder(group, opened, account)]
    group.sent([_key(group, opened, rung, account) for account in reached for rung, _ in RUNGS])  # in one statement
    for account in reached:
        if (found := _next_rung(group, opened, account)) is not None:
            yield found


def _next_rung(group: Group, opened: Opened, account: Account) -> Waiting | None:
    """Return the reminder of a unit that an account gets next, or None."""
    zone = zone_of(group, account)
    has_gone_out = False
    for rung, lead in RUNGS:
        due_at = reminder_at(opened.slot.deadline_at - lead, account.quiet_from, account.quiet_until, zone)
        if due_at <= opened.slot.opens_at:
            continue
        key = _key(group, opened, rung, account)
        if group.has_sent(key):
            has_gone_out = True
            continue
        # Two of one unit on one local day are one, also when the second was held back until the day was over.
        if has_gone_out and account.reminded_on and account.reminded_on >= due_at.astimezone(zone).date():
            continue
        at = free_at(group, account, max(due_at, group.now), opened.slot.deadline_at)
        return Waiting(account, key, rung, due_at, at) if at is not None else None
    return None


def _key(group: Group, opened: Opened, rung: str, account: Account) -> str:
    return group.key(opened.slot.unit_id, f"direct:{rung}:{account.id}")


def free_at(group: Group, account: Account, at: datetime, until: datetime) -> datetime | None:
    """Return the first instant from `at` on at which an account may be reminded; None if that is not before `until`.

    Not in a pause, not in quiet hours, not on a day on which they are away or were reminded already.
    """
    zone = zone_of(group, account)
    while at < until:
        day = at.astimezone(zone).date()
        if (pause := group.timeline.pause_at(at)) is not None:
            at = pause.until_at or until
        elif account.reminded_on == day or group.is_away(account.id, day):
            at = midnight(at, zone)
        elif is_quiet(at, account.quiet_from, account.quiet_until, zone):
            at = next_waking(at, account.quiet_until, zone)
        else:
            return at
    return None


def midnight(after: datetime, zone: ZoneInfo) -> datetime:
    """Return when the next local day begins."""
    return local_instant(after.astimezone(zone).date() + timedelta(days=1), time.min, zone)


def _direct(group: Group, opened: Opened, waiting: Waiting, ask: Ask | None) -> Effect:
    account, slot = waiting.account, opened.slot
    zone = zone_of(group, account)
    args = {
        "cohort": group.cohort.id, "account": account.id, "unit": slot.unit_id,
        "day": slot.deadline_at.astimezone(zone).date().isoformat(),
    }  # fmt: skip
    is_last = waiting.rung == RUNGS[-1][0]
    row = group.standings[account.id]
    reply = wording.direct_reminder(group.timeline, slot, row["streak"], row["freezes_held"], is_last=is_last)
    reply = wording.reviews_beside(reply, reviews_due(group, account))
    if ask is not None:
        reply = buddies.asked_beside(reply, group.timeline, ask.slot, ask.buddies)
    message = Announcement(
        waiting.key,
        group.cohorts.direct(group.cohort, account),
        reply,
        waiting.due_at if group.was_away(waiting.due_at) else group.now,
        slot.deadline_at,
        unless=Unless("settled", args),
    )
    reminded = Reminded(account.id, group.now.astimezone(zone).date(), message)
    return reminded if ask is None else ask.by(group, reminded)


def to_be_reminded(group: Group) -> set[int]:
    """Return the accounts that get a reminder on their present day, or have one coming now."""
    return {
        one.account.id
        for opened in group.timeline.open_units(group.now)
        for one in waiting(group, opened)
        if _is_today(group, one)
    }


def _is_today(group: Group, one: Waiting) -> bool:
    zone = zone_of(group, one.account)
    return one.at.astimezone(zone).date() == group.now.astimezone(zone).date()


def reviews_due(group: Group, account: Account) -> int:
    """Return how many questions are due for a member who wants to be told today."""
    who, zone = group.reviewers.get(account.id), zone_of(group, account)
    is_told = who is not None and who.is_told_on(group.now.astimezone(zone).date())
    return group.count_due(who, zone) if who is not None and is_told else 0


def zone_of(group: Group, account: Account) -> ZoneInfo:
    """Return the account's zone, or the cohort's until it is known."""
    return ZoneInfo(account.zone or group.cohort.zone)


def needs_reminder(group: Group, opened: Opened, account: Account) -> bool:
    """Whether a unit is still open for a member who asked for reminders."""
    unit_id, row = opened.slot.unit_id, group.standings[account.id]
    if (account.id, unit_id) in group.mutes or row["is_resting"]:
        return False
    if group.roll.outcome(row, unit_id) in (*KEPT, "excused", "away"):
        return False
    last_day = opened.slot.deadline_at.astimezone(zone_of(group, account)).date()
    return not group.is_away(account.id, last_day)


def settled(work: Work, args: Mapping[str, Any]) -> bool:
    """Whether a reminder has become needless since it was queued: checked in, muted, away, stopped or left."""
    session = work.session
    membership = session.scalars(
        select(Membership).where(Membership.cohort_id == args["cohort"], Membership.account_id == args["account"])
    ).first()
    if membership is None or membership.left_at is not None or not membership.wants_reminders:
        return True
    standing = list_standing(session, args["cohort"], [args["account"]])
    if any(s.unit_id == args["unit"] for s in standing):
        return True
    muted = select(Mute.id).where(
        Mute.cohort_id == args["cohort"], Mute.account_id == args["account"], Mute.unit_id == args["unit"]
    )
    day = date.fromisoformat(args["day"])
    away = select(Away.id).where(
        Away.cohort_id == args["cohort"], Away.account_id == args["account"], Away.from_on <= day,
        func.coalesce(Away.ended_on, Away.until_on) >= day,
    )  # fmt: skip
    return session.scalar(muted) is not None or session.scalar(away) is not None


CHECKS = {"settled": settled}
"""The checks that a queued message may name in `unless`."""
THREAD = Post("thread reminder", thread_reminder, next_thread_reminder)
DIRECT = Post("direct reminders", direct_reminders, next_direct_reminder)
