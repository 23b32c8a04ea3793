"""Connections that ask for nothing are closed, and there are never too many."""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress

import pytest
from aiohttp import web

from bot.server import http
from bot.server.mount import Mount
from tests.server.conftest import serving

HALF = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
WHOLE = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


async def connect(
    url: str, said: bytes = b"", from_host: str = "127.0.0.1"
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    port = int(url.rsplit(":", 1)[1])
    reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(from_host, 0))
    writer.write(said)
    return reader, writer


async def is_closed(reader: asyncio.StreamReader, seconds: float) -> bool:
    with suppress(ConnectionError):
        try:
            async with asyncio.timeout(seconds):
                await reader.read()
        except TimeoutError:
            return False
    return True


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "IDLE_S", 0.3)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("said", [b"", HALF, b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"])
async def test_a_connection_that_asks_for_nothing_is_closed_in_time(said: bytes) -> None:
    async with serving() as (url, _):
        reader, writer = await connect(url, said)
        assert await is_closed(reader, 3)
        writer.close()


@pytest.mark.usefixtures("impatient")
async def test_a_connection_that_is_being_answered_is_not_idle() -> None:
    async def stay(request: web.Request) -> web.Response:
        await asyncio.sleep(60)
        return web.Response()

    async with serving([Mount("page", lambda: [web.get("/events", stay)])]) as (url, _):
        reader, writer = await connect(url, b"GET /events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert not await is_closed(reader, 1)
        writer.transport.abort()


async def test_there_are_never_more_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "MOST", 5)
    async with serving() as (url, _):
        held = [await connect(url, HALF) for _ in range(20)]
        try:
            closed = await asyncio.gather(*(is_closed(reader, 0.5) for reader, _ in held))
        finally:
            for _, writer in held:
                writer.transport.abort()
            await asyncio.sleep(0.1)
        assert closed.count(False) == 5
        reader, writer = await connect(url, WHOLE)
        assert b" 200 " in await reader.readline()
        writer.transport.abort()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere this machine has one loopback address")
async def test_one_address_takes_no_place_from_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "MOST", 2)
    async with serving() as (url, _):
        held = [await connect(url, HALF) for _ in range(4)]
        reader, writer = await connect(url, WHOLE, from_host="127.0.0.2")
        assert b" 200 " in await reader.readline()
        for _, holder in (*held, (reader, writer)):
            holder.transport.abort()
