"""Calendar changes besides posts: open units, end late periods, update counts, end the season.

A unit is stored when its slot comes, and keeps its dates from then on. An outage extends the late periods that it
touched.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select

from bot.delivery import outbox
from bot.delivery.outbox import Announcement, tag_of
from bot.features.groups.calendar.pacing import Slot
from bot.features.groups.calendar.timeline import POST_LATENESS, Opened
from bot.features.groups.notify_member import name_group
from bot.features.groups.tables import COUNTED_MAX, Occurrence, OccurrenceChange
from bot.features.schedule import wording
from bot.features.schedule.delivery_failures import tell_moderators
from bot.features.schedule.group import Group, select_occurrence
from bot.features.schedule.post import Counted, Effect, Ended, Settled, Told, make_freeze_prefix
from bot.features.schedule.posts import build_weekly_reply, find_unit_before
from bot.features.schedule.tables import Outage, PlatformOutage
from bot.features.standings import trend
from bot.storage.insert import insert_once


def open_due(group: Group) -> None:
    """Store every unit whose slot has come, and tell moderators about one that is over a day late."""
    for _ in group.timeline.roadmap.units:
        planned = group.timeline.planned(group.now)
        if not planned:
            return
        _report_overdue(group, planned[0])
        if planned[0].opens_at > group.now:
            return
        open_slot(group, planned[0])


def open_slot(group: Group, slot: Slot) -> None:
    """Store a unit as opened; opening it twice counts once."""
    insert_once(
        group.cohorts.session,
        Occurrence,
        cohort_id=group.cohort.id,
        unit_id=slot.unit_id,
        number=slot.number,
        opens_at=slot.opens_at,
        deadline_at=slot.deadline_at,
        grace_until=slot.grace_until,
        counted="",
    )
    group.refresh()


def _report_overdue(group: Group, slot: Slot) -> None:
    timeline, cohort = group.timeline, group.cohort
    if (punctual := timeline.punctual) is None:
        return
    due_at = punctual.opens_at
    # A changed rhythm can put a post into the past as well; its moderator has seen the new dates.
    if due_at < group.now - POST_LATENESS and group.was_away(due_at):
        reply = wording.render_overdue(timeline, slot, due_at, group.now)
        tell_moderators(group.cohorts, cohort, reply, group.key(slot.unit_id, "overdue"), group.now)


BEFORE_DEADLINE = timedelta(hours=12)

"""An outage that ended less than this before a deadline took the hours in which most people check in."""

MADE_GOOD_WITHIN = timedelta(days=1)

"""How long after its end an outage is looked at; every cohort is, within minutes."""


def extend_after_outages(group: Group) -> None:
    """Extend each late period that an outage touched to twelve hours after its end."""
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
        reason=f"The bot {wording.describe_outage(outage.platform)} {_format_span(outage)}.",
    )
    if change_id is None:
        return
    session.scalars(select_occurrence(cohort.id, slot.unit_id)).one().settled_at = None
    longer = replace(slot, grace_until=grace_until)
    reply = wording.render_outage(group.timeline, longer, outage.from_at, outage.until_at, outage.platform)
    key = group.key(slot.unit_id, outage.cause)
    outbox.announce(group.cohorts.work, Announcement(key, group.place, reply, outage.until_at, grace_until))


def _format_span(outage: Outage | PlatformOutage) -> str:
    return f"from {outage.from_at:%Y-%m-%d %H:%M} to {outage.until_at:%Y-%m-%d %H:%M} UTC"


def plan_settlements(group: Group) -> Iterator[Effect]:
    """Settle units whose late period has ended: spend freezes and tell members whose streak one saved."""
    rows = group.cohorts.session.scalars(
        select(Occurrence).where(Occurrence.cohort_id == group.cohort.id, Occurrence.settled_at.is_(None))
    )
    for row in rows:
        opened = group.timeline.find(row.unit_id)
        if opened is None or opened.slot.grace_until > group.now:
            continue
        for account_id, streak, held in group.roll.list_saved(row.unit_id):
            sentence = (
                f"A freeze saved your streak on unit {row.number}. It stayed at {streak}; freezes left then: {held}."
            )
            text = name_group(group.cohorts, group.cohort, account_id, sentence)
            yield Told(account_id, f"{make_freeze_prefix(group.cohort.id)}{row.unit_id}", text, group.now)
        roll = group.roll
        counts = trend.count_kept(roll.outcomes(row.unit_id)) if roll.knows(row.unit_id) else (None, None)
        yield Settled(group.cohort.id, row.unit_id, group.now, *counts)


def plan_lost_name_notices(group: Group) -> Iterator[Effect]:
    """Tell members whose alias another member now has; once per alias."""
    if not group.roll.has_lost_alias:
        return
    for membership, account in group.cohorts.names(group.cohort).lost():
        sentence = wording.describe_lost_alias(group.cohort, membership.alias)
        yield Told(account.id, f"alias:{group.cohort.id}:{membership.alias}", sentence, group.now)


def plan_count_update(group: Group, every_s: int) -> Iterator[Effect]:
    """Update the newest unit's post if its count has changed; the outbox limits how often."""
    running = next(reversed(group.timeline.opened), None)
    if running is None:
        return
    unit_id = running.slot.unit_id
    row = group.cohorts.session.scalars(select_occurrence(group.cohort.id, unit_id)).one()
    before = find_unit_before(group, running)
    n_kept = group.public.count_kept(before.slot.unit_id) if before else 0
    due = "held" if running.is_held else int(running.slot.deadline_at.timestamp())
    goal = group.goal(running)
    together = f"|{goal.kept}/{goal.of}" if goal is not None else ""
    counted = f"{group.counted(running)}|{due}|{n_kept}{together}{_format_warm_up_count(group, running)}"
    if len(counted) > COUNTED_MAX:
        counted = tag_of(counted)
    if row.counted != counted:
        reply = build_weekly_reply(group, running) if row.counted else None
        yield Counted(group.cohort.id, unit_id, counted, group.key(unit_id, "post"), reply, group.now, every_s)


def _format_warm_up_count(group: Group, running: Opened) -> str:
    """Return a fingerprint of a warm-up's answer counts."""
    warm_up = group.warm_up(running)
    if warm_up is None:
        return ""
    return f"|{warm_up.answered}" + "".join(f".{count}" for _, count in warm_up.spread)


def plan_end(group: Group) -> Iterator[Effect]:
    """End the group once its time to catch up is over."""
    until = group.timeline.catch_up_until()
    if until is not None and until <= group.now and group.cohort.ended_at is None:
        yield Ended(group.cohort.id, group.now)


def find_next_at(group: Group) -> datetime | None:
    """Return when the calendar changes next: a unit opens, a late period ends, or the time to catch up ends."""
    graces = [opened.slot.grace_until for opened in group.timeline.open_units(group.now)]
    instants = (group.opening_at, group.timeline.catch_up_until(), *graces)
    return min((at for at in instants if at is not None and at > group.now), default=None)
