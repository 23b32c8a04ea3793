"""When the bot was away, its groups get their time: every grace that an outage touched ends later."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.db.announcement import Announcement
from bot.db.insert import insert_once
from bot.features.cohort.calendar.pacing import Slot
from bot.features.cohort.tables import OccurrenceChange
from bot.features.schedule import wording
from bot.features.schedule.group import Group, occurrence
from bot.features.schedule.tables import Outage, PlatformOutage

BEFORE_DEADLINE = timedelta(hours=12)
"""An outage that ended less than this before a deadline took the hours in which most people check in."""
MADE_GOOD_WITHIN = timedelta(days=1)
"""How long after its end an outage is looked at; every cohort is, within minutes."""


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


def _lengthen(group: Group, slot: Slot, outage: Outage | PlatformOutage) -> None:
    cohort, session = group.cohort, group.cohorts.session
    grace_until = max(slot.grace_until, outage.until_at + BEFORE_DEADLINE)
    if grace_until == slot.grace_until:
        return
    change_id = insert_once(
        session,
        OccurrenceChange,
        cohort_id=cohort.id,
        unit_id=slot.unit_id,
        cause=outage.cause,
        deadline_at=slot.deadline_at,
        grace_until=grace_until,
        is_held=False,
        made_at=outage.until_at,
        reason=f"The bot {wording.away(outage.platform)} {_span(outage)}.",
    )
    if change_id is None:
        return
    session.scalars(occurrence(cohort.id, slot.unit_id)).one().settled_at = None
    longer = replace(slot, grace_until=grace_until)
    told = wording.outage(group.timeline, longer, outage.from_at, outage.until_at, outage.platform)
    key = group.key(slot.unit_id, outage.cause)
    group.cohorts.work.announce(Announcement(key, group.place, told, outage.until_at, grace_until))


def _span(outage: Outage | PlatformOutage) -> str:
    return f"from {outage.from_at:%Y-%m-%d %H:%M} to {outage.until_at:%Y-%m-%d %H:%M} UTC"
