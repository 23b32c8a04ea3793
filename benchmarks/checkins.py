"""How many check-ins a second pass through the whole dispatcher, against bare sqlite3 transactions in the same run.

python -m benchmarks.checkins [COUNT]
"""

from __future__ import annotations

import asyncio
import sqlite3
import sys
import tempfile
import time
from pathlib import Path

from bot.core import binding
from bot.core.context import Account, Invocation, Place
from bot.core.reply import Reply
from tests.harness import MONDAY, World, world

AT_ONCE = 8


async def _unseen(_reply: Reply) -> None:
    return None


async def through_the_dispatcher(folder: Path, count: int) -> tuple[float, list[float]]:
    """Return seconds for `count` check-ins, eight at once, and the latency of each in ms."""
    async with world(folder) as living:
        await living.start()
        await living.to(MONDAY.replace(hour=10))
        for i in range(AT_ONCE):
            await living.say(f"member{i}", "join")
        latencies: list[float] = []

        async def member(living: World, number: int) -> None:
            account = Account("local", "local", f"member{number}", f"Member{number}")
            for n in range(count // AT_ONCE):
                call = binding.read(living.app.registry, "checkin 1 did a little")
                event = Invocation(call, account, Place("local", "local", "general"), f"b:{number}:{n}")
                began = time.perf_counter()
                reply = await living.app.dispatcher.answer(event, _unseen)
                latencies.append((time.perf_counter() - began) * 1000)
                assert reply is not None

        began = time.perf_counter()
        await asyncio.gather(*(member(living, i) for i in range(AT_ONCE)))
        return time.perf_counter() - began, latencies


def bare(folder: Path, count: int) -> float:
    """Return seconds for `count` single-row transactions with the same pragmas."""
    connection = sqlite3.connect(folder / "bare.db", isolation_level=None)
    connection.executescript(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; CREATE TABLE c(id INTEGER PRIMARY KEY, n)"
    )
    began = time.perf_counter()
    for i in range(count):
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO c(n) VALUES (?)", (i,))
        connection.execute("COMMIT")
    return time.perf_counter() - began


def main() -> None:
    """Measure both and print the ratio."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    with tempfile.TemporaryDirectory() as folder:
        plain_s = bare(Path(folder), count)
        took_s, latencies = asyncio.run(through_the_dispatcher(Path(folder), count))
    latencies.sort()
    print(f"bare sqlite3           {count / plain_s:8.0f} transactions/s")
    print(f"through the dispatcher {count / took_s:8.0f} check-ins/s, {AT_ONCE} at once")
    print(f"ratio {plain_s / took_s:.3f}; p50 {latencies[len(latencies) // 2]:.1f} ms, worst {latencies[-1]:.1f} ms")


if __name__ == "__main__":
    main()
