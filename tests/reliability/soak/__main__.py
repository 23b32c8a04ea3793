"""Many groups through a simulated year, with random faults, and a check of every post and every fact.

python -m tests.reliability.soak [--groups 1000] [--weeks 52] [--processes 2] [--seed 1] [--engine postgresql|sqlite]

A year does not pass by a real clock, so each process is a whole `App` with a clock that is moved, the same simulated
time for all. The processes are real, forked and killed by signal 9; they share one PostgreSQL (on SQLite there is one).
The platforms stand outside of them and remember what arrived. Exit code 1 if anything is wrong.
Each week says how far it is, and each fourth what has been until then. Ctrl-C or SIGTERM ends it early, with a
verdict on what has passed.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import pickle
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psycopg

from bot.base.files import bundled
from bot.curriculum.shelf import library
from bot.maintenance import migrate
from tests.postgres_server import postgresql
from tests.reliability.soak.bot import units
from tests.reliability.soak.checker import Verdict
from tests.reliability.soak.drive import Drive, Seat
from tests.reliability.soak.inputs import script
from tests.reliability.soak.processes import Nursery
from tests.reliability.soak.sky import Sky
from tests.reliability.soak.store import Store

SHOWN = ("expected", "sent", "missing", "doubled", "late", "facts acknowledged", "facts kept")
JUDGED_EVERY = 4
"""Weeks: a verdict is on all that has been, and so takes longer each time."""


@contextlib.contextmanager
def address(engine: str, folder: Path) -> Iterator[str]:
    """Keep an empty database until the block ends."""
    if engine == "sqlite":
        yield f"sqlite:///{folder / 'trailmate.db'}"
        return
    with postgresql() as url:
        yield url


def copy(url: str) -> str:
    """Return the address of a copy of a database that nobody uses yet."""
    name = f"{url}-copy" if url.startswith("sqlite") else url.replace("/trailmate?", "/rehearsal?")
    if url.startswith("sqlite"):
        shutil.copy(url.removeprefix("sqlite:///"), name.removeprefix("sqlite:///"))
        return name
    with psycopg.connect(url.replace("/trailmate?", "/postgres?"), autocommit=True) as connection:
        connection.execute("CREATE DATABASE rehearsal TEMPLATE trailmate")
    return name


@contextlib.asynccontextmanager
async def nursery(folder: Path, url: str, copied: str, sky: Sky) -> AsyncIterator[Nursery]:
    """Keep what begins processes until the block ends."""
    one = Nursery(folder, url, copied, sky.take)
    await one.open()
    try:
        yield one
    finally:
        await one.close()


async def soak(given: argparse.Namespace, folder: Path, url: str) -> Verdict:
    """Run it and return the verdict."""
    processes = 1 if given.engine == "sqlite" else given.processes
    written = script(given.seed, given.groups, given.weeks, units(library(bundled("roadmap"))), processes)
    migrate.upgrade(url)
    copied = copy(url)
    store, chance = Store(url), random.Random(given.seed)
    sky, began = (
        Sky(chance, lambda: drive.now, lasts=lambda: asyncio.sleep(chance.random() * 0.004)),
        time.perf_counter(),
    )

    def tell(week: int) -> None:
        shown, counts = "", drive.counts
        if week % JUDGED_EVERY in (0, 1):
            counts = drive.judge().counts
            shown = ", ".join(f"{counts[what]} {what}" for what in SHOWN) + ", "
        spent = f"{counts['steps']} steps, {time.perf_counter() - began:.0f} s"
        print(f"week {week} of {given.weeks}: {shown}{spent}", flush=True)

    async with nursery(folder, url, copied, sky) as begins:
        seats = [Seat() for _ in range(processes)]
        drive = Drive(written, store, sky, begins.begin, seats, chance, on_week=tell)
        for told in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(told, setattr, drive, "is_told_to_end", True)
        try:
            verdict = await drive.run()
        finally:
            for seat in drive.seats:
                if seat.process is not None:
                    await seat.process.kill()
        if given.keep:
            with given.keep.open("wb") as file:
                pickle.dump((written.groups, drive.ledger, sky.arrivals, drive.kept()), file)
    store.close()
    verdict.counts.update({f"trouble: {what}": count for what, count in sky.troubles.items()})
    verdict.counts["edits"] = sky.edits
    return verdict


def main() -> int:
    """Run what the command line asks for and print the counts."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--groups", type=int, default=1000)
    parser.add_argument("--weeks", type=int, default=52)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--engine", choices=("postgresql", "sqlite"), default="postgresql")
    parser.add_argument("--keep", type=Path, help="a file for what was seen, to be judged once more")
    given, began = parser.parse_args(), time.perf_counter()
    with tempfile.TemporaryDirectory() as folder, address(given.engine, Path(folder)) as url:
        verdict = asyncio.run(soak(given, Path(folder), url))
    for count in (*SHOWN, *sorted(verdict.counts.keys() - set(SHOWN))):
        print(f"{verdict.counts[count]:8} {count}")
    for said in verdict.wrong[:40]:
        print(said)
    print(f"{len(verdict.wrong)} wrong, {time.perf_counter() - began:.0f} s")
    return 1 if verdict.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
