"""What one command costs through the whole dispatcher: statements, and milliseconds of processor time.

python -m benchmarks.commands [MEMBERS] [WEEKS] [REPEATS]

A group late in its season, whose members have checked in most weeks; each repeat is another member's.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from tests.harness import MONDAY, World, world

WARM = 5
"""Repeats before those that count."""
APART = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA")
COMMANDS = ("checkin 30 read two papers", "progress", "topic", "help")


class Statements:
    """Counts what any engine is told, the borders of transactions apart."""

    def __init__(self) -> None:
        self.said: list[str] = []
        event.listen(Engine, "before_cursor_execute", self._note)

    def _note(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        self.said.append(statement)

    def since(self, mark: int) -> tuple[int, int]:
        """Return how many statements came since a mark, and how many borders."""
        borders = sum(said.startswith(APART) for said in self.said[mark:])
        return len(self.said) - mark - borders, borders


async def season(living: World, members: int, weeks: int) -> list[str]:
    """Let a group live for some weeks; return the names of its members, in the week after."""
    names = [f"m{n}" for n in range(members)]
    await living.start()
    for who in names:
        await living.say(who, "join")
    for week in range(weeks - 1):
        await living.to(MONDAY + timedelta(days=7 * week + 2, hours=2))
        for n, who in enumerate(names):
            if (n + week) % 4:
                assert (await living.say(who, f"checkin 45 worked through week {week + 1}")).tone == "good"
    await living.to(MONDAY + timedelta(days=7 * (weeks - 1) + 2, hours=2))
    return names


async def cost(living: World, statements: Statements, line: str, members: list[str], repeats: int) -> str:
    """Return a line: what the command costs each time, the median of all."""

    async def one(n: int) -> object:
        return await living.say(members[n % len(members)], line)

    return await _measured(line.split()[0], statements, one, repeats)


async def nothing(living: World, statements: Statements, repeats: int) -> str:
    """Return a line: what a unit of work costs that does nothing."""
    return await _measured(
        "an empty transaction", statements, lambda _: living.app.database.run(lambda _: None), repeats
    )


async def _measured(name: str, statements: Statements, one: Callable[[int], Awaitable[object]], repeats: int) -> str:
    counts, spent_s = [], []
    for n in range(WARM + repeats):
        mark, began = len(statements.said), time.process_time()
        await one(n)
        spent_s.append(time.process_time() - began)
        counts.append(statements.since(mark))
    said, borders = (statistics.median(column[WARM:]) for column in zip(*counts, strict=True))
    spent_ms = statistics.median(spent_s[WARM:]) * 1000
    return f"{name:20} {said:3.0f} statements, {borders:.0f} borders of transactions, {spent_ms:6.2f} ms"


async def measure(folder: Path, members: int, weeks: int, repeats: int) -> None:
    """Print a line for each command."""
    statements = Statements()
    async with world(folder) as living:
        names = await season(living, members, weeks)
        print(await nothing(living, statements, repeats))
        for line in COMMANDS:
            print(await cost(living, statements, line, names, repeats))


def main() -> None:
    """Measure in a folder of its own."""
    members, weeks, repeats = [*map(int, sys.argv[1:]), *(60, 20, 40)[len(sys.argv) - 1 :]]
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(Path(folder), members, weeks, repeats))


if __name__ == "__main__":
    main()
