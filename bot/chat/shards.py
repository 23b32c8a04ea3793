"""Shards of a bot, in groups that processes lease from each other: settings, and the port of the leases. No I/O."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

MOST = 1024
MOST_GROUPS = 16
"""A bot with more shards than this leases several at a time."""
AUTO = "auto"


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


def split_shards(count: int) -> list[list[int]]:
    """Return the groups in which so many shards are leased: at most `MOST_GROUPS`, of equal size but for the last."""
    size = -(-count // MOST_GROUPS)
    return [list(range(first, min(first + size, count))) for first in range(0, count, size)]


@dataclass(frozen=True)
class LeasedShards:
    """The leases as this process knows them after it renewed its own.

    Args:
        count: of all shards.
        mine: the groups that this process has leased.
        served: the groups that another process has leased and is connected for.
        processes: how many processes share the groups, this one among them unless it gives up its own.
        are_all_leased: whether no group waits for a process.
        silent_since: when the last process of a group, which died, was last heard of, for groups just taken.
    """

    count: int
    mine: tuple[int, ...]
    served: frozenset[int] = frozenset()
    processes: int = 1
    are_all_leased: bool = True
    silent_since: Mapping[int, datetime] = field(default_factory=dict)


class ShardLeases(Protocol):
    """Stores which process has leased which group of shards."""

    async def renew(self, count: int, connected: Collection[int], *, gives_up: bool = False) -> LeasedShards:
        """Renew this process's leases, take free groups up to a fair share, and give back what is above it.

        Args:
            count: how many shards there are, where no living process has said otherwise.
            connected: the groups that this process is connected for.
            gives_up: whether it leaves all groups to others.
        """

    async def leave(self) -> None:
        """Give up all groups."""

    async def may_register(self) -> bool:
        """Whether this process may register the bot's commands; False if another process is doing so."""
