"""Who has which shards of a bot, as leases: a seat of each process that shares them, an owner and a server of each."""

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
"""How long a process that says nothing keeps its shards; it says so each second."""
RESUMABLE = timedelta(minutes=2)
"""How long after that what it was connected with is worth a try."""
LOOK_S = 3.0
REGISTERING = timedelta(seconds=30)


class SharedShards:
    """Implements core.shards.Sharing for the processes of one database.

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
        """Say that this process is there, and take, keep or hand over what the rules say."""
        said = {one: lines.get(one) for one in up}
        return await self._database.run(
            lambda work: self._look(work, count, said, stuck, is_ending=is_ending), within_s=LOOK_S
        )

    async def leave(self) -> None:
        """Leave everything to others."""
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
        missing = [one for one in after.mine if one not in up]
        return replace(after, left=self._left(work, now, after.count, missing)) if missing else after

    def _read(self, work: Work, now: datetime, count: int) -> ShardShares:
        """Return how it stands; the number of shards is that which living processes go by, the greatest of several."""
        work.session.flush()
        chosen = select(LeaseRow.name, LeaseRow.owner).where(
            LeaseRow.name.startswith(f"{self._platform} "), LeaseRow.until > now
        )
        rows = [(parsed, owner) for name, owner in work.session.execute(chosen) if (parsed := _parsed(name))]
        counts = {of for (kind, _, of), _ in rows if kind != "seat"}
        count = max(counts, default=count)
        kept = {kind: {one: owner for (k, one, of), owner in rows if (k, of) == (kind, count)} for kind in _KINDS}
        seats = frozenset(owner for (kind, _, _), owner in rows if kind == "seat")
        return ShardShares(count, self._presence.id, seats, kept["shard"], kept["line"])

    def _left(self, work: Work, now: datetime, count: int, missing: Collection[int]) -> dict[int, str]:
        """Return what others were connected with for shards, who have died with it."""
        names = {self._name("line", one, count): one for one in missing}
        is_dead = LeaseRow.until.between(now - RESUMABLE, now)
        chosen = select(LeaseRow.name, LeaseRow.line).where(LeaseRow.name.in_(names), is_dead)
        return {names[name]: line for name, line in work.session.execute(chosen) if line}

    def _renew(self, work: Work, now: datetime, shares: ShardShares, up: Mapping[int, str | None]) -> None:
        """Keep the seat, what is this process's, and the word that it is connected for it."""
        mine = set(shares.mine)
        said: dict[str, str | None] = dict.fromkeys(
            [self._seat, *(self._name("shard", one, shares.count) for one in mine)]
        )
        said |= {self._name("line", one, shares.count): up[one] for one in mine & up.keys()}
        # in one order, so that two never wait for each other
        put(work.session, LeaseRow, [self._row(name, now) | {"line": said[name]} for name in sorted(said)])
        for one in sorted(up.keys() - mine):  # it serves until the new owner does
            name = self._name("line", one, shares.count)
            work.session.execute(
                update(LeaseRow)
                .where(LeaseRow.name == name, LeaseRow.owner == self._presence.id)
                .values(until=now + self._lasts)
            )

    def _take(self, work: Work, now: datetime, shares: ShardShares, up: Collection[int]) -> None:
        free, most = shares.free(up)
        for one in free:
            if most <= 0:
                return
            row = self._row(self._name("shard", one, shares.count), now)
            most -= insert_unless(work.session, LeaseRow, row, replaces=LeaseRow.until <= now)

    def _hand(self, work: Work, now: datetime, count: int, given: Mapping[int, str]) -> None:
        for one, owner in sorted(given.items()):
            name = self._name("shard", one, count)
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

    def _name(self, kind: str, one: int, count: int) -> str:
        return f"{self._platform} {kind} {one}/{count}"


_KINDS = ("shard", "line")


def _parsed(name: str) -> tuple[str, int, int] | None:
    """Return what a lease is of, which shard and of how many."""
    if re.fullmatch(r"\w+ seat \w+", name):
        return "seat", 0, 0
    match = re.fullmatch(r"\w+ (shard|line) (\d+)/(\d+)", name)
    return (match[1], int(match[2]), int(match[3])) if match else None


def open_sharing(database: Database, presence: ProcessRegistry, platform: str, wanted: WantedShards) -> ShardSharing:
    """Return how a bot's shards are shared: not at all where one process has the database or its shards are named."""
    if wanted.ids or is_sqlite(database.url):
        return UnsharedShards(wanted.ids)
    return SharedShards(database, presence, platform)
