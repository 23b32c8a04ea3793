"""The registry of processes on a database, and leases for work that only one process does at a time."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.metadata import version

from sqlalchemy import String, Text, delete, func, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.base import Base
from bot.storage.insert import insert_unless, put
from bot.storage.unit_of_work import Database, Work

BEAT_S = 5.0
DEAD_AFTER = timedelta(seconds=20)
"""A process without a heartbeat for this long counts as dead."""
SWEPT_AFTER = timedelta(hours=1)
VAGUE = timedelta(seconds=1)
"""Longest duration of a clock query; the result is accurate to half of that."""
GATEWAY = "gateway"
CONNECTED = ("ready", "partly")
"""States of a platform that is connected for all or some tenants."""


class ProcessRow(Base):
    """A process that runs or ran recently; times are by the database's clock.

    `roles` and `ready` (connected platforms) are comma-separated. `marks` has a `NAME=mark` fingerprint of each setting
    that all processes should share, separated by spaces; None from an older version.
    """

    __tablename__ = "process"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    host: Mapped[str] = mapped_column(String(64))
    pid: Mapped[int]
    roles: Mapped[str] = mapped_column(String(64))
    version: Mapped[str] = mapped_column(String(32))
    ready: Mapped[str] = mapped_column(String(200), default="")
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    marks: Mapped[str | None] = mapped_column(Text)


class LeaseRow(Base):
    """A lease on work that only one process does at a time.

    `line` is what the owner says of its work, see `cluster.shards`.
    """

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    owner: Mapped[str] = mapped_column(String(64))
    until: Mapped[datetime]
    line: Mapped[str | None] = mapped_column(String(400))


@dataclass(frozen=True)
class ProcessInfo:
    """A live process.

    Args:
        roles: its roles, in order.
        ready: the platforms that it is connected to.
        seen_s: seconds since its last heartbeat.
        marks: fingerprints of settings that all processes should share, by name.
    """

    id: str
    host: str
    pid: int
    roles: tuple[str, ...]
    version: str
    ready: tuple[str, ...]
    started_at: datetime
    seen_s: float
    marks: Mapping[str, str] = field(default_factory=dict)

    @property
    def description(self) -> str:
        """The process in a few words."""
        return f"process {self.pid} on {self.host} ({', '.join(self.roles)}; {self.version})"


def list_living(work: Work) -> list[ProcessInfo]:
    """Return the live processes, oldest first."""
    now = present(work)
    chosen = select(ProcessRow).where(ProcessRow.seen_at > now - DEAD_AFTER)
    rows = work.session.scalars(chosen.order_by(ProcessRow.started_at, ProcessRow.id))
    return [
        ProcessInfo(
            row.id,
            row.host,
            row.pid,
            _split_list(row.roles),
            row.version,
            _split_list(row.ready),
            row.started_at,
            max(0.0, (now - row.seen_at).total_seconds()),
            _parse_marks(row.marks or ""),
        )
        for row in rows
    ]


def differing(living: Sequence[ProcessInfo]) -> list[str]:
    """Return the names of settings whose fingerprints differ between these processes."""
    names = sorted({name for process in living for name in process.marks})
    return [name for name in names if len({process.marks[name] for process in living if name in process.marks}) > 1]


def _parse_marks(words: str) -> dict[str, str]:
    return {name: mark for name, _, mark in (word.partition("=") for word in words.split())}


def _split_list(words: str) -> tuple[str, ...]:
    return tuple(word for word in words.split(",") if word)


def present(work: Work) -> datetime:
    """Return the time by the database's clock; on SQLite, the machine's."""
    if work.session.get_bind().dialect.name == "sqlite":
        return work.made_at
    now: datetime = work.session.execute(select(func.clock_timestamp())).scalar_one()
    return now.astimezone(UTC)


def ahead_s(database: Database) -> float:
    """Return the estimated seconds by which the database server's clock is ahead of the machine's."""
    before = database.machine_now()
    now = database.run_sync(present, writes=False)
    return (now - (before + (database.machine_now() - before) / 2)).total_seconds()


@dataclass(frozen=True)
class ProcessRegistry:
    """This process's entry in the registry, and its leases.

    Args:
        roles: its roles.
        id: its unique id, the owner of its leases.
        marks: returns short fingerprints, without spaces, of settings that all processes should share.
    """

    roles: Collection[str]
    id: str = field(default_factory=lambda: f"{socket.gethostname()[:30]}:{os.getpid()}:{secrets.token_hex(3)}")
    marks: Callable[[], Mapping[str, str]] = dict

    async def beat(self, database: Database, ready: Sequence[str] = ()) -> None:
        """Store a heartbeat, delete dead processes, and measure the clock difference to the database."""
        before = database.machine_now()
        now = await database.run(lambda work: self._note(work, ready))
        took = database.machine_now() - before
        ahead = now - (before + took / 2)
        if took < VAGUE or abs(ahead - database.ahead) > took:  # a busy machine is no wrong clock
            database.ahead = ahead

    def _note(self, work: Work, ready: Sequence[str]) -> datetime:
        now = present(work)
        row = {
            "id": self.id,
            "host": socket.gethostname()[:64],
            "pid": os.getpid(),
            "roles": ",".join(sorted(self.roles)),
            "version": this_version(),
            "ready": ",".join(sorted(ready)),
            "started_at": now,
            "seen_at": now,
            "marks": " ".join(f"{name}={mark}" for name, mark in self.marks().items()),
        }
        put(work.session, ProcessRow, [row], left_alone=["started_at"])
        work.session.execute(delete(ProcessRow).where(ProcessRow.seen_at < now - SWEPT_AFTER))
        work.session.execute(delete(LeaseRow).where(LeaseRow.until < now - SWEPT_AFTER))
        return now

    def leave(self, work: Work) -> None:
        """Delete this process's entry and release its leases."""
        work.session.execute(delete(ProcessRow).where(ProcessRow.id == self.id))
        work.session.execute(delete(LeaseRow).where(LeaseRow.owner == self.id))

    def takes(self, work: Work, name: str, lasts: timedelta) -> bool:
        """Take or renew a lease; False while another process holds it."""
        now = present(work)
        values = {"name": name, "owner": self.id, "until": now + lasts}
        free = or_(LeaseRow.until <= now, LeaseRow.owner == self.id)
        return insert_unless(work.session, LeaseRow, values, replaces=free)

    def hears(self, work: Work) -> frozenset[str] | None:
        """Return the platforms with a connected gateway process; None if no process is a gateway.

        Includes this process, by its last heartbeat.
        """
        gateways = [process for process in list_living(work) if GATEWAY in process.roles]
        if not gateways and GATEWAY not in self.roles:
            return None
        return frozenset(platform for gateway in gateways for platform in gateway.ready)


@cache
def this_version() -> str:
    """Return the version of the bot, for the registry."""
    return version("trailmate")[:32]
