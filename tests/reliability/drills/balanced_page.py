"""A page of the bot that is open over a balancer, while the process that shows it ends."""

from __future__ import annotations

import asyncio
import json
import time
from contextlib import suppress
from dataclasses import dataclass, field
from signal import SIGKILL, SIGTERM, Signals

import aiohttp

from tests.reliability.drills.bot import Bot
from tests.reliability.drills.frame import Scene, drill
from tests.reliability.drills.gateways import Balancer
from tests.reliability.drills.page import plain

RETRY_S = 1.5
"""How long a browser waits before it comes back: what the stream's `retry:` says."""
SOON_S, BACK_S = 6.0, 15.0


@dataclass
class OpenPage:
    """A browser's tab: an event stream, opened again whenever it ends, and the room, read when the stream says so.

    Args:
        shown_by: the number of the process at the other end of the stream; "" while it is away.
        room: what stands there, as of the last event.
        lasted: for how many seconds each stream was there that has ended.
    """

    address: str
    shown_by: str = ""
    room: str = ""
    lasted: list[float] = field(default_factory=list)

    async def stay(self) -> None:
        """Be open until cancelled."""
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(None, sock_read=40)) as http:
            while True:
                began = time.monotonic()
                with suppress(aiohttp.ClientError, TimeoutError):
                    await self._listen(http)
                self.shown_by = ""
                self.lasted.append(time.monotonic() - began)
                await asyncio.sleep(RETRY_S)

    async def _listen(self, http: aiohttp.ClientSession) -> None:
        async with http.get(self.address + "/events") as stream:
            if stream.status != 200:
                return
            async for line in stream.content:
                name, _, said = line.decode().strip().partition(": ")
                if name == "event" and said == "hello":
                    self.shown_by = stream.headers["X-Bot"]
                if name == "data":
                    json.loads(said)
                    async with http.get(self.address + "/room/general", params={"as": "ada"}) as room:
                        self.room = plain(await room.text()) if room.status == 200 else self.room


@drill(
    does="Behind a load balancer, the process that serves an open page ends and restarts. Then the other is killed",
    sees="The page reconnects to the other process within seconds, and shows each message and post",
    holds="Each post `sent` once",
    on=("postgresql",),
    processes=2,
)
async def page_behind_a_balancer(s: Scene) -> None:
    await s.live()
    bots = [s.bot(), s.bot()]
    for bot in bots:
        await bot.begin()
    balancer = Balancer(*bots)
    await balancer.start(s)
    page = OpenPage(balancer.address)
    tab = asyncio.create_task(page.stay())
    s.stack.callback(tab.cancel)
    await s.until(lambda: page.shown_by, SOON_S, "the stream is open")
    ended = await _is_ended(s, page, bots, SIGTERM)
    await ended.begin()
    await _stands(s, page, ended, "said in the new one")
    await _is_ended(s, page, bots, SIGKILL)
    assert s.count("outbox", "key LIKE 'posted at %' AND state = 'sent'") == 2
    print(f"streams lasted {[round(each, 1) for each in page.lasted]} s")


async def _is_ended(s: Scene, page: OpenPage, bots: list[Bot], by: Signals) -> Bot:
    """End the process that a page hears, and see that it hears the other; return the one that is gone."""
    shows, other = sorted(bots, key=lambda bot: str(bot.number) != page.shown_by)
    await _stands(s, page, other, f"said before {by.name}")
    ending = asyncio.create_task(shows.end(by))
    s.announce(f"posted at {by.name}")
    await s.until(lambda: page.shown_by == str(other.number), BACK_S, "it hears the other")
    await s.until(lambda: f"This is posted at {by.name}." in page.room, 70, "what was posted meanwhile stands there")
    await ending
    await _stands(s, page, other, f"said after {by.name}")
    return shows


async def _stands(s: Scene, page: OpenPage, bot: Bot, text: str) -> None:
    """Have something be said to all in a process, and wait until it stands on the page."""
    await (await s.page(bot)).say("ben", text)
    await s.until(lambda: text in page.room, SOON_S, f"“{text}” stands on the page")
