"""A whole bot without a chat platform: people say lines, the clock moves, posts are read. For dialogue tests."""

from __future__ import annotations

import asyncio
import itertools
import re
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from concurrent.futures import Executor, Future
from contextlib import asynccontextmanager
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

import pytest
from sqlalchemy import Engine, func, select, union_all

from bot.answers.index.chunks import SourceId
from bot.answers.index.retrieval import Index
from bot.base.clock import MovableClock
from bot.base.thread_pool import fulfil
from bot.chat.feed import RoomMessage
from bot.chat.platform import Finding, Findings, Inspector, Platform
from bot.commands.context import (
    ALONE,
    ANY,
    MODERATES,
    AccessReport,
    Account,
    ConversationRef,
    Invocation,
    Place,
    PlatformTraits,
)
from bot.commands.form import Form
from bot.commands.registry import Registry
from bot.commands.room_access import AccessChecker
from bot.curriculum.shelf import CourseShelf
from bot.curriculum.shelf import library as read_library
from bot.delivery.outbox import OutboxRow
from bot.features.feature import Features
from bot.features.groups.tables import Group
from bot.maintenance import migrate
from bot.messages.call import Call
from bot.messages.reply import Button, Reply
from bot.platforms import REMOTE
from bot.runtime import settings as settings_of
from bot.runtime.answer_engine import bind
from bot.runtime.app import App
from bot.runtime.catalogue import FEATURES, registry
from bot.runtime.composition import Senses, build
from bot.storage.group_commit import CommitState
from bot.storage.unit_of_work import Database, Work
from bot.understanding import intents
from bot.understanding.intents import Way
from tests.beginnings import BEGINNINGS, CHANGES, KEPT, Beginning, is_unwritten, keep, put_back
from tests.kit import PATIENCE_S
from tests.postgres_server import Cluster
from tests.shipped import read_courses

MONDAY = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
"""A Monday an hour before the default first post, in UTC."""
UNFORESEEN = timedelta(days=3650)
"""When the schedule looks at a group for what no rule foresaw: never, so that each rule has to name its instant."""
P = ParamSpec("P")
T = TypeVar("T")
_KEYS = itertools.count()
TENANCIES: dict[str, PlatformTraits] = {
    entry.name: import_module(f"bot.platforms.{entry.name}.limits").TRAITS for entry in REMOTE
}


_ENGINES: dict[tuple[str, bool], Engine] = {}
CLUSTERS: list[Cluster] = []
"""The PostgreSQL in which bots keep their rows, where one is asked for; else each has a file in its folder."""
_LIVED: dict[Callable[[World], Awaitable[None]], datetime] = {}


@cache
def _template() -> Path:
    database = Path(KEPT.name, "empty.db")
    migrate.upgrade(f"sqlite:///{database}")
    return database


def _is_blank(folder: Path) -> bool:
    """Put an empty database into a folder that has none; return whether that was so."""
    if (file := folder / "trailmate.db").exists():
        return False
    shutil.copy(_template(), file)
    return True


_CHECKED = registry()
_make_registry = Features.registry


def _copy_registry(features: Features) -> Registry:
    """Return the registry of every command, which was checked before; what the app sets of it is its own."""
    return copy(_CHECKED) if features._all == FEATURES else _make_registry(features)


def _build(given: settings_of.Settings, *, is_migrated: bool, **parts: Any) -> App:
    """Build the bot; a copy of a database that was migrated is not looked through for what is to be migrated."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Features, "registry", _copy_registry)
        if is_migrated:
            patch.setattr(migrate, "upgrade", lambda url: None)
        return build(given, **parts)


@cache
def _index() -> Index:
    """Return the index of the real notes, by words alone; nothing in a dialogue changes it."""
    return _index_of(read_courses())


def _index_of(shelf: CourseShelf) -> Index:
    return Index({SourceId(track.id): track.notes.values() for track in shelf.values()})


@dataclass
class Eyes:
    """A chat platform of which only what people see is asked: everything that a test does not close to them.

    Args:
        hidden: rooms by the person that does not see them; "tenant/room" where two tenants have one.
        gone: rooms that are no more.
        grants: what a tenant grants a person, by tenant and person.
        owners: whose a room is.
        trusted: whom a tenant trusts with everything.
        roles: what a look at a role finds, by its id.
        trouble: raised instead of an answer.
        asked: the rooms of each question, in order.
        left: people whom their tenants know no more.
    """

    hidden: dict[str, set[str]] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    grants: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    trusted: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    roles: dict[str, Findings] = field(default_factory=dict)
    trouble: Exception | None = None
    asked: list[set[str]] = field(default_factory=list)
    left: set[str] = field(default_factory=set)

    def room_name(self, room: str) -> str:
        return f"#{room}"

    def is_room(self, text: str) -> bool:
        """Whether a text is spelled like an id rather than a name."""
        return any(c.isdigit() for c in text) or text == "general"

    async def inspect(self, place: Place) -> Findings:
        """Say that all is well."""
        return (Finding(True, "I can post here."),)

    async def inspect_role(self, place: Place, role_id: str) -> Findings:
        """Say what the test put there about the role, else that all is well."""
        return self.roles.get(role_id, (Finding(True, "I can notify it."),))

    async def prepare(self, place: Place) -> None:
        """Do nothing."""

    async def sees(self, account: Account, rooms: frozenset[Place]) -> AccessReport:
        """Say which rooms a person sees."""
        self.asked.append({room.room for room in rooms})
        if self.trouble is not None:
            raise self.trouble
        closed = self.hidden.get(account.id, set()) | self.gone
        return AccessReport(
            frozenset(r for r in rooms if closed.isdisjoint((r.room, f"{r.tenant}/{r.room}"))),
            frozenset(r for r in rooms if r.room in self.gone),
            {tenant: held for (tenant, who), held in self.grants.items() if who == account.id},
            owned=frozenset(r for r in rooms if self.owners.get(r.room) == account.id),
            trusted=self.trusted,
        )

    async def present(self, account: Account) -> Account | None:
        """Return the account with what the tenant grants it, None if it was left."""
        if self.trouble is not None:
            raise self.trouble
        if account.id in self.left:
            return None
        grants = self.grants.get((account.tenant or "", account.id), frozenset())
        return replace(account, grants=grants | ({MODERATES} if account.id == "mo" else frozenset()))


Story = Callable[Concatenate["World", P], Coroutine[Any, Any, T]]


def lived_once(story: Story[P, T]) -> Story[P, T]:
    """Have a story that begins a world go on from what it left the last time; one that returns a reply or nothing."""

    async def live(w: World, /, *args: P.args, **kwargs: P.kwargs) -> T:
        way = w.way(f"{story.__module__}.{story.__qualname__} {args} {kwargs}")
        if way is not None and (begun := BEGINNINGS.get(way)) is not None:
            return cast(T, w.take_up(begun))
        reply = await story(w, *args, **kwargs)
        if way is not None and (kept := keep(w.file)) is not None:
            asked = [set(rooms) for rooms in w.eyes.asked]
            BEGINNINGS[way] = Beginning(kept, w.clock.now(), dict(w.last), asked, cast("Reply | None", reply))
        return reply

    return live


@dataclass(repr=False)  # the standard library's `Runner` has the result of each fixture printed, for no reader
class World:
    """A running bot with a clock that the test moves.

    `say` and `press` return the Reply; `str` of what was said is in `.plain()`.
    """

    app: App
    clock: MovableClock
    eyes: Eyes
    last: dict[str, Reply] = field(default_factory=dict)
    made: str | None = None

    @property
    def file(self) -> Path:
        """Return the database of a world on SQLite."""
        return self.app.settings.data_dir / "trailmate.db"

    def way(self, story: str) -> str | None:
        """Return how a story begins this world; None where it does not begin it, or the test has changed something."""
        is_changed = (
            self.made is None
            or CHANGES.are_there
            or self.last
            or self.eyes != Eyes()
            or not is_unwritten(self.file)
            or [*self.app.library.items()] != [*read_courses().items()]
        )
        return None if is_changed else f"{self.clock.now()} {self.made} {story}"

    def take_up(self, begun: Beginning) -> Reply | None:
        """Go on from what a beginning left."""
        put_back(begun.database, self.file)
        self.clock.move_to(begun.at)
        self.last.update(begun.last)
        self.eyes.asked += [set(rooms) for rooms in begun.asked]
        return begun.reply

    def account(
        self,
        who: str,
        *,
        moderator: bool = False,
        platform: str = "local",
        tenant: str | None = "local",
        zone: str | None = None,
        grants: frozenset[str] = frozenset(),
    ) -> Account:
        """Return the account of a person named `who`."""
        given = grants | ({MODERATES} if moderator or who == "mo" else frozenset())
        realm = "" if platform == "discord" else None
        source = {"slack": "your profile", "local": "your browser"}.get(platform, "") if zone else ""
        return Account(
            platform,
            tenant,
            who.lower(),
            who.capitalize(),
            zone,
            frozenset(given),
            "Test place",
            realm,
            zone_source=source,
            tenancy=TENANCIES.get(platform, ANY),
        )

    async def say(self, who: str, line: str, *, room: str = "general", key: str | None = None, **account: Any) -> Reply:
        """Have a person type a line; a form that it would open is answered as the bot answers where it has no forms."""
        way: Way = "direct" if room.startswith("@") else "mention"
        return await self.call(who, intents.hear(self.app.registry, line, way), room=room, key=key, **account)

    async def call(
        self,
        who: str,
        call: Call,
        *,
        room: str = "general",
        thread: str | None = None,
        key: str | None = None,
        at: datetime | None = None,
        strand: ConversationRef = ALONE,
        **account: Any,
    ) -> Reply:
        """Have a person run a Call."""
        found = await self.maybe(who, call, room=room, thread=thread, key=key, at=at, strand=strand, **account)
        assert found is not None, "the event was taken for a repeat"
        return found

    async def maybe(
        self,
        who: str,
        call: Call,
        *,
        room: str = "general",
        thread: str | None = None,
        key: str | None = None,
        at: datetime | None = None,
        strand: ConversationRef = ALONE,
        **account: Any,
    ) -> Reply | None:
        """Run a Call and return its reply, or None for a repeated event."""
        event = self.invocation(who, call, room=room, thread=thread, key=key, at=at, strand=strand, **account)

        async def show(reply: Reply) -> None:
            return None

        reply = await self.app.dispatcher.answer(event, show)
        if reply is not None:
            self.last[who] = reply
        return reply

    def invocation(
        self,
        who: str,
        call: Call,
        *,
        room: str = "general",
        thread: str | None = None,
        key: str | None = None,
        at: datetime | None = None,
        strand: ConversationRef = ALONE,
        **account: Any,
    ) -> Invocation:
        """Return the event of a person's Call, as an adapter would make it."""
        person = self.account(who, **account)
        place = Place(person.platform, person.tenant, room, thread)
        return Invocation(call, person, place, key or f"test:{next(_KEYS)}", at, strand=strand)

    def button(self, who: str, label: str, of: Reply | None = None) -> Button:
        """Return the button whose label starts so, of a message or of the person's last reply."""
        message = of or self.last[who]
        labels = [b.label for b in message.all_buttons]
        found = next((b for b in message.all_buttons if b.label.lower().startswith(label.lower())), None)
        assert found is not None, f"no button {label!r} among {labels}"
        return found

    async def press(
        self, who: str, label: str, values: dict[str, str] | None = None, *, of: Reply | None = None, **account: Any
    ) -> Reply:
        """Press a button of a message, or of the person's last reply; `values` fill the form that it opens."""
        target = self.button(who, label, of).target
        assert isinstance(target, Call)
        return await self.press_call(who, target, values, **account)

    async def record(self, who: str, **account: Any) -> str:
        """Return what a member reads of their progress: its first page, and all units behind it."""
        first = await self.say(who, "progress", **account)
        has_units = any(button.label == "All units" for button in first.all_buttons)
        units = [await self.press(who, "All units", of=first, **account)] if has_units else []
        return " ".join(map(text, (first, *units)))

    async def press_call(self, who: str, call: Call, values: dict[str, str] | None = None, **account: Any) -> Reply:
        """Press a button that carries this Call, as it is after packing."""
        call = Call.unpack(call.pack())
        if not self.app.dispatcher.plan(call).opens_form:
            return await self.call(who, call, **account)
        form = await self.form(who, call, **account)
        filled = {f.key: f.value for f in form.fields} | (values or {})
        args = {**form.call.args, **{k: v for k, v in filled.items() if v}}
        return await self.call(who, replace(form.call, args=args), **account)

    async def form(self, who: str, call: Call | str, *, room: str = "general", **account: Any) -> Form:
        """Open the form of a Call, such as a button's target."""
        assert isinstance(call, Call), "the button is a link"
        return await self.app.dispatcher.form(self.invocation(who, call, room=room, **account))

    async def suggestions(self, who: str, command: str, key: str, typed: str = "", **account: Any) -> list[str]:
        """Return the labels that are suggested for a half-typed value."""
        found = self.app.registry.find(command)
        param = found.param(key) if found else None
        assert param is not None
        found_choices = await self.app.dispatcher.suggest(self.invocation(who, Call(command), **account), param, typed)
        return [choice.label for choice in found_choices]

    async def tick(self) -> None:
        """Let the schedule look and the relay send."""
        await self.app.step()

    async def to(self, at: datetime) -> None:
        """Move the clock through every due instant up to `at`, ticking at each."""
        for _ in range(5000):
            upcoming = await self._next_due()
            if upcoming is None or upcoming > at:
                break
            self.clock.move_to(max(upcoming, self.clock.now()))
            await self.tick()
        self.clock.move_to(at)
        await self.tick()

    async def after(self, **span: float) -> None:
        """Move the clock by a timedelta's keywords."""
        await self.to(self.clock.now() + timedelta(**span))

    async def _next_due(self) -> datetime | None:
        """Return when the schedule looks at a group or a message is due, whichever is first."""
        ahead = (OutboxRow.state == "due", OutboxRow.due_at > self.clock.now())
        instants = select(Group.wake_at.label("at")), select(OutboxRow.due_at).where(*ahead)
        first = select(func.min(union_all(*instants).subquery().c.at))
        return await self.app.database.run(lambda work: work.session.scalar(first), writes=False)

    async def outage(self, **span: float) -> None:
        """Let the bot be down for a timedelta's keywords, and back for one tick; posts of the meantime are due then."""
        await self.tick()
        self.clock.move_to(self.clock.now() + timedelta(**span))
        usual = self.app.tick
        self.app.tick = replace(usual, watches_gaps=True)
        await self.tick()
        self.app.tick = usual

    def set_clock(self, **span: float) -> None:
        """Have somebody set the machine's clock by a timedelta's keywords, ahead or back."""
        self.clock._at += timedelta(**span)

    async def messages(self, room: str = "general", thread: str | None = None) -> list[RoomMessage]:
        """Return the messages of a room or thread with the instants at which they came, oldest first."""
        return await self.app.feed.list_messages(room, thread)

    async def posts(self, room: str = "general", thread: str | None = None) -> list[Reply]:
        """Return what was posted in a room or thread, oldest first."""
        return [m.reply for m in await self.app.feed.list_messages(room, thread)]

    async def threads(self, room: str = "general") -> list[tuple[str, list[Reply]]]:
        """Return the threads of a room: title and messages."""
        opened = [m for m in await self.app.feed.list_messages(room) if m.thread_title]
        return [(m.thread_title, await self.posts(room, m.ref)) for m in opened]

    @lived_once
    async def start(self, /, zone: str = "UTC", *, name: str = "Night owls", extra: str = "", **account: Any) -> Reply:
        """Have Mo start a group in this room and let its welcome out."""
        line = f'cohort create name="{name}" timezone={zone} {extra} confirm=yes'
        reply = await self.say("mo", line, **account)
        assert reply.tone == "good", reply.plain()
        await self.tick()
        return reply

    @lived_once
    async def begin(self, *members: str, zone: str = "UTC", extra: str = "") -> None:
        """Start a group, have people join it, and go to an hour after its first post."""
        await self.start(zone, extra=extra)
        for who in members:
            await self.say(who, "join")
        await self.after(hours=2)

    async def check_in_each_week(self, who: str, weeks: int) -> None:
        """Have a member check in a day from now and then weekly; ends a day after the last check-in's week began."""
        for week in range(weeks):
            await self.after(days=7 if week else 1)
            assert (await self.say(who, f"checkin 30 week {week + 1}")).tone == "good"


def text(reply: Reply) -> str:
    """Return a reply's plain text on one line."""
    return re.sub(r"\s+", " ", reply.plain())


def share_statements(database: Database) -> None:
    """Have all worlds compile a statement once: a fifth of a short conversation would go into it."""
    for writes, engine in database._engines.items():
        first = _ENGINES.setdefault((engine.dialect.name, writes), engine)
        engine.dialect, engine._compiled_cache = first.dialect, first._compiled_cache


class CallersThread(Executor):
    """Runs each unit of work of a database at once, where it is submitted."""

    def __init__(self, database: Database) -> None:
        self._database = database

    waiting = 0

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run a job and return its future, which is done."""
        future: Future[T] = Future()
        fulfil(future, partial(fn, *args, **kwargs))
        self._database._own.is_database_thread = False
        return future


def run_here(database: Database) -> None:
    """Have units of work run in the caller's thread: the way to another and back takes a fifth of a dialogue."""
    here = CallersThread(database)

    async def run(fn: Callable[[Work], T], *, writes: bool = True, within_s: float | None = None) -> T:
        job = database._submit(fn, writes, CommitState())
        await asyncio.sleep(0)
        return job.result()

    for pool in database._threads.values():
        pool.shutdown()
    database._threads = {True: here, False: here}  # type: ignore[dict-item]
    database.run = run  # type: ignore[method-assign]


@asynccontextmanager
async def world(
    folder: Path,
    *,
    at: datetime = MONDAY,
    watches_gaps: bool = False,
    chat: Platform | None = None,
    is_bare: bool = False,
    is_threaded: bool = False,
    **settings: Any,
) -> AsyncIterator[World]:
    """Run a bot in a folder of its own, without embedder; a folder that holds a database keeps it.

    Args:
        watches_gaps: whether a jump of the clock is an outage; see `World.outage`.
        chat: a chat platform beside the local page.
        is_bare: whether there are no other roadmaps than those in the folder's own `roadmaps`.
        is_threaded: whether units of work run on database threads, as they do outside of tests and on PostgreSQL.
        settings: by the names of their environment variables.
    """
    clock = MovableClock(at)
    for cluster in CLUSTERS:
        settings.setdefault("TRAILMATE_DATABASE_URL", cluster.of(folder))
    given = settings_of.load(_env_file=None, TRAILMATE_DATA_DIR=folder, **settings)
    is_blank = "TRAILMATE_DATABASE_URL" not in settings and _is_blank(folder)
    own = read_library(folder / "roadmaps") if is_bare else None
    notebook = bind(given, CourseShelf(read_courses()), _index()) if own is None else bind(given, own, _index_of(own))
    eyes = Eyes()
    chats = {} if chat is None else {chat.name: chat}
    everywhere = {"discord": eyes, "slack": eyes}

    def senses(there: Mapping[str, Platform]) -> Senses:
        return Inspector({**everywhere, **there}), AccessChecker({**everywhere, "local": eyes})

    app = await asyncio.to_thread(
        _build, given, is_migrated=is_blank, clock=clock, notebook=notebook, chats=chats, senses=senses
    )
    share_statements(app.database)
    if app.database._is_sqlite and not is_threaded:
        run_here(app.database)
    app.tick = replace(app.tick, watches_gaps=watches_gaps, longest_sleep=UNFORESEEN)
    app.dispatcher.form_s = app.dispatcher.suggest_s = app.database.patience_s = PATIENCE_S
    try:
        yield World(app, clock, eyes, made=f"{settings}" if is_blank and not chats and own is None else None)
    finally:
        await app.close()


@asynccontextmanager
async def lived(folder: Path, story: Callable[[World], Awaitable[None]], **settings: Any) -> AsyncIterator[World]:
    """Run a bot on what a story left, at the instant at which it ended; it is lived once for all tests of a process."""
    kept = Path(KEPT.name, f"{story.__module__}.{story.__qualname__}")
    if story not in _LIVED:
        kept.mkdir()
        async with world(kept) as first:
            await story(first)
        _LIVED[story] = first.clock.now()
    for file in kept.glob("trailmate.db*"):
        shutil.copy(file, folder)
    for cluster in CLUSTERS:
        cluster.of(folder, like=kept)
    async with world(folder, at=_LIVED[story], **settings) as second:
        yield second
