"""What the calendar brings besides posts: graces that end, names that were lost, counts, and the season's end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select

from bot.db.outbox import tag_of
from bot.features.cohort.calendar.timeline import Opened
from bot.features.cohort.tables import COUNTED_MAX, Occurrence
from bot.features.cohort.telling import placed
from bot.features.progress import trend
from bot.features.schedule import wording
from bot.features.schedule.group import Group, occurrence
from bot.features.schedule.post import Counted, Effect, Ended, Settled, Told, freezes_of
from bot.features.schedule.posts import last_before, weekly_reply


def settling(group: Group) -> Iterator[Effect]:
    """When a grace has ended, spend freezes: leave a sentence for those whose streak one saved."""
    rows = group.cohorts.session.scalars(
        select(Occurrence).where(Occurrence.cohort_id == group.cohort.id, Occurrence.settled_at.is_(None))
    )
    for row in rows:
        opened = group.timeline.find(row.unit_id)
        if opened is None or opened.slot.grace_until > group.now:
            continue
        for account_id, streak, held in group.roll.list_saved(row.unit_id):
            told = f"A freeze saved your streak on unit {row.number}. It stayed at {streak}; freezes left then: {held}."
            said = placed(group.cohorts, group.cohort, account_id, told)
            yield Told(account_id, f"{freezes_of(group.cohort.id)}{row.unit_id}", said, group.now)
        roll = group.roll
        counts = trend.count(roll.outcomes(row.unit_id)) if roll.knows(row.unit_id) else (None, None)
        yield Settled(group.cohort.id, row.unit_id, group.now, *counts)


def lost_names(group: Group) -> Iterator[Effect]:
    """Tell the members whose chosen name somebody else bears by now; once a name."""
    if not group.roll.has_lost_alias:
        return
    for membership, account in group.cohorts.names(group.cohort).lost():
        told = wording.alias_lost(group.cohort, membership.alias)
        yield Told(account.id, f"alias:{group.cohort.id}:{membership.alias}", told, group.now)


def counting(group: Group, every_s: int) -> Iterator[Effect]:
    """Edit the newest unit's post when its count has changed; the outbox holds it to once in so many seconds."""
    running = next(reversed(group.timeline.opened), None)
    if running is None:
        return
    unit_id = running.slot.unit_id
    row = group.cohorts.session.scalars(occurrence(group.cohort.id, unit_id)).one()
    before = last_before(group, running)
    kept = group.public.count_kept(before.slot.unit_id) if before else 0
    due = "held" if running.is_held else int(running.slot.deadline_at.timestamp())
    goal = group.goal(running)
    together = f"|{goal.kept}/{goal.of}" if goal is not None else ""
    counted = f"{group.counted(running)}|{due}|{kept}{together}{_warmed(group, running)}"
    if len(counted) > COUNTED_MAX:
        counted = tag_of(counted)
    if row.counted != counted:
        reply = weekly_reply(group, running) if row.counted else None
        yield Counted(group.cohort.id, unit_id, counted, group.key(unit_id, "post"), reply, group.now, every_s)


def _warmed(group: Group, running: Opened) -> str:
    """Return what tells one count of a warm-up's answers from another."""
    warm_up = group.warm_up(running)
    if warm_up is None:
        return ""
    return f"|{warm_up.answered}" + "".join(f".{count}" for _, count in warm_up.spread)


def ending(group: Group) -> Iterator[Effect]:
    """End the cohort once its time to catch up is over."""
    until = group.timeline.catch_up_until()
    if until is not None and until <= group.now and group.cohort.ended_at is None:
        yield Ended(group.cohort.id, group.now)


def next_at(group: Group) -> datetime | None:
    """Return when the calendar changes next: a unit opens, a grace ends, or the time to catch up."""
    graces = [opened.slot.grace_until for opened in group.timeline.open_units(group.now)]
    instants = (group.opening_at, group.timeline.catch_up_until(), *graces)
    return min((at for at in instants if at is not None and at > group.now), default=None)
