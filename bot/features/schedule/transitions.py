"""Calendar changes besides posts: open units, end late periods, update counts, end the season.

A unit is stored when its slot comes, and keeps its dates from then on. An outage extends the late periods that it
touched.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Select, select

from bot.delivery import outbox
from bot.delivery.outbox import Announcement, tag_of
from bot.delivery.scheduled_post import Effect
from bot.features.groups.calendar.pacing import Slot
from bot.features.groups.calendar.timeline import POST_LATENESS, Opened
from bot.features.groups.direct_messages import name_group
from bot.features.groups.snapshot import GroupSnapshot
from bot.features.groups.tables import COUNTED_MAX, Group, Membership, Occurrence, OccurrenceChange
from bot.features.people.service import People
from bot.features.quiz.warm_up import find_warm_up
from bot.features.schedule import posts, wording
from bot.features.schedule.delivery_failures import tell_moderators
from bot.features.schedule.group_summary import compute_goal
from bot.features.schedule.outage_detection import read_outages, was_away
from bot.features.schedule.posts import find_unit_before
from bot.features.schedule.tables import Outage, PlatformOutage
from bot.features.standings import trend
from bot.features.standings.group_standings import read_public_roll, read_roll
from bot.messages.reply import Reply
from bot.storage.insert import insert_once
from bot.storage.unit_of_work import Work


@dataclass(frozen=True)
class Ended:
    """A group's time to catch up is over."""

    group_id: int
    at: datetime

    def store(self, work: Work) -> None:
        """Store it."""
        work.session.get_one(Group, self.group_id).ended_at = self.at


@dataclass(frozen=True)
class Told:
    """A sentence for a member's next private answer, once per key."""

    account_id: int
    key: str
    markdown: str
    at: datetime

    def store(self, work: Work) -> None:
        """Store it."""
        People(work).notify(self.account_id, self.key, self.markdown, self.at)


def make_freeze_prefix(group_id: int) -> str:
    """Return the key prefix of a group's news about freezes."""
    return f"freeze:{group_id}:"


def select_occurrence(group_id: int, unit_id: str) -> Select[Occurrence]:
    """Return the query for an opened unit of a group."""
    return select(Occurrence).where(Occurrence.group_id == group_id, Occurrence.unit_id == unit_id)


@dataclass(frozen=True)
class Settled:
    """A unit's late period has ended, and members whom a freeze saved were told; news on earlier units is outdated.

    Args:
        kept: how many completed it, of those for whom it counted; None if too old to be counted at once.
    """

    group_id: int
    unit_id: str
    at: datetime
    kept: int | None
    counted_for: int | None

    def store(self, work: Work) -> None:
        """Store it."""
        row = work.session.scalars(select_occurrence(self.group_id, self.unit_id)).one()
        row.settled_at, row.kept, row.counted_for = self.at, self.kept, self.counted_for
        news = make_freeze_prefix(self.group_id)
        members = select(Membership.account_id).where(Membership.group_id == self.group_id)
        People(work).outdate(members, news, f"{news}{self.unit_id}", self.at)


@dataclass(frozen=True)
class Counted:
    """The newest unit's post and thread show new counts.

    Args:
        counted: what tells one count from another.
        replies: the messages as they read now, by key; empty for the first count, which they came with.
        every_s: how often, in real seconds, a message may be edited.
    """

    group_id: int
    unit_id: str
    counted: str
    replies: Mapping[str, Reply]
    at: datetime
    every_s: int

    def store(self, work: Work) -> None:
        """Store it."""
        work.session.scalars(select_occurrence(self.group_id, self.unit_id)).one().counted = self.counted
        for key, reply in self.replies.items():
            if outbox.read_newest(work.session, key) != reply:
                outbox.revise(work, key, reply, due_at=self.at, every_s=self.every_s)


def open_due(snapshot: GroupSnapshot) -> None:
    """Store every unit whose slot has come, and tell moderators about one that is over a day late."""
    for _ in snapshot.timeline.roadmap.units:
        planned = snapshot.timeline.planned(snapshot.now, 1)
        if not planned:
            return
        _report_overdue(snapshot, planned[0])
        if planned[0].opens_at > snapshot.now:
            return
        open_slot(snapshot, planned[0])


def open_slot(snapshot: GroupSnapshot, slot: Slot) -> None:
    """Store a unit as opened; opening it twice counts once."""
    insert_once(
        snapshot.groups.session,
        Occurrence,
        group_id=snapshot.group.id,
        unit_id=slot.unit_id,
        number=slot.number,
        opens_at=slot.opens_at,
        deadline_at=slot.deadline_at,
        grace_until=slot.grace_until,
        counted="",
    )
    snapshot.refresh()


def _report_overdue(snapshot: GroupSnapshot, slot: Slot) -> None:
    timeline, group = snapshot.timeline, snapshot.group
    if (punctual := timeline.punctual) is None:
        return
    due_at = punctual.opens_at
    # A changed rhythm can put a post into the past as well; its moderator has seen the new dates.
    if due_at < snapshot.now - POST_LATENESS and was_away(snapshot, due_at):
        reply = wording.render_overdue(timeline, slot, due_at, snapshot.now)
        tell_moderators(snapshot.groups, group, reply, snapshot.key(slot.unit_id, "overdue"), snapshot.now)


BEFORE_DEADLINE = timedelta(hours=12)

"""An outage that ended less than this before a deadline took the hours in which most people check in."""

MADE_GOOD_WITHIN = timedelta(days=1)

"""How long after its end an outage is looked at; every group is, within minutes."""


def extend_after_outages(snapshot: GroupSnapshot) -> None:
    """Extend each late period that an outage touched to twelve hours after its end."""
    for outage in reversed(read_outages(snapshot)):
        if outage.until_at > snapshot.now - MADE_GOOD_WITHIN:
            for opened in snapshot.timeline.opened:
                slot = opened.slot
                is_touched = slot.opens_at <= outage.from_at < slot.grace_until
                if is_touched and outage.until_at > slot.deadline_at - BEFORE_DEADLINE and not opened.is_held:
                    _lengthen(snapshot, slot, outage)
            snapshot.refresh()


def _lengthen(snapshot: GroupSnapshot, slot: Slot, outage: Outage | PlatformOutage) -> None:
    group, session = snapshot.group, snapshot.groups.session
    grace_until = max(slot.grace_until, outage.until_at + BEFORE_DEADLINE)
    if grace_until == slot.grace_until:
        return
    change_id = insert_once(
        session,
        OccurrenceChange,
        group_id=group.id,
        unit_id=slot.unit_id,
        cause=outage.cause,
        deadline_at=slot.deadline_at,
        grace_until=grace_until,
        is_held=False,
        made_at=outage.until_at,
        reason=wording.describe_extended_grace(outage.platform, outage.from_at, outage.until_at),
    )
    if change_id is None:
        return
    session.scalars(select_occurrence(group.id, slot.unit_id)).one().settled_at = None
    longer = replace(slot, grace_until=grace_until)
    reply = wording.render_outage(snapshot.timeline, longer, outage.from_at, outage.until_at, outage.platform)
    key = snapshot.key(slot.unit_id, outage.cause)
    outbox.announce(snapshot.groups.work, Announcement(key, snapshot.place, reply, outage.until_at, grace_until))


def plan_settlements(snapshot: GroupSnapshot) -> Iterator[Effect]:
    """Settle units whose late period has ended: spend freezes and tell members whose streak one saved."""
    rows = snapshot.groups.session.scalars(
        select(Occurrence).where(Occurrence.group_id == snapshot.group.id, Occurrence.settled_at.is_(None))
    )
    for row in rows:
        opened = snapshot.timeline.find(row.unit_id)
        if opened is None or opened.slot.grace_until > snapshot.now:
            continue
        for account_id, streak, held in read_roll(snapshot).list_saved(row.unit_id):
            sentence = wording.describe_saved_streak(row.number, streak, held)
            text = name_group(snapshot.groups, snapshot.group, account_id, sentence)
            yield Told(account_id, f"{make_freeze_prefix(snapshot.group.id)}{row.unit_id}", text, snapshot.now)
        roll = read_roll(snapshot)
        counts = trend.count_kept(roll.outcomes(row.unit_id)) if roll.knows(row.unit_id) else (None, None)
        yield Settled(snapshot.group.id, row.unit_id, snapshot.now, *counts)


def plan_lost_name_notices(snapshot: GroupSnapshot) -> Iterator[Effect]:
    """Tell members whose alias another member now has; once per alias."""
    if not read_roll(snapshot).has_lost_alias:
        return
    for membership, account in snapshot.groups.names(snapshot.group).lost():
        sentence = wording.describe_lost_alias(snapshot.group, membership.alias)
        yield Told(account.id, f"alias:{snapshot.group.id}:{membership.alias}", sentence, snapshot.now)


def plan_count_update(snapshot: GroupSnapshot, every_s: int) -> Iterator[Effect]:
    """Update the newest unit's post and thread if a count has changed; the outbox limits how often."""
    running = next(reversed(snapshot.timeline.opened), None)
    if running is None:
        return
    unit_id = running.slot.unit_id
    row = snapshot.groups.session.scalars(select_occurrence(snapshot.group.id, unit_id)).one()
    before = find_unit_before(snapshot, running)
    n_kept = read_public_roll(snapshot).count_kept(before.slot.unit_id) if before else 0
    due = "held" if running.is_held else int(running.slot.deadline_at.timestamp())
    goal = compute_goal(snapshot, running)
    together = f"|{goal.kept}/{goal.of}" if goal is not None else ""
    shown = f"{posts.format_counted(snapshot, running)}|{posts.format_dots(snapshot, running)}"
    counted = f"{shown}|{due}|{n_kept}{together}{_format_warm_up_count(snapshot, running)}"
    if len(counted) > COUNTED_MAX:
        counted = tag_of(counted)
    if row.counted != counted:
        replies = _build_replies(snapshot, running) if row.counted else {}
        yield Counted(snapshot.group.id, unit_id, counted, replies, snapshot.now, every_s)


def _build_replies(snapshot: GroupSnapshot, running: Opened) -> dict[str, Reply]:
    """Return the messages of a unit that show counts, by key."""
    replies = {posts.POST: posts.build_weekly_reply(snapshot, running)}
    if (warm_up := posts.build_warm_up(snapshot, running)).blocks:
        replies[posts.WARM_UP] = warm_up
    if (before := find_unit_before(snapshot, running)) is not None:
        recap = posts.build_recap(snapshot, running)
        replies[posts.RECAP] = recap if recap.blocks else wording.render_empty_recap(before.slot)
    return {snapshot.key(running.slot.unit_id, kind): reply for kind, reply in replies.items()}


def _format_warm_up_count(snapshot: GroupSnapshot, running: Opened) -> str:
    """Return a fingerprint of a warm-up's answer counts."""
    warm_up = find_warm_up(snapshot, running)
    if warm_up is None:
        return ""
    return f"|{warm_up.answered}" + "".join(f".{count}" for _, count in warm_up.spread)


def plan_end(snapshot: GroupSnapshot) -> Iterator[Effect]:
    """End the group once its time to catch up is over."""
    until = snapshot.timeline.catch_up_until()
    if until is not None and until <= snapshot.now and snapshot.group.ended_at is None:
        yield Ended(snapshot.group.id, snapshot.now)


def find_next_at(snapshot: GroupSnapshot) -> datetime | None:
    """Return when the calendar changes next: a unit opens, a late period ends, or the time to catch up ends."""
    graces = [opened.slot.grace_until for opened in snapshot.timeline.open_units(snapshot.now)]
    instants = (snapshot.opening_at, snapshot.timeline.catch_up_until(), *graces)
    return min((at for at in instants if at is not None and at > snapshot.now), default=None)
