"""The app: everything that lives as long as the process, and its periodic jobs."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from bot import platforms as platform_entries
from bot.base.clock import Clock
from bot.chat.platform import Listener, Platform, Tell
from bot.cluster import pg_notify
from bot.cluster.process_registry import CONNECTED, ProcessRegistry, differing, list_living
from bot.commands.context import Place
from bot.commands.dispatcher import Dispatcher
from bot.commands.registry import Registry
from bot.curriculum.shelf import CourseShelf
from bot.delivery import suspended_channels
from bot.delivery.local_feed import SqlFeed
from bot.delivery.processed_events import sweep
from bot.delivery.relay import Relay
from bot.features.ask import interrupted_answers
from bot.features.ask.group_notes_index import OwnNotes
from bot.features.course_drafts.worker import DraftWorker
from bot.features.feature import Sweep
from bot.features.schedule.service import Tick
from bot.features.setup.greeting import greet
from bot.messages.errors import TryLater
from bot.messages.picture import EMPTY, Gallery
from bot.platforms.web.adapter import LocalPage
from bot.runtime import health
from bot.runtime.answer_engine import AnswerEngine
from bot.runtime.heartbeat import Heartbeat
from bot.runtime.metrics import Metrics
from bot.runtime.reload import Reloading
from bot.runtime.settings import ALL_ROLES, Settings
from bot.server.http import Server
from bot.storage.unit_of_work import Database, Work

log = logging.getLogger(__name__)
LOCAL = platform_entries.LOCAL.name
INDEXING_LASTS, UPKEEP_LASTS, MENDING_LASTS = timedelta(minutes=1), timedelta(minutes=50), timedelta(seconds=5)
JOB_S, CLOSE_S = 60.0, 1.0
"""Leases of exclusive jobs; the time-out of upkeep; the time-out of closing."""


@dataclass
class App:
    """Everything that lives as long as the process; made by `composition.build`."""

    settings: Settings
    clock: Clock
    database: Database
    library: CourseShelf
    registry: Registry
    notebook: AnswerEngine
    feed: SqlFeed
    server: Server
    platforms: dict[str, Platform]
    dispatcher: Dispatcher[Work]
    tick: Tick
    relays: dict[str, Relay]
    metrics: Metrics
    holds: Callable[[], bool] = lambda: True
    here: Callable[[], health.Here] = health.Here
    pulse: Heartbeat = field(default_factory=Heartbeat)
    gallery: Gallery = EMPTY
    sweeps: tuple[Sweep, ...] = (sweep,)
    own_notes: OwnNotes | None = None
    drafting: DraftWorker | None = None
    presence: ProcessRegistry = field(default_factory=lambda: ProcessRegistry(ALL_ROLES))
    _is_told_to_reload: bool = False

    async def step(self) -> None:
        """Run the tick once and send everything that is due."""
        await self.tick.step(self.database, self.clock.now())
        while sum(await asyncio.gather(*(relay.empty() for relay in self.relays.values()))):
            pass  # what one could not send may be told on another

    async def run_tick(self) -> None:
        """Run the schedule once; errors are logged, and the next tick retries."""
        began, has_failed = time.perf_counter(), True
        try:
            heard = await self.database.run(self.presence.hears, writes=False)
            chats = heard and heard - {LOCAL}
            self.pulse.missed(self.platforms.keys() - {LOCAL} - (heard or frozenset()))
            await self.tick.step(self.database, self.clock.now(), self.pulse.measure_silence(chats))
            self.pulse.beat(chats)
            has_failed = False
        except TryLater:
            return  # the database has logged it, once
        except Exception:
            log.exception("the tick failed; the next one tries again")
        finally:
            self.metrics.ticked(time.perf_counter() - began, has_failed=has_failed)

    async def run_relay(self, platform: str, goes_on: Callable[[], bool] = lambda: True) -> None:
        """Send due messages of a platform; errors are logged, and the next run retries."""
        try:
            await self.relays[platform].flow(goes_on)
        except TryLater:
            return
        except Exception:
            log.exception("the relay to %s failed; the next run tries again", platform)

    async def run_indexing(self) -> None:
        """Embed waiting notes of groups; errors are logged, and the next run retries."""
        try:
            if self.own_notes is not None:
                await self.own_notes.look(self._may_embed)
        except TryLater:
            return
        except Exception:
            log.exception("the groups' own notes were not embedded; the next run tries again")

    async def _may_embed(self) -> bool:
        return "worker" in self.settings.roles and await self._takes("own notes", INDEXING_LASTS)

    async def run_drafting(self) -> None:
        """Draft courses that were started; errors are logged, and the next run retries."""
        try:
            if self.drafting is not None:
                await self.drafting.run()
        except Exception:
            log.exception("a course was not drafted; the next run tries again")

    async def run_reloading(self) -> None:
        """Reload the courses if requested; errors are logged, and the request gets no answer."""
        reloading = Reloading(self.settings, self.database, self.notebook)
        try:
            if self._is_told_to_reload:
                self._is_told_to_reload = False
                await reloading.reload()
            await reloading.look()
        except Exception:
            log.exception("the roadmaps were not read again; those that are there stay")

    def handle_notification(self, topic: str) -> None:
        """Handle a notification from another process."""
        page = self.platforms.get(LOCAL)
        if topic in (pg_notify.ROOM, pg_notify.MISSED) and isinstance(page, LocalPage):
            page.look_again()
        self._is_told_to_reload |= topic in (pg_notify.ROADMAPS, pg_notify.MISSED)

    async def run_presence(self, states: Mapping[str, str]) -> None:
        """Store this process's heartbeat; while that fails, other processes take over its work."""
        try:
            await self.presence.beat(self.database, [name for name, state in states.items() if state in CONNECTED])
        except TryLater:
            return
        except Exception:
            log.exception("the other processes were not told that this one is there; the next run tries again")

    async def compare(self) -> None:
        """Log once which settings differ from those of other live processes."""
        with suppress(TryLater):
            if names := differing(await self.database.run(list_living, writes=False)):
                log.warning("%s `trailmate doctor` says which.", health.DIFFERENT.format(", ".join(names)))

    async def _takes(self, name: str, lasts: timedelta) -> bool:
        """Take or renew the lease of an exclusive job; False if another process has it."""
        return await self.database.run(lambda work: self.presence.takes(work, name, lasts))

    async def run_mending(self) -> None:
        """Correct answers that a dead process left unfinished; errors are logged, and the next run retries."""

        def fix(work: Work) -> int:
            living = {self.presence.id, *(process.id for process in list_living(work))}
            return interrupted_answers.fix(work, living, self.clock.now())

        try:
            underway = await self.database.run(interrupted_answers.is_any_underway, writes=False)
            if underway and await self._takes("answers", MENDING_LASTS):
                await self.database.run(fix)
        except TryLater:
            return
        except Exception:
            log.exception("answers that were broken off were not mended; the next run tries again")

    async def run_upkeep(self) -> None:
        """Delete expired data."""
        try:
            if not await self._takes("upkeep", UPKEEP_LASTS):
                return
            await self.database.run(
                lambda work: [sweep(work, self.clock.now()) for sweep in self.sweeps], within_s=JOB_S
            )
        except TryLater:
            return
        except Exception:
            log.exception("upkeep failed; the next run tries again")

    async def run_log(self) -> None:
        """Truncate the database's write-ahead log, which may contain deleted text."""
        try:
            await self.database.empty_log()
        except TryLater:
            return
        except Exception:
            log.exception("the write-ahead log was not emptied; the next run tries again")

    async def report_usable(self, place: Place) -> None:
        """Retry parked rooms at a place now."""

        def look(work: Work) -> bool:
            return suspended_channels.try_rooms(work, place, self.database.real_now())

        try:
            if await self.database.run(look, writes=False):
                await self.database.run(look)
        except Exception as error:  # noqa: BLE001  (tried later all the same)
            log.warning("a mended room was not noted (%s); it is tried later all the same", type(error).__name__)

    async def arrived(self, into: Place, read_in: Place, tell: Tell) -> None:
        """Introduce the bot where it was added, unless it did before."""
        await greet(self.database, into, read_in, self.clock.now(), tell)

    async def health(self, states: Mapping[str, str]) -> dict[str, Any]:
        """Return the JSON of /healthz; "ok" is false if somebody should look."""
        now = self.clock.now()
        seen = await health.look(self.database, self.library, now)
        state = health.Health(
            seen.fault,
            self.holds(),
            seen.beat,
            seen.age_s(self.pulse.age_s(), now),
            self.pulse.clock_set_s,
            dict(states),
            seen.lag_s,
            self.notebook.search,
            self.here(),
            (*self.notebook.standing.fixes, *seen.lacking(self.library)),
            seen.living,
            last_event_s={
                name: age
                for name, platform in self.platforms.items()
                if isinstance(platform, Listener) and (age := platform.last_event_s()) is not None
            },
        )
        return replace(state, in_passing=state.unheard - self.pulse.missed(state.unheard)).to_json()

    async def counts(self, states: Mapping[str, str]) -> bytes:
        """Return the page of /metrics."""
        return await self.metrics.page(self.database, self.clock.now(), states, self.pulse.age_s())

    async def close(self, within_s: float = CLOSE_S) -> None:
        """Finish running work and stop the threads, unless the database hangs."""
        await self.notebook.close()
        with suppress(Exception):  # who says nothing is taken for dead a little later
            await self.database.run(self.presence.leave, within_s=within_s)
        await asyncio.to_thread(self.database.close, within_s)
