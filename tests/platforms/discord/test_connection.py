"""Dialling: to another address, and not in a frenzy."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.platforms.discord.connection import Dialler


class Line:
    def __init__(self) -> None:
        self.dialled: list[str] = []

    async def ws_connect(self, url: str, *, compress: int = 0) -> str:
        self.dialled.append(url)
        return "socket"


def dialler(address: str | None = None) -> tuple[Dialler, Any]:
    line: Any = Line()
    return Dialler(address), line


async def test_the_address_is_replaced_and_its_query_kept() -> None:
    one, line = dialler("ws://127.0.0.1:9/gateway")
    one.install(line)
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
        await one.dial(line.ws_connect, "ws://x/")
    assert waited == [1, 2, 4, 8, 16, 30, 30, 30]
    assert len(line.dialled) == 14
    assert one.pause(one._past[-1] + 61) == 0
