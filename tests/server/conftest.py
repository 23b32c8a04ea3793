"""A server on a free port, and what is mounted on it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

import aiohttp
import pytest
from aiohttp import web

from bot.messages.errors import BadInput, TryLater
from bot.server.http import Server
from bot.server.mount import Mount

SECRET = "what ada wrote"


async def greet(request: web.Request) -> web.Response:
    return web.Response(text="Hello")


async def refuse(request: web.Request) -> web.Response:
    raise BadInput("Say more.")


async def wait(request: web.Request) -> web.Response:
    raise TryLater("The database is away.")


async def crash(request: web.Request) -> web.Response:
    raise RuntimeError(SECRET)


ROUTES = (
    web.get("/", greet),
    web.get("/refuse", refuse),
    web.get("/later", wait),
    web.get("/crash", crash),
    web.post("/crash", crash),
)
OWN = Mount("page", lambda: ROUTES)
OPEN = Mount("health", lambda: [web.get("/healthz", greet)], is_public=True)


@asynccontextmanager
async def serving(
    mounts: Sequence[Mount] = (OWN, OPEN), *, host: str = "127.0.0.1", port: int = 0, public: str | None = None
) -> AsyncIterator[tuple[str, aiohttp.ClientSession]]:
    """Run a server until the block ends; yield its address on loopback and a client."""
    server, states = Server(host, port, mounts, public), list[str]()
    running = asyncio.create_task(server.run(states.append))
    try:
        while not states and not running.done():
            await asyncio.sleep(0.01)
        if running.done():
            running.result()
        assert (states, server.url is not None) == (["ready"], True)
        async with aiohttp.ClientSession() as http:
            yield f"http://127.0.0.1:{str(server.url).rsplit(':', 1)[1]}", http
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


@pytest.fixture
async def served() -> AsyncIterator[tuple[str, aiohttp.ClientSession]]:
    async with serving() as one:
        yield one
