"""The server owns an address, and begins and ends what is mounted."""

from __future__ import annotations

import asyncio
import socket

import aiohttp
import pytest
from aiohttp import web

from bot.chat.platform import Refused
from bot.server.http import Server
from bot.server.mount import Mount
from tests.server.conftest import serving


async def test_a_port_in_use_is_one_sentence_that_names_the_setting() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(Refused, match=r"^The page needs port \d+ on 127.0.0.1, which is in use: .*TRAILMATE_PORT"):
            async with serving(port=taken.getsockname()[1]):
                pass


async def test_a_host_that_is_not_ours_is_one_sentence_too() -> None:
    with pytest.raises(Refused, match="TRAILMATE_HOST"):
        async with serving(host="192.0.2.1"):
            pass


async def test_a_mount_begins_anew_at_each_start_and_ends_what_it_holds_open() -> None:
    told: list[str] = []
    ended = asyncio.Event()

    async def stay(request: web.Request) -> web.Response:
        told.append("asked")
        await ended.wait()
        return web.Response(text="over")

    def begin() -> list[web.RouteDef]:
        told.append("begun")
        ended.clear()
        return [web.get("/", stay)]

    server = Server("127.0.0.1", 0, [Mount("page", begin, end=ended.set)])
    for _ in range(2):
        states: list[str] = []
        running = asyncio.create_task(server.run(states.append))
        while not states:
            await asyncio.sleep(0.01)
        async with aiohttp.ClientSession() as http:
            asking = asyncio.create_task(http.get(str(server.url)))
            while told[-1] != "asked":
                await asyncio.sleep(0.01)
            running.cancel()
            async with asyncio.timeout(1.5), await asking as response:
                assert await response.text() == "over"
        await asyncio.wait([running])
    assert told == ["begun", "asked"] * 2


async def test_a_guard_of_a_mount_is_asked_before_its_answers_and_no_others() -> None:
    async def greet(request: web.Request) -> web.Response:
        return web.Response(text=f"Hello from {request.match_info.get('room', 'here')}")

    def nobody(request: web.Request) -> None:
        raise web.HTTPForbidden(text="Not today.")

    closed = Mount("page", lambda: [web.get("/room/{room}", greet), web.post("/say", greet)], admit=nobody)
    open_ = Mount("lobby", lambda: [web.get("/lobby/{room}", greet)])
    async with serving((closed, open_)) as (url, http):
        async with http.get(url + "/lobby/one") as response:
            assert await response.text() == "Hello from one"
        for method, path in (("GET", "/room/one"), ("POST", "/say")):
            async with http.request(method, url + path) as response:
                assert (response.status, await response.text()) == (403, "Not today.")
