"""The composition root: the only place that wires services, platforms and the clock together.

The page on privacy that whoever runs the bot can link to: what the features declare, for anybody.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from markupsafe import Markup

from bot.answers.compose.answers import Answerer
from bot.answers.index.retrieval import Index
from bot.base.clock import Clock, SystemClock
from bot.chat.platform import Inspector, Platform
from bot.cluster.process_registry import ProcessRegistry
from bot.cluster.shared_rate_limits import sweep as sweep_paces
from bot.commands.registry import Registry
from bot.commands.room_access import AccessChecker
from bot.curriculum import note_figures
from bot.curriculum.shelf import CourseShelf
from bot.curriculum.track import Library
from bot.dashboard.auth import Door
from bot.dashboard.calendars import Calendars
from bot.dashboard.page_services import PageServices
from bot.dashboard.pages import PAGES
from bot.dashboard.routes import DashboardRoutes as Dashboard
from bot.delivery.local_feed import SqlFeed
from bot.delivery.processed_events import sweep
from bot.drawing.drawings import drawings, png
from bot.features.ask.answering import Answering
from bot.features.ask.group_notes_index import OwnNotes
from bot.features.ask.question_log import Retention
from bot.features.dashboard_access.service import DASHBOARD_PATH as DASHBOARD
from bot.features.dashboard_access.service import Address
from bot.features.feature import Feature, Features, Sweep
from bot.features.privacy.commands import STATEMENT_PATH, STATEMENT_TITLE, Spans, render_statement
from bot.features.privacy.forget import Forgotten
from bot.features.schedule.service import Tick
from bot.features.setup.hello import greeting
from bot.features.token_budget.service import Meter
from bot.html.render import block, render_document
from bot.llm.service_status import ServiceStatus
from bot.maintenance import migrate
from bot.messages.picture import Gallery
from bot.messages.reply import Reply
from bot.platforms.web.adapter import LocalPage
from bot.platforms.web.people import DemoControls, PagePerson
from bot.runtime import config_fingerprint
from bot.runtime.answer_engine import AnswerEngine, open_notebook
from bot.runtime.app import LOCAL, App
from bot.runtime.catalogue import FEATURES
from bot.runtime.dispatcher_factory import open_answering, open_desk
from bot.runtime.metrics import Metrics
from bot.runtime.platform_factory import Wiring, mounts, open_chats, open_relays
from bot.runtime.provider import ServiceProvider
from bot.runtime.settings import Settings
from bot.server.guard import is_loopback
from bot.server.health import health as health_page
from bot.server.health import metrics as metrics_page
from bot.server.http import Server
from bot.server.mount import Mount, mount_document, mount_pictures
from bot.storage.unit_of_work import Database

STYLES = tuple(f"{DASHBOARD}/static/{name}.css" for name in ("base", "message"))


def privacy_page(features: Features, settings: Settings, *, has_model: bool) -> Mount:
    """Return what answers with the page."""
    spans = Spans(settings.question_days, settings.keep_conversation_minutes, settings.keep_event_days)
    page = render_statement(features, spans, has_model=has_model)
    body = Markup().join(block(content) for content in page.blocks)
    return mount_document(STATEMENT_PATH, render_document(STATEMENT_TITLE, body, STYLES))


Senses = tuple[Inspector, AccessChecker]

"""What looks at rooms, and what asks who sees them."""

PEOPLE = (
    PagePerson("mo", "Mo", True),
    PagePerson("ada", "Ada", False),
    PagePerson("ben", "Ben", False),
    PagePerson("chloe", "Chloe", False),
    PagePerson("dev", "Dev", False),
)


def through(platforms: Mapping[str, Platform]) -> Senses:
    """Return what looks through the platforms themselves."""
    return Inspector(platforms), AccessChecker(platforms)


def build(
    settings: Settings,
    features: Iterable[Feature] = FEATURES,
    *,
    states: Callable[[], Mapping[str, str]] = dict,
    holds: Callable[[], bool] = lambda: True,
    clock: Clock | None = None,
    notebook: AnswerEngine | None = None,
    chats: Mapping[str, Platform] | None = None,
    senses: Callable[[Mapping[str, Platform]], Senses] = through,
    demo: DemoControls | None = None,
    people: Sequence[PagePerson] = PEOPLE,
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
    gallery, declared = (
        Gallery({note_figures.FIGURE: note_figures.figures(library), **drawings()}, png),
        Features(features),
    )
    database = _open_database(settings, forgotten := Forgotten.beside(settings.data_dir), declared)
    registry, feed, presence = declared.registry(), SqlFeed(database, clock), _build_registry(settings, library)
    page = LocalPage(feed, clock=clock, greeting=_build_greeting(database), people=people, demo=demo)
    chats = open_chats(settings, Wiring(database, gallery, clock, presence, lambda: app)) if chats is None else chats
    platforms: dict[str, Platform] = {LOCAL: page, **chats}
    (inspector, lookout), metrics = senses(platforms), Metrics((command.name for command in registry), platforms)
    answering = open_answering(settings, database, notebook, registry, metrics)
    there: dict[Any, Any] = {
        Database: database,
        Library: library,
        CourseShelf: library,
        Registry: registry,
        Features: declared,
        Answerer: notebook.answerer,
        Inspector: inspector,
        Meter: answering.meter,
        OwnNotes: answering.notes,
        Index: notebook.index,
        Retention: answering.retention,
        Answering: answering,
        Forgotten: forgotten,
        ServiceStatus: notebook.standing,
        Address: Address(settings.public_url, lambda: _local_url(settings, app.server)),
    }
    supply = ServiceProvider(there, declared.services)
    supply.check(registry)
    desk = open_desk(registry, database, supply, settings, clock, lookout, metrics, presence.id)
    desk.dispatcher.fits = {name: platform.fits for name, platform in platforms.items()}
    tick = Tick(library, declared.posts, watches_gaps=demo is None, count_every_s=60 if demo is None else 0)
    about = privacy_page(declared, settings, has_model=answering.meter.has_model)
    own = *_build_health_mounts(settings, lambda: app, states), *_build_pages(settings, desk, page, gallery, about)
    relays = open_relays(
        database, library, platforms, clock, declared.checks, presence.id, metrics, says_late=demo is None
    )
    app = App(
        settings,
        clock,
        database,
        library,
        registry,
        notebook,
        feed,
        Server(settings.host, settings.port, (*own, *mounts(settings, chats)), settings.public_name),
        platforms,
        desk.dispatcher,
        tick,
        relays,
        metrics,
        holds,
        gallery=gallery,
        presence=presence,
        sweeps=_build_sweeps(settings, answering.retention, declared),
        own_notes=answering.notes,
    )
    return app


def _build_sweeps(settings: Settings, retention: Retention, features: Features) -> tuple[Sweep, ...]:
    events = partial(sweep, retention=timedelta(days=settings.keep_event_days))
    return events, retention.sweep, sweep_paces, *features.sweeps


def _build_registry(settings: Settings, library: CourseShelf) -> ProcessRegistry:
    same = config_fingerprint.of_settings(settings)
    return ProcessRegistry(settings.roles, marks=lambda: {**same, **config_fingerprint.of_roadmaps(library.values())})


def _local_url(settings: Settings, server: Server) -> str | None:
    """Return where this machine reaches the server, None where it is others' as well."""
    return (server.url or f"http://{settings.host}:{settings.port}") if is_loopback(settings.host) else None


def _build_health_mounts(
    settings: Settings, app: Callable[[], App], states: Callable[[], Mapping[str, str]]
) -> tuple[Mount, ...]:
    """Return what every process shows to whatever watches over it."""
    token = settings.metrics_token.get_secret_value() if settings.metrics_token else None
    counts = metrics_page(lambda: app().counts(states()), settings.host, settings.public_name, token)
    health = health_page(lambda: app().health(states()), settings.host, settings.public_name, token)
    return health, counts


def _build_pages(
    settings: Settings, desk: PageServices, page: LocalPage, gallery: Gallery, about: Mount
) -> tuple[Mount, ...]:
    """Return what a process shows that has to show pages."""
    if "web" not in settings.roles:
        return ()
    door = Door(settings.host, settings.public_url, settings.trust_proxy)
    local = page.mount(desk.dispatcher.registry, desk.dispatcher)
    dashboard = Dashboard(desk, door, PAGES, gallery)
    return local, mount_pictures(gallery), about, dashboard.mount, Calendars(desk, door).mount


def _build_greeting(database: Database) -> Callable[[], Awaitable[Reply | None]]:
    async def greet() -> Reply | None:
        return await database.run(lambda work: greeting(work, LOCAL, LOCAL), writes=False)

    return greet


def _open_database(settings: Settings, forgotten: Forgotten, features: Features) -> Database:
    migrate.upgrade(settings.url)
    database = Database(settings.url)
    database.start()
    forgotten.replay(database, features)
    return database
