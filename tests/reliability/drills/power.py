"""The power fails: what the disk held in that moment is all that the next start finds."""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import aiohttp
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bot.storage import engine as engines
from tests.platforms.slack.stub import TEAM
from tests.reliability.drills.disk import Disk
from tests.reliability.drills.frame import Scene, drill, expect
from tests.reliability.drills.kills import START
from tests.reliability.drills.page import Page
from tests.reliability.drills.slack import ROOMS, Slack

SPEAKERS, PAUSE_S, EVERY_S = 3, 0.1, 0.15
MOMENTS = ("acknowledged", "arrived", "soon after") * 2
SEED = 12


class Watched(Slack):
    """A workspace that tells of each post in the moment in which it has it."""

    tell: Callable[[], None] | None = None

    def _chat_postMessage(self, body: dict[str, Any]) -> dict[str, Any]:
        answer = super()._chat_postMessage(body)
        if self.tell is not None:
            self.tell()
        return answer

    def all_posts(self) -> list[str]:
        """Return what stands in any room."""
        return [post for room in ROOMS for post in self.posts(room)]


class Life:
    """What a bot was told and has said over several power cuts.

    Args:
        kept: lines that were acknowledged before the power failed.
        queued: posts that were queued by then.
        said: every line.
        unmarked: posts that stood in their room when the power failed, and whose row did not say so.
    """

    def __init__(self, s: Scene, slack: Watched, disk: Disk, page: Page) -> None:
        self.s, self.slack, self.disk, self.page = s, slack, disk, page
        self.kept, self.queued = set[str](), set[str]()
        self.said: list[str] = []
        self.posts, self.unmarked = 0, set[str]()
        self._is_off = False

    async def until(self, moment: str, nth: int) -> None:
        """Have people speak and posts be due until the nth of something has happened, and the power fails."""
        self._is_off, left = False, nth
        loop = asyncio.get_running_loop()

        def happened() -> None:
            nonlocal left
            left -= 1
            if not left and moment == "soon after":
                loop.call_later(random.random() * 0.02, self._fail)
            elif not left:
                self._fail()

        self._acknowledged = happened if moment == "acknowledged" else None
        self.slack.tell = None if moment == "acknowledged" else happened
        at_work = [asyncio.create_task(one) for one in (*(self._speak() for _ in range(SPEAKERS)), self._queue())]
        try:
            await self.s.until(lambda: self._is_off or any(one.done() for one in at_work), 60, f"{moment}, {nth} times")
            await asyncio.to_thread(self.disk.keep)
            await asyncio.gather(*at_work)
        finally:
            for one in at_work:
                one.cancel()
        self.slack.tell = None
        await self.s.bots[0].ended()
        await asyncio.to_thread(self.disk.come_back)
        if self.s.server is not None:
            await asyncio.to_thread(self.s.server.start)
        self._compare()

    def _fail(self) -> None:
        if self._is_off:
            return
        self._is_off = True
        self.disk.fail()
        process = self.s.bots[0].process
        assert process is not None
        process.kill()
        if self.s.server is not None:
            self.s.server.kill()

    async def _speak(self) -> None:
        while not self._is_off:
            self.said.append(line := f"checkin 1 line {len(self.said)}")
            with suppress(aiohttp.ClientError, OSError):
                told = await self.page.say("ada", line, _key(line))
                if not self._is_off and re.search(r"\b\d+ min\b", told):
                    self.kept.add(line)
                    if self._acknowledged is not None:
                        self._acknowledged()
            await asyncio.sleep(random.random() * PAUSE_S)

    async def _queue(self) -> None:
        while not self._is_off:
            key = f"post {self.posts}"
            self.posts += 1
            with suppress(SQLAlchemyError):
                await asyncio.to_thread(self.s.announce, key, ROOMS[self.posts % len(ROOMS)], "slack", TEAM)
                if not self._is_off:
                    self.queued.add(key)
            await asyncio.sleep(EVERY_S)

    def _compare(self) -> None:
        """Look at what the disk holds: all that was acknowledged, and every post that went out at least leased."""
        engine = engines.single(self.s.url)
        with engine.begin() as there:
            notes = {f"checkin 1 {note}" for (note,) in there.execute(text("SELECT note FROM checkin"))}
            rows = {key: state for key, state in there.execute(text("SELECT key, state FROM outbox"))}  # noqa: C416
        engine.dispose()
        assert not (lost := self.kept - notes), f"{len(lost)} of {len(self.kept)} acknowledged lines are gone"
        assert not (lost := self.queued - rows.keys()), f"{len(lost)} of {len(self.queued)} queued posts are gone"
        for post in self.slack.all_posts():
            state = rows.get(post.removeprefix("This is ").removesuffix("."))
            assert state in ("sending", "sent"), f"{post!r} stands in its room, and is {state or 'not known'}"
            self.unmarked |= {post} if state == "sending" else set()


def _key(line: str) -> str:
    return line.replace(" ", "-")


@drill(
    does="The power fails six times: after a check-in is answered, as a post arrives at Slack, and just after that",
    sees="Each answered line counts. A repeated line counts once. Each post is in its channel once",
    holds="Every acknowledged line. A delivered post is `sent`, or leased and looked up before a retry",
)
async def power_fails(s: Scene) -> None:
    disk = Disk()
    s.stack.callback(disk.remove)
    slack = Watched()
    await slack.start()
    s.stack.push_async_callback(slack.stop)
    s.given |= slack.settings
    s.data = disk.folder / "bot"
    s.data.mkdir()
    if s.engine == "postgresql":
        await s.own_server(disk.folder)
    else:
        s.url = f"sqlite:///{s.file}"
    await s.live()
    disk.sync()
    bot, chance = s.bot(), random.Random(SEED)
    page = await s.page(bot)
    life = Life(s, slack, disk, page)
    for n, moment in enumerate(MOMENTS, 1):
        await bot.begin(said="slack is ready")
        await life.until(moment, chance.randint(2, 12))
        if n < len(MOMENTS):  # the last leases are waited for
            s.change(f"UPDATE outbox SET lease_until = '{START}' WHERE state = 'sending'")
    await bot.begin(said="slack is ready")
    for line in life.said:
        await page.say("ada", line, _key(line))
    assert s.count("checkin") == len(life.said), "each line counts once"
    await s.until(lambda: not s.count("outbox", "platform = 'slack' AND state <> 'sent'"), 100, "all are sent")
    found = slack.all_posts()
    assert len(found) == len({*found}), "each post stands there once"
    assert {f"This is {key}." for key in life.queued} <= {*found}
    assert life.unmarked, "no post was met in the window in which its mark is not on the disk"
    await bot.end()
    assert await s.bot().run("db", "check") == 0, s.bots[-1].log_so_far
    expect(s.bots[-1].log_so_far, "The database is sound")
