"""Which process serves which shards of a bot: rules of sharing them evenly and handing them over one by one, no I/O.

A platform that cuts a bot's events into shards sends each to whoever is connected for it. Its owner is the process that
is to be connected; it is served by the one that is, which while it is handed over is still the owner before.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Protocol

MOST = 1024
LINE = 400
AUTO = "auto"
NONE: Mapping[int, str] = MappingProxyType({})


@dataclass(frozen=True)
class WantedShards:
    """The settings of shards.

    Args:
        count: of all shards, None for as many as the platform recommends.
        ids: those that this process serves, none for its share of all.
    """

    count: int | None = None
    ids: tuple[int, ...] = ()


def parse_wanted(words: str) -> WantedShards:
    """Read `auto`, a number, or numbers of shards as in `0,1/4`; ValueError says how they are written."""
    text = words.replace(" ", "").lower()
    if text == AUTO:
        return WantedShards()
    match = re.fullmatch(r"(?:([0-9]{1,4}(?:,[0-9]{1,4})*)/)?([0-9]{1,4})", text)
    count = int(match[2]) if match else 0
    ids = tuple(sorted({int(part) for part in match[1].split(",")})) if match and match[1] else ()
    if not 1 <= count <= MOST or any(shard >= count for shard in ids):
        raise ValueError("use auto, a number such as 4, or this process's shards such as 0,1/4 (the first shard is 0)")
    return WantedShards(count, ids)


@dataclass(frozen=True)
class ShardShares:
    """The shares of the live processes at one instant.

    Args:
        count: of all shards.
        me: this process.
        seats: the processes that share them, this one among them unless it is about to end.
        owners, served: shards by their number, those alone that some living process has.
        left: of its own shards what a process that is dead was connected with, as that one had said it.
    """

    count: int
    me: str
    seats: frozenset[str]
    owners: Mapping[int, str] = field(default_factory=dict)
    served: Mapping[int, str] = field(default_factory=dict)
    left: Mapping[int, str] = field(default_factory=dict)

    @property
    def mine(self) -> tuple[int, ...]:
        """The shards that this process owns."""
        return self._of(self.me)

    @property
    def is_calm(self) -> bool:
        """Whether each shard is served by its owner, so that one may be handed over."""
        return all(self.owners.get(shard, "") == self.served.get(shard) for shard in range(self.count))

    @property
    def are_all_owned(self) -> bool:
        """Whether no shard waits for a process."""
        return len(self.owners) == self.count

    def _of(self, process: str) -> tuple[int, ...]:
        return tuple(shard for shard in range(self.count) if self.owners.get(shard) == process)

    def free(self, up: Collection[int]) -> tuple[list[int], int]:
        """Return the shards that nobody has, those first that this process is connected for, and how many are its own.

        Args:
            up: what this process is connected for: what it lost in a bad moment it takes back, whatever its share.
        """
        free = [shard for shard in range(self.count) if shard not in self.owners]
        back = [shard for shard in free if shard in up]
        share = -(-self.count // max(1, len(self.seats))) - len(self.mine)
        return [*back, *(shard for shard in free if shard not in back)], max(share, len(back))

    def handed(self) -> tuple[int, str] | None:
        """Return one shard to hand over and its new owner, or None if the shares are even.

        Only where each is served by its owner: so one at a time is on its way, of all processes'.
        """
        if not self.is_calm or self.me not in self.seats:
            return None
        has = {seat: len(self._of(seat)) for seat in self.seats}
        fullest = min(has, key=lambda seat: (-has[seat], seat))
        poorest = min(has, key=lambda seat: (has[seat], seat))
        if fullest != self.me or has[fullest] - has[poorest] < 2:
            return None
        return self.mine[-1], poorest

    def parted(self, stuck: Collection[int] = ()) -> dict[int, str]:
        """Return to whom each shard of this process goes when it ends; nothing where nobody else is there.

        Args:
            stuck: those alone, for which it does not get connected; they go to who serves all of its own.
        """
        others = [seat for seat in self.seats if seat != self.me and not (stuck and not self._is_well(seat))]
        has = {seat: len(self._of(seat)) for seat in others}
        gone = dict[int, str]()
        for shard in [shard for shard in self.mine if not stuck or shard in stuck] if has else ():
            poorest = min(has, key=lambda seat: (has[seat], seat))
            gone[shard] = poorest
            has[poorest] += 1
        return gone

    def may_go(self, up: Collection[int]) -> list[int]:
        """Return the connected shards of this process that another process now serves."""
        return [shard for shard in sorted(up) if self.owners.get(shard) != self.me and self._is_served(shard)]

    def _is_well(self, seat: str) -> bool:
        return all(self.served.get(shard) == seat for shard in self._of(seat))

    def _is_served(self, shard: int) -> bool:
        return shard >= self.count or self.served.get(shard, self.me) != self.me


class ShardSharing(Protocol):
    """Stores which process has which shards."""

    async def look(
        self,
        count: int,
        up: Collection[int],
        *,
        lines: Mapping[int, str] = NONE,
        stuck: Collection[int] = (),
        is_ending: bool = False,
    ) -> ShardShares:
        """Renew this process's seat, take, keep and hand over shards by the rules, and return the shares after that.

        Args:
            count: how many shards there are, where no living process has said otherwise.
            up: the shards that this process is connected for.
            lines: what it is connected with for each, for who has to go on with it: at most `LINE` characters.
            stuck: those of its own for which it does not get connected.
            is_ending: whether it leaves all of its own to others.
        """
        ...

    async def leave(self) -> None:
        """Give up all shards."""
        ...

    async def may_register(self) -> bool:
        """Whether this process may register the bot's commands; False if another process is doing so."""
        ...


class UnsharedShards:
    """Shares nothing: this process serves all shards, or those that are named.

    Args:
        ids: those that are named, none for all.
    """

    def __init__(self, ids: tuple[int, ...] = ()) -> None:
        self._ids = ids

    async def look(
        self,
        count: int,
        up: Collection[int],  # noqa: ARG002
        *,
        lines: Mapping[int, str] = NONE,  # noqa: ARG002
        stuck: Collection[int] = (),  # noqa: ARG002
        is_ending: bool = False,  # noqa: ARG002
    ) -> ShardShares:
        """Return the same shares each time."""
        return ShardShares(count, "me", frozenset({"me"}), dict.fromkeys(self._ids or range(count), "me"))

    async def leave(self) -> None:
        """Do nothing, because no other process is there."""

    async def may_register(self) -> bool:
        """Return True."""
        return True
