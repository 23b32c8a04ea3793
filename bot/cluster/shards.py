"""Leases on the shards of a bot: a seat for each process, and an owner and a server for each shard."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import blake2b

from sqlalchemy import select, update

from bot.chat.shards import NONE, ShardShares, ShardSharing, UnsharedShards, WantedShards
from bot.cluster.process_registry import LeaseRow, ProcessRegistry, present
from bot.messages.errors import TryLater
from bot.storage.engine import is_sqlite
from bot.storage.insert import insert_unless, put
from bot.storage.unit_of_work import Database, Work

LASTS = timedelta(seconds=6)
"""How long a silent process keeps its shards; a live one renews its leases every second."""
RESUMABLE = timedelta(minutes=2)
"""How long after that another process may resume its session."""
LOOK_S = 3.0
REGISTERING = timedelta(seconds=30)


class SharedShards:
    """Implements ShardSharing by leases in a database that several processes use.

    Args:
        platform: whose shards they are.
        lasts: how long what a process said holds.
    """

    def __init__(self, database: Database, presence: ProcessRegistry, platform: str, lasts: timedelta = LASTS) -> None:
        self._database, self._presence, self._platform, self._lasts = database, presence, platform, lasts

    async def look(
        self,
        count: int,
        up: Collection[int],
        *,
        lines: Mapping[int, str] = NONE,
        stuck: Collection[int] = (),
        is_ending: bool = False,
    ) -> ShardShares:
        """Renew this process's seat, then take, keep or hand over shards by the rules of `ShardShares`."""
        connected = {shard: lines.get(shard) for shard in up}
        return await self._database.run(
            lambda work: self._look(work, count, connected, stuck, is_ending=is_ending), within_s=LOOK_S
        )

    async def leave(self) -> None:
        """Give up all shards."""
        await self._database.run(self._leave, within_s=LOOK_S)

    async def may_register(self) -> bool:
        """Whether this process is the one to register the bot's commands; while that cannot be said, each is."""
        name = f"{self._platform} commands"
        try:
            return await self._database.run(lambda work: self._presence.takes(work, name, REGISTERING), within_s=LOOK_S)
        except TryLater:
            return True

    def _look(
        self, work: Work, count: int, up: Mapping[int, str | None], stuck: Collection[int], *, is_ending: bool
    ) -> ShardShares:
        now = present(work)
        shares = self._read(work, now, count)
        if not is_ending:
            self._renew(work, now, shares, up)
            self._take(work, now, shares, up)
            given = shares.handed()
            handed = {given[0]: given[1]} if given else {}
            self._hand(work, now, shares.count, shares.parted(stuck) if stuck else handed)
        else:
            self._unseat(work, now)
            self._hand(work, now, shares.count, self._read(work, now, count).parted())
        after = self._read(work, now, count)
        missing = [shard for shard in after.mine if shard not in up]
        return replace(after, left=self._left(work, now, after.count, missing)) if missing else after

    def _read(self, work: Work, now: datetime, count: int) -> ShardShares:
        """Return the shares from the live leases; if leases disagree on the number of shards, the greatest counts."""
        work.session.flush()
        chosen = select(LeaseRow.name, LeaseRow.owner).where(
            LeaseRow.name.startswith(f"{self._platform} "), LeaseRow.until > now
        )
        rows = [(parsed, owner) for name, owner in work.session.execute(chosen) if (parsed := _parsed(name))]
        counts = {of for (kind, _, of), _ in rows if kind != "seat"}
        count = max(counts, default=count)
        kept = {kind: {shard: owner for (k, shard, of), owner in rows if (k, of) == (kind, count)} for kind in _KINDS}
        seats = frozenset(owner for (kind, _, _), owner in rows if kind == "seat")
        return ShardShares(count, self._presence.id, seats, kept["shard"], kept["line"])

    def _left(self, work: Work, now: datetime, count: int, missing: Collection[int]) -> dict[int, str]:
        """Return the sessions that dead processes left for some shards, while Discord may still resume them."""
        names = {self._name("line", shard, count): shard for shard in missing}
        is_dead = LeaseRow.until.between(now - RESUMABLE, now)
        chosen = select(LeaseRow.name, LeaseRow.line).where(LeaseRow.name.in_(names), is_dead)
        return {names[name]: line for name, line in work.session.execute(chosen) if line}

    def _renew(self, work: Work, now: datetime, shares: ShardShares, up: Mapping[int, str | None]) -> None:
        """Renew the leases of this process: its seat, its shards, and the sessions of connected shards."""
        mine = set(shares.mine)
        lines: dict[str, str | None] = dict.fromkeys(
            [self._seat, *(self._name("shard", shard, shares.count) for shard in mine)]
        )
        lines |= {self._name("line", shard, shares.count): up[shard] for shard in mine & up.keys()}
        # in one order, so that two never wait for each other
        put(work.session, LeaseRow, [self._row(name, now) | {"line": lines[name]} for name in sorted(lines)])
        for shard in sorted(up.keys() - mine):  # it serves until the new owner does
            name = self._name("line", shard, shares.count)
            work.session.execute(
                update(LeaseRow)
                .where(LeaseRow.name == name, LeaseRow.owner == self._presence.id)
                .values(until=now + self._lasts)
            )

    def _take(self, work: Work, now: datetime, shares: ShardShares, up: Collection[int]) -> None:
        free, most = shares.free(up)
        for shard in free:
            if most <= 0:
                return
            row = self._row(self._name("shard", shard, shares.count), now)
            most -= insert_unless(work.session, LeaseRow, row, replaces=LeaseRow.until <= now)

    def _hand(self, work: Work, now: datetime, count: int, given: Mapping[int, str]) -> None:
        for shard, owner in sorted(given.items()):
            name = self._name("shard", shard, count)
            mine = (LeaseRow.name == name, LeaseRow.owner == self._presence.id)
            work.session.execute(update(LeaseRow).where(*mine).values(owner=owner, until=now + self._lasts))

    def _unseat(self, work: Work, now: datetime) -> None:
        work.session.execute(update(LeaseRow).where(LeaseRow.name == self._seat).values(until=now))

    def _leave(self, work: Work) -> None:
        now = present(work)
        mine = (LeaseRow.owner == self._presence.id, LeaseRow.name.startswith(f"{self._platform} "))
        work.session.execute(update(LeaseRow).where(*mine).values(until=now, line=None))

    def _row(self, name: str, now: datetime) -> dict[str, object]:
        return {"name": name, "owner": self._presence.id, "until": now + self._lasts}

    @property
    def _seat(self) -> str:
        return f"{self._platform} seat {blake2b(self._presence.id.encode(), digest_size=8).hexdigest()}"

    def _name(self, kind: str, shard: int, count: int) -> str:
        return f"{self._platform} {kind} {shard}/{count}"


_KINDS = ("shard", "line")


def _parsed(name: str) -> tuple[str, int, int] | None:
    """Parse a lease's name into its kind, its shard and the number of shards; None if it is another lease."""
    if re.fullmatch(r"\w+ seat \w+", name):
        return "seat", 0, 0
    match = re.fullmatch(r"\w+ (shard|line) (\d+)/(\d+)", name)
    return (match[1], int(match[2]), int(match[3])) if match else None


def open_sharing(database: Database, presence: ProcessRegistry, platform: str, wanted: WantedShards) -> ShardSharing:
    """Return UnsharedShards if one process has the database or the settings name its shards, else SharedShards."""
    if wanted.ids or is_sqlite(database.url):
        return UnsharedShards(wanted.ids)
    return SharedShards(database, presence, platform)
