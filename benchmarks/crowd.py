"""One group of many members: how long a tick holds the only writer where most is due at once.

python -m benchmarks.crowd [MEMBERS]

Every member has asked for reminders. Somebody who says something in that moment waits for one transaction that writes,
and no more than the longest; one that only reads keeps nobody waiting. Times are the processor's.
"""

from __future__ import annotations

import asyncio
import inspect
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.features.groups.tables import Group, Membership
from bot.features.people.tables import AccountRow, Tenant
from bot.runtime.app import App
from bot.storage.unit_of_work import Database, Work
from tests.harness import MONDAY, world

NINE = MONDAY + timedelta(hours=1)
MOMENTS = {
    "a unit opens": NINE,
    "a day before the deadline": NINE + timedelta(days=5, hours=12),
    "a grace ends and a unit opens": NINE + timedelta(weeks=1),
}


def found(work: Work, count: int) -> None:
    """Make a group of so many members."""
    session = work.session
    tenant = Tenant(platform="local", external_id="local", name="")
    accounts = [
        AccountRow(platform="local", scope="local", external_id=f"p{i}", name=f"Person {i}") for i in range(count)
    ]
    session.add_all([tenant, *accounts])
    session.flush()
    group = Group(
        tenant_id=tenant.id,
        room="general",
        name="Crowd",
        zone="UTC",
        roadmap_id="genai-2026",
        rhythm="mon 09:00 - sun 21:00",
        pace="1 week",
        first_unit="py-data-structures",
        starts_on=MONDAY.date(),
        confirmed_at=MONDAY,
        created_by=accounts[0].id,
        has_reminders=True,
        wake_at=MONDAY,
    )
    session.add(group)
    session.flush()
    session.add_all(
        Membership(account_id=a.id, group_id=group.id, joined_at=MONDAY, wants_reminders=True) for a in accounts
    )


def watch(held: list[float]) -> None:
    """Note the seconds of processor time of every transaction that writes."""
    run_once = Database._run_once

    def run_timed(self: Database, unit: Any, writes: bool) -> Any:
        began = time.thread_time()
        try:
            return run_once(self, unit, writes)
        finally:
            if writes:
                held.append(time.thread_time() - began)

    Database._run_once = run_timed  # type: ignore[method-assign]


async def tick(app: App, now: datetime) -> None:
    """Look at all that is due, in this commit or in an older one."""
    step: Any = app.tick.step
    looked = 1
    while looked:
        if inspect.iscoroutinefunction(step):
            looked = await step(app.database, now)
        else:
            looked = await app.database.run(lambda work: step(work, now), within_s=600)


async def measure(folder: Path, count: int) -> None:
    """Print how long the writer was held at each moment."""
    held: list[float] = []
    watch(held)
    async with world(folder) as living:
        await living.app.database.run(lambda work: found(work, count), within_s=600)
        await tick(living.app, MONDAY)
        for name, at in MOMENTS.items():
            living.clock.move_to(at)
            held.clear()
            began = time.process_time()
            await tick(living.app, at)
            took_s = time.process_time() - began
            print(
                f"{count} members, {name}: the longest of its transactions that write takes {max(held) * 1000:.1f} ms, "
                f"all of them {sum(held):.2f} s, the whole tick {took_s:.2f} s"
            )


def main() -> None:
    """Measure in a folder of its own."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(Path(folder), count))


if __name__ == "__main__":
    main()
