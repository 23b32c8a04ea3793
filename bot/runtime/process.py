"""The long-running process: scheduler, supervisors, signals, and an orderly end."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import gc
import logging
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.base.clock import Clock, SystemClock
from bot.base.rate_limiter import loop_time
from bot.cluster.pg_notify import NotificationListener
from bot.cluster.process_registry import BEAT_S
from bot.commands.in_flight import InFlight
from bot.maintenance import migrate
from bot.messages.characters import clean
from bot.runtime import console
from bot.runtime.app import App
from bot.runtime.composition import build
from bot.runtime.health import Here
from bot.runtime.heartbeat import Heartbeat
from bot.runtime.platform_factory import part
from bot.runtime.settings import Settings, misspelt
from bot.runtime.supervisor import Supervisor
from bot.server.guard import is_loopback
from bot.storage.engine import is_sqlite
from bot.storage.lock import Lock, Watch

Job = Callable[[], Awaitable[object]]
WATCH_S = 2.0
SET_S = 3.0
"""A jump of the wall clock against monotonic time from which it was set, not slewed."""
OVERDUE_S = 20.0
"""A job that is so much later than its interval, and is not running, is waiting for an hour that was taken back."""


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


log = logging.getLogger(__name__)
TICK_S, RELAY_S, UPKEEP_S, LOCK_S, INDEXING_S, RELOADING_S, MENDING_S, LOG_S, DRAFTING_S = 5, 1, 3600, 2, 2, 2, 5, 10, 3
PART_S, DRAIN_S, CLOSE_S = 4.0, 6.5, 1.5
INDEX_AGAIN_S, INDEX_LONGEST_S = 5.0, 300.0
SWITCH_S = 0.001
"""How long a thread that computes may keep the interpreter from the loop; the default makes answers wait in a crowd."""

GARBAGE = (10_000, 10, 10)
"""How often garbage is looked for while it runs; what lasts is not looked at again."""


async def serve(settings: Settings) -> int:
    """Run the bot until it is told to stop; return the exit code."""
    supervisors: dict[str, Supervisor] = {}
    sys.setswitchinterval(SWITCH_S)
    for warning in misspelt(settings):
        log.warning("%s", warning)
    await asyncio.to_thread(migrate.wait_for, settings.url)
    with Lock(settings.url) as lock:
        watch = Watch(lock)
        app = await asyncio.to_thread(
            build, settings, states=lambda: {n: s.state for n, s in supervisors.items()}, holds=lambda: watch.is_held
        )
        try:
            return await run(app, supervisors, watch)
        finally:
            await app.close()
            gc.freeze()  # what is left goes with the process: nobody needs to look through it for garbage once more


async def run(
    app: App,
    supervisors: dict[str, Supervisor],
    watch: Watch | None = None,
    indexing: asyncio.Task[None] | None = None,
) -> int:
    """Run a built app's server, platforms and scheduler until it is told to stop; return the exit code.

    Args:
        watch: of the lock on the database; without the lock nothing is scheduled or sent. People are answered all the
            same: each answer is one transaction, and its unique keys hold between two processes as well.
        indexing: the building of the notes' index, if it has begun.
    """
    last()
    for name, platform in app.platforms.items():
        serve = platform.run if "gateway" in app.settings.roles else platform.reach
        supervisors[name] = Supervisor(name, partial(serve, app.registry, app.dispatcher))
    server = Supervisor("server", app.server.run)
    stop = _stop_event()
    for left_out in app.library.refused:
        log.error(
            "the roadmap %s is left out, the others are there: %s", clean(left_out.id), left_out.describe_faults()
        )
    if not app.library:
        log.error("no roadmap is installed: no group can be started, and no question answered")
    if "worker" in app.settings.roles:
        await app.run_tick()
    jobs = InFlight()

    async def presence() -> None:
        await app.run_presence({name: supervisor.state for name, supervisor in supervisors.items()})

    await presence()
    await app.compare()
    clockwork = _start_jobs(app, jobs, watch, presence)
    app.here = partial(_describe_process, app, supervisors)
    tasks = [asyncio.create_task(s.run(), name=s.name) for s in (server, *supervisors.values())]
    tasks.append(asyncio.create_task(clockwork.watch(), name="clockwork"))
    tasks.append(asyncio.create_task(_announce_address(app), name="address"))
    if not is_sqlite(app.database.url):
        tasks.append(
            asyncio.create_task(NotificationListener(app.database, app.handle_notification).listen(), name="news")
        )
    tasks.append(indexing or asyncio.create_task(build_index(app), name="index"))
    refused = asyncio.create_task(server.refused.wait())
    stopped = asyncio.create_task(stop.wait())
    await asyncio.wait({refused, stopped}, return_when=asyncio.FIRST_COMPLETED)
    for waiting in (refused, stopped):
        waiting.cancel()
    if server.refused.is_set():
        print(server.refusal, file=sys.stderr)
    await _end(app, clockwork, jobs, tasks)
    return 1 if server.refused.is_set() else 0


def _describe_process(app: App, supervisors: Mapping[str, Supervisor]) -> Here:
    connected = frozenset(name for name, supervisor in supervisors.items() if supervisor.was_ready)
    refusals = tuple(supervisor.refusal for supervisor in supervisors.values() if supervisor.refusal)
    return Here(app.presence.id, app.settings.roles, connected, refusals, app.database.ahead.total_seconds())


def _stop_event() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, stop.set)
    return stop


def _start_jobs(app: App, jobs: InFlight, watch: Watch | None, presence: Job) -> IntervalJobs:
    """Start the interval jobs and return them; without the database lock they do nothing."""
    clockwork = IntervalJobs(jobs, app.pulse)

    def is_held() -> bool:
        return watch is None or watch.is_held

    def held(job: Job) -> Job:
        async def run() -> None:
            if is_held():
                await job()

        return run

    if "worker" in app.settings.roles:
        clockwork.add(held(app.run_tick), TICK_S, "tick")
        for platform in app.relays:
            relay = partial(app.run_relay, platform, lambda: is_held() and not clockwork.is_paused)
            clockwork.add(held(relay), RELAY_S, f"relay to {platform}")
        clockwork.add(held(app.run_mending), MENDING_S, "answers")
        clockwork.add(held(app.run_upkeep), UPKEEP_S, "upkeep")
        clockwork.add(held(app.run_drafting), DRAFTING_S, "drafts of courses")
    clockwork.add(held(app.run_indexing), INDEXING_S, "own notes")
    clockwork.add(app.run_reloading, RELOADING_S, "roadmaps")
    clockwork.add(held(app.run_log), LOG_S, "write-ahead log")
    clockwork.add(presence, BEAT_S, "presence")
    if watch is not None:
        clockwork.add(watch.look, LOCK_S, "lock")
    clockwork.start()
    return clockwork


async def _announce_address(app: App) -> None:
    while app.server.url is None:  # noqa: ASYNC110  (an address, not an event; it takes a few milliseconds, once)
        await asyncio.sleep(0.02)
    where = "" if is_loopback(app.settings.host) else " (no local page, as other machines can reach this address)"
    console.tell(f"Trailmate is at {app.server.url}{where}")


async def build_index(app: App) -> None:
    """Read the notes in the background, again and again until it is done; until then answers come from words alone."""
    wait_s = INDEX_AGAIN_S
    while True:
        try:
            with console.progress("Indexing notes", "texts") as progress:
                count = await app.notebook.read(progress)
        except Exception:
            log.exception("the note index has no vectors: answers come from words alone; next try in %.0f s", wait_s)
        else:
            if app.notebook.search == "ready":
                log.info("the note index is ready; %d texts were new", count)
            else:
                log.info("the note index is ready, by words only")
            settle()
            return
        await asyncio.sleep(wait_s)
        wait_s = min(wait_s * 2, INDEX_LONGEST_S)


def last() -> None:
    """Take what is there by now for lasting, so that looking for garbage costs what came since and no answer waits.

    What a start leaves behind stays as well: two thousand values, which to look for took a fifth of a second.
    """
    gc.freeze()
    gc.set_threshold(*GARBAGE)
    gc.enable()


def settle() -> None:
    """Do the same when the index is there, and give back what was needed to make it."""
    gc.collect()
    last()
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):  # glibc alone has it
            ctypes.CDLL(None).malloc_trim(0)


async def _end(app: App, clockwork: IntervalJobs, jobs: InFlight, tasks: list[asyncio.Task[None]]) -> None:
    """Finish the Calls in flight, then disconnect the platforms; takes at most ten seconds."""
    log.info("stopping")
    clockwork.pause()  # a shutdown would cancel what runs, a delivery in its middle among it
    drained_by = loop_time() + DRAIN_S
    await part(app.platforms.values(), PART_S)
    rest_s = drained_by - loop_time()
    are_answered, _ = await asyncio.gather(app.dispatcher.drain(rest_s), jobs.drain(rest_s))
    if not are_answered:
        log.warning("some answers were not finished in %.1f s", rest_s)
    clockwork.stop()
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks, timeout=CLOSE_S)
