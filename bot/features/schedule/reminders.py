"""Reminders: one in the unit's thread, and direct ones to members who asked for them or pledged something."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.delivery.outbox import Announcement, Unless, Within
from bot.features.buddies import wording as buddies
from bot.features.checkins.checkin_log import list_standing
from bot.features.checkins.standings import KEPT
from bot.features.checkins.tables import Away
from bot.features.groups.calendar.rhythm import local_instant
from bot.features.groups.calendar.timeline import Opened
from bot.features.groups.quiet_hours import is_quiet, next_waking, reminder_at
from bot.features.groups.tables import Membership
from bot.features.people.tables import AccountRow
from bot.features.plans import wording as pledges
from bot.features.plans.service import is_hushed, reminded_at
from bot.features.plans.tables import Pledge
from bot.features.rules import REMINDED_BEFORE
from bot.features.schedule import meeting_questions, wording
from bot.features.schedule.group import Group
from bot.features.schedule.meeting_questions import MeetingQuestion
from bot.features.schedule.post import Effect, Reminded, ScheduledPost
from bot.features.schedule.tables import Mute
from bot.messages.reply import Reply
from bot.storage.unit_of_work import Work

RUNGS = tuple(zip(("1d", "3h"), REMINDED_BEFORE, strict=True))
"""The reminders of one unit: the key of each, and how long before the deadline it is due."""
PLEDGED = "pledge"
"""The one reminder of who has pledged something, at the time that they named."""
THREAD_LEAD = REMINDED_BEFORE[0]


def thread_reminder(group: Group) -> Iterator[Effect]:
    """A day before the deadline, one post in the thread that pings nobody."""
    for opened in group.timeline.open_units(group.now):
        at = _thread_reminder_at(group, opened)
        if at is not None and at <= group.now:
            slot = opened.slot
            yield Announcement(
                group.key(slot.unit_id, "thread:1d"),
                group.place,
                wording.thread_reminder(group.timeline, slot, group.now),
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
class DueReminder:
    """The next reminder of one unit for one member: when it is due, and from when on it may go out."""

    account: AccountRow
    key: str
    rung: str
    due_at: datetime
    at: datetime


def direct_reminders(group: Group) -> Iterator[Effect]:
    """To members who asked for it and have the unit open: a day and three hours before, at most one a local day.

    A pledge comes at the time that its member named, whatever else the day brings, and in place of the others.
    """
    reminded: set[int] = set()
    due = meeting_questions.due(group)
    for opened in group.timeline.open_units(group.now):
        for one in waiting(group, opened):
            if one.at <= group.now and (one.rung == PLEDGED or one.account.id not in reminded):
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


def waiting(group: Group, opened: Opened) -> Iterator[DueReminder]:
    """Yield the next reminder of a unit for each member who gets one."""
    if not group.cohort.has_reminders or opened.is_held or group.now >= opened.slot.deadline_at:
        return
    has_asked = {account.id for account in group.reminded}
    pledged = (account for (unit_id, _), (_, account) in group.pledges.items() if unit_id == opened.slot.unit_id)
    asked = [*group.reminded, *(account for account in pledged if account.id not in has_asked)]
    reached = [account for account in asked if needs_reminder(group, opened, account)]
    group.sent([_key(group, opened, rung, account) for account in reached for rung, _ in RUNGS])  # in one statement
    for account in reached:
        if (at := _pledged_at(group, opened, account)) is not None:
            found = _pledged(group, opened, account, at)
        else:
            found = _next_rung(group, opened, account) if account.id in has_asked else None
        if found is not None:
            yield found


def _next_rung(group: Group, opened: Opened, account: AccountRow) -> DueReminder | None:
    """Return the reminder of a unit that an account gets next, or None; who has pledged something gets one."""
    zone = zone_of(group, account)
    pledge = pledge_of(group, opened, account)
    has_gone_out = False
    for rung, lead in RUNGS if pledge is None else () if pledge.is_silent else RUNGS[:1]:
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
        return DueReminder(account, key, rung, due_at, at) if at is not None else None
    return None


def _pledged(group: Group, opened: Opened, account: AccountRow, due_at: datetime) -> DueReminder | None:
    """Return the reminder of a pledge at the time that it names, once for each such time."""
    key = _key(group, opened, f"{PLEDGED}:{int(due_at.timestamp())}", account)
    if group.has_sent(key):
        return None
    at = free_at(group, account, max(due_at, group.now), opened.slot.deadline_at, once_a_day=False)
    return DueReminder(account, key, PLEDGED, due_at, at) if at is not None else None


def _pledged_at(group: Group, opened: Opened, account: AccountRow) -> datetime | None:
    """Return when an account is reminded of its pledge for a unit; None if it names no time."""
    pledge = pledge_of(group, opened, account)
    return reminded_at(pledge, opened, account, zone_of(group, account)) if pledge is not None else None


def pledge_of(group: Group, opened: Opened, account: AccountRow) -> Pledge | None:
    """Return what an account has pledged for a unit, if anything."""
    found = group.pledges.get((opened.slot.unit_id, account.id))
    return found[0] if found is not None else None


def _key(group: Group, opened: Opened, rung: str, account: AccountRow) -> str:
    return group.key(opened.slot.unit_id, f"direct:{rung}:{account.id}")


def free_at(
    group: Group, account: AccountRow, at: datetime, until: datetime, *, once_a_day: bool = True
) -> datetime | None:
    """Return the first instant from `at` on at which an account may be reminded; None if that is not before `until`.

    Not in a pause, not in quiet hours, not on a day on which they are away or, once a day, were reminded already.
    """
    zone = zone_of(group, account)
    while at < until:
        day = at.astimezone(zone).date()
        if (pause := group.timeline.pause_at(at)) is not None:
            at = pause.until_at or until
        elif (once_a_day and account.reminded_on == day) or group.is_away(account.id, day):
            at = midnight(at, zone)
        elif is_quiet(at, account.quiet_from, account.quiet_until, zone):
            at = next_waking(at, account.quiet_until, zone)
        else:
            return at
    return None


def midnight(after: datetime, zone: ZoneInfo) -> datetime:
    """Return when the next local day begins."""
    return local_instant(after.astimezone(zone).date() + timedelta(days=1), time.min, zone)


def _direct(group: Group, opened: Opened, waiting: DueReminder, ask: MeetingQuestion | None) -> Effect:
    account, slot = waiting.account, opened.slot
    zone = zone_of(group, account)
    pledge = pledge_of(group, opened, account)
    day = group.now if waiting.rung == PLEDGED else slot.deadline_at
    args = {
        "cohort": group.cohort.id,
        "account": account.id,
        "unit": slot.unit_id,
        "day": day.astimezone(zone).date().isoformat(),
        **({"said_at": pledge.said_at.isoformat()} if pledge is not None else {}),
    }
    reply = wording.reviews_beside(_words(group, opened, waiting, pledge), reviews_due(group, account))
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


def _words(group: Group, opened: Opened, waiting: DueReminder, pledge: Pledge | None) -> Reply:
    """Return what a member is reminded of: what they pledged, else the unit."""
    if pledge is not None:
        return pledges.reminder(group.timeline, opened.slot, pledge)
    row, is_last = group.standings[waiting.account.id], waiting.rung == RUNGS[-1][0]
    return wording.direct_reminder(group.timeline, opened.slot, row["streak"], row["freezes_held"], is_last=is_last)


def to_be_reminded(group: Group) -> set[int]:
    """Return the accounts that get a reminder on their present day, or have one coming now."""
    return {
        one.account.id
        for opened in group.timeline.open_units(group.now)
        for one in waiting(group, opened)
        if _is_today(group, one)
    }


def _is_today(group: Group, one: DueReminder) -> bool:
    zone = zone_of(group, one.account)
    return one.at.astimezone(zone).date() == group.now.astimezone(zone).date()


def reviews_due(group: Group, account: AccountRow) -> int:
    """Return how many questions are due for a member who wants to be told today, and was not by an earlier message."""
    who, zone = group.reviewers.get(account.id), zone_of(group, account)
    today = group.now.astimezone(zone).date()
    if who is None or not who.is_told_on(today) or account.reminded_on == today:
        return 0
    return group.count_due(who, zone)


def zone_of(group: Group, account: AccountRow) -> ZoneInfo:
    """Return the account's zone, or the cohort's until it is known."""
    return ZoneInfo(account.zone or group.cohort.zone)


def needs_reminder(group: Group, opened: Opened, account: AccountRow) -> bool:
    """Whether a unit is still open for a member who is to be reminded; who has pledged a time has asked for it."""
    unit_id, row = opened.slot.unit_id, group.standings[account.id]
    outcome = group.roll.outcome(row, unit_id)
    if _pledged_at(group, opened, account) is not None:
        return outcome not in (*KEPT, "excused")
    if (account.id, unit_id) in group.mutes or row["is_resting"] or outcome in (*KEPT, "excused", "away"):
        return False
    last_day = opened.slot.deadline_at.astimezone(zone_of(group, account)).date()
    return not group.is_away(account.id, last_day)


def settled(work: Work, args: Mapping[str, Any]) -> bool:
    """Whether a reminder has become needless since it was queued: checked in, muted, away, stopped or left."""
    session = work.session
    membership = session.scalars(
        select(Membership).where(Membership.cohort_id == args["cohort"], Membership.account_id == args["account"])
    ).first()
    if membership is None or membership.left_at is not None:
        return True
    if "said_at" in args:
        pledge = session.get(Pledge, (args["cohort"], args["account"], args["unit"]))
        is_same = pledge is not None and pledge.said_at == datetime.fromisoformat(args["said_at"])
        if pledge is None or not is_same or is_hushed(pledge, membership):
            return True
    elif not membership.wants_reminders or _is_muted(session, args):
        return True
    standing = list_standing(session, args["cohort"], [args["account"]])
    if any(s.unit_id == args["unit"] for s in standing):
        return True
    day = date.fromisoformat(args["day"])
    away = select(Away.id).where(
        Away.cohort_id == args["cohort"],
        Away.account_id == args["account"],
        Away.from_on <= day,
        func.coalesce(Away.ended_on, Away.until_on) >= day,
    )
    return session.scalar(away) is not None


def _is_muted(session: Session, args: Mapping[str, Any]) -> bool:
    muted = select(Mute.id).where(
        Mute.cohort_id == args["cohort"], Mute.account_id == args["account"], Mute.unit_id == args["unit"]
    )
    return session.scalar(muted) is not None


CHECKS = {"settled": settled}
"""The checks that a queued message may name in `unless`."""
THREAD = ScheduledPost("thread reminder", thread_reminder, next_thread_reminder)
DIRECT = ScheduledPost("direct reminders", direct_reminders, next_direct_reminder)
