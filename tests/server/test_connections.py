"""Connections that ask for nothing are closed, and there are never too many."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest
from aiohttp import web

from bot.server import http
from bot.server.mount import Mount
from tests.server.conftest import serving

HALF = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "


async def connect(url: str, said: bytes = b"") -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(url.rsplit(":", 1)[1]))
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
    monkeypatch.setattr(http, "LOOK_S", 0.05)


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


@pytest.mark.usefixtures("impatient")
async def test_those_who_are_turned_away_are_counted_in_one_line(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(http, "MOST", 2)
    async with serving() as (url, _):
        for _ in range(2):
            held = [await connect(url) for _ in range(6)]
            await asyncio.sleep(0.15)
            for _, writer in held:
                writer.transport.abort()
    lines = [record.getMessage() for record in caplog.records if record.name == http.__name__]
    assert len(lines) == 1 and lines[0].endswith("turned away: no more than 2 are taken at a time")


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
        reader, writer = await connect(url, b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert b" 200 " in await reader.readline()
        writer.transport.abort()


async def test_one_address_keeps_only_its_newest_idle_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "MOST_IDLE", 3)
    async with serving() as (url, _):
        held = []
        for _ in range(6):
            held.append(await connect(url, HALF))
            await asyncio.sleep(0.02)
        try:
            closed = await asyncio.gather(*(is_closed(reader, 0.5) for reader, _ in held))
        finally:
            for _, writer in held:
                writer.transport.abort()
        assert closed == [True] * 3 + [False] * 3


async def test_connections_that_are_being_answered_are_not_counted_as_idle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "MOST_IDLE", 1)

    async def stay(request: web.Request) -> web.Response:
        await asyncio.sleep(60)
        return web.Response()

    async with serving([Mount("page", lambda: [web.get("/events", stay)])]) as (url, _):
        held = [await connect(url, b"GET /events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")]
        await asyncio.sleep(0.1)
        held += [await connect(url) for _ in range(3)]
        closed = await asyncio.gather(*(is_closed(reader, 0.5) for reader, _ in held))
        for _, writer in held:
            writer.transport.abort()
    assert closed == [False, True, True, False]
