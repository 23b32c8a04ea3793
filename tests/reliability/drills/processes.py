"""Two processes on one PostgreSQL under steady traffic, each ended and begun again in turn, then killed.

python -m tests.reliability.drills.processes [LAYOUT]

A layout is the roles of each process, `all+all` by default, or such as `gateway+gateway+worker+worker`. Slack is a
small stand-in. Told is how many commands were answered and posts sent, and which of them not exactly once; the exit
code is 1 if any. A command that a process had acknowledged as it was killed is told apart: typed again it is answered.
"""

from __future__ import annotations

import asyncio
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path

from bot.commands.context import Place
from bot.delivery import outbox
from bot.delivery.outbox import Announcement
from bot.messages.reply import say
from bot.storage.unit_of_work import Database
from tests.platforms.slack.stub import TEAM
from tests.reliability.drills.beginnings import Beginnings
from tests.reliability.drills.bot import Bot
from tests.reliability.drills.frame import Scene, drill
from tests.reliability.drills.server import Servers
from tests.reliability.drills.slack import ROOMS, Slack

POST_S, COMMAND_S = 0.7, 0.4
LAST_S = 120.0
ON_ITS_WAY_S = 5.0
"""How long before a kill a command may have been acknowledged that nobody answers: Slack does not send it again."""


@dataclass
class Traffic:
    """Commands and posts, one after the other, until it is told to end."""

    slack: Slack
    database: Database
    commands: list[str] = field(default_factory=list)
    unheard: list[str] = field(default_factory=list)
    posts: list[tuple[str, str]] = field(default_factory=list)
    taken_at: dict[str, float] = field(default_factory=dict)
    killed_at: list[float] = field(default_factory=list)
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
        if await self.slack.command(name):
            self.taken_at[name] = time.monotonic()
        else:
            self.unheard.append(name)

    async def announce(self) -> None:
        """Queue posts, each due at once."""
        for n in count():
            if self.is_over:
                return
            key, room = f"post {n}", ROOMS[n % len(ROOMS)]
            said = Announcement(key, Place("slack", TEAM, room), say(f"{key}."), datetime.now(UTC))
            await self.database.run(partial(outbox.announce, announcement=said))
            self.posts.append((room, key))
            await asyncio.sleep(POST_S)

    def lost(self) -> list[str]:
        """Return the commands without an answer that a process had acknowledged a moment before it was killed."""
        silent = [name for name in self.taken_at if not self.slack.answered[name]]
        ends = [(at - ON_ITS_WAY_S, at) for at in self.killed_at]
        return [name for name in silent if any(since < self.taken_at[name] <= at for since, at in ends)]

    def arrived(self, room: str) -> list[str]:
        """Return the keys of what stands in a room, in order."""
        found = [str(message.get("text", "")) for message in self.slack.messages[room]]
        return [text.rstrip(".") for text in found if text.startswith("post ")]

    def faults(self) -> list[str]:
        """Return what was not answered or posted exactly once, or out of order."""
        unlike = [name for name in self.commands if self.slack.answered[name] != 1 and name not in self.lost()]
        wrong = [f"{name}: answered {self.slack.answered[name]} times" for name in unlike]
        for room in ROOMS:
            due, found = [key for where, key in self.posts if where == room], self.arrived(room)
            if due != found:
                times = Counter(found)
                wrong += [f"{key}: posted {times[key]} times" for key in due if times[key] != 1]
                wrong += [f"{room}: out of order"] if sorted(due) == sorted(found) else []
        return wrong


async def roll(bots: Sequence[Bot], slack: Slack, url: str) -> list[str]:
    """End and kill each bot in turn under traffic; return what was not done exactly once."""
    layout = "+".join(bot.given["TRAILMATE_ROLES"] for bot in bots)
    await asyncio.gather(*(bot.begin(said="slack is ready") for bot in bots))  # on an empty database, all at once
    print(f"{layout}: all began on an empty database, after {max(bot.took[0] for bot in bots):.1f} s")
    with Database(url) as database:
        traffic = Traffic(slack, database)
        running = [asyncio.create_task(traffic.ask()), asyncio.create_task(traffic.announce())]
        for number in (signal.SIGTERM, signal.SIGKILL):
            for bot in bots:
                await asyncio.sleep(3)
                took = await bot.end(number)
                traffic.killed_at += [time.monotonic()] if number == signal.SIGKILL else []
                await asyncio.sleep(1)
                await bot.begin(said="slack is ready")
                print(f"process {bot.number}: {number.name}, gone after {took:.1f} s, back", flush=True)
        await asyncio.sleep(3)
        traffic.is_over = True
        await asyncio.gather(*running)
        wrong = await _settled(traffic)
        for name in (lost := traffic.lost()):
            await slack.told(f"{name} again", "help", "UADA")  # as whoever gets no answer types it again
    for bot in bots:
        await bot.end()
    asked, posted = f"{len(traffic.commands)} commands ({slack.again} sent again)", f"{len(traffic.posts)} posts"
    print(f"{asked}, {posted}; {len(lost)} lost with a process that was killed; {len(wrong)} wrong")
    return [*wrong, *(f"{name}: nobody took it" for name in traffic.unheard)]


@drill(
    does="Two processes under steady traffic: each gets SIGTERM and restarts in turn, then each is killed",
    sees="Each command is answered once. Each post is there once, in order",
    holds="Each row once; within a minute the other process takes over a dead one's leases",
    on=("postgresql",),
    processes=2,
)
async def rolling_restart(s: Scene) -> None:
    slack = await s.slack()
    bots = [s.bot(TRAILMATE_ROLES="all") for _ in range(2)]
    assert (wrong := await roll(bots, slack, s.url)) == [], wrong


@drill(
    does="Three processes under steady traffic, two gateways and a worker: each gets SIGTERM in turn, then is killed",
    sees="Each command is answered once. Each post is there once, in order",
    holds="Each row once; within a minute the others take over a dead one's leases",
    on=("postgresql",),
    processes=3,
)
async def three_in_turn(s: Scene) -> None:
    slack = await s.slack()
    bots = [s.bot(TRAILMATE_ROLES=roles) for roles in ("gateway,web", "gateway,worker", "worker")]
    assert (wrong := await roll(bots, slack, s.url)) == [], wrong


async def _settled(traffic: Traffic) -> list[str]:
    """Wait until all is well, or as long as leases of the killed last."""
    until = asyncio.get_running_loop().time() + LAST_S
    while (wrong := traffic.faults()) and asyncio.get_running_loop().time() < until:
        await asyncio.sleep(1)
    return wrong


async def _once(layout: Sequence[str]) -> int:
    servers, beginnings = Servers(), Beginnings()
    with tempfile.TemporaryDirectory(prefix="trailmate-drill-") as made:
        try:
            scene = Scene("postgresql", Path(made), servers, beginnings)
            async with scene.stack:
                await scene.open()
                slack = await scene.slack()
                wrong = await roll([scene.bot(TRAILMATE_ROLES=roles) for roles in layout], slack, scene.url)
        finally:
            servers.close()
            beginnings.close()
    print("\n".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(_once((sys.argv[1] if len(sys.argv) > 1 else "all+all").split("+"))))
