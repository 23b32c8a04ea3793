"""What a check-in cannot be cheaper than: its rows, its statements and the dispatcher, each by itself.

python -m benchmarks.floor [COUNT] [--on sqlite postgresql]

A first run notes what each check-in asks of the database. On copies of it the bare driver writes the rows alone, then
asks all that a check-in asks; SQLAlchemy Core asks the same; the dispatcher carries out a command that does nothing;
and at last the check-ins are done. One at a time, in milliseconds of processor time each.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from benchmarks.checkins import WARM, Base, Spent, check_in, drive, lay, living, postgresql, reading, warm, where
from bot.base.observer import NOBODY
from bot.commands.command import command
from bot.commands.context import Context
from bot.commands.dispatcher import Dispatcher
from bot.commands.registry import Registry
from bot.commands.request import silent
from bot.messages.call import Call
from bot.messages.reply import Reply, say
from bot.storage import engine as engines
from tests.harness import World

TURN = 16
"""Check-ins of a turn; the count is a multiple of it."""
CHANGES = ("INSERT", "UPDATE", "DELETE")
BORDERS = ("BEGIN", "PRAGMA", "SAVEPOINT")


@dataclass
class Asked:
    """What one check-in asks: as the driver is told it, and as Core is."""

    told: list[tuple[str, Any]]
    core: list[tuple[Any, Any]]


@command("nothing")
def nothing(_ctx: Context) -> Reply:
    """Do nothing."""
    return say("Done.")


async def asked(base: Base, count: int) -> list[Asked]:
    """Return what each check-in asks, as a first run does it."""
    found: list[Asked] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if not statement.startswith(BORDERS):
            found[-1].told.append((statement, parameters))

    def note_core(_connection: Any, clause: Any, many: Any, one: Any, _options: Any) -> None:
        found[-1].core.append((clause, many or one))

    folder, url = base.copy()
    async with living(folder, url) as bot:
        engine = bot.app.database._engines[True]
        found.append(Asked([], []))
        event.listen(engine, "before_cursor_execute", note)
        event.listen(engine, "before_execute", note_core)
        for number in range(count):
            found.append(Asked([], []))
            await check_in(bot, number)
    return found[1:]


def by_driver(engine: Engine, all_asked: Sequence[Asked], *, reads: bool) -> Spent:
    """Return what the bare driver takes, with what is read or without."""
    with closing(engine.raw_connection()) as pooled:
        connection: Any = pooled.driver_connection
        began = reading()
        for one in all_asked:
            if engine.dialect.name == "sqlite":
                connection.execute("BEGIN IMMEDIATE")
            for statement, parameters in one.told:
                if reads or statement.startswith(CHANGES):
                    cursor = connection.execute(statement, parameters)
                    if cursor.description is not None:
                        cursor.fetchall()
            connection.commit()
        return Spent.since(began)


def by_core(engine: Engine, all_asked: Sequence[Asked]) -> Spent:
    """Return what SQLAlchemy Core takes to ask the same, its rows as they come."""
    began = reading()
    for one in all_asked:
        with engine.begin() as connection:
            for clause, parameters in one.core:
                result = connection.execute(clause, parameters)
                if result.returns_rows:
                    result.all()
    return Spent.since(began)


def _engine(base: Base) -> Engine:
    folder, url = base.copy()
    return engines.sqlite_writer(f"sqlite:///{folder / 'trailmate.db'}") if url is None else engines.postgres(url)


async def empty(bot: World, count: int) -> Spent:
    """Return what the dispatcher takes for a command that does nothing."""
    theirs = bot.app.dispatcher
    dispatcher = Dispatcher(
        Registry([nothing]),
        run=theirs._run,
        identify=theirs._identify,
        supply=theirs._supply,
        inbox=theirs._inbox,
        drafts=theirs.drafts,
        clock=bot.clock,
    )
    began = reading()
    for number in range(count):
        said = bot.invocation(f"m{number % 16}-0", Call("nothing"), key=f"n:{number}", **where(number % 16))
        assert await dispatcher.answer(said, silent) is not None
    return Spent.since(began)


async def by_turns(bot: World, count: int) -> tuple[Spent, Spent]:
    """Return what check-ins take with metrics and without, `count` of each, a few of either in turn."""
    observer, spent = bot.app.dispatcher._observer, {True: Spent(0.0, 0.0), False: Spent(0.0, 0.0)}
    for n in range(0, 2 * count, TURN):
        is_counted = n // TURN % 2 == 0
        bot.app.dispatcher._observer = observer if is_counted else NOBODY
        took = await drive(bot, range(n, n + TURN), 1)
        before = spent[is_counted]
        spent[is_counted] = Spent(before.clock_s + took.clock_s, before.cpu_s + took.cpu_s)
    return spent[True], spent[False]


async def floors(base: Base, count: int) -> Iterator[tuple[str, Spent]]:
    """Return each floor by its name."""
    all_asked = await asked(base, count + WARM)
    rows = sum(line.startswith(CHANGES) for one in all_asked for line, _ in one.told) / len(all_asked)
    statements = sum(len(one.told) for one in all_asked) / len(all_asked)
    ways: list[tuple[str, Callable[[Engine, Sequence[Asked]], Spent]]] = [
        (f"its {rows:.1f} rows by the bare driver", partial(by_driver, reads=False)),
        (f"its {statements:.1f} statements by the bare driver", partial(by_driver, reads=True)),
        ("the same by SQLAlchemy Core", by_core),
    ]
    found = []
    for name, way in ways:
        engine = _engine(base)
        way(engine, all_asked[count:])
        found.append((name, way(engine, all_asked[:count])))
        engine.dispose()
    folder, url = base.copy()
    async with living(folder, url) as bot:
        await warm(bot, range(2 * count, 2 * count + WARM))
        found.append(("an empty command through the dispatcher", await empty(bot, count)))
        counted, uncounted = await by_turns(bot, count)
        found += [("the check-in through the dispatcher", counted), ("the same, counted by no metrics", uncounted)]
    return iter(found)


def show(base: Base, count: int) -> None:
    """Print a line for each floor."""
    least = 0.0
    for name, spent in asyncio.run(floors(base, count)):
        each_ms = spent.cpu_s / count * 1000
        least = least or each_ms
        print(f"  {name}: {each_ms:.3f} ms, ratio {least / each_ms:.3f}")


def main() -> None:
    """Measure each database in a folder of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", nargs="?", type=int, default=512)
    parser.add_argument("--on", nargs="*", default=["sqlite", "postgresql"], choices=["sqlite", "postgresql"])
    given = parser.parse_args()
    given.count -= given.count % TURN
    logging.getLogger("bot").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory() as folder:
        if "sqlite" in given.on:
            print("SQLite")
            (there := Path(folder, "sqlite")).mkdir()
            show(asyncio.run(lay(there, None)), given.count)
        if "postgresql" in given.on:
            with postgresql() as server:
                print("PostgreSQL")
                (there := Path(folder, "postgresql")).mkdir()
                show(asyncio.run(lay(there, server)), given.count)


if __name__ == "__main__":
    main()
