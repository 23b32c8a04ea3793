"""Leases on groups of shards in the database: one row for each group, and one for each process that shares them."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime, timedelta
from hashlib import blake2b

from sqlalchemy import select, update

from bot.chat.shards import LeasedShards, ShardLeases, WantedShards, split_shards
from bot.cluster.process_registry import LeaseRow, ProcessRegistry, present
from bot.messages.errors import TryLater
from bot.storage.engine import is_sqlite
from bot.storage.insert import insert_unless, put
from bot.storage.unit_of_work import Database, Work

LASTS = timedelta(seconds=6)
"""How long a silent process keeps its groups; a live one renews its leases every second."""
GRACE = timedelta(seconds=1.5)
"""How much longer others wait for them: after an outage of the database each process takes its own back first."""
RENEW_S = 3.0
"""Time-out of a renewal."""
REGISTERING = timedelta(seconds=30)
NOBODY, CONNECTED = "", "connected"
"""The owner of a group that was given back, and the state of a group whose owner is connected for it."""


class DatabaseShardLeases:
    """Implements ShardLeases in a database that several processes use.

    Args:
        platform: whose shards they are.
        lasts: how long a lease lasts without a renewal.
        grace: how much longer other processes wait.
    """

    def __init__(
        self,
        database: Database,
        presence: ProcessRegistry,
        platform: str,
        lasts: timedelta = LASTS,
        grace: timedelta = GRACE,
    ) -> None:
        self._database, self._presence, self._platform = database, presence, platform
        self._lasts, self._grace = lasts, grace

    async def renew(self, count: int, connected: Collection[int], *, gives_up: bool = False) -> LeasedShards:
        """Renew this process's leases, take free groups up to a fair share, and give back what is above it."""
        return await self._database.run(
            lambda work: self._renew(work, count, connected, gives_up=gives_up), within_s=RENEW_S
        )

    async def leave(self) -> None:
        """Give up all groups."""
        await self._database.run(self._leave, within_s=RENEW_S)

    async def may_register(self) -> bool:
        """Whether this process is the one to register the bot's commands; while that cannot be said, each is."""
        name = f"{self._platform} commands"
        try:
            return await self._database.run(
                lambda work: self._presence.takes(work, name, REGISTERING), within_s=RENEW_S
            )
        except TryLater:
            return True

    def _renew(self, work: Work, count: int, connected: Collection[int], *, gives_up: bool) -> LeasedShards:
        now, me = present(work), self._presence.id
        self._sit(work, now, gives_up=gives_up)
        count, processes, rows = self._read(work, now, count)
        groups = range(len(split_shards(count)))
        mine = [group for group in groups if group in rows and rows[group].owner == me]
        share = 0 if gives_up else -(-len(groups) // max(1, processes))
        if len(mine) > share and (gives_up or set(mine) <= set(connected)):  # one at a time, once all is calm
            given = mine if gives_up else mine[-1:]
            self._give(work, now, [self._name(group, count) for group in given])
            mine = [group for group in mine if group not in given]
        mine = [group for group in mine if self._keep(work, now, group, count, is_connected=group in connected)]
        silent_since = {}
        for group in groups:
            last = rows.get(group)
            is_free = last is None or last.owner == NOBODY or (last.owner != me and last.until <= now - self._grace)
            if is_free and len(mine) < share:
                row = self._row(group, count, now, is_connected=group in connected)
                if insert_unless(work.session, LeaseRow, row, replaces=LeaseRow.until <= now):
                    mine.append(group)
                    if last is not None and last.owner != NOBODY:
                        silent_since[group] = last.until - self._lasts - self._grace
        others = {group: row for group, row in rows.items() if row.owner not in (me, NOBODY) and row.until > now}
        served = frozenset(group for group, row in others.items() if row.line == CONNECTED)
        return LeasedShards(
            count,
            tuple(sorted(mine)),
            served,
            processes,
            len(mine) + len(others.keys() - mine) == len(groups),
            silent_since,
        )

    def _sit(self, work: Work, now: datetime, *, gives_up: bool) -> None:
        """Say that this process shares the groups, or that it does no longer."""
        row = {"name": self._seat, "owner": self._presence.id, "until": now if gives_up else now + self._lasts}
        put(work.session, LeaseRow, [row])

    def _read(self, work: Work, now: datetime, count: int) -> tuple[int, int, dict[int, LeaseRow]]:
        """Return the number of shards, of living processes, and the last lease of each group.

        The greatest number of shards that a living lease goes by counts.
        """
        work.session.flush()
        chosen = select(LeaseRow).where(LeaseRow.name.startswith(f"{self._platform} "))
        rows = list(work.session.scalars(chosen.execution_options(populate_existing=True)))
        processes = sum(row.name.startswith(f"{self._platform} process ") and row.until > now for row in rows)
        named = [(match, row) for row in rows if (match := re.fullmatch(r"\w+ group (\d+)/(\d+)", row.name))]
        count = max((int(match[2]) for match, row in named if row.until > now), default=count)
        return count, processes, {int(match[1]): row for match, row in named if int(match[2]) == count}

    def _keep(self, work: Work, now: datetime, group: int, count: int, *, is_connected: bool) -> bool:
        """Renew a lease; False if another process has just taken it."""
        row = self._row(group, count, now, is_connected=is_connected)
        return insert_unless(work.session, LeaseRow, row, replaces=LeaseRow.owner == self._presence.id)

    def _give(self, work: Work, now: datetime, names: Collection[str]) -> None:
        own = (LeaseRow.name.in_(names), LeaseRow.owner == self._presence.id)
        work.session.execute(update(LeaseRow).where(*own).values(owner=NOBODY, until=now, line=None))

    def _leave(self, work: Work) -> None:
        now = present(work)
        own = (LeaseRow.owner == self._presence.id, LeaseRow.name.startswith(f"{self._platform} "))
        work.session.execute(update(LeaseRow).where(*own).values(owner=NOBODY, until=now, line=None))

    def _row(self, group: int, count: int, now: datetime, *, is_connected: bool) -> dict[str, object]:
        return {
            "name": self._name(group, count),
            "owner": self._presence.id,
            "until": now + self._lasts,
            "line": CONNECTED if is_connected else None,
        }

    @property
    def _seat(self) -> str:
        return f"{self._platform} process {blake2b(self._presence.id.encode(), digest_size=8).hexdigest()}"

    def _name(self, group: int, count: int) -> str:
        return f"{self._platform} group {group}/{count}"


def open_leases(
    database: Database, presence: ProcessRegistry, platform: str, wanted: WantedShards
) -> ShardLeases | None:
    """Return leases in the database; None if one process has the database or the settings name its shards."""
    if wanted.ids or is_sqlite(database.url):
        return None
    return DatabaseShardLeases(database, presence, platform)
