"""What board, report and a look of the schedule cost in a database of so many check-ins, and how large it is.

python -m benchmarks.scale [--engine sqlite|postgresql] [--members 100 10000] [--checkins 10000 1000000 10000000]

Milliseconds of processor time of this process for each, and by the clock; a group in its eighth week, all the other
rows in groups of ten people, made by statements of the database's own.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import sqlite3
import tempfile
import time
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

import psycopg
from sqlalchemy import select, update

from benchmarks.board import PATIENCE_S, fill
from bot.commands.context import Actor, Context, Place
from bot.features.audit.service import Audit
from bot.features.checkins.service import Progress
from bot.features.groups.service import Groups
from bot.features.groups.tables import Group, Membership
from bot.maintenance import migrate
from bot.messages.call import Call
from bot.storage.unit_of_work import Work
from tests.harness import MONDAY, World, world
from tests.postgres_server import postgresql

WEEKS, REPEATS, OF_A_GROUP, EACH = 8, 7, 10, 50
"""Members of each other group, and check-ins of each of these."""
COMMANDS = ("leaderboard", "report")
_SERIES = {
    "postgresql": "generate_series(CAST(:first AS bigint), :last) AS s(n)",
    "sqlite": "(WITH RECURSIVE t(n) AS (SELECT :first UNION ALL SELECT n+1 FROM t WHERE n < :last) SELECT n FROM t) s",
}
_AT = {
    "postgresql": "timestamptz '2025-01-01' + (n % 500000) * interval '1 minute'",
    "sqlite": "strftime('%Y-%m-%d %H:%M:%S.000000', 1735689600 + (n % 500000) * 60, 'unixepoch')",
}


class Rows:
    """A connection that makes rows without looking at what they refer to: all of that is there."""

    def __init__(self, url: str) -> None:
        self.engine = "sqlite" if url.startswith("sqlite") else "postgresql"
        self._connection: Any
        if self.engine == "sqlite":
            self._connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        else:
            self._connection = psycopg.connect(url, autocommit=True)
            self._connection.execute("SET session_replication_role = replica")

    def run(self, statement: str, **given: int) -> Any:
        """Run one statement; `:series` counts from `:first` to `:last`, `:at` is an instant of each."""
        said = statement.replace(":series", _SERIES[self.engine]).replace(":at", _AT[self.engine])
        for name, value in given.items():
            said = said.replace(f":{name}", str(value))
        return self._connection.execute(said)

    def grow(self, first: int, last: int) -> None:
        """Make check-ins of numbers, and the groups and people that they are of."""
        groups = {"first": first // EACH // OF_A_GROUP, "last": last // EACH // OF_A_GROUP}
        self.run(
            "INSERT INTO study_group (id, tenant_id, room, name, zone, roadmap_id, rhythm, pace, first_unit, starts_on,"
            " confirmed_at, has_reminders, has_breaks, has_hints, has_digest, closed_at, ended_at) "
            "SELECT n + 1000000, tenant_id, 'r' || n, 'g' || n, zone, roadmap_id, rhythm, pace, first_unit, starts_on,"
            "confirmed_at, true, false, true, true, confirmed_at, confirmed_at "
            "FROM :series, (SELECT * FROM study_group ORDER BY id LIMIT 1) c",
            **groups,
        )
        self.run(
            "INSERT INTO account (id, platform, scope, external_id, name, has_own_zone, quiet_from, quiet_until) "
            "SELECT n + 1000000, 'local', 'local', 'p' || n, 'p' || n, false, '22:00:00', '08:00:00' FROM :series",
            first=first // EACH,
            last=last // EACH,
        )
        self.run(
            "INSERT INTO checkin (group_id, account_id, unit_id, at, day, zone, minutes, note) "
            "SELECT n / :group + 1000000, n / :each + 1000000, 'py-data-structures', :at, '2025-03-01', "
            "'UTC', 30, 'read two papers and tried one of them' FROM :series",
            first=first,
            last=last,
            group=EACH * OF_A_GROUP,
            each=EACH,
        )
        self.run("ANALYZE")

    def size(self) -> int:
        """Return the bytes of the database."""
        asked = "SELECT pg_database_size(current_database())"
        if self.engine == "sqlite":
            asked = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
        return int(self.run(asked).fetchone()[0])


async def woken(living: World) -> float:
    """Have the schedule look at the one group that has not ended; return the seconds of processor time."""
    alive = update(Group).where(Group.ended_at.is_(None)).values(wake_at=living.clock.now())
    await living.app.database.run(lambda work: work.session.execute(alive))
    began = time.process_time()
    await living.tick()
    return time.process_time() - began


async def spent(living: World, name: str) -> str:
    """Return what a command costs several members."""
    registry, library, now = living.app.registry, living.app.library, living.clock.now()
    found = registry.find(name)
    assert found is not None

    def run(work: Work, account: int) -> tuple[float, float]:
        group = work.session.scalars(select(Group).order_by(Group.id)).first()
        assert group is not None
        actor = Actor(account, "m", "M", "UTC", group.id, frozenset({"anyone", "member", "moderator"}))
        ctx = Context(actor, Place("local", "local", "general"), now, Call(name))
        began, used = time.perf_counter(), time.thread_time()
        found.run(ctx, progress=Progress(Groups(work, library)), **({"audit": Audit(work)} if name == "report" else {}))
        return time.thread_time() - used, time.perf_counter() - began

    ids = await living.app.database.run(lambda w: w.session.scalars(select(Membership.account_id)).all(), writes=False)
    took = [
        await living.app.database.run(lambda w, one=one: run(w, one), writes=False, within_s=PATIENCE_S)
        for one in ids[:: max(1, len(ids) // REPEATS)][:REPEATS]
    ]
    return " / ".join(f"{median(kind) * 1000:.1f}" for kind in zip(*took, strict=True))


async def measure(folder: Path, url: str, members: int, sizes: list[int]) -> None:
    """Grow a database around one group, and print what that costs at each size."""
    rows = Rows(url)
    async with world(folder, TRAILMATE_DATABASE_URL=url) as living:
        await living.start()
        await living.to(MONDAY + timedelta(days=7 * (WEEKS - 1) + 4, hours=2))
        await living.app.database.run(lambda work: fill(work, members), within_s=PATIENCE_S)
        await woken(living)
        made = 0
        for size in sizes:
            began = time.perf_counter()
            rows.grow(made, size - 1)
            made = size
            said = [f"{name} {await spent(living, name)}" for name in COMMANDS]
            looks, idle = [await woken(living) for _ in range(REPEATS)], []
            for _ in range(REPEATS):
                used = time.process_time()
                await living.app.tick.step(living.app.database, living.clock.now())
                idle.append(time.process_time() - used)
            print(
                f"{rows.engine} {members} members, {size} check-ins beside: {', '.join(said)}, look "
                f"{median(looks) * 1000:.1f}, nothing due {median(idle) * 1000:.1f} ms; {rows.size() / 2**20:.0f} MiB; "
                f"made in {time.perf_counter() - began:.0f} s",
                flush=True,
            )


def main() -> None:
    """Measure each size of a group in a database of its own."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--engine", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--members", type=int, nargs="+", default=[100, 10_000])
    parser.add_argument("--checkins", type=int, nargs="+", default=[10_000, 1_000_000, 10_000_000])
    given = parser.parse_args()
    for members in given.members:
        folder = Path(tempfile.mkdtemp(prefix="trailmate-scale-"))
        with ExitStack() as stack:
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
            is_file = given.engine == "sqlite"
            url = f"sqlite:///{folder / 'trailmate.db'}" if is_file else stack.enter_context(postgresql())
            migrate.upgrade(url)
            asyncio.run(measure(folder, url, members, given.checkins))


if __name__ == "__main__":
    main()
