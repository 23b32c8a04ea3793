"""The pace of requests, and rooms that are opened once."""

from __future__ import annotations

import asyncio
from typing import Any

import discord
import pytest
from aiohttp import web
from discord.http import HTTPClient, Route

from bot.platforms.discord import client
from bot.platforms.discord.client import DiscordApi


class Http:
    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    async def request(self, route: Any, **_: Any) -> Any:
        self.asked.append((route.method, route.url.rpartition("/v10")[2]))
        return {"id": str(len(self.asked))}


async def test_the_rooms_of_direct_messages_are_remembered_within_bounds(monkeypatch: Any) -> None:
    monkeypatch.setattr(client, "_DIRECT_ROOMS", 2)
    http: Any = Http()
    one = DiscordApi(lambda: http)
    assert [await one.open_direct(p) for p in ("a", "b", "a", "c", "a", "b")] == ["1", "2", "1", "3", "1", "4"]


async def test_interactions_do_not_wait_for_the_bots_own_pace() -> None:
    http: Any = Http()
    one = DiscordApi(lambda: http)
    await one.gate.hold(30)
    with pytest.raises(discord.RateLimited):
        await one.send("5", {})
    await asyncio.wait_for(one.respond(1, "token", client.LATER), 0.2)
    await asyncio.wait_for(one.edit_answer(2, "token", {}), 0.2)
    assert http.asked == [("POST", "/interactions/1/token/callback"), ("PATCH", "/webhooks/2/token/messages/@original")]


async def test_what_discord_would_not_drop_is_tried_once_by_the_sdk() -> None:
    seen = []

    async def fail(request: web.Request) -> web.Response:
        seen.append(await request.json())
        return web.json_response({"message": "Bad Gateway"}, status=502)

    app = web.Application()

    async def me(request: web.Request) -> web.Response:
        return web.json_response({"id": "1", "username": "trailmate"})

    app.router.add_post("/channels/5/threads", fail)
    app.router.add_get("/users/@me", me)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    http = HTTPClient(asyncio.get_running_loop())
    base, Route.BASE = Route.BASE, f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        await http.static_login("token")
        with pytest.raises(client.Broken):
            await DiscordApi(lambda: http).open_post("5", "Unit 7", {"content": "x"})
    finally:
        Route.BASE = base
        await http.close()
        await runner.cleanup()
    assert [body["name"] for body in seen] == ["Unit 7"]
