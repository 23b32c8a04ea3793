"""The page, served for real on a free port."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import aiohttp
import pytest

from bot.messages.call import Call
from bot.messages.reply import Button, Reply, say
from bot.platforms.web.adapter import LocalPage
from bot.platforms.web.people import DemoControls, PagePerson
from bot.server.health import health
from bot.server.http import Server
from tests.platforms.local import Local

NONE: Mapping[str, str] = {}
PEOPLE = (PagePerson("ada", "Ada"), PagePerson("ben", "Ben"), PagePerson("mo", "Mo", True))


@dataclass
class Served:
    """A running page with what stands behind it."""

    local: Local
    page: LocalPage
    server: Server
    http: aiohttp.ClientSession
    health: dict[str, Any]
    states: list[str] = field(default_factory=list)
    token: str = ""
    task: asyncio.Task[None] | None = None

    async def stop(self) -> None:
        """End the server before its block does."""
        assert self.task is not None
        self.task.cancel()
        with suppress(asyncio.CancelledError):
            await self.task

    @property
    def url(self) -> str:
        assert self.server.url is not None
        return self.server.url

    async def get(self, path: str, *, headers: Mapping[str, str] = NONE, **params: str) -> aiohttp.ClientResponse:
        """Ask as Ada, unless another is named."""
        return await self.http.get(self.url + path, params={"as": "ada", **params}, headers=headers)

    async def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Send a submission with its token and a new key, and return what the page's script is told."""
        headers = {"X-Trailmate-Token": self.token}
        said = {"as": "ada", "room": "general", "zone": "Europe/Berlin", "key": str(uuid4()), **body}
        async with self.http.post(self.url + path, json=said, headers=headers) as response:
            assert response.status == 200, await response.text()
            told: dict[str, Any] = await response.json()
            return told

    async def room(self, room: str = "general", **params: str) -> str:
        """Return a room's fragment."""
        response = await self.http.get(f"{self.url}/room/{room}", params={"as": "ada", **params})
        assert response.status == 200, await response.text()
        return await response.text()


async def greeting() -> Reply | None:
    """Return what an empty #general says."""
    start = Button("Start a group", Call("cohort create", ask=True), "primary")
    return say("Nothing leaves this machine.", title="Welcome to Trailmate", buttons=(start,))


@asynccontextmanager
async def serving(
    local: Local | None = None, *, port: int = 0, demo: DemoControls | None = None
) -> AsyncIterator[Served]:
    """Run the page until the block ends."""
    local = local or Local()
    page = LocalPage(local.feed, clock=local.clock, greeting=greeting, people=PEOPLE, demo=demo)
    found: dict[str, Any] = {"ok": True}

    async def look() -> dict[str, Any]:
        return found

    server = Server("127.0.0.1", port, [page.mount(local.registry, local.dispatcher), health(look, "127.0.0.1")])
    async with aiohttp.ClientSession() as http:
        served_page = Served(local, page, server, http, found)
        served_page.task = asyncio.create_task(server.run(served_page.states.append))
        try:
            while not served_page.states:
                await asyncio.sleep(0.01)
            async with http.get(served_page.url) as response:
                text = await response.text()
            served_page.token = text.split('name="token" content="')[1].split('"')[0]
            yield served_page
        finally:
            await served_page.stop()


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    async with serving() as one:
        yield one
