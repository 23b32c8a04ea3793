"""Interval jobs that go on when the machine's clock is set: wall time only says when, monotonic time sees to it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.base.clock import Clock, SystemClock
from bot.commands.in_flight import InFlight
from bot.runtime.heartbeat import Heartbeat

Job = Callable[[], Awaitable[object]]
WATCH_S = 2.0
SET_S = 3.0
"""A jump of the wall clock against monotonic time from which it was set, not slewed."""
OVERDUE_S = 20.0
"""A job that is so much later than its interval, and is not running, is waiting for an hour that was taken back."""
log = logging.getLogger(__name__)


@dataclass
class _Interval:
    """A job, and when it last began, by monotonic time."""

    job: Job
    seconds: float
    began_at: float
    is_running: bool = False


class IntervalJobs:
    """Runs jobs at intervals, each one at a time; holds no state of ours.

    The scheduler waits for wall times. After the clock was set back they lie ahead by as much: `watch` sees that and
    has every job run at once, from where on the intervals count by the new time.

    Args:
        traffic: counts the jobs that are running, for an orderly end.
        pulse: told when the clock is found to have been set.
    """

    def __init__(self, traffic: InFlight, pulse: Heartbeat, clock: Clock | None = None) -> None:
        self._traffic, self._pulse, self._clock = traffic, pulse, clock or SystemClock()
        self._intervals: list[_Interval] = []
        self.is_paused = False
        self._offset = self._measure()
        self._scheduler = AsyncIOScheduler(
            timezone="UTC", job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1}
        )

    def add(self, job: Job, seconds: float, name: str) -> None:
        """Have a job run at an interval, the first time after one."""
        interval = _Interval(job, seconds, self._pulse.monotonic())
        self._intervals.append(interval)
        self._scheduler.add_job(self._run, "interval", args=(interval,), name=name, seconds=seconds)

    def start(self) -> None:
        """Begin."""
        self._scheduler.start()

    def pause(self) -> None:
        """Begin no job any more; what runs goes on."""
        self.is_paused = True
        self._scheduler.pause()

    def stop(self) -> None:
        """End; what still runs is cancelled."""
        self._scheduler.shutdown(wait=False)

    async def watch(self) -> None:
        """Look after the clock until cancelled."""
        while True:
            await asyncio.sleep(WATCH_S)
            self.look()

    def look(self) -> None:
        """Have the jobs run now if the clock was set, or if one is overdue for whatever reason."""
        offset, self._offset = self._offset, self._measure()
        shift = self._offset - offset
        if abs(shift) >= SET_S:
            self._pulse.clock_set_s = round(shift, 1)
            log.warning("the machine's clock was set %s by %.0f s", "back" if shift < 0 else "ahead", abs(shift))
            self._run_all()
        elif self._is_any_overdue():
            log.warning("the schedule was waiting for longer than it should and is set going again")
            self._run_all()

    def _measure(self) -> float:
        return self._clock.now().timestamp() - self._pulse.monotonic()

    def _is_any_overdue(self) -> bool:
        now = self._pulse.monotonic()
        return any(not i.is_running and now - i.began_at > i.seconds + OVERDUE_S for i in self._intervals)

    def _run_all(self) -> None:
        for job in self._scheduler.get_jobs():
            job.modify(next_run_time=self._clock.now())

    async def _run(self, interval: _Interval) -> None:
        interval.began_at, interval.is_running = self._pulse.monotonic(), True
        try:
            with self._traffic.counted():
                await interval.job()
        finally:
            interval.is_running = False
