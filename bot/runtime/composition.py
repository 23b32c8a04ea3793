"""The composition root: the only place that wires services, platforms and the clock together."""

from __future__ import annotations

import re
from abc import ABC
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import cache, partial
from hashlib import blake2b
from typing import Any, get_type_hints

from markupsafe import Markup
from pydantic import SecretStr

from bot.answers.compose.answers import Answerer
from bot.answers.index.retrieval import Index
from bot.base.clock import Clock, SystemClock
from bot.base.observer import Observer
from bot.chat.platform import Inspector, Platform
from bot.cluster.process_registry import ProcessRegistry
from bot.cluster.shared_rate_limits import sweep as sweep_paces
from bot.commands.command import Command, needs_of
from bot.commands.context import Context, Invocation, Place
from bot.commands.dispatcher import Dispatcher
from bot.commands.ports import Provide, Show
from bot.commands.registry import Registry
from bot.commands.room_access import AccessChecker
from bot.curriculum import note_renderer
from bot.curriculum.shelf import CourseShelf
from bot.curriculum.track import Library, Track
from bot.dashboard.auth import Door
from bot.dashboard.calendars import Calendars
from bot.dashboard.certificates import PublicCertificates
from bot.dashboard.page_services import PageServices
from bot.dashboard.pages import PAGES
from bot.dashboard.routes import DashboardRoutes as Dashboard
from bot.delivery import outbox
from bot.delivery.local_feed import SqlFeed
from bot.delivery.outbox import Announcement
from bot.delivery.processed_events import SqlDrafts, SqlInbox, sweep
from bot.drawing.drawings import drawings, png
from bot.features.ask.answering import Answering
from bot.features.ask.group_notes_index import OwnNotes
from bot.features.ask.interrupted_answers import AnswersInProgress
from bot.features.ask.question_log import Retention
from bot.features.ask.terms import Terms
from bot.features.ask.transcript import Listening
from bot.features.audit.service import Audit
from bot.features.course_drafts.worker import DraftWorker
from bot.features.dashboard_access.service import DASHBOARD_PATH as DASHBOARD
from bot.features.dashboard_access.service import Address
from bot.features.feature import Feature, Features, Sweep
from bot.features.people.service import People
from bot.features.privacy.commands import STATEMENT_PATH, STATEMENT_TITLE
from bot.features.privacy.forget import Forgotten
from bot.features.privacy.wording import Spans, statement
from bot.features.resolution.actor import ActorResolver
from bot.features.schedule.service import Tick
from bot.features.setup.greeting import greeting
from bot.features.solutions.service import draw_uploads
from bot.features.solutions.wording import UPLOADED
from bot.features.token_budget.service import Budget, Meter, QuestionRateLimit
from bot.html.render import block, render_document
from bot.llm.service_status import ServiceStatus
from bot.maintenance import migrate
from bot.messages import markup
from bot.messages.picture import Gallery
from bot.messages.reply import Reply, Subtext, Text, say
from bot.platforms.web.adapter import LocalPage
from bot.platforms.web.people import DemoControls, PagePerson
from bot.runtime.answer_engine import AnswerEngine, open_notebook
from bot.runtime.app import LOCAL, App
from bot.runtime.catalogue import FEATURES
from bot.runtime.metrics import Metrics
from bot.runtime.platform_factory import Wiring, mounts, open_chats, open_relays
from bot.runtime.settings import Settings, shared_settings
from bot.server.guard import is_loopback
from bot.server.health import health as health_page
from bot.server.health import metrics as metrics_page
from bot.server.http import Server
from bot.server.mount import Mount, mount_document, mount_pictures
from bot.storage.engine import is_sqlite
from bot.storage.unit_of_work import Database, Work
from bot.understanding.nearest_commands import NearestCommands


class ServiceProvider:
    """Hands over what lives as long as the process, and the services of one unit of work, each built once in it.

    Args:
        lasting: what lives as long as the process, by its type.
        services: classes whose parameters are supplied in the same way, each also where a class is asked for of which
            it is one; a fault of a declaration is a TypeError.
    """

    def __init__(self, lasting: Mapping[Any, Any], services: Iterable[type]) -> None:
        self._lasting = lasting
        listed = tuple(services)
        self._services = {kind: _list_parameters(kind) for kind in listed}
        ports = {port: kind for kind in listed for port in kind.__mro__[1:-1] if port is not ABC}
        self._filled = {port: kind for port, kind in ports.items() if port not in self._services}
        for kind, needs in self._services.items():
            for need in needs:
                if not self.can(need, is_slow=False):
                    raise TypeError(f"the service {kind.__name__} needs a {_name(need)}, and nothing supplies one")

    def __call__(self, needs: Mapping[str, type], work: Work | None, show: Show) -> dict[str, Any]:
        """Return a value for each need; one that nobody can supply is a fault of the declaration."""
        return {name: self._supply_one(kind, work, show) for name, kind in needs.items()}

    def _supply_one(self, kind: Any, work: Work | None, show: Show) -> Any:
        if kind == Show:
            return show
        if kind in self._lasting:
            return self._lasting[kind]
        if work is None:
            raise TypeError(f"{_name(kind)} lives in a transaction, and this command is slow")
        if kind == Work:
            return work
        kind = self._filled.get(kind, kind)
        if kind not in work.services:
            work.services[kind] = kind(*(self._supply_one(need, work, show) for need in self._services[kind]))
        return work.services[kind]

    def can(self, kind: Any, *, is_slow: bool) -> bool:
        """Whether a command may declare this need."""
        if kind == Show or kind in self._lasting:
            return True
        return not is_slow and (kind == Work or kind in self._services or kind in self._filled)

    def check(self, commands: Iterable[Command]) -> None:
        """Look whether everything that the commands declare can be handed over; a TypeError names what cannot."""
        for command in commands:
            for needs, is_slow in _list_needs(command):
                for name, kind in needs.items():
                    if not self.can(kind, is_slow=is_slow):
                        raise TypeError(
                            f"the command {command.name} needs {name}, and nothing supplies a {_name(kind)}"
                        )


def _list_needs(command: Command) -> list[tuple[Mapping[str, Any], bool]]:
    """Return the needs of a command, of its form and of its suggestions, each with whether it may be slow."""
    aside: list[Callable[..., Any] | None] = [command.initial, *(p.says.suggest for p in command.params)]
    return [(command.needs, command.slow), *((needs_of(fn), False) for fn in aside if fn is not None)]


@cache
def _list_parameters(kind: type) -> tuple[Any, ...]:
    hints = get_type_hints(getattr(kind, "__init__"))  # noqa: B009  (mypy takes it for an instance's)
    return tuple(hint for name, hint in hints.items() if name != "return")


def _name(kind: Any) -> str:
    return getattr(kind, "__name__", str(kind))


STYLES = tuple(f"{DASHBOARD}/static/{name}.css" for name in ("base", "message"))


def privacy_page(features: Features, settings: Settings, *, has_model: bool) -> Mount:
    """Return what answers with the page."""

    def render() -> str:
        spans = Spans(settings.question_days, settings.keep_conversation_minutes, settings.keep_event_days)
        page = statement(features, spans, has_model=has_model)
        return render_document(STATEMENT_TITLE, Markup().join(map(block, page.blocks)), STYLES)

    return mount_document(STATEMENT_PATH, render)


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
    declared = Features(features)
    database = _open_database(settings, forgotten := Forgotten.beside(settings.data_dir), declared)
    stored = {UPLOADED: draw_uploads(database)}
    gallery = Gallery({note_renderer.FIGURE: note_renderer.figures(library), **drawings(), **stored}, png)
    registry, feed, presence = declared.registry(), SqlFeed(database, clock), _build_registry(settings, library)
    page = LocalPage(feed, clock=clock, greeting=_build_greeting(database, library), people=people, demo=demo)
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
        NearestCommands: answering.nearest,
        Forgotten: forgotten,
        ServiceStatus: notebook.standing,
        Address: Address(settings.public_url, lambda: _local_url(settings, app.server)),
    }
    supply = ServiceProvider(there, declared.services)
    supply.check(registry)
    desk = open_desk(registry, database, supply, settings, clock, lookout, metrics, presence.id)
    desk.dispatcher.fits = {name: platform.fits for name, platform in platforms.items()}
    tick = Tick(library, declared.posts)
    if demo is not None:  # weeks pass in seconds
        tick = replace(tick, watches_gaps=False, count_every_s=0, longest_sleep=timedelta(weeks=1))
    about = privacy_page(declared, settings, has_model=answering.meter.has_model)
    own = (
        *_build_health_mounts(settings, lambda: app, states),
        *_build_pages(settings, desk, page, gallery, about, library),
    )
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
        drafting=DraftWorker(database, notebook.chat_model, answering.meter, clock),
    )
    return app


def _build_sweeps(settings: Settings, retention: Retention, features: Features) -> tuple[Sweep, ...]:
    events = partial(sweep, retention=timedelta(days=settings.keep_event_days))
    return events, retention.sweep, sweep_paces, *features.sweeps


def _build_registry(settings: Settings, library: CourseShelf) -> ProcessRegistry:
    same = fingerprint_settings(settings)
    return ProcessRegistry(settings.roles, marks=lambda: {**same, **fingerprint_roadmaps(library.values())})


def _local_url(settings: Settings, server: Server) -> str | None:
    """Return the server's address on this machine; None if other machines reach it too."""
    return (server.url or f"http://{settings.host}:{settings.port}") if is_loopback(settings.host) else None


def _build_health_mounts(
    settings: Settings, app: Callable[[], App], states: Callable[[], Mapping[str, str]]
) -> tuple[Mount, ...]:
    """Return the mounts of health checks and metrics, which every process serves."""
    token = settings.metrics_token.get_secret_value() if settings.metrics_token else None
    counts = metrics_page(lambda: app().counts(states()), settings.host, settings.public_name, token)
    health = health_page(lambda: app().health(states()), settings.host, settings.public_name, token)
    return health, counts


def _build_pages(
    settings: Settings, desk: PageServices, page: LocalPage, gallery: Gallery, about: Mount, library: Library
) -> tuple[Mount, ...]:
    if "web" not in settings.roles:
        return ()
    door = Door(settings.host, settings.public_url, settings.trust_proxy)
    local = page.mount(desk.dispatcher.registry, desk.dispatcher)
    dashboard = Dashboard(desk, door, PAGES, gallery, partial(note_renderer.find_movable, library))
    certificates = PublicCertificates(desk, door, gallery)
    return local, mount_pictures(gallery), about, dashboard.mount, Calendars(desk, door).mount, certificates.mount


def _build_greeting(database: Database, library: Library) -> Callable[[], Awaitable[Reply | None]]:
    async def greet() -> Reply | None:
        return await database.run(lambda work: greeting(work, library, LOCAL, LOCAL), writes=False)

    return greet


def _open_database(settings: Settings, forgotten: Forgotten, features: Features) -> Database:
    migrate.upgrade(settings.url)
    database = Database(settings.url)
    database.start()
    forgotten.replay(database, features)
    return database


REPORTED = timedelta(hours=1)
"""How long it is worth telling what became of a commit."""


def retention_of(settings: Settings) -> Retention:
    """Return how long what is asked is kept."""
    return Retention(settings.question_days, timedelta(minutes=settings.keep_conversation_minutes))


def _load_ordinary_words() -> Mapping[str, int]:
    from bot.llm.embedded import ordinary_words

    return ordinary_words()


def open_answering(
    settings: Settings, database: Database, notebook: AnswerEngine, registry: Registry, observer: Observer
) -> Answering:
    """Return what answers questions, as commands and pages ask it."""
    budget = Budget(settings.tokens_per_day, settings.member_token_share)
    has_model = notebook.chat_model is not None
    meter = Meter(database, budget, QuestionRateLimit(settings.asks_per_minute), has_model=has_model, observer=observer)
    own_notes = OwnNotes(database, notebook.index, notebook.pool, notebook.aside)
    registry.is_term = terms = Terms(notebook.library, _load_ordinary_words)
    registry.terms_in, registry.knows = terms.count, terms.knows
    return Answering(
        notebook.answerer,
        database,
        notebook.library,
        own_notes,
        meter,
        registry,
        retention_of(settings),
        NearestCommands(registry, notebook.index.vectors),
    )


def open_desk(
    registry: Registry,
    database: Database,
    supply: Provide[Work],
    settings: Settings,
    clock: Clock,
    lookout: AccessChecker,
    observer: Observer,
    process: str,
) -> PageServices:
    """Return the desk at which every event of a bot is answered; `process` is this one's name among the living."""
    identity = ActorResolver(settings.moderators, owners_may_start=settings.channel_owners_can_create_groups)
    dispatcher = Dispatcher(
        registry,
        run=database.run,
        identify=identity,
        supply=supply,
        inbox=SqlInbox(),
        drafts=SqlDrafts(),
        clock=clock,
        epilogue=partial(_add_notices, registry),
        look=lookout.look,
        carries_on=Listening(database, clock, retention_of(settings)),
        note=lambda work, *entry: Audit(work).note(*entry),
        report=partial(_report, registry, clock),
        stands=AnswersInProgress(database, clock, process),
        is_shared=not is_sqlite(database.url),
        observer=observer,
    )
    return PageServices(database, dispatcher, identity, supply, lookout, clock)


def _report(registry: Registry, clock: Clock, work: Work, invocation: Invocation, is_kept: bool) -> None:
    account, call, now = invocation.account, invocation.call, clock.now()
    place = Place.direct(account.platform, invocation.place.tenant or account.scope or None, account.id)
    command = registry.find(call.name)
    sent = "what you sent" if command is None or command.hidden else f"your {markup.typed(command.name)}"
    message = (
        say(f"My database is back. I saved {sent}, so you don't need to repeat it.", tone="good")
        if is_kept
        else say(f"My database is back. I couldn't save {sent}. Please try again.", tone="warn")
    )
    key = f"resolved:{blake2b(invocation.key.encode(), digest_size=20).hexdigest()}"
    outbox.announce(work, Announcement(key, place, message, now, now + REPORTED))


def with_group(ctx: Context, command: Command | None, reply: Reply) -> Reply:
    """Return a receipt, a moderator's preview or a member's own record with its group, for whoever is in several.

    What they wrote may have the name in it by chance, so only the bot's own sentences name it.
    """
    group, is_receipt = ctx.actor.group, reply.tone == "good"
    is_record = command is not None and command.policy.own and command.role == "member" and reply.tone == "plain"
    is_ruling = command is not None and command.role == "moderator" and reply.tone != "error"
    if not group or not (is_receipt or is_record or is_ruling):
        return reply
    text = replace(reply, blocks=tuple(block for block in reply.blocks if isinstance(block, Text | Subtext))).plain()
    if re.search(rf"(?<!\w){re.escape(group)}(?!\w)", text):
        return reply
    return reply.followed_by(Subtext(f"In {markup.escape(group)}."))


def _add_notices(registry: Registry, work: Work, ctx: Context, reply: Reply) -> Reply | None:
    """Name a receipt's group, add pending notices, and replace pictures by text for readers who want none."""
    people, reader = People(work), ctx.actor.account_id
    reply = with_group(ctx, registry.find(ctx.call.name), reply)
    reply = reply if ctx.actor.sees_pictures else reply.in_words()
    if not reader or not people.has_notices(reader):
        return reply
    return people.with_notices(reader, reply, ctx.now) if work.writes else None


ROADMAPS = "roadmaps"


def fingerprint_settings(settings: Settings) -> dict[str, str]:
    """Return a mark of each setting that all should have alike."""
    given = {str(field.validation_alias): getattr(settings, name) for name, field in Settings.model_fields.items()}
    return {name: _hash_text(_format_value(given[name])) for name in shared_settings()}


def fingerprint_roadmaps(tracks: Iterable[Track]) -> Mapping[str, str]:
    """Return a mark of which roadmaps are installed, with which units and notes."""
    parts = sorted((track.id, *(unit.id for unit in track.roadmap.units), *track.notes) for track in tracks)
    return {ROADMAPS: _hash_text(str(parts))}


def _format_value(value: object) -> str:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    return str(sorted(map(str, value)) if isinstance(value, frozenset) else value)


def _hash_text(text: str) -> str:
    """Return four letters: enough to see a difference, too few to guess a secret by."""
    return blake2b(text.encode(), digest_size=2).hexdigest()
