"""Discord's limits of routes and rooms: waited for before a request, never after, and by nobody else."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from types import MappingProxyType
from typing import Any

import discord
import pytest
from aiohttp import web
from discord.http import HTTPClient, Route

from bot.base.rate_limiter import LocalLimiterStore
from bot.chat.platform import Later, Post
from bot.commands.context import Place
from bot.messages.reply import say
from bot.platforms.discord import deliver, limits, rate_limit
from bot.platforms.discord.client import LATER, DiscordApi
from bot.platforms.discord.rate_limit import Buckets, from_the_outbox, watch

Answer = Callable[[str, int], tuple[int, dict[str, str], Any]]
"""Of the path and the number of the request to it: status, headers, body."""


class Discord:
    """A server that answers as a test wants, and what it was asked."""

    def __init__(self, answer: Answer) -> None:
        self.asked: list[str] = []
        self._answer = answer

    async def handle(self, request: web.Request) -> web.Response:
        path = request.path.rpartition("/v10")[2]
        if path == "/users/@me":
            return _said({"id": "1", "username": "trailmate"})
        self.asked.append(path)
        status, headers, body = self._answer(path, self.asked.count(path))
        return _said(body, status, {"Via": "1.1 google", **headers})


def _said(body: Any, status: int = 200, headers: Mapping[str, str] = MappingProxyType({})) -> web.Response:
    # the SDK reads as JSON what says just that of itself
    return web.Response(body=json.dumps(body), status=status, headers={"Content-Type": "application/json", **headers})


@asynccontextmanager
async def speaking(answer: Answer, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[Discord, DiscordApi]]:
    server = Discord(answer)
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", server.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    monkeypatch.setattr(Route, "BASE", f"http://127.0.0.1:{runner.addresses[0][1]}/v10")
    api = DiscordApi(lambda: http, LocalLimiterStore())
    http = HTTPClient(asyncio.get_running_loop(), http_trace=watch(api.gate.hold, api.turn))
    Buckets(http).install()
    await http.static_login("token")
    try:
        yield server, api
    finally:
        await http.close()
        await runner.cleanup()


def left(remaining: int, after_s: float, of: int = 5) -> dict[str, str]:
    return {
        "X-RateLimit-Limit": str(of),
        "X-RateLimit-Remaining": str(remaining),
        "X-RateLimit-Reset-After": str(after_s),
        "X-RateLimit-Bucket": "b",
    }


def limited(after_s: float, **more: str) -> tuple[int, dict[str, str], Any]:
    body = {"retry_after": after_s, "global": bool(more), "message": "You are being rate limited."}
    return 429, {"Retry-After": f"{after_s:.0f}", **{k.replace("_", "-"): v for k, v in more.items()}}, body


async def test_the_last_request_for_now_ends_when_discord_has_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    async with speaking(lambda _path, n: (200, left(0, 7.0), {"id": str(n)}), monkeypatch) as (server, api):
        assert await asyncio.wait_for(api.send("5", {}), 1) == "1"
        with from_the_outbox(), pytest.raises(discord.RateLimited) as limit:
            await asyncio.wait_for(api.send("5", {}), 1)
        assert 6 < limit.value.retry_after <= 7
        assert len(server.asked) == 1, "a request that Discord would refuse was made"
        assert await asyncio.wait_for(api.send("6", {}), 1) == "1"


async def test_each_try_that_the_sdk_makes_by_itself_takes_a_token_too(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []

    async def sleep(seconds: float, *_: object) -> None:
        waited.append(seconds)

    def answer(_path: str, n: int) -> tuple[int, dict[str, str], Any]:
        return (500, {}, {}) if n < 3 else (200, left(5, 1.0), {"id": str(n)})

    async with speaking(answer, monkeypatch) as (server, api):
        monkeypatch.setattr("discord.http.asyncio.sleep", sleep)
        turns, turn = list[bool](), api.gate.turn

        async def counted(*, is_due: bool = False) -> None:
            turns.append(is_due)
            await turn(is_due=is_due)

        monkeypatch.setattr(api.gate, "turn", counted)
        with from_the_outbox():
            assert await api.send("5", {}) == "3"
        assert (len(server.asked), turns) == (3, [True] * 3)
        await api.follow_up(1, "token", {})  # no limit of the bot's counts these
        assert len(turns) == 3


async def test_a_short_limit_is_waited_for_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    async with speaking(lambda _path, n: (200, left(0, 0.1, of=1), {"id": str(n)}), monkeypatch) as (_, api):
        loop = asyncio.get_running_loop()
        began = loop.time()
        assert await asyncio.gather(*(api.send("5", {}) for _ in range(4))) == ["1", "2", "3", "4"]
        assert loop.time() - began >= 0.29


async def test_a_limit_that_has_room_left_holds_up_nobody_however_long_it_lasts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with speaking(lambda _path, n: (200, left(5 - n, 600.0), {"id": str(n)}), monkeypatch) as (server, api):
        for _ in range(5):
            await asyncio.wait_for(api.send("5", {}), 1)
        with pytest.raises(discord.RateLimited):
            await asyncio.wait_for(api.send("5", {}), 1)
        assert len(server.asked) == 5


async def test_a_429_of_one_room_is_told_at_once_and_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(path: str, n: int) -> tuple[int, dict[str, str], Any]:
        return limited(5.0, X_RateLimit_Bucket="b") if "/5/" in path else (200, left(4, 1.0), {"id": str(n)})

    async with speaking(answer, monkeypatch) as (server, api):
        for room, ends in (("5", True), ("6", False), ("5", True)):
            post = Post("k", "t" * 20, "post", Place("discord", "1", room), say("Hello"))
            api._is_forum[room] = False
            with from_the_outbox():
                sending = asyncio.wait_for(deliver.deliver(api, post, False, "9"), 1)
                if ends:
                    with pytest.raises(Later) as later:
                        await sending
                    assert 4 < later.value.after_s <= 5
                else:
                    await sending
        assert len([path for path in server.asked if "/5/" in path]) == 1


async def test_a_global_429_stops_the_bucket_and_no_interaction(monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(path: str, n: int) -> tuple[int, dict[str, str], Any]:
        if path.startswith("/channels/5/"):
            return limited(30.0, X_RateLimit_Global="true")
        return 200, {}, {"id": str(n)}

    async with speaking(answer, monkeypatch) as (server, api):
        for room in "566":
            with pytest.raises(discord.RateLimited) as limit:
                await asyncio.wait_for(api.send(room, {}), 1)
            assert 29 < limit.value.retry_after <= 30
        assert len(server.asked) == 1
        await asyncio.wait_for(api.respond(1, "token", LATER), 1)
        await asyncio.wait_for(api.edit_answer(2, "token", {}), 1)
        assert len(server.asked) == 3


async def test_limits_that_nobody_uses_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limit, "_MANY", 3)
    monkeypatch.setattr(rate_limit, "_SWEEP_S", 0.0)
    monkeypatch.setattr(rate_limit, "_IDLE_S", -1.0)
    http = HTTPClient(asyncio.get_running_loop())
    kept = Buckets(http)
    for n in range(10):
        async with kept.of(str(n)):
            pass
    assert len(http._buckets) <= 4
    assert limits.DUE_WAIT_S < limits.WAIT_S
