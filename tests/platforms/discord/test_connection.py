"""Dialling: to another address, and not in a frenzy."""

from __future__ import annotations

import asyncio
import time
from types import SimpleNamespace
from typing import Any

import pytest

from bot.platforms.discord import connection
from bot.platforms.discord.connection import Dialler, Heartbeats


class Line:
    def __init__(self) -> None:
        self.dialled: list[str] = []

    async def ws_connect(self, url: str, *, compress: int = 0) -> str:
        self.dialled.append(url)
        return "socket"


def dialler(address: str | None = None) -> tuple[Dialler, Any]:
    line: Any = Line()
    return Dialler(line, address), line


async def test_the_address_is_replaced_and_its_query_kept() -> None:
    one, line = dialler("ws://127.0.0.1:9/gateway")
    one.install()
    assert await line.ws_connect("wss://gateway.discord.gg/?v=10&encoding=json") == "socket"
    assert line.dialled == ["ws://127.0.0.1:9/gateway?v=10&encoding=json"]


def test_without_an_address_discords_own_is_kept() -> None:
    one, _ = dialler()
    assert one.address("wss://resume.discord.gg/?v=10") == "wss://resume.discord.gg/?v=10"


async def test_the_first_dials_are_free_and_each_further_one_waits_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    one, line = dialler()
    for _ in range(14):
        await one.dial("ws://x/")
    assert waited == [1, 2, 4, 8, 16, 30, 30, 30]
    assert len(line.dialled) == 14
    assert one.pause(one._past[-1] + 61) == 0


class Connection:
    """A gateway connection as far as heartbeats see it: sent, acknowledged and last received so many seconds ago."""

    shard_id = 0

    def __init__(self, sent_s: float, acknowledged_s: float, received_s: float = 0.0) -> None:
        now = time.perf_counter()
        self._keep_alive = SimpleNamespace(
            interval=0.5, _last_send=now - sent_s, _last_ack=now - acknowledged_s, _last_recv=now - received_s
        )
        self.closed: list[int] = []

    async def close(self, code: int) -> None:
        """Note the code."""
        self.closed.append(code)
        self._keep_alive = None  # type: ignore[assignment]


async def watched(*lines: Any) -> None:
    task = asyncio.create_task(Heartbeats(lambda: lines).watch())
    await asyncio.sleep(0.3)
    task.cancel()


async def test_a_connection_whose_heartbeat_is_not_acknowledged_in_time_is_closed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(connection, "_LOOK_S", 0.05)
    silent, late, well = Connection(0.4, 0.9), Connection(0.1, 0.6), Connection(0.6, 0.5)
    await watched(silent, late, well)
    assert (silent.closed, late.closed, well.closed) == ([4000], [], [])


async def test_a_heartbeat_stays_unacknowledged_when_the_next_one_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "_LOOK_S", 0.05)
    line: Any = Connection(0.3, 0.9)
    task = asyncio.create_task(watched(line))
    await asyncio.sleep(0.1)
    line._keep_alive._last_send = time.perf_counter()
    await task
    assert line.closed == [4000]


def test_the_age_of_the_last_event_is_that_of_the_most_silent_connection() -> None:
    lines: Any = Connection(1, 1, received_s=2), Connection(1, 1, received_s=30)
    assert round(Heartbeats(lambda: lines).last_event_s or 0) == 30
    assert Heartbeats(tuple).last_event_s is None
