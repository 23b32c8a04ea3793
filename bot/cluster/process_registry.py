"""Which processes are at work on a database, and who of them does what only one does at a time."""

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

from bot.chat.shards import LINE
from bot.storage.base import Base
from bot.storage.insert import insert_unless, put
from bot.storage.unit_of_work import Database, Work

BEAT_S = 5.0
DEAD_AFTER = timedelta(seconds=20)
"""A process that has said nothing for so long is dead, or as good as that."""
SWEPT_AFTER = timedelta(hours=1)
VAGUE = timedelta(seconds=1)
"""How long asking the server for its time may take, to be right within half of that."""
GATEWAY = "gateway"
CONNECTED = ("ready", "partly")
"""What a platform says of itself that people there reach, if perhaps not all of them."""


class ProcessRow(Base):
    """A process that runs, or did a moment ago; instants are the database's own.

    `roles` and `ready`, the platforms that it is connected to, are separated by commas; `marks` is `NAME=mark` of each
    thing that all should have alike, separated by spaces, None of an older program.
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
    """Something that only one process does at a time, and who does it until when.

    `line` is what it does it with, where another can go on with that: see `core.shards`.
    """

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    owner: Mapped[str] = mapped_column(String(64))
    until: Mapped[datetime]
    line: Mapped[str | None] = mapped_column(String(LINE))


@dataclass(frozen=True)
class ProcessInfo:
    """A process that was at work a moment ago.

    Args:
        roles: of the bot's work, in order.
        ready: the platforms to which it is connected.
        seen_s: how many seconds ago it last said so.
        marks: of what all processes should have alike, by its name.
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
    def told(self) -> str:
        """Return it in a few words."""
        return f"process {self.pid} on {self.host} ({', '.join(self.roles)}; {self.version})"


def list_living(work: Work) -> list[ProcessInfo]:
    """Return the processes that are at work, in the order in which they began."""
    now = present(work)
    chosen = select(ProcessRow).where(ProcessRow.seen_at > now - DEAD_AFTER)
    rows = work.session.scalars(chosen.order_by(ProcessRow.started_at, ProcessRow.id))
    return [
        ProcessInfo(
            row.id,
            row.host,
            row.pid,
            _listed(row.roles),
            row.version,
            _listed(row.ready),
            row.started_at,
            max(0.0, (now - row.seen_at).total_seconds()),
            _marked(row.marks or ""),
        )
        for row in rows
    ]


def differing(living: Sequence[ProcessInfo]) -> list[str]:
    """Return the names of what these processes have not alike, as far as they say."""
    names = sorted({name for one in living for name in one.marks})
    return [name for name in names if len({one.marks[name] for one in living if name in one.marks}) > 1]


def _marked(words: str) -> dict[str, str]:
    return {name: mark for name, _, mark in (word.partition("=") for word in words.split())}


def _listed(words: str) -> tuple[str, ...]:
    return tuple(word for word in words.split(",") if word)


def present(work: Work) -> datetime:
    """Return the time by the database's own clock; SQLite has none but the machine's."""
    if work.session.get_bind().dialect.name == "sqlite":
        return work.made_at
    now: datetime = work.session.execute(select(func.clock_timestamp())).scalar_one()
    return now.astimezone(UTC)


def ahead_s(database: Database) -> float:
    """Return by how many seconds the database server's clock is ahead of the machine's, as near as can be told."""
    before = database.machine_now()
    now = database.run_sync(present, writes=False)
    return (now - (before + (database.machine_now() - before) / 2)).total_seconds()


@dataclass(frozen=True)
class ProcessRegistry:
    """This process among the others.

    Args:
        roles: what it does of the bot's work.
        id: unique to it, and what it signs its leases with.
        marks: asked at each beat for a short mark, without spaces, of each thing that all processes should have alike.
    """

    roles: Collection[str]
    id: str = field(default_factory=lambda: f"{socket.gethostname()[:30]}:{os.getpid()}:{secrets.token_hex(3)}")
    marks: Callable[[], Mapping[str, str]] = dict

    async def beat(self, database: Database, ready: Sequence[str] = ()) -> None:
        """Say that it is at work, forget who is long gone, and set the database's clock beside the machine's."""
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
        """Say that it ends, and leave to others what it had taken."""
        work.session.execute(delete(ProcessRow).where(ProcessRow.id == self.id))
        work.session.execute(delete(LeaseRow).where(LeaseRow.owner == self.id))

    def takes(self, work: Work, name: str, lasts: timedelta) -> bool:
        """Take something for a while, or keep it for as long again; False while another process has it."""
        now = present(work)
        mine = {"name": name, "owner": self.id, "until": now + lasts}
        free = or_(LeaseRow.until <= now, LeaseRow.owner == self.id)
        return insert_unless(work.session, LeaseRow, mine, replaces=free)

    def hears(self, work: Work) -> frozenset[str] | None:
        """Return the platforms to which those are connected who take what people say; None if nobody does.

        These are this process and others that are at work; what this one is connected to it has said by its beat.
        """
        gateways = [one for one in list_living(work) if GATEWAY in one.roles]
        if not gateways and GATEWAY not in self.roles:
            return None
        return frozenset(platform for gateway in gateways for platform in gateway.ready)


@cache
def this_version() -> str:
    """Return the version of the bot, as other processes see it."""
    return version("trailmate")[:32]
