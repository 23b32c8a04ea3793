"""What a drill is: a fault, done to a real process, with what is asserted of people and of the database afterwards."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import psycopg
from sqlalchemy import text
from sqlalchemy.orm import Session

from bot.commands.context import Place
from bot.delivery import outbox
from bot.delivery.outbox import Announcement, OpensThread
from bot.messages.reply import say
from bot.storage import engine as engines
from bot.storage.unit_of_work import Work
from tests.reliability.drills.beginnings import Beginnings
from tests.reliability.drills.bot import Bot
from tests.reliability.drills.page import Page
from tests.reliability.drills.server import Server, Servers
from tests.reliability.drills.slack import Slack

Engine = Literal["sqlite", "postgresql"]
BOTH: tuple[Engine, ...] = ("sqlite", "postgresql")


class NotHere(Exception):
    """This machine cannot do a drill; the text says what it lacks."""


@dataclass(frozen=True)
class Drill:
    """One fault.

    Args:
        name: by which it is chosen and named in documents.
        does: what is done to the process, or to what it rests on.
        sees: what people see of it.
        holds: what the database holds afterwards.
        run: does it, and asserts both.
        processes: how many run at the same time.
    """

    name: str
    does: str
    sees: str
    holds: str
    run: Callable[[Scene], Awaitable[None]]
    engines: tuple[Engine, ...] = BOTH
    processes: int = 1


DRILLS: dict[str, Drill] = {}
Body = Callable[["Scene"], Awaitable[None]]


def drill(
    *, does: str, sees: str, holds: str, on: tuple[Engine, ...] = BOTH, processes: int = 1
) -> Callable[[Body], Body]:
    """Have a function be a drill, under its own name."""

    def enter(body: Body) -> Body:
        name = body.__name__.replace("_", "-")
        assert name not in DRILLS, f"two drills are named {name}"
        DRILLS[name] = Drill(name, does, sees, holds, body, on, processes)
        return body

    return enter


@dataclass
class Scene:
    """A folder and a database of one drill's own, and what it has opened, which is closed when the drill is over.

    Args:
        given: settings of the bots that are made from now on, by their names.
        data: where the bots keep what they know; the folder itself, unless a drill puts it on a disk of its own.
    """

    engine: Engine
    folder: Path
    servers: Servers
    beginnings: Beginnings
    stack: AsyncExitStack = field(default_factory=AsyncExitStack)
    given: dict[str, str] = field(default_factory=dict)
    url: str = ""
    bots: list[Bot] = field(default_factory=list)
    server: Server | None = None
    data: Path = field(init=False)

    def __post_init__(self) -> None:
        self.data = self.folder

    async def open(self) -> None:
        """Make an empty database."""
        if self.engine == "postgresql":
            server = await asyncio.to_thread(lambda: self.servers.shared)
            name = self.servers.name()
            await asyncio.to_thread(server.run, f"CREATE DATABASE {name}")
            self.url = server.url(name)
        else:
            self.url = f"sqlite:///{self.file}"

    @property
    def file(self) -> Path:
        """The file of a SQLite database."""
        return self.data / "trailmate.db"

    async def own_server(self, on: Path | None = None) -> Server:
        """Have the database stand on a PostgreSQL that may be ended, on a disk whose power may fail if one is named."""
        self.server = await asyncio.to_thread(Server, None, on)
        self.stack.callback(self.server.remove)
        self.server.run("CREATE DATABASE trailmate")
        self.url = self.server.url("trailmate")
        return self.server

    async def live(self, *, is_due: bool = False) -> None:
        """Have the database be that of a group whose first unit is out, or `is_due`: Mo's, with Ada in it."""
        if self.engine == "sqlite":
            await asyncio.to_thread(self.beginnings.file, self.file, is_due)
            return
        server = self.server
        if server is None:
            server = await asyncio.to_thread(lambda: self.servers.shared)
        name = self.servers.name()
        await asyncio.to_thread(self.beginnings.database, server, name, is_due)
        self.url = server.url(name)

    def bot(self, **given: str) -> Bot:
        """Return a bot that is not begun yet; it ends with the drill."""
        number = len(self.bots) + 1
        settings = {"TRAILMATE_DATA_DIR": str(self.data), "TRAILMATE_DATABASE_URL": self.url, **self.given, **given}
        made = Bot(self.folder, settings, number)
        self.bots.append(made)
        self.stack.push_async_callback(made.remove)
        return made

    async def page(self, bot: Bot) -> Page:
        """Return the people on a bot's page."""
        return await self.stack.enter_async_context(Page(bot))

    async def begun(self, **given: str) -> tuple[Bot, Page]:
        """Return a bot that runs, and the page of a group whose first unit is out."""
        await self.live()
        bot = self.bot(**given)
        await bot.begin()
        page = await self.page(bot)
        expect(await page.say("ada", "progress"), "Your progress")
        return bot, page

    async def slack(self) -> Slack:
        """Have a Slack to which the bots that are made from now on go."""
        made = Slack()
        await made.start()
        self.stack.push_async_callback(made.stop)
        self.given |= made.settings
        return made

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Return what a query finds, asked beside the bot."""
        if self.engine == "sqlite":
            with closing(sqlite3.connect(f"file:{self.file}?mode=ro", uri=True, timeout=10)) as there:
                return there.execute(query).fetchall()
        with psycopg.connect(self.url, connect_timeout=5) as server:
            return server.execute(query.encode()).fetchall()

    def count(self, table: str, where: str = "1 = 1") -> int:
        """Return how many rows of a table are so."""
        return int(self.rows(f"SELECT count(*) FROM {table} WHERE {where}")[0][0])

    def change(self, statement: str) -> None:
        """Change rows beside the bot."""
        engine = engines.single(self.url)
        with engine.begin() as connection:
            connection.execute(text(statement))
        engine.dispose()

    def announce(
        self, key: str, room: str = "general", platform: str = "local", tenant: str = "local", *, opens: str = ""
    ) -> None:
        """Queue a post that is due at once, as a process beside this one would.

        Args:
            opens: the title of a thread that is opened on it.
        """
        engine = engines.single(self.url)
        now = datetime.now(UTC)
        with Session(engine) as session:
            place, thread = Place(platform, tenant, room), OpensThread(opens) if opens else None
            said = Announcement(key, place, say(f"This is {key}."), now, thread=thread)
            assert outbox.announce(Work(session, now), said)
            session.commit()
        engine.dispose()

    async def until(self, is_so: Callable[[], Any], within_s: float = 30.0, what: str = "") -> Any:
        """Wait until something is so, and return it; whatever fails to be asked is not so yet."""
        began, trouble = time.monotonic(), ""
        while time.monotonic() - began < within_s:
            try:
                found = is_so()
                if found := (await found) if isinstance(found, Awaitable) else found:
                    return found
            except Exception as error:  # noqa: BLE001  (said if it stays so)
                trouble = f" ({type(error).__name__}: {error})"
            await asyncio.sleep(0.2)
        raise AssertionError(f"it did not come to pass within {within_s:.0f} s{': ' if what else ''}{what}{trouble}")


def expect(told: str, *any_of: str) -> None:
    """Fail unless what somebody is told holds one of some texts."""
    assert any(one in told for one in any_of), f"told: {told[:400] or 'nothing'}; awaited: {' or '.join(any_of)}"


@dataclass(frozen=True)
class Outcome:
    """What came of a drill on one engine.

    Args:
        fault: what did not hold; "" if all did.
        lacks: what this machine has not got, so that it was not done.
    """

    drill: Drill
    engine: Engine
    seconds: float
    fault: str = ""
    lacks: str = ""

    @property
    def cell(self) -> str:
        """What stands in the table."""
        return self.lacks or f"{'**failed**' if self.fault else 'passed'}, {self.seconds:.0f} s"


async def perform(scene: Scene, one: Drill) -> Outcome:
    """Do one drill in a scene that is not open yet."""
    scene.folder.mkdir()
    began, fault, lacks = time.monotonic(), "", ""
    try:
        async with scene.stack:
            try:
                await scene.open()
                async with asyncio.timeout(LONGEST_S):
                    await one.run(scene)
            except NotHere as missing:
                lacks = str(missing)
            except Exception as error:  # noqa: BLE001  (told, and the next one goes on)
                fault = _told(error, scene)
    finally:
        shutil.rmtree(scene.folder, ignore_errors=True)
    return Outcome(one, scene.engine, time.monotonic() - began, fault, lacks)


LONGEST_S = 600.0


def _told(error: Exception, scene: Scene) -> str:
    """Say what went wrong, where, and how the logs of its bots end."""
    while isinstance(error, ExceptionGroup):
        error = error.exceptions[0]
    at, where = error.__traceback__, ""
    while at is not None:
        if Path(at.tb_frame.f_code.co_filename).parent == Path(__file__).parent:
            where = f"{Path(at.tb_frame.f_code.co_filename).name}:{at.tb_lineno}"
        at = at.tb_next
    logs = "\n".join(f"--- bot {bot.number}\n{bot.log_so_far[-2500:]}" for bot in scene.bots)
    return f"{type(error).__name__} at {where}: {error}\n{logs}"
