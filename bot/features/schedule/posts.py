"""Every scheduled post: given a group at an instant, what is due. One function each, and its entry in POSTS."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.core.reply import Reply
from bot.db.announcement import Announcement, Opens, Unless, Within
from bot.features.cohort.calendar.timeline import POST_LATENESS, Opened
from bot.features.cohort.quiet import is_quiet, reminder_at
from bot.features.cohort.tables import Membership
from bot.features.people.tables import Account
from bot.features.progress import board
from bot.features.progress.board import BoardRow, Standing
from bot.features.schedule import wording
from bot.features.schedule.group import Group

RUNGS = (("1d", timedelta(days=1)), ("3h", timedelta(hours=3)))
THREAD_LEAD = timedelta(days=1)


def weekly_post(group: Group) -> Iterator[Announcement]:
    """The newest unit's post with its thread, once it has opened; marked late within a day, then no more."""
    if not group.timeline.opened:
        return
    opened = group.timeline.opened[-1]
    slot = opened.slot
    if group.has_sent(group.key(slot.unit_id, "start")):
        return
    key = group.key(slot.unit_id, "post")
    yield Announcement(
        key,
        group.place,
        weekly_reply(group, opened),
        slot.opens_at,
        slot.opens_at + POST_LATENESS,
        Opens(wording.thread_title(group.timeline, slot)),
    )
    yield Announcement(
        group.key(slot.unit_id, "start"),
        group.place,
        wording.thread_start(group.timeline, slot),
        slot.opens_at,
        slot.grace_until,
        Within(key),
    )


def weekly_reply(group: Group, opened: Opened, *, follows: bool = True) -> Reply:
    """Return the weekly post as it reads now: what the last unit brought, and who has checked in.

    Args:
        follows: whether the unit comes right after what has opened; only then is there a last unit to sum up.
    """
    before = last_before(group, opened) if follows else None
    kept = wording.kept(group.keepers(before.slot.unit_id), before.slot, group.names.shown()) if before else ""
    return wording.weekly(group.timeline, opened, kept, group.counted(opened))


def last_before(group: Group, opened: Opened) -> Opened | None:
    """Return the unit that opened before another one, or None for the first."""
    before = [o for o in group.timeline.opened if o.slot.opens_at < opened.slot.opens_at]
    return before[-1] if before else None


def thread_reminder(group: Group) -> Iterator[Announcement]:
    """A day before the deadline, one post in the thread that pings nobody."""
    if not group.cohort.has_reminders:
        return
    for opened in group.timeline.open_units(group.now):
        due_at = opened.slot.deadline_at - THREAD_LEAD
        if _may_remind(group, opened) and due_at <= group.now and due_at > opened.slot.opens_at:
            yield Announcement(
                group.key(opened.slot.unit_id, "thread:1d"),
                group.place,
                wording.thread_reminder(group.timeline, opened.slot),
                due_at,
                opened.slot.deadline_at,
                Within(group.key(opened.slot.unit_id, "post")),
            )


def _may_remind(group: Group, opened: Opened) -> bool:
    return not opened.is_held and group.now < opened.slot.deadline_at and group.timeline.pause_at(group.now) is None


def direct_reminders(group: Group) -> Iterator[Announcement]:
    """To members who asked for it and have the unit open: a day and three hours before, at most one a local day."""
    if not group.cohort.has_reminders:
        return
    for opened in group.timeline.open_units(group.now):
        if not _may_remind(group, opened):
            continue
        for membership, account in group.members:
            if not wants_reminder(group, opened, membership, account):
                continue
            if (found := _due_rung(group, opened, account)) is not None:
                yield _direct(group, opened, account, *found)


def _due_rung(group: Group, opened: Opened, account: Account) -> tuple[str, datetime] | None:
    """Return the key and the time of the reminder that may go to an account now, or None."""
    zone = zone_of(group, account)
    today = group.now.astimezone(zone).date()
    if account.reminded_on == today or is_quiet(group.now, account.quiet_from, account.quiet_until, zone):
        return None
    has_gone_out = False
    for rung, due_at in rungs(group, opened, account):
        key = group.key(opened.slot.unit_id, f"direct:{rung}:{account.id}")
        if group.has_sent(key):
            has_gone_out = True
            continue
        # Two of one unit on one local day are one, also when the second was held back until the day was over.
        was_folded = has_gone_out and account.reminded_on and account.reminded_on >= due_at.astimezone(zone).date()
        if due_at <= group.now and not was_folded:
            return key, due_at
    return None


def _direct(group: Group, opened: Opened, account: Account, key: str, due_at: datetime) -> Announcement:
    zone, slot = zone_of(group, account), opened.slot
    account.reminded_on = group.now.astimezone(zone).date()
    account.unreachable_at = None
    args = {
        "cohort": group.cohort.id, "account": account.id, "unit": slot.unit_id,
        "day": slot.deadline_at.astimezone(zone).date().isoformat(),
    }  # fmt: skip
    return Announcement(
        key,
        group.cohorts.direct(group.cohort, account),
        wording.direct_reminder(
            group.timeline, slot, group.scores.by_account[account.id], is_last=key.split(":")[-2] == RUNGS[-1][0]
        ),
        due_at if group.was_away(due_at) else group.now,
        slot.deadline_at,
        unless=Unless("settled", args),
    )


def rungs(group: Group, opened: Opened, account: Account) -> list[tuple[str, datetime]]:
    """Return when each reminder of a unit is due for an account: outside its quiet hours, after the unit opened."""
    zone = zone_of(group, account)
    due = []
    for rung, lead in RUNGS:
        at = reminder_at(opened.slot.deadline_at - lead, account.quiet_from, account.quiet_until, zone)
        if at > opened.slot.opens_at:
            due.append((rung, at))
    return due


def zone_of(group: Group, account: Account) -> ZoneInfo:
    """Return the account's zone, or the cohort's until it is known."""
    return ZoneInfo(account.zone or group.cohort.zone)


def wants_reminder(group: Group, opened: Opened, membership: Membership, account: Account) -> bool:
    """Whether a member asked for reminders and this unit is still open for them."""
    unit_id = opened.slot.unit_id
    if not membership.wants_reminders or (account.id, unit_id) in group.mutes:
        return False
    if group.scores.has_kept(account.id, unit_id) or group.scores.by_account[account.id].is_resting:
        return False
    zone = zone_of(group, account)
    days = (group.now.astimezone(zone).date(), opened.slot.deadline_at.astimezone(zone).date())
    is_away = any(group.scores.is_away(account.id, day) for day in days)
    excused = any(
        s.unit_id == unit_id and s.outcome in ("excused", "away") for s in group.scores.by_account[account.id].states
    )
    return not (is_away or excused)


def closing_post(group: Group) -> Iterator[Announcement]:
    """At the next post slot after the last grace: units, streaks, the final board, thanks."""
    closing_at = group.timeline.closing_at(group.now)
    if closing_at is None or closing_at > group.now or group.cohort.closed_at is not None:
        return
    group.cohort.closed_at = group.now
    until = group.timeline.catch_up_until()
    assert until is not None
    by_account = group.scores.by_account
    shown = group.names.shown()
    standings = [
        Standing(a.id, shown[a.id], by_account[a.id].points, not m.is_shown)
        for m, a in group.members
        if by_account[a.id].points  # everyone reads this board, and who did nothing is named to nobody
    ]
    streaks = [
        Standing(a.id, shown[a.id], by_account[a.id].best_streak, not m.is_shown)
        for m, a in group.members
        if by_account[a.id].best_streak > 1
    ]
    longest = [(r.name, r.points) for r in board.view(streaks, top=3, ties=True) if isinstance(r, BoardRow)]
    reply = wording.closing(group.timeline, board.view(standings, top=10, ties=True), longest, until)
    yield Announcement(f"c{group.cohort.id}:closing", group.place, reply, closing_at, until)


POSTS: tuple[Callable[[Group], Iterator[Announcement]], ...] = (
    weekly_post,
    thread_reminder,
    direct_reminders,
    closing_post,
)
