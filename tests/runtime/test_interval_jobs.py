"""The schedule goes on when the machine's clock is set, and health says so."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.base.clock import SystemClock
from bot.commands.in_flight import InFlight
from bot.features.schedule.outage_detection import Heard
from bot.runtime import process
from bot.runtime.heartbeat import Heartbeat
from bot.runtime.process import IntervalJobs


class WallClock(SystemClock):
    """The machine's clock as somebody sets it."""

    def __init__(self) -> None:
        self.shift = timedelta()

    def now(self) -> datetime:
        return super().now() + self.shift


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> WallClock:
    """A clock that the scheduler waits by, too."""
    clock = WallClock()

    class Shifted(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return clock.now().astimezone(tz)

    monkeypatch.setattr("apscheduler.schedulers.base.datetime", Shifted)
    monkeypatch.setattr("apscheduler.triggers.interval.datetime", Shifted)
    monkeypatch.setattr("apscheduler.executors.base.datetime", Shifted)
    monkeypatch.setattr(process, "WATCH_S", 0.05)
    return clock


@asynccontextmanager
async def running(wall: WallClock, pulse: Heartbeat, count: list[int]) -> AsyncIterator[IntervalJobs]:
    async def job() -> None:
        count[0] += 1

    made = IntervalJobs(InFlight(), pulse, wall)
    made.add(job, 0.1, "job")
    made.start()
    watching = asyncio.create_task(made.watch())
    try:
        yield made
    finally:
        watching.cancel()
        made.stop()


async def until(count: list[int], more: int) -> None:
    wanted = count[0] + more
    async with asyncio.timeout(3):
        while count[0] < wanted:
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("hours", [-1, 1])
async def test_a_clock_that_is_set_stops_no_job(wall: WallClock, hours: int, caplog: pytest.LogCaptureFixture) -> None:
    pulse, count = Heartbeat(), [0]
    async with running(wall, pulse, count):
        await until(count, 2)
        wall.shift = timedelta(hours=hours)
        await until(count, 4)
    assert pulse.clock_set_s == pytest.approx(hours * 3600, abs=1)
    [said] = [r.getMessage() for r in caplog.records if r.name == "bot.runtime.process"]
    assert ("back" if hours < 0 else "ahead") in said and "3600 s" in said


async def test_a_job_that_waits_for_whatever_reason_is_set_going_again(
    wall: WallClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "OVERDUE_S", 0.3)
    count = [0]
    async with running(wall, Heartbeat(), count) as made:
        await until(count, 1)
        for job in made._scheduler.get_jobs():
            job.modify(next_run_time=wall.now() + timedelta(hours=1))
        await until(count, 2)


async def test_a_job_that_takes_long_is_not_begun_a_second_time(
    wall: WallClock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR, "apscheduler")
    monkeypatch.setattr(process, "OVERDUE_S", 0.05)
    began, gate = [0], asyncio.Event()

    async def slow() -> None:
        began[0] += 1
        await gate.wait()

    made = IntervalJobs(InFlight(), Heartbeat(), wall)
    made.add(slow, 0.05, "slow")
    made.start()
    watching = asyncio.create_task(made.watch())
    await asyncio.sleep(0.5)
    assert began == [1]
    gate.set()
    watching.cancel()
    made.stop()


async def test_the_age_of_the_pulse_is_by_a_clock_that_nobody_sets() -> None:
    now = [100.0]
    pulse = Heartbeat(lambda: now[0])
    assert pulse.age_s() is None
    pulse.beat()
    now[0] += 7
    assert pulse.age_s() == 7


async def test_who_is_heard_is_told_with_how_long_ago_it_was_so_by_a_clock_that_nobody_sets() -> None:
    now = [100.0]
    pulse = Heartbeat(lambda: now[0])
    assert pulse.measure_silence(None) is None
    assert pulse.measure_silence(["slack"]) == Heard(None, {"slack": None})
    pulse.beat(["slack"])
    now[0] += 7
    pulse.beat([])
    now[0] += 3
    pulse.beat(None)
    assert pulse.measure_silence(["slack", "discord"]) == Heard(3.0, {"slack": 10.0, "discord": None})
    assert pulse.age_s() == 0
