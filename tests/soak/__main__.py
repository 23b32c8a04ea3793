"""Many groups through a simulated year, with random faults, and a check of every post and every fact.

python -m tests.soak [--cohorts 1000] [--weeks 52] [--processes 2] [--seed 1] [--engine postgresql|sqlite]

A year does not pass by a real clock, so each process is a whole `App` with a clock that is moved, the same simulated
time for all. The processes are real, forked and killed by signal 9; they share one PostgreSQL (on SQLite there is one).
The platforms stand outside of them and remember what arrived. Exit code 1 if anything is wrong.
Ctrl-C ends it early, with a verdict on what has passed.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import random
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

from bot.db import migrate
from bot.features.roadmap.shelf import library
from bot.files import bundled
from tests.cluster import postgresql
from tests.soak.checker import Verdict
from tests.soak.drive import Drive, Seat
from tests.soak.inputs import Units, script
from tests.soak.processes import Nursery
from tests.soak.sky import Sky
from tests.soak.store import Store

SHOWN = ("expected", "sent", "missing", "doubled", "late", "facts acknowledged", "facts kept")


def units() -> dict[str, Units]:
    """Return the units of each roadmap, with the numbers of their legs."""
    shelf = library(bundled("roadmap")).values()
    return {
        track.id: tuple((unit.id, leg.number) for leg in track.roadmap.legs for unit in leg.units) for track in shelf
    }


@contextlib.contextmanager
def address(engine: str, folder: Path) -> Iterator[str]:
    """Keep an empty database until the block ends."""
    if engine == "sqlite":
        yield f"sqlite:///{folder / 'trailmate.db'}"
        return
    with postgresql() as url:
        yield url


@contextlib.asynccontextmanager
async def nursery(folder: Path, url: str, sky: Sky) -> AsyncIterator[Nursery]:
    """Keep what begins processes until the block ends."""

    async def deliver(post: dict[str, Any], again: bool) -> dict[str, Any]:
        return sky.deliver(post, again)

    one = Nursery(folder, url, deliver)
    await one.open()
    try:
        yield one
    finally:
        await one.close()


async def soak(given: argparse.Namespace, folder: Path, url: str) -> Verdict:
    """Run it and return the verdict."""
    processes = 1 if given.engine == "sqlite" else given.processes
    written = script(given.seed, given.cohorts, given.weeks, units(), processes)
    migrate.upgrade(url)
    store, chance = Store(url), random.Random(given.seed)
    sky = Sky(chance, lambda: drive.now)
    async with nursery(folder, url, sky) as begins:
        drive = Drive(written, store, sky, begins.begin, [Seat() for _ in range(processes)], chance)
        asyncio.get_running_loop().add_signal_handler(signal.SIGINT, setattr, drive, "is_told_to_end", True)
        telling = asyncio.create_task(_tell(drive))
        try:
            verdict = await drive.run()
        finally:
            telling.cancel()
            for seat in drive.seats:
                if seat.process is not None:
                    await seat.process.kill()
    store.close()
    verdict.counts.update({f"trouble: {what}": count for what, count in sky.troubles.items()})
    verdict.counts["edits"] = sky.edits
    return verdict


async def _tell(drive: Drive) -> None:
    while True:
        await asyncio.sleep(30)
        print(f"{drive.now:%Y-%m-%d %H:%M} {len(drive.sky.arrivals)} sent {dict(drive.counts)}", file=sys.stderr)


def main() -> int:
    """Run what the command line asks for and print the counts."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--cohorts", type=int, default=1000)
    parser.add_argument("--weeks", type=int, default=52)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--engine", choices=("postgresql", "sqlite"), default="postgresql")
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
