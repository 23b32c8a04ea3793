"""What one tick costs when many groups open a unit in the same minute, against a tick with nothing due.

python -m benchmarks.tick [COHORTS [DUE]]
"""

from __future__ import annotations

import asyncio
import inspect
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from bot.features.groups.tables import Group
from bot.features.people.tables import AccountRow, Tenant
from bot.runtime.app import App
from bot.storage.unit_of_work import Work
from tests.harness import MONDAY, world


def _groups(work: Work, count: int, due: int) -> None:
    """Make groups, each in a tenant of its own; those that are not due begin a day later."""
    session = work.session
    account = AccountRow(platform="local", scope="local", external_id="owner", name="Owner")
    session.add(account)
    session.flush()
    session.execute(insert(Tenant), [{"platform": "local", "external_id": f"t{i}", "name": ""} for i in range(count)])
    alike = {
        "room": "general",
        "zone": "UTC",
        "roadmap_id": "genai-2026",
        "rhythm": "mon 09:00 - sun 21:00",
        "pace": "1 week",
        "first_unit": "py-data-structures",
        "confirmed_at": MONDAY,
        "created_by": account.id,
    }
    tenants = session.scalars(select(Tenant.id).order_by(Tenant.id)).all()
    starts = [MONDAY + timedelta(hours=1, days=int(i >= due)) for i in range(count)]
    session.execute(
        insert(Group),
        [
            {**alike, "tenant_id": tenant, "name": f"Group {i}", "starts_on": at.date(), "wake_at": at}
            for i, (tenant, at) in enumerate(zip(tenants, starts, strict=False))
        ],
    )


async def _step(app: App) -> int:
    """Look once at what is due, in this commit or in an older one, whose whole tick is one transaction."""
    step: Any = app.tick.step
    if inspect.iscoroutinefunction(step):
        return int(await step(app.database, app.clock.now()))
    return int(await app.database.run(lambda work: step(work, app.clock.now()), within_s=600))


async def measure(folder: Path, count: int, due: int) -> None:
    """Print the ticks' processor times."""
    async with world(folder) as living:
        app = living.app
        await app.database.run(lambda work: _groups(work, count, due), within_s=600)
        living.clock.move_to(MONDAY + timedelta(minutes=30))
        began = time.process_time()
        for _ in range(50):
            await _step(app)
        idle_s = (time.process_time() - began) / 50
        living.clock.move_to(MONDAY + timedelta(hours=1))
        blocks, ticks = [0.0], []
        watching = asyncio.create_task(_watch(blocks))
        looked = 1
        while looked:
            began = time.process_time()
            looked = await _step(app)
            ticks.append(time.process_time() - began)
        watching.cancel()
        each_s = sum(ticks) / due
        print(f"a tick with nothing due     {idle_s * 1000:8.1f} ms")
        print(
            f"{due} of {count} cohorts due  {sum(ticks):8.2f} s in {len(ticks) - 1} ticks, {each_s * 1000:.2f} ms each"
        )
        print(
            f"longest event-loop block    {max(blocks) * 1000:8.1f} ms; a cohort to an idle tick {each_s / idle_s:.2f}"
        )


async def _watch(blocks: list[float]) -> None:
    while True:
        began = time.perf_counter()
        await asyncio.sleep(0.005)
        blocks.append(time.perf_counter() - began - 0.005)


def main() -> None:
    """Measure in a folder of its own."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    due = int(sys.argv[2]) if len(sys.argv) > 2 else count
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(Path(folder), count, due))


if __name__ == "__main__":
    main()
