"""Telling one member something once, by direct message in their waking hours."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from bot.delivery import outbox
from bot.delivery.outbox import Announcement, Unless
from bot.features.groups.quiet_hours import is_quiet, next_waking
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
    """Tell a member, once for each key; return when they hear of it, None if that is with their next answer.

    Args:
        sentence: what stands in an answer where their direct messages are closed.
        unless: what makes the message needless while it waits.
    """
    if account.unreachable_at is not None:
        leave(cohorts, cohort, account.id, key, sentence, now)
        return None
    zone = ZoneInfo(account.zone or cohort.zone)
    sleeps = is_quiet(now, account.quiet_from, account.quiet_until, zone)
    due_at = next_waking(now, account.quiet_until, zone) if sleeps else now
    place = cohorts.direct(cohort, account)
    outbox.announce(cohorts.work, Announcement(key, place, message, due_at, due_at + TOLD_WITHIN, unless=unless))
    return due_at


def leave(cohorts: Cohorts, cohort: Cohort, account_id: int, key: str, sentence: str, now: datetime) -> None:
    """Leave a sentence on a group for a member's next private answer, once for each key."""
    People(cohorts.work).notify(account_id, key, placed(cohorts, cohort, account_id, sentence), now)


def placed(cohorts: Cohorts, cohort: Cohort, account_id: int, sentence: str) -> str:
    """Return a sentence with the group that it is about, for somebody in several: any group's answer may bring it."""
    name = markup.escape(cohort.name)
    mine = select(func.count()).where(Membership.account_id == account_id, Membership.left_at.is_(None))
    if name in sentence or (cohorts.session.scalar(mine) or 0) < 2:
        return sentence
    return f"In **{name}**: {sentence}"
