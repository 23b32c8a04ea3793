"""Message one member once, by direct message outside their quiet hours."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from bot.delivery import outbox
from bot.delivery.outbox import Announcement, Unless
from bot.features.groups.quiet_hours import find_quiet_end, is_quiet
from bot.features.groups.service import Cohorts
from bot.features.groups.tables import Cohort, Membership
from bot.features.people.service import People
from bot.features.people.tables import AccountRow
from bot.messages import markup
from bot.messages.reply import Reply

TOLD_WITHIN = timedelta(days=14)
"""How long a message may wait for a room that is closed for a while."""


def tell(
    cohorts: Cohorts,
    cohort: Cohort,
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
        queue_sentence(cohorts, cohort, account.id, key, sentence, now)
        return None
    zone = ZoneInfo(account.zone or cohort.zone)
    sleeps = is_quiet(now, account.quiet_from, account.quiet_until, zone)
    due_at = find_quiet_end(now, account.quiet_until, zone) if sleeps else now
    place = cohorts.direct(cohort, account)
    outbox.announce(cohorts.work, Announcement(key, place, message, due_at, due_at + TOLD_WITHIN, unless=unless))
    return due_at


def queue_sentence(cohorts: Cohorts, cohort: Cohort, account_id: int, key: str, sentence: str, now: datetime) -> None:
    """Queue a sentence on a group for a member's next private answer, once per key."""
    People(cohorts.work).notify(account_id, key, name_group(cohorts, cohort, account_id, sentence), now)


def name_group(cohorts: Cohorts, cohort: Cohort, account_id: int, sentence: str) -> str:
    """Return a sentence with its group's name if the member is in several: any group's answer may carry it."""
    name = markup.escape(cohort.name)
    memberships = select(func.count()).where(Membership.account_id == account_id, Membership.left_at.is_(None))
    if name in sentence or (cohorts.session.scalar(memberships) or 0) < 2:
        return sentence
    return f"In **{name}**: {sentence}"
