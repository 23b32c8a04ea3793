"""Reminders: one in the unit's thread, and direct messages to members who asked for them or pledged something."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.delivery.outbox import Announcement, Unless, Within
from bot.delivery.scheduled_post import Effect, ScheduledPost
from bot.features.buddies import wording as buddies
from bot.features.buddies.posts import MeetingQuestion, list_due_questions
from bot.features.checkins.checkin_log import list_standing
from bot.features.checkins.standings import KEPT
from bot.features.groups.calendar.rhythm import find_reminder_at
from bot.features.groups.calendar.timeline import Opened
from bot.features.groups.direct_messages import (
    REMINDER,
    DueReminder,
    Reminded,
    find_free_at,
    find_next_midnight,
    make_reminder_key,
)
from bot.features.groups.snapshot import GroupSnapshot, read_once
from bot.features.groups.tables import Away, Membership
from bot.features.people.tables import AccountRow
from bot.features.plans import wording as pledges
from bot.features.plans.posts import PLEDGED, find_pledge, find_pledge_reminder, find_pledged_at, read_pledges
from bot.features.plans.service import Pledge, is_hushed
from bot.features.quiz.posts import mention_reviews
from bot.features.rules import REMINDED_BEFORE
from bot.features.schedule import wording
from bot.features.schedule.outage_detection import was_away
from bot.features.schedule.tables import Mute
from bot.features.standings.group_standings import Standings, read_roll
from bot.messages.reply import Reply
from bot.storage.unit_of_work import Work

RUNGS = tuple(zip(("1d", "3h"), REMINDED_BEFORE, strict=True))
"""The reminders of one unit: the key of each, and how long before the deadline it is due."""
THREAD_LEAD = REMINDED_BEFORE[0]


@read_once
def list_who_asked(snapshot: GroupSnapshot) -> Sequence[AccountRow]:
    """Return the members who asked for reminders, by name."""
    chosen = (
        select(AccountRow)
        .join(Membership, Membership.account_id == AccountRow.id)
        .where(Membership.group_id == snapshot.group.id, Membership.left_at.is_(None), Membership.wants_reminders)
    )
    return snapshot.groups.session.scalars(chosen.order_by(AccountRow.name, AccountRow.id)).all()


@read_once
def read_standings(snapshot: GroupSnapshot) -> Standings:
    """Return the standings of members who asked for reminders or pledged something, by account."""
    asked = [account.id for account in list_who_asked(snapshot)]
    return read_roll(snapshot).rows_of({*asked, *(account_id for _, account_id in read_pledges(snapshot))})


@read_once
def read_mutes(snapshot: GroupSnapshot) -> set[tuple[int, str]]:
    """Return the (account, unit) pairs without further reminders."""
    chosen = select(Mute).where(Mute.group_id == snapshot.group.id)
    return {(m.account_id, m.unit_id) for m in snapshot.groups.session.scalars(chosen)}


def plan_thread_reminder(snapshot: GroupSnapshot) -> Iterator[Effect]:
    """Yield the reminder in a unit's thread, a day before the deadline; it pings nobody."""
    for opened in snapshot.timeline.open_units(snapshot.now):
        at = _find_thread_reminder_at(snapshot, opened)
        if at is not None and at <= snapshot.now:
            slot = opened.slot
            yield Announcement(
                snapshot.key(slot.unit_id, "thread:1d"),
                snapshot.place,
                wording.render_thread_reminder(snapshot.timeline, slot, snapshot.now),
                slot.deadline_at - THREAD_LEAD,
                slot.deadline_at,
                Within(snapshot.key(slot.unit_id, "post")),
            )


def find_next_thread_reminder(snapshot: GroupSnapshot) -> datetime | None:
    """Return when the next thread reminder is due."""
    instants = (_find_thread_reminder_at(snapshot, opened) for opened in snapshot.timeline.open_units(snapshot.now))
    return min((at for at in instants if at is not None and at > snapshot.now), default=None)


def _find_thread_reminder_at(snapshot: GroupSnapshot, opened: Opened) -> datetime | None:
    """Return the first instant from now on at which the thread may be reminded; None if it never may."""
    slot, due_at = opened.slot, opened.slot.deadline_at - THREAD_LEAD
    if not snapshot.group.has_reminders or opened.is_held or due_at <= slot.opens_at:
        return None
    if snapshot.has_sent(snapshot.key(slot.unit_id, "thread:1d")):
        return None
    at = max(due_at, snapshot.now)
    if (pause := snapshot.timeline.pause_at(at)) is not None:
        at = pause.until_at or slot.deadline_at
    return at if at < slot.deadline_at else None


def plan_direct_reminders(snapshot: GroupSnapshot) -> Iterator[Effect]:
    """Yield direct reminders, a day and three hours before a deadline, at most one a local day.

    A pledge's reminder comes at the time that the member named, also on a day with another message, and replaces the
    others.
    """
    reminded: set[int] = set()
    due = list_due_questions(snapshot)
    for opened in snapshot.timeline.open_units(snapshot.now):
        for reminder in list_due_reminders(snapshot, opened):
            if reminder.at <= snapshot.now and (reminder.rung == PLEDGED or reminder.account.id not in reminded):
                reminded.add(reminder.account.id)
                yield _build_effect(snapshot, opened, reminder, due.get(reminder.account.id))


def find_next_direct_reminder(snapshot: GroupSnapshot) -> datetime | None:
    """Return when the next member may be reminded; a member who is reminded now may be again on another day."""
    instants = []
    for opened in snapshot.timeline.open_units(snapshot.now):
        for reminder in list_due_reminders(snapshot, opened):
            at: datetime | None = reminder.at
            if reminder.at <= snapshot.now:
                tomorrow = find_next_midnight(snapshot.now, snapshot.zone_of(reminder.account))
                at = find_free_at(snapshot, reminder.account, tomorrow, opened.slot.deadline_at)
            if at is not None:
                instants.append(at)
    return min(instants, default=None)


def list_due_reminders(snapshot: GroupSnapshot, opened: Opened) -> Iterator[DueReminder]:
    """Yield the next reminder of a unit for each member who gets one."""
    if not snapshot.group.has_reminders or opened.is_held or snapshot.now >= opened.slot.deadline_at:
        return
    has_asked = {account.id for account in list_who_asked(snapshot)}
    pledged = (
        account for (unit_id, _), (_, account) in read_pledges(snapshot).items() if unit_id == opened.slot.unit_id
    )
    asked = [*list_who_asked(snapshot), *(account for account in pledged if account.id not in has_asked)]
    reached = [account for account in asked if needs_reminder(snapshot, opened, account)]
    snapshot.find_sent(
        [make_reminder_key(snapshot, opened, rung, account) for account in reached for rung, _ in RUNGS]
    )  # in one statement
    for account in reached:
        if (at := find_pledged_at(snapshot, opened, account)) is not None:
            reminder = find_pledge_reminder(snapshot, opened, account, at)
        else:
            reminder = _find_next_rung(snapshot, opened, account) if account.id in has_asked else None
        if reminder is not None:
            yield reminder


def _find_next_rung(snapshot: GroupSnapshot, opened: Opened, account: AccountRow) -> DueReminder | None:
    """Return an account's next reminder of a unit, or None; a member with a pledge gets at most one."""
    zone = snapshot.zone_of(account)
    pledge = find_pledge(snapshot, opened, account)
    has_gone_out = False
    for rung, lead in RUNGS if pledge is None else () if pledge.is_silent else RUNGS[:1]:
        due_at = find_reminder_at(opened.slot.deadline_at - lead, account.quiet_from, account.quiet_until, zone)
        if due_at <= opened.slot.opens_at:
            continue
        key = make_reminder_key(snapshot, opened, rung, account)
        if snapshot.has_sent(key):
            has_gone_out = True
            continue
        # Two of one unit on one local day are one, also when the second was held back until the day was over.
        if has_gone_out and account.reminded_on and account.reminded_on >= due_at.astimezone(zone).date():
            continue
        at = find_free_at(snapshot, account, max(due_at, snapshot.now), opened.slot.deadline_at)
        return DueReminder(account, key, rung, due_at, at) if at is not None else None
    return None


def _build_effect(
    snapshot: GroupSnapshot, opened: Opened, reminder: DueReminder, ask: MeetingQuestion | None
) -> Effect:
    account, slot = reminder.account, opened.slot
    zone = snapshot.zone_of(account)
    pledge = find_pledge(snapshot, opened, account)
    day = snapshot.now if reminder.rung == PLEDGED else slot.deadline_at
    args = {
        "cohort": snapshot.group.id,
        "account": account.id,
        "unit": slot.unit_id,
        "day": day.astimezone(zone).date().isoformat(),
        **({"said_at": pledge.said_at.isoformat()} if pledge is not None else {}),
    }
    reply = mention_reviews(snapshot, account, _build_text(snapshot, opened, reminder, pledge))
    if ask is not None:
        reply = buddies.asked_beside(reply, snapshot.timeline, ask.slot, ask.buddies)
    message = Announcement(
        reminder.key,
        snapshot.groups.direct(snapshot.group, account),
        reply,
        reminder.due_at if was_away(snapshot, reminder.due_at) else snapshot.now,
        slot.deadline_at,
        unless=Unless("settled", args),
    )
    reminded = Reminded(account.id, snapshot.now.astimezone(zone).date(), message)
    return reminded if ask is None else ask.by(snapshot, reminded)


def _build_text(snapshot: GroupSnapshot, opened: Opened, reminder: DueReminder, pledge: Pledge | None) -> Reply:
    """Return the reminder of a member's pledge, or else of the unit."""
    if pledge is not None:
        return pledges.render_reminder(snapshot.timeline, opened.slot, pledge)
    row, is_last = read_standings(snapshot)[reminder.account.id], reminder.rung == RUNGS[-1][0]
    return wording.render_direct_reminder(
        snapshot.timeline, opened.slot, row["streak"], row["freezes_held"], is_last=is_last
    )


def list_reminded_today(snapshot: GroupSnapshot) -> set[int]:
    """Return the accounts that get a reminder on their current local day, or have one due now."""
    return {
        reminder.account.id
        for opened in snapshot.timeline.open_units(snapshot.now)
        for reminder in list_due_reminders(snapshot, opened)
        if _is_today(snapshot, reminder)
    }


def _is_today(snapshot: GroupSnapshot, reminder: DueReminder) -> bool:
    zone = snapshot.zone_of(reminder.account)
    return reminder.at.astimezone(zone).date() == snapshot.now.astimezone(zone).date()


def needs_reminder(snapshot: GroupSnapshot, opened: Opened, account: AccountRow) -> bool:
    """Whether a unit is still open for a member; a pledged time is a request for a reminder."""
    unit_id, row = opened.slot.unit_id, read_standings(snapshot)[account.id]
    outcome = read_roll(snapshot).outcome(row, unit_id)
    if find_pledged_at(snapshot, opened, account) is not None:
        return outcome not in (*KEPT, "excused")
    if (account.id, unit_id) in read_mutes(snapshot) or row["is_resting"] or outcome in (*KEPT, "excused", "away"):
        return False
    last_day = opened.slot.deadline_at.astimezone(snapshot.zone_of(account)).date()
    return not snapshot.is_away(account.id, last_day)


def is_settled(work: Work, args: Mapping[str, Any]) -> bool:
    """Whether a queued reminder is needless: checked in, muted, away, stopped or left."""
    session = work.session
    membership = session.scalars(
        select(Membership).where(Membership.group_id == args["cohort"], Membership.account_id == args["account"])
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
        Away.group_id == args["cohort"],
        Away.account_id == args["account"],
        Away.from_on <= day,
        func.coalesce(Away.ended_on, Away.until_on) >= day,
    )
    return session.scalar(away) is not None


def _is_muted(session: Session, args: Mapping[str, Any]) -> bool:
    muted = select(Mute.id).where(
        Mute.group_id == args["cohort"], Mute.account_id == args["account"], Mute.unit_id == args["unit"]
    )
    return session.scalar(muted) is not None


CHECKS = {"settled": is_settled}
"""The checks that a queued message may name in `unless`."""
THREAD = ScheduledPost("thread reminder", plan_thread_reminder, find_next_thread_reminder)
DIRECT = ScheduledPost(REMINDER, plan_direct_reminders, find_next_direct_reminder, recipients_today=list_reminded_today)
