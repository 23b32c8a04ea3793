"""Message a member directly, once and outside their quiet hours, and choose which of a day's messages goes first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, update

from bot.delivery import outbox
from bot.delivery.outbox import Announcement, Unless
from bot.features.groups import wording
from bot.features.groups.calendar.rhythm import find_quiet_end, is_quiet, local_instant
from bot.features.groups.calendar.timeline import Opened
from bot.features.groups.service import Groups
from bot.features.groups.snapshot import GroupSnapshot
from bot.features.groups.tables import Group, Membership
from bot.features.people.service import People
from bot.features.people.tables import AccountRow
from bot.messages import markup
from bot.messages.reply import Reply
from bot.storage.unit_of_work import Work

REMINDER, BUDDY_MESSAGE, REVIEW_REMINDER = "direct reminders", "words to pairs", "review nudge"
PRECEDENCE = (REMINDER, BUDDY_MESSAGE, REVIEW_REMINDER)
"""The kinds of posts that write to members, at most one a local day: an earlier kind goes before a later one."""


@dataclass(frozen=True)
class Reminded:
    """A member gets a message, at most one per local day."""

    account_id: int
    on: date
    message: Announcement

    def store(self, work: Work) -> None:
        """Store it."""
        if outbox.announce(work, self.message):
            reminded = update(AccountRow).where(AccountRow.id == self.account_id)
            # Nothing else reads the row in this transaction: loading it first would double the time.
            without_loading = {"synchronize_session": False}
            work.session.execute(
                reminded.values(reminded_on=self.on, unreachable_at=None), execution_options=without_loading
            )


@dataclass(frozen=True)
class DueReminder:
    """A member's next reminder of one unit.

    Args:
        rung: which of the unit's reminders it is.
        due_at: when it is due.
        at: the first instant at which it may be sent.
    """

    account: AccountRow
    key: str
    rung: str
    due_at: datetime
    at: datetime


def make_reminder_key(snapshot: GroupSnapshot, opened: Opened, rung: str, account: AccountRow) -> str:
    """Return the message key of a member's reminder of a unit."""
    return snapshot.key(opened.slot.unit_id, f"direct:{rung}:{account.id}")


def list_written_to_before(snapshot: GroupSnapshot, kind: str) -> set[int]:
    """Return the accounts that get a message on their current local day that goes before those of a kind."""
    earlier = PRECEDENCE[: PRECEDENCE.index(kind)]
    posts = (post for post in snapshot.posts if post.kind in earlier)
    return {
        account_id
        for post in posts
        if post.recipients_today is not None
        for account_id in post.recipients_today(snapshot)
    }


def find_free_at(
    snapshot: GroupSnapshot, account: AccountRow, at: datetime, until: datetime, *, once_a_day: bool = True
) -> datetime | None:
    """Return the first instant from `at` on at which an account may get a message; None if none is before `until`.

    It skips pauses, quiet hours, days away and, if `once_a_day`, a day with an earlier reminder.
    """
    zone = snapshot.zone_of(account)
    while at < until:
        day = at.astimezone(zone).date()
        if (pause := snapshot.timeline.pause_at(at)) is not None:
            at = pause.until_at or until
        elif (once_a_day and account.reminded_on == day) or snapshot.is_away(account.id, day):
            at = find_next_midnight(at, zone)
        elif is_quiet(at, account.quiet_from, account.quiet_until, zone):
            at = find_quiet_end(at, account.quiet_until, zone)
        else:
            return at
    return None


def find_next_midnight(after: datetime, zone: ZoneInfo) -> datetime:
    """Return when the next local day begins."""
    return local_instant(after.astimezone(zone).date() + timedelta(days=1), time.min, zone)


MAX_WAIT = timedelta(days=14)
"""How long a message may wait for a room that is closed for a while."""


def notify_member(
    groups: Groups,
    group: Group,
    account: AccountRow,
    key: str,
    message: Reply,
    now: datetime,
    *,
    sentence: str,
    unless: Unless | None = None,
) -> datetime | None:
    """Message a member, once per key; return when they get it, None if with their next answer.

    Args:
        sentence: the text for an answer, if their direct messages are closed.
        unless: the check that makes the message needless while it waits.
    """
    if account.unreachable_at is not None:
        queue_sentence(groups, group, account.id, key, sentence, now)
        return None
    zone = ZoneInfo(account.zone or group.zone)
    sleeps = is_quiet(now, account.quiet_from, account.quiet_until, zone)
    due_at = find_quiet_end(now, account.quiet_until, zone) if sleeps else now
    place = groups.direct(group, account)
    outbox.announce(groups.work, Announcement(key, place, message, due_at, due_at + MAX_WAIT, unless=unless))
    return due_at


def queue_sentence(groups: Groups, group: Group, account_id: int, key: str, sentence: str, now: datetime) -> None:
    """Queue a sentence on a group for a member's next private answer, once per key."""
    People(groups.work).notify(account_id, key, name_group(groups, group, account_id, sentence), now)


def name_group(groups: Groups, group: Group, account_id: int, sentence: str) -> str:
    """Return a sentence with its group's name if the member is in several: any group's answer may carry it."""
    memberships = select(func.count()).where(Membership.account_id == account_id, Membership.left_at.is_(None))
    if markup.escape(group.name) in sentence or (groups.session.scalar(memberships) or 0) < 2:
        return sentence
    return wording.add_group_name(group, sentence)
