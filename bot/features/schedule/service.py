"""The tick: what is due now, computed from stored facts at every run, never from a chain of timers."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.db.announcement import Announcement
from bot.db.insert import insert_once
from bot.db.work import Work
from bot.features.cohort.calendar import pacing
from bot.features.cohort.calendar.pacing import Slot
from bot.features.cohort.calendar.timeline import POST_LATENESS, Opened, Timeline, pace_of, windows
from bot.features.cohort.quiet import next_waking
from bot.features.cohort.service import Cohorts
from bot.features.cohort.tables import Cohort, Membership, Occurrence, OccurrenceChange
from bot.features.people.service import People
from bot.features.progress.record import list_standing
from bot.features.progress.standing import settle_some
from bot.features.progress.tables import Away
from bot.features.roadmap.track import Library
from bot.features.schedule import posts, wording
from bot.features.schedule.group import Group
from bot.features.schedule.tables import Beat, Mute, Outage
from bot.features.schedule.trouble import tell_moderators

log = logging.getLogger(__name__)

GAP = timedelta(minutes=10)
"""A pause between two ticks that counts as an outage: far above the tick's interval, far below any grace."""
SLEWED = timedelta(minutes=1)
"""How far ahead of now a tick may lie; beyond, a clock was wrong, and every outage till then would be hidden."""
BEFORE_DEADLINE = timedelta(hours=12)
COHORTS_A_TICK = 200
MEMBERS_AT_ONCE = 50
"""Whose standings are settled in one transaction, so that it ends soon."""
LONGEST_SLEEP = timedelta(hours=12)
AFTER_FAULT = timedelta(minutes=5)


class Tick:
    """Looks at every cohort that has something due.

    Args:
        library: the roadmaps.
        watches_gaps: whether a long time between two ticks is an outage; a demo's clock jumps on purpose.
        count_every_s: how often, in real seconds, a post's count line may be edited.
    """

    def __init__(self, library: Library, *, watches_gaps: bool = True, count_every_s: int = 60) -> None:
        self._library = library
        self._watches_gaps = watches_gaps
        self._count_every_s = count_every_s

    def step(self, work: Work, now: datetime, since_s: float | None = None) -> int:
        """Open units, queue posts, settle graces; return how many cohorts were looked at.

        Args:
            since_s: seconds since this process last did so, by a clock that nobody sets; None for its first time.
        """
        self._beat(work, now, since_s)
        chosen = select(Cohort).where(Cohort.wake_at <= now).order_by(Cohort.wake_at).limit(COHORTS_A_TICK)
        cohorts = work.session.scalars(chosen).all()
        for cohort in cohorts:
            try:
                with work.session.begin_nested():
                    self._look(Group(Cohorts(work, self._library), cohort, now))
            except Exception:
                log.exception("the schedule of cohort %s failed; the others go on", cohort.id)
                cohort.wake_at = now + AFTER_FAULT
        return len(cohorts)

    def _beat(self, work: Work, now: datetime, since_s: float | None) -> None:
        insert_once(work.session, Beat, id=1, at=now)
        beat = work.session.get_one(Beat, 1)
        # A clock that is set looks like an absence; only between two processes there is nothing else to go by.
        from_at = beat.at if since_s is None else max(beat.at, now - timedelta(seconds=since_s))
        if self._watches_gaps and now - from_at > GAP:
            outage_id = insert_once(work.session, Outage, from_at=from_at, until_at=now)
            if outage_id is not None:
                log.warning("no tick from %s to %s", from_at, now)
                self._make_good(work, outage_id, from_at, now)
        beat.at = now if beat.at > now + SLEWED else max(beat.at, now)

    def _make_good(self, work: Work, outage_id: int, from_at: datetime, until_at: datetime) -> None:
        """Lengthen every grace that an outage touched: it ends twelve hours after the bot is back."""
        cohorts = Cohorts(work, self._library)
        for cohort in work.session.scalars(select(Cohort).where(Cohort.ended_at.is_(None), Cohort.closed_at.is_(None))):
            if cohort.roadmap_id not in self._library:
                continue
            timeline = cohorts.timeline(cohort)
            for opened in timeline.opened:
                slot = opened.slot
                if from_at < slot.grace_until and until_at > slot.deadline_at - BEFORE_DEADLINE and not opened.is_held:
                    self._lengthen(cohorts, timeline, slot, outage_id, from_at, until_at)

    @staticmethod
    def _lengthen(
        cohorts: Cohorts, timeline: Timeline, slot: Slot, outage_id: int, from_at: datetime, until_at: datetime
    ) -> None:
        cohort = timeline.cohort
        grace_until = max(slot.grace_until, until_at + BEFORE_DEADLINE)
        if grace_until == slot.grace_until:
            return
        longer = Slot(slot.unit_id, slot.number, slot.opens_at, slot.deadline_at, grace_until)
        insert_once(
            cohorts.session, OccurrenceChange, cohort_id=cohort.id, unit_id=slot.unit_id, cause=f"outage:{outage_id}",
            deadline_at=slot.deadline_at, grace_until=grace_until, is_held=False, made_at=until_at,
            reason=f"The bot was away from {from_at:%Y-%m-%d %H:%M} to {until_at:%Y-%m-%d %H:%M} UTC.",
        )  # fmt: skip
        row = cohorts.session.scalars(_occurrence(cohort.id, slot.unit_id)).one()
        row.settled_at = None
        key, told = (
            f"c{cohort.id}:{slot.unit_id}:outage:{outage_id}",
            wording.outage(timeline, longer, from_at, until_at),
        )
        cohorts.work.announce(Announcement(key, cohorts.place(cohort), told, until_at, grace_until))
        cohorts.wake(cohort, until_at)

    def _look(self, group: Group) -> None:
        cohort, now = group.cohort, group.now
        if cohort.roadmap_id not in self._library:
            log.error("cohort %s follows a roadmap that is not there: %s", cohort.id, cohort.roadmap_id)
            cohort.wake_at = now + LONGEST_SLEEP
            return
        if cohort.closed_at is None:
            self._open(group)
        if not settle_some(group.cohorts.session, group.timeline, now, MEMBERS_AT_ONCE):
            cohort.wake_at = now
            return
        if cohort.closed_at is None:
            self._settle(group)
            self._tell_names(group)
            self._count(group)
            for post in posts.POSTS:
                for announcement in post(group):
                    group.cohorts.work.announce(announcement)
        self._end(group)
        cohort.wake_at = None if cohort.ended_at else next_wake(group)

    def _open(self, group: Group) -> None:
        """Store every unit whose slot has come; tell moderators of one that is over a day late."""
        for _ in group.timeline.roadmap.units:
            planned = group.timeline.planned(group.now)
            if not planned:
                return
            self._report_overdue(group, planned[0])
            if planned[0].opens_at > group.now:
                return
            open_slot(group, planned[0])

    @staticmethod
    def _report_overdue(group: Group, slot: Slot) -> None:
        timeline, cohort = group.timeline, group.cohort
        first = timeline.roadmap.unit(cohort.first_unit).number - 1
        punctual = pacing.plan(
            windows(timeline.roadmap), cohort.starts_on, first, pace_of(cohort.pace), timeline.rhythm, timeline.zone,
            [o.slot for o in timeline.opened], timeline.pauses, confirmed_at=cohort.confirmed_at,
        )[:1]  # fmt: skip
        if not punctual:
            return
        due_at = punctual[0].opens_at
        # A changed rhythm can put a post into the past as well; its moderator has seen the new dates.
        if due_at < group.now - POST_LATENESS and group.was_away(due_at):
            reply = wording.overdue(timeline, slot, due_at, group.now)
            tell_moderators(group.cohorts, cohort, reply, group.key(slot.unit_id, "overdue"), group.now)

    @staticmethod
    def _settle(group: Group) -> None:
        """When a grace has ended, spend freezes: leave a sentence for those whose streak one saved."""
        rows = group.cohorts.session.scalars(
            select(Occurrence).where(Occurrence.cohort_id == group.cohort.id, Occurrence.settled_at.is_(None))
        )
        for row in rows:
            opened = group.timeline.find(row.unit_id)
            if opened is None or opened.slot.grace_until > group.now:
                continue
            row.settled_at = group.now
            for _, account in group.members:
                if row.unit_id in group.scores.by_account[account.id].freezes_spent_on:
                    score = group.scores.by_account[account.id]
                    People(group.cohorts.work).notify(
                        account.id,
                        f"freeze:{group.cohort.id}:{row.unit_id}",
                        f"A freeze saved your streak on unit {row.number}. Streak {score.streak}, "
                        f"freezes left {score.freezes_held}.",
                        group.now,
                    )

    @staticmethod
    def _tell_names(group: Group) -> None:
        """Tell the members whose chosen name somebody else bears by now; once a name."""
        for membership, account in group.names.lost():
            told = wording.alias_lost(group.cohort, membership.alias)
            key = f"alias:{group.cohort.id}:{membership.alias}"
            People(group.cohorts.work).notify(account.id, key, told, group.now)

    def _count(self, group: Group) -> None:
        """Edit the newest unit's post when its count has changed; the outbox holds it to once a minute."""
        running = next(reversed(group.timeline.opened), None)
        if running is None:
            return
        row = group.cohorts.session.scalars(_occurrence(group.cohort.id, running.slot.unit_id)).one()
        before = posts.last_before(group, running)
        kept = len(group.keepers(before.slot.unit_id)) if before else 0
        due = "held" if running.is_held else int(running.slot.deadline_at.timestamp())
        counted = f"{group.counted(running)}|{due}|{kept}"[-60:]
        if row.counted != counted:
            is_first = row.counted == ""
            row.counted = counted
            if not is_first:
                reply = posts.weekly_reply(group, running)
                key = group.key(running.slot.unit_id, "post")
                group.cohorts.work.revise(key, reply, due_at=group.now, every_s=self._count_every_s)

    @staticmethod
    def _end(group: Group) -> None:
        until = group.timeline.catch_up_until()
        if until is not None and until <= group.now:
            group.cohort.ended_at = group.now


def open_slot(group: Group, slot: Slot) -> None:
    """Store a unit as opened; the same unit is never opened twice."""
    insert_once(
        group.cohorts.session, Occurrence, cohort_id=group.cohort.id, unit_id=slot.unit_id, number=slot.number,
        opens_at=slot.opens_at, deadline_at=slot.deadline_at, grace_until=slot.grace_until, counted="",
    )  # fmt: skip
    group.refresh()


def next_wake(group: Group) -> datetime:
    """Return the next instant at which something may be due: at most half a day ahead."""
    now, timeline = group.now, group.timeline
    instants = [now + LONGEST_SLEEP]
    if planned := timeline.planned(now):
        instants.append(planned[0].opens_at)
    for opened in timeline.open_units(now):
        instants += [opened.slot.deadline_at - posts.THREAD_LEAD, opened.slot.grace_until]
        for member, account in group.members:
            if member.wants_reminders and now < opened.slot.deadline_at:
                instants += [at for _, at in posts.rungs(group, opened, account)]
                instants.append(next_waking(now, account.quiet_until, posts.zone_of(group, account)))
    for at in (timeline.closing_at(now), timeline.catch_up_until()):
        if at is not None:
            instants.append(at)
    return min(at for at in instants if at > now)


def _occurrence(cohort_id: int, unit_id: str) -> Any:
    return select(Occurrence).where(Occurrence.cohort_id == cohort_id, Occurrence.unit_id == unit_id)


def settled(work: Work, args: Mapping[str, Any]) -> bool:
    """Whether a reminder has become needless since it was queued: checked in, muted, away, stopped or left."""
    session = work.session
    membership = session.scalars(
        select(Membership).where(Membership.cohort_id == args["cohort"], Membership.account_id == args["account"])
    ).first()
    if membership is None or membership.left_at is not None or not membership.wants_reminders:
        return True
    standing = list_standing(session, args["cohort"], [args["account"]])
    if any(s.unit_id == args["unit"] for s in standing):
        return True
    muted = select(Mute.id).where(
        Mute.cohort_id == args["cohort"], Mute.account_id == args["account"], Mute.unit_id == args["unit"]
    )
    day = date.fromisoformat(args["day"])
    away = select(Away.id).where(
        Away.cohort_id == args["cohort"], Away.account_id == args["account"], Away.from_on <= day,
        func.coalesce(Away.ended_on, Away.until_on) >= day,
    )  # fmt: skip
    return session.scalar(muted) is not None or session.scalar(away) is not None


CHECKS = {"settled": settled}
"""The checks that a queued message may name in `unless`."""


def last_beat(session: Session) -> datetime | None:
    """Return when the tick last ran, or None before its first run."""
    beat = session.get(Beat, 1)
    return beat.at if beat else None


__all__ = ["CHECKS", "Opened", "Tick", "last_beat", "next_wake", "open_slot", "settled"]
