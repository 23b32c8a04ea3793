"""Connections that ask for nothing are closed, and there are never too many."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest

from bot.platforms.web import connections, decode
from tests.platforms.web.conftest import Served, serving

HALF = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "


async def connect(served: Served, said: bytes = b"") -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(served.url.rsplit(":", 1)[1]))
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
    monkeypatch.setattr(connections, "IDLE_S", 0.3)
    monkeypatch.setattr(connections, "LOOK_S", 0.05)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("said", [b"", HALF, b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"])
async def test_a_connection_that_asks_for_nothing_is_closed_in_time(said: bytes) -> None:
    async with serving() as served:
        reader, writer = await connect(served, said)
        assert await is_closed(reader, 3)
        writer.close()


@pytest.mark.usefixtures("impatient")
async def test_an_open_page_that_listens_for_events_is_not_idle() -> None:
    async with serving() as served:
        reader, writer = await connect(served, b"GET /events?as=ada HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert not await is_closed(reader, 1)
        writer.close()


async def test_there_are_never_more_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "MOST", 5)
    async with serving() as served:
        assert served.http.connector is not None
        await served.http.connector.close()  # the one that asked for the page
        held = [await connect(served, HALF) for _ in range(20)]
        try:
            closed = await asyncio.gather(*(is_closed(reader, 0.5) for reader, _ in held))
        finally:
            for _, writer in held:
                writer.transport.abort()
            await asyncio.sleep(0.1)
        assert closed.count(False) == 5
        reader, writer = await connect(served, b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert b" 200 " in await reader.readline()
        writer.transport.abort()


async def test_a_body_that_does_not_come_is_given_up(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decode, "BODY_S", 0.2)
    head = f"POST /say HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 50\r\nX-Trailmate-Token: {served.token}\r\n\r\n"
    reader, writer = await connect(served, head.encode() + b'{"as": ')
    async with asyncio.timeout(3):
        assert b" 408 " in await reader.readline()
    writer.close()
