"""The machine's clock: set ahead and back under a running bot, and the hours that a zone skips or has twice."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from tests.harness import world
from tests.reliability.drills.bot import Bot
from tests.reliability.drills.frame import NotHere, Scene, drill, expect
from tests.reliability.drills.page import Page

LIBRARIES = (
    "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1",
    "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1",
)
HOUR_S = 3600
POST = "key LIKE 'c%:post' AND action = 'post'"
SKIPPED, TWICE = datetime(2027, 3, 28, 1, 30, tzinfo=UTC), datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
"""When it is 02:30 in Berlin, or would be, on the days on which the clock there goes ahead and back an hour."""


@dataclass
class Clock:
    """The wall clock of processes; what they measure with is left alone, as it is where somebody sets a clock."""

    file: Path

    @property
    def settings(self) -> dict[str, str]:
        """What a process is told to go by it; raises NotHere where there is no such library."""
        found = next((library for library in LIBRARIES if Path(library).exists()), None)
        if found is None:
            raise NotHere("no libfaketime")
        return {
            "LD_PRELOAD": found,
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }

    def set(self, ahead_s: float) -> None:
        """Have it be ahead of the true one by so much, at once."""
        written = self.file.with_suffix(".new")
        written.write_text(f"{ahead_s:+.0f}\n")
        written.replace(self.file)

    def set_to(self, at: datetime) -> None:
        """Have it show an instant."""
        self.set((at - datetime.now(UTC)).total_seconds())


def _has_noticed(bot: Bot, times: int) -> bool:
    return bot.log_so_far.count("clock was set") >= times


async def _ticks(bot: Bot) -> bool:
    told = (await bot.health())["scheduler"]
    return bool(told["ok"]) and told["last_tick_s"] < 10


async def _goes_on(s: Scene, bot: Bot, page: Page, line: str, awaited: str) -> None:
    """Assert that somebody is answered, if it is busy the next time, and that the schedule looks."""
    async with asyncio.timeout(60):
        while "busy at the moment, so I haven't changed anything" in (told := await page.say("ada", line)):
            await asyncio.sleep(1)
    expect(told, awaited)
    await s.until(lambda: _ticks(bot), 60, "the schedule looks")


def _until_it_opens(s: Scene) -> int:
    """Return the seconds until the group's first unit is due, fewer than none: the beginning may be minutes old."""
    opens_at = datetime.fromisoformat(str(s.rows("SELECT wake_at FROM study_group")[0][0]))
    due = opens_at.replace(tzinfo=UTC) if opens_at.tzinfo is None else opens_at
    return int((due - datetime.now(UTC)).total_seconds())


@drill(
    does="The running bot's clock is set two hours ahead, past a unit's time, then an hour back, and ahead again",
    sees="The unit's post is there once and says that it is late. Each line is answered, by either clock",
    holds="The unit opened once, its row `sent`; each check-in once; no outage",
)
async def clock_is_set(s: Scene) -> None:
    await s.live(is_due=True)
    clock = Clock(s.folder / "clock")
    clock.set(_until_it_opens(s) - 180)
    bot = s.bot(**clock.settings)
    await bot.begin()
    page = await s.page(bot)
    await _goes_on(s, bot, page, "help", "checkin")
    assert s.count("opened_unit") == 0
    for n, ahead_s in enumerate((0, -HOUR_S, -60, HOUR_S, 30), 1):  # a warning that says the same is folded
        clock.set(ahead_s)
        await s.until(partial(_has_noticed, bot, n), 60, "it was noticed")
        if n == 1:
            await s.until(lambda: s.count("outbox", f"{POST} AND state = 'sent'") == 1, 60, "the unit is out")
        await _goes_on(s, bot, page, f"checkin {n}0 by clock {n}", f"{n}0 min")
    expect(await page.room(), "Late: this was due")
    assert s.count("checkin") == 5 and s.count("outage") == 0
    assert (s.count("opened_unit"), s.count("outbox", POST)) == (1, 1)


async def _at_a_turn(s: Scene, due: datetime) -> None:
    """Have the first unit of a group in Berlin be due at an instant, and assert that it comes then and once."""

    async def lived() -> None:
        folder = s.folder / "lived"
        folder.mkdir()
        extra = f'start={due:%Y-%m-%d} rhythm="Sun 02:30 - Fri 21:00"'
        async with world(folder, at=due - timedelta(days=3), TRAILMATE_DATABASE_URL=s.url) as w:
            await w.start("Europe/Berlin", extra=extra)
            await w.say("ada", "join")
            await w.to(due - timedelta(minutes=20))

    await asyncio.to_thread(s.beginnings.alone, lived)
    clock = Clock(s.folder / "clock")
    clock.set_to(due - timedelta(minutes=18))
    bot = s.bot(**clock.settings)
    await bot.begin()
    page = await s.page(bot)
    await _goes_on(s, bot, page, "help", "checkin")
    assert s.count("opened_unit") == 0
    clock.set_to(due - timedelta(seconds=15))
    await asyncio.sleep(8)
    assert s.count("opened_unit") == 0, "not before its time"
    await s.until(lambda: s.count("outbox", f"{POST} AND state = 'sent'") == 1, 60, "the unit is out")
    for minutes in (30, 59, 61, 90):
        clock.set_to(due + timedelta(minutes=minutes))
        await s.until(lambda: _ticks(bot), 60, "the schedule looks")
        await asyncio.sleep(6)
    await _goes_on(s, bot, page, "checkin 30 read", "30 min")
    assert "Late" not in await page.room()
    assert (s.count("opened_unit"), s.count("outbox", POST), s.count("outage")) == (1, 1, 0)


@drill(
    does="A unit is due at 02:30 in Berlin on the Sunday that skips this hour. Then 90 minutes pass",
    sees="Its post is there once, at 03:30, and isn't late",
    holds="The unit opened once; its row `sent`; no outage",
)
async def hour_is_skipped(s: Scene) -> None:
    await _at_a_turn(s, SKIPPED)


@drill(
    does="A unit is due at 02:30 in Berlin on the Sunday that has this hour twice. Then 90 minutes pass",
    sees="Its post is there once, at the first 02:30, and isn't late",
    holds="The unit opened once; its row `sent`; no outage",
)
async def hour_comes_twice(s: Scene) -> None:
    await _at_a_turn(s, TWICE)
