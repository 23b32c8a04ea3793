"""The composition root: the only place that wires services, platforms and the clock together."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

from bot import health
from bot.catalogue import FEATURES
from bot.chats import Wiring, mounts, open_chats, open_relays
from bot.core.clock import Clock, SystemClock
from bot.core.context import Place
from bot.core.dispatch import Dispatcher
from bot.core.errors import TryLater
from bot.core.picture import EMPTY, Gallery
from bot.core.platform import Inspector, Platform, Tell
from bot.core.registry import Registry
from bot.core.reply import Reply
from bot.core.sight import Lookout
from bot.dashboard.calendars import Calendars
from bot.dashboard.door import Door
from bot.dashboard.pages import PAGES
from bot.dashboard.reading import Desk
from bot.dashboard.routes import Routes as Dashboard
from bot.db import migrate, news, rooms
from bot.db.feed import SqlFeed
from bot.db.inbox import sweep
from bot.db.pace import sweep as sweep_paces
from bot.db.presence import CONNECTED, Presence
from bot.db.relay import Relay
from bot.db.work import Database, Work
from bot.desk import open_answering, open_desk
from bot.drawing.drawings import drawings, png
from bot.features.dashboard.address import Address
from bot.features.feature import Feature, Features, Sweep
from bot.features.qa.answer.answers import Answerer
from bot.features.qa.answering import Answering
from bot.features.qa.index.retrieval import Index
from bot.features.qa.own import OwnNotes
from bot.features.qa.questions import Retention
from bot.features.roadmap import drawn
from bot.features.roadmap.shelf import Shelf
from bot.features.roadmap.track import Library
from bot.features.schedule.service import Tick
from bot.features.setup.hello import greet, greeting
from bot.features.upkeep.forgotten import Forgotten
from bot.features.usage.meter import Meter
from bot.llm.standing import Standing
from bot.metrics import Metrics
from bot.notebook import Notebook, open_notebook
from bot.platforms.web.adapter import LocalPage
from bot.platforms.web.people import DemoControls, Person
from bot.privacy_page import privacy_page
from bot.pulse import Pulse
from bot.reloading import Reloading
from bot.roles import ALL
from bot.server.guard import is_loopback
from bot.server.health import health as health_page
from bot.server.http import Server
from bot.server.metrics import metrics as metrics_page
from bot.server.mount import Mount
from bot.server.pictures import pictures
from bot.settings import Settings
from bot.supply import Supplies

log = logging.getLogger(__name__)
LOCAL = "local"
Senses = tuple[Inspector, Lookout]
"""What looks at rooms, and what asks who sees them."""
INDEXING_LASTS, UPKEEP_LASTS = timedelta(minutes=1), timedelta(minutes=50)
JOB_S, CLOSE_S = 60.0, 1.0
"""Leases of what one process does; how long upkeep may take; what is left for the end."""
PEOPLE = (
    Person("mo", "Mo", True),
    Person("ada", "Ada", False),
    Person("ben", "Ben", False),
    Person("chloe", "Chloe", False),
    Person("dev", "Dev", False),
)


@dataclass
class App:
    """Everything that lives as long as the process; `build` makes one."""

    settings: Settings
    clock: Clock
    database: Database
    library: Shelf
    registry: Registry
    notebook: Notebook
    feed: SqlFeed
    server: Server
    platforms: dict[str, Platform]
    dispatcher: Dispatcher[Work]
    tick: Tick
    relays: dict[str, Relay]
    metrics: Metrics
    holds: Callable[[], bool] = lambda: True
    here: Callable[[], health.Here] = health.Here
    pulse: Pulse = field(default_factory=Pulse)
    gallery: Gallery = EMPTY
    sweeps: tuple[Sweep, ...] = (sweep,)
    own_notes: OwnNotes | None = None
    presence: Presence = field(default_factory=lambda: Presence(ALL))
    _is_told_to_reload: bool = False

    async def step(self) -> None:
        """Run the tick once and send all that can go out now."""
        await self.tick.step(self.database, self.clock.now())
        while sum(await asyncio.gather(*(relay.empty() for relay in self.relays.values()))):
            pass  # what one could not send may be told on another

    async def run_tick(self) -> None:
        """Look at what is due; a fault is logged and the next tick tries again."""
        began, has_failed = time.perf_counter(), True
        try:
            heard = await self.database.run(self.presence.hears, writes=False)
            chats = heard and heard - {LOCAL}
            await self.tick.step(self.database, self.clock.now(), self.pulse.heard(chats))
            self.pulse.beat(chats)
            has_failed = False
        except TryLater:
            return  # the database has logged it, once
        except Exception:
            log.exception("the tick failed; the next one tries again")
        finally:
            self.metrics.ticked(time.perf_counter() - began, has_failed=has_failed)

    async def run_relay(self, platform: str, goes_on: Callable[[], bool] = lambda: True) -> None:
        """Send what is due on a platform while more may be taken; a fault is logged, the next run tries again."""
        try:
            await self.relays[platform].flow(goes_on)
        except TryLater:
            return
        except Exception:
            log.exception("the relay to %s failed; the next run tries again", platform)

    async def run_indexing(self) -> None:
        """Embed the groups' own notes that wait for it; a fault is logged and the next run tries again."""
        try:
            if self.own_notes is not None:
                await self.own_notes.look(self._may_embed)
        except TryLater:
            return
        except Exception:
            log.exception("the groups' own notes were not embedded; the next run tries again")

    async def _may_embed(self) -> bool:
        return "worker" in self.settings.roles and await self._takes("own notes", INDEXING_LASTS)

    async def run_reloading(self) -> None:
        """Read the roadmaps again if somebody asks for it; a fault is logged, and whoever asked is not answered."""
        reloading = Reloading(self.settings, self.database, self.notebook)
        try:
            if self._is_told_to_reload:
                self._is_told_to_reload = False
                await reloading.reload()
            await reloading.look()
        except Exception:
            log.exception("the roadmaps were not read again; those that are there stay")

    def heard(self, topic: str) -> None:
        """Take notice of what another process has told, or may have."""
        page = self.platforms.get(LOCAL)
        if topic in (news.ROOM, news.MISSED) and isinstance(page, LocalPage):
            page.look_again()
        self._is_told_to_reload |= topic in (news.ROADMAPS, news.MISSED)

    async def run_presence(self, states: Mapping[str, str]) -> None:
        """Say to other processes what this one does; while that fails it is taken for dead, and others do its part."""
        try:
            await self.presence.beat(self.database, [name for name, state in states.items() if state in CONNECTED])
        except TryLater:
            return
        except Exception:
            log.exception("the other processes were not told that this one is there; the next run tries again")

    async def _takes(self, name: str, lasts: timedelta) -> bool:
        """Whether this process is the one to do what only one does at a time."""
        return await self.database.run(lambda work: self.presence.takes(work, name, lasts))

    async def run_upkeep(self) -> None:
        """Drop what has served its time."""
        try:
            if not await self._takes("upkeep", UPKEEP_LASTS):
                return
            await self.database.run(lambda work: [one(work, self.clock.now()) for one in self.sweeps], within_s=JOB_S)
        except TryLater:
            return
        except Exception:
            log.exception("upkeep failed; the next run tries again")

    async def mended(self, place: Place) -> None:
        """Have the rooms that are held back at a place be tried at once; most often there are none."""

        def look(work: Work) -> bool:
            return rooms.try_rooms(work, place, self.database.real_now())

        try:
            if await self.database.run(look, writes=False):
                await self.database.run(look)
        except Exception as error:  # noqa: BLE001  (tried later all the same)
            log.warning("a mended room was not noted (%s); it is tried later all the same", type(error).__name__)

    async def arrived(self, into: Place, read_in: Place, tell: Tell) -> None:
        """Say hello where the bot was let in, unless it is no news there."""
        await greet(self.database, into, read_in, self.clock.now(), tell)

    async def health(self, states: Mapping[str, str]) -> dict[str, Any]:
        """Return what /healthz says; "ok" is false when somebody should look."""
        now = self.clock.now()
        seen = await health.look(self.database, self.library, now)
        return health.Health(
            seen.fault, self.holds(), seen.beat, seen.age_s(self.pulse.age_s(), now), self.pulse.clock_set_s,
            dict(states), seen.lag_s, self.notebook.index.is_dense, self.here(),
            (*self.notebook.standing.mends, *seen.lacking(self.library)), seen.living,
        ).to_json()  # fmt: skip

    async def counts(self, states: Mapping[str, str]) -> bytes:
        """Return what /metrics says."""
        return await self.metrics.page(self.database, self.clock.now(), states, self.pulse.age_s())

    async def close(self, within_s: float = CLOSE_S) -> None:
        """End the threads; what was begun is finished, unless the database hangs."""
        await self.notebook.close()
        with suppress(Exception):  # who says nothing is taken for dead a little later
            await self.database.run(self.presence.leave, within_s=within_s)
        await asyncio.to_thread(self.database.close, within_s)


def through(platforms: Mapping[str, Platform]) -> Senses:
    """Return what looks through the platforms themselves."""
    return Inspector(platforms), Lookout(platforms)


def build(
    settings: Settings,
    features: Iterable[Feature] = FEATURES,
    *,
    states: Callable[[], Mapping[str, str]] = dict,
    holds: Callable[[], bool] = lambda: True,
    clock: Clock | None = None,
    notebook: Notebook | None = None,
    chats: Mapping[str, Platform] | None = None,
    senses: Callable[[Mapping[str, Platform]], Senses] = through,
    demo: DemoControls | None = None,
    people: Sequence[Person] = PEOPLE,
) -> App:
    """Create the data directory, migrate the database, load roadmap and notes, and wire everything.

    Args:
        features: what it can do, each after those that it builds on.
        states: the platforms' present states, for /healthz.
        holds: whether the lock on the database is ours, for /healthz.
        clock: another than the machine's, for the demo.
        notebook: the roadmaps and their notes, if they are read already.
        chats: the platforms beside the page, if not Discord and Slack where their tokens are set.
        senses: what looks at rooms and people, made of all platforms.
        demo: the page's controls of the movable clock.
    """
    notebook = notebook or open_notebook(settings)
    library, clock = notebook.library, clock or SystemClock()
    gallery, declared = Gallery({drawn.FIGURE: drawn.figures(library), **drawings()}, png), Features(features)
    database = _database(settings, forgotten := Forgotten.beside(settings.data_dir), declared)
    registry, feed, presence = declared.registry(), SqlFeed(database, clock), Presence(settings.roles)
    page = LocalPage(feed, clock=clock, greeting=_greeting(database), people=people, demo=demo)
    chats = open_chats(settings, Wiring(database, gallery, clock, presence, lambda: app)) if chats is None else chats
    platforms: dict[str, Platform] = {LOCAL: page, **chats}
    (inspector, lookout), metrics = senses(platforms), Metrics((one.name for one in registry), platforms)
    answering = open_answering(settings, database, notebook, registry, metrics)
    there: dict[Any, Any] = {
        Database: database, Library: library, Shelf: library, Registry: registry, Features: declared,
        Answerer: notebook.answerer, Inspector: inspector, Meter: answering.meter, OwnNotes: answering.notes,
        Index: notebook.index, Retention: answering.retention, Answering: answering, Forgotten: forgotten,
        Standing: notebook.standing, Address: Address(settings.public_url, lambda: _here(settings, app.server)),
    }  # fmt: skip
    supply = Supplies(there, declared.services)
    supply.check(registry)
    desk = open_desk(registry, database, supply, settings, clock, lookout, metrics)
    tick = Tick(library, declared.posts, watches_gaps=demo is None, count_every_s=60 if demo is None else 0)
    about = privacy_page(declared, settings, has_model=answering.meter.has_model)
    own = *_watched(settings, lambda: app, states), *_pages(settings, desk, page, gallery, about)
    relays = open_relays(database, library, platforms, clock, declared.checks, presence.id, metrics)
    app = App(
        settings, clock, database, library, registry, notebook, feed,
        Server(settings.host, settings.port, (*own, *mounts(settings, chats)), settings.public_name), platforms,
        desk.dispatcher, tick, relays, metrics, holds, gallery=gallery, presence=presence,
        sweeps=_sweeps(settings, answering.retention, declared), own_notes=answering.notes,
    )  # fmt: skip
    return app


def _sweeps(settings: Settings, retention: Retention, features: Features) -> tuple[Sweep, ...]:
    events = partial(sweep, kept=timedelta(days=settings.keep_event_days))
    return events, retention.sweep, sweep_paces, *features.sweeps


def _here(settings: Settings, server: Server) -> str | None:
    """Return where this machine reaches the server, None where it is others' as well."""
    return (server.url or f"http://{settings.host}:{settings.port}") if is_loopback(settings.host) else None


def _watched(settings: Settings, app: Callable[[], App], states: Callable[[], Mapping[str, str]]) -> tuple[Mount, ...]:
    """Return what every process shows to whatever watches over it."""
    token = settings.metrics_token.get_secret_value() if settings.metrics_token else None
    counts = metrics_page(lambda: app().counts(states()), settings.host, settings.public_name, token)
    return health_page(lambda: app().health(states())), counts


def _pages(settings: Settings, desk: Desk, page: LocalPage, gallery: Gallery, about: Mount) -> tuple[Mount, ...]:
    """Return what a process shows that has to show pages."""
    if "web" not in settings.roles:
        return ()
    door = Door(settings.host, settings.public_url, settings.trust_proxy)
    local = page.mount(desk.dispatcher.registry, desk.dispatcher)
    return local, pictures(gallery), about, Dashboard(desk, door, PAGES, gallery).mount, Calendars(desk, door).mount


def _greeting(database: Database) -> Callable[[], Awaitable[Reply | None]]:
    async def greet() -> Reply | None:
        return await database.run(lambda work: greeting(work, LOCAL, LOCAL), writes=False)

    return greet


def _database(settings: Settings, forgotten: Forgotten, features: Features) -> Database:
    migrate.upgrade(settings.url)
    database = Database(settings.url)
    database.start()
    forgotten.replay(database, features)
    return database
