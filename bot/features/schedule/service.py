"""The tick: compute from stored facts what is due now; there are no chained timers."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select, update

from bot.base.event import event
from bot.curriculum.track import Library
from bot.delivery.scheduled_post import Effect, ScheduledPost, store_effect
from bot.features.checkins.standings import settle_some
from bot.features.groups.service import Groups
from bot.features.groups.snapshot import Calendar, GroupSnapshot
from bot.features.groups.tables import Group
from bot.features.people.tables import Tenant
from bot.features.quiz.posts import read_reviewers
from bot.features.schedule import transitions
from bot.features.schedule.outage_detection import Heard, select_cut_off, store_beat
from bot.features.schedule.tables import PlatformBeat
from bot.features.schedule.transitions import Ended, extend_after_outages, open_due
from bot.messages.errors import TryLater
from bot.storage.unit_of_work import Database, Work

log = logging.getLogger(__name__)

GROUPS_A_TICK = 200
LONGEST_SLEEP = timedelta(hours=12)
"""What no rule foresaw comes so late, and not never."""
LEASE = timedelta(minutes=1)
"""Longer than a look; a group whose process died in its middle is looked at again after it."""
LOOK_S = 30.0
MEMBERS_AT_ONCE, BATCHES = 10, 1000
"""Members whose standings are settled in one transaction, so that it ends soon, and such transactions in a row."""
AFTER_FAULT = timedelta(minutes=5)
AT_ONCE = 10
"""Effects in one transaction, of about a millisecond each: others who write wait no longer than for these."""


@dataclass(frozen=True)
class GroupLook:
    """The result of looking at a group.

    Args:
        name: unique to this look.
        calendar: the facts that it saw; if they have changed, the look is void.
        effects: what is due.
        wake_at: when to look again; None never.
    """

    name: str
    calendar: Calendar
    effects: tuple[Effect, ...]
    wake_at: datetime | None


@dataclass(frozen=True)
class Tick:
    """Looks at every group that has something due, each in its own transactions.

    A look leases the group (moves its `wake_at` ahead) and opens its units, reads what is due in a transaction without
    locks, and stores the effects in short batches. A change of facts meanwhile sets `wake_at`, so that another look
    follows. Each look writes its name into the group; a look that another process has overtaken stores nothing more.

    Args:
        library: the courses.
        posts: what may be due, in this order.
        watches_gaps: whether a long time between two ticks is an outage; a demo's clock jumps on purpose.
        count_every_s: the minimum real seconds between two edits of a post's count line.
        longest_sleep: the longest time between two looks at a group.
    """

    library: Library
    posts: Sequence[ScheduledPost[GroupSnapshot]]
    watches_gaps: bool = True
    count_every_s: int = 60
    longest_sleep: timedelta = LONGEST_SLEEP

    async def step(self, database: Database, now: datetime, heard: Heard | None = Heard()) -> int:  # noqa: B008 (frozen)
        """Open units, queue posts, settle late periods; return how many groups were looked at.

        Groups on a disconnected platform wait as if the bot were down, and follow the same rules for late posts.

        Args:
            heard: which platforms are connected; None stores no heartbeat, so the bot counts as away.
        """
        if heard is not None:
            await database.run(lambda work: store_beat(work, now, heard, watches_gaps=self.watches_gaps))
        groups = await database.run(lambda work: _list_due(work, now), writes=False)
        for group_id in groups:
            with event():  # what is logged on the way of a post begins here
                await self._look_or_put_off(database, group_id, now)
        return len(groups)

    async def _look_or_put_off(self, database: Database, group_id: int, now: datetime) -> None:
        try:
            await self._look_at(database, group_id, now)
        except TryLater:
            log.warning("the schedule of group %s waits: the database is busy", group_id)
            await database.run(partial(_put_off, group_id=group_id, until=now + LEASE))
        except Exception:
            log.exception("the schedule of group %s failed; the others go on", group_id)
            await database.run(partial(_put_off, group_id=group_id, until=now + AFTER_FAULT))

    async def _look_at(self, database: Database, group_id: int, now: datetime) -> None:
        name = secrets.token_hex(8)
        is_settled = await database.run(lambda work: self._take(work, group_id, now, name))
        if is_settled is None:
            return
        for _ in range(BATCHES):
            if is_settled:
                break
            is_settled = await database.run(partial(self._settle, group_id, now, name))
        else:
            return  # so many members: the rest when the lease has run out
        look = await database.run(lambda work: self._look(work, group_id, now, name), writes=False, within_s=LOOK_S)
        if not look.effects:
            await database.run(partial(_sleep, group_id, now, look))
        for start in range(0, len(look.effects), AT_ONCE):
            batch = look.effects[start : start + AT_ONCE]
            is_last = start + AT_ONCE >= len(look.effects)
            if not await database.run(partial(self._store, group_id, now, look, batch, is_last=is_last)):
                return

    def _take(self, work: Work, group_id: int, now: datetime, name: str) -> bool | None:
        """Lease a group and open its units; return whether its standings are settled, None if not taken."""
        chosen = select(Group).where(Group.id == group_id, Group.wake_at <= now)
        group = work.session.scalars(chosen.with_for_update(skip_locked=True)).first()
        if group is None:
            return None
        if (astray := Groups(work, self.library).astray(group)) is not None:
            log.error("%s", astray.waits)
            group.wake_at = now + AFTER_FAULT if group.ended_at is None else None
            return None
        group.wake_at, group.look = now + LEASE, name
        if group.closed_at is None:
            snapshot = self._group(work, group_id, now)
            extend_after_outages(snapshot)
            open_due(snapshot)
        return self._settle_some(work, group_id, now)

    def _group(self, work: Work, group_id: int, now: datetime) -> GroupSnapshot:
        return GroupSnapshot(Groups(work, self.library), work.session.get_one(Group, group_id), now, self.posts)

    def _settle(self, group_id: int, now: datetime, name: str, work: Work) -> bool:
        """Store the current standings of some members; return whether this process has none left to settle."""
        if work.session.get_one(Group, group_id, with_for_update=True).look != name:
            return True  # overtaken: another process does it
        return self._settle_some(work, group_id, now)

    def _settle_some(self, work: Work, group_id: int, now: datetime) -> bool:
        return settle_some(work.session, self._group(work, group_id, now).timeline, now, MEMBERS_AT_ONCE)

    def _look(self, work: Work, group_id: int, now: datetime, name: str) -> GroupLook:
        """Read what is due now, and when to look next."""
        snapshot = self._group(work, group_id, now)
        effects: list[Effect] = []
        instants = [now + self.longest_sleep, transitions.find_next_at(snapshot)]
        is_closed = snapshot.group.closed_at is not None
        if not is_closed:
            effects += transitions.plan_settlements(snapshot)
            effects += transitions.plan_lost_name_notices(snapshot)
            effects += transitions.plan_count_update(snapshot, self.count_every_s)
        for post in self.posts:
            if is_closed and not post.goes_on:
                continue
            try:
                effects += post.due(snapshot)
                instants.append(post.next_at(snapshot))
            except Exception:
                log.error("the scheduled post %r failed", post.kind)
                raise
        effects += transitions.plan_end(snapshot)
        has_ended = snapshot.group.ended_at is not None or any(isinstance(effect, Ended) for effect in effects)
        is_over = has_ended and not read_reviewers(snapshot)
        ahead = min(at for at in instants if at is not None and at > now)
        return GroupLook(name, snapshot.calendar, tuple(effects), None if is_over else ahead)

    def _store(
        self, group_id: int, now: datetime, look: GroupLook, batch: Sequence[Effect], work: Work, *, is_last: bool
    ) -> bool:
        """Store a batch of effects; False if the calendar has changed or another process has taken the group.

        After the last batch the group sleeps until its next look, unless another change has woken it meanwhile.
        """
        group = work.session.get_one(Group, group_id, with_for_update=True)
        if group.look != look.name:
            return False
        if self._group(work, group_id, now).calendar != look.calendar:
            group.wake_at = now
            return False
        for effect in batch:
            store_effect(work, effect)
        if is_last and group.wake_at == now + LEASE:
            group.wake_at = look.wake_at
        return True


def _list_due(work: Work, now: datetime) -> Sequence[int]:
    away = select_cut_off(now).with_only_columns(PlatformBeat.platform)
    waits = select(Tenant.id).where(Tenant.id == Group.tenant_id, Tenant.platform.in_(away)).exists()
    due = select(Group.id).where(Group.wake_at <= now, ~waits)
    due = due.order_by(Group.wake_at, Group.id)
    return work.session.scalars(due.limit(GROUPS_A_TICK)).all()


def _sleep(group_id: int, now: datetime, look: GroupLook, work: Work) -> None:
    """Let a group sleep until its next look, unless it was woken or taken over meanwhile."""
    ours = (Group.id == group_id, Group.look == look.name, Group.wake_at == now + LEASE)
    work.session.execute(update(Group).where(*ours).values(wake_at=look.wake_at))


def _put_off(work: Work, group_id: int, until: datetime) -> None:
    work.session.get_one(Group, group_id, with_for_update=True).wake_at = until
