"""What a page of the dashboard costs in a large group, late in its season.

python -m benchmarks.pages [MEMBERS] [WEEKS]

Milliseconds of the whole process, browser's side included: the first view, and the median of a few. A moderator looks.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from pathlib import Path

from sqlalchemy import update

from benchmarks.board import PATIENCE_S, REPEATS, grown
from bot.dashboard.pages import PAGES
from bot.features.ask.tables import Question
from bot.features.groups.tables import Occurrence
from bot.storage.unit_of_work import Work
from tests.dashboard.browsing import Browser, served
from tests.harness import World, world

ALSO = ("members?page=100&cohort=1", "members?q=77&cohort=1", "members?member=77&cohort=1", "board?q=77&cohort=1")
"""What else is asked for: a page far on, searches, one member."""
GAPS, OPENINGS = 400, ("how do I use", "what is", "why is there", "who explains")
"""Open questions of the group."""


async def seeded(living: World, members: int, weeks: int) -> None:
    """Bring a group to a late week, each of its closed units counted."""
    await grown(living, members, weeks)

    def count(work: Work) -> None:
        closed = update(Occurrence).where(Occurrence.settled_at.is_not(None))
        work.session.execute(closed.values(kept=members * 7 // 10, counted_for=members))

    def ask(work: Work) -> None:
        topics = [*(unit.title for unit in way.units), *(topic.title for topic in way.topics)]
        for n in range(GAPS):
            one, other = topics[n % len(topics)], topics[(7 * n + n // len(topics) + 1) % len(topics)]
            asked = f"{OPENINGS[n % len(OPENINGS)]} {one.lower()} when there is {other.lower()}?"
            work.session.add(
                Question(key=f"q{n}", group_id=1, account_id=None, asked=asked, coverage="near", at=living.clock.now())
            )

    way = living.app.library["genai-2026"].roadmap
    await living.app.database.run(count, within_s=PATIENCE_S)
    await living.app.database.run(ask, within_s=PATIENCE_S)


async def asked(browser: Browser, path: str) -> tuple[float, int]:
    """Return the milliseconds that a page takes, and its characters."""
    began = time.process_time()
    page = await browser.get(path)
    spent_ms = (time.process_time() - began) * 1000
    assert page.status == 200, f"{path}: {page.status} {page.text[:200]}"
    return spent_ms, len(page.html)


async def measure(folder: Path, members: int, weeks: int) -> None:
    """Print a line for each page that a moderator may see, the slowest last."""
    async with world(folder, TRAILMATE_PORT=0) as living:
        await seeded(living, members, weeks)
        await living.say("mo", "join")
        await living.tick()
        async with served(living) as site:
            browser, _ = await site.signed_in("mo")
            await living.app.notebook.read()  # as a process does at its start
            lines = []
            for path in [*(page.address(1) for page in PAGES), *(f"/dashboard/{one}" for one in ALSO)]:
                first, size = await asked(browser, path)
                spent = [(await asked(browser, path))[0] for _ in range(REPEATS)]
                lines.append((statistics.median(spent), first, path, size))
            for median, first, path, size in sorted(lines):
                print(f"{path:42} first {first:7.1f} ms, then {median:7.1f} ms, {size / 1024:6.1f} KiB")


def main() -> None:
    """Measure in a folder of its own."""
    members, weeks = [*map(int, sys.argv[1:]), *(10_000, 40)[len(sys.argv) - 1 :]]
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(Path(folder), members, weeks))


if __name__ == "__main__":
    main()
