"""When the bot was away: noticed by the beat that each tick leaves, and made good for every cohort that it touched."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.db.announcement import Announcement
from bot.db.insert import insert_once
from bot.db.work import Work
from bot.features.cohort.calendar.pacing import Slot
from bot.features.cohort.tables import Cohort, OccurrenceChange
from bot.features.schedule import wording
from bot.features.schedule.group import Group, occurrence
from bot.features.schedule.tables import Beat, Outage

log = logging.getLogger(__name__)

OVERDUE = timedelta(minutes=2)
"""Without a tick for so long the schedule does not run: two dozen of its intervals."""
GAP = timedelta(minutes=10)
"""A pause between two ticks that counts as an outage: far above the tick's interval, far below any grace."""
SLEWED = timedelta(minutes=1)
"""How far ahead of now a tick may lie; beyond, a clock was wrong, and every outage till then would be hidden."""
BEFORE_DEADLINE = timedelta(hours=12)
"""An outage that ended less than this before a deadline took the hours in which most people check in."""
MADE_GOOD_WITHIN = timedelta(days=1)
"""How long after its end an outage is looked at; every cohort is, within minutes."""


def last_beat(session: Session) -> datetime | None:
    """Return when the tick last ran, or None before its first run."""
    beat = session.get(Beat, 1)
    return beat.at if beat else None


def beat(work: Work, now: datetime, since_s: float | None, *, watches_gaps: bool) -> None:
    """Store that the tick runs; after an outage wake every cohort.

    Args:
        since_s: seconds since this process last did so, by a clock that nobody sets; None for its first time.
    """
    insert_once(work.session, Beat, id=1, at=now)
    last = work.session.get_one(Beat, 1, with_for_update=True)  # of two processes one finds the gap
    # A clock that is set looks like an absence; only between two processes there is nothing else to go by.
    from_at = last.at if since_s is None else max(last.at, now - timedelta(seconds=since_s))
    if watches_gaps and now - from_at > GAP and insert_once(work.session, Outage, from_at=from_at, until_at=now):
        log.warning("no tick from %s to %s", from_at, now)
        running = update(Cohort).where(Cohort.ended_at.is_(None), Cohort.closed_at.is_(None))
        work.session.execute(running.values(wake_at=now))
    last.at = now if last.at > now + SLEWED else max(last.at, now)


def make_good(group: Group) -> None:
    """Lengthen every grace that an outage touched: it ends twelve hours after the bot is back."""
    for outage in reversed(group.outages):
        if outage.until_at > group.now - MADE_GOOD_WITHIN:
            for opened in group.timeline.opened:
                slot = opened.slot
                is_touched = slot.opens_at <= outage.from_at < slot.grace_until
                if is_touched and outage.until_at > slot.deadline_at - BEFORE_DEADLINE and not opened.is_held:
                    _lengthen(group, slot, outage)
            group.refresh()


def _lengthen(group: Group, slot: Slot, outage: Outage) -> None:
    cohort, session = group.cohort, group.cohorts.session
    grace_until = max(slot.grace_until, outage.until_at + BEFORE_DEADLINE)
    if grace_until == slot.grace_until:
        return
    change_id = insert_once(
        session, OccurrenceChange, cohort_id=cohort.id, unit_id=slot.unit_id, cause=f"outage:{outage.id}",
        deadline_at=slot.deadline_at, grace_until=grace_until, is_held=False, made_at=outage.until_at,
        reason=f"The bot was away from {outage.from_at:%Y-%m-%d %H:%M} to {outage.until_at:%Y-%m-%d %H:%M} UTC.",
    )  # fmt: skip
    if change_id is None:
        return
    session.scalars(occurrence(cohort.id, slot.unit_id)).one().settled_at = None
    longer = replace(slot, grace_until=grace_until)
    told = wording.outage(group.timeline, longer, outage.from_at, outage.until_at)
    key = group.key(slot.unit_id, f"outage:{outage.id}")
    group.cohorts.work.announce(Announcement(key, group.place, told, outage.until_at, grace_until))
