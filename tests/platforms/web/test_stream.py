from __future__ import annotations

import asyncio

import pytest
from aiohttp import ClientConnectionResetError, ClientSession, web
from aiohttp.test_utils import make_mocked_request

from bot.platforms.web.listen import Streams
from tests.platforms.web.conftest import Served, serving


async def test_an_open_page_is_greeted_and_told_what_changes(served: Served) -> None:
    async with await served.get("/events") as response:
        assert response.headers["Content-Type"] == "text/event-stream"
        assert response.headers["X-Accel-Buffering"] == "no"
        assert b"event: hello" in (await response.content.readuntil(b"\n\n"))
        await served.post("/say", {"text": "ask what is attention?"})
        told = await response.content.readuntil(b"\n\n")
        assert b'event: room\ndata: {"room": "general", "thread": null}' in told


async def test_a_server_that_ends_ends_its_streams_at_once() -> None:
    async with serving() as served:
        response = await served.get("/events")
        await response.content.readuntil(b"\n\n")
        started = asyncio.get_running_loop().time()
    assert asyncio.get_running_loop().time() - started < 1.5
    response.close()


async def test_a_page_that_never_reads_is_cut_off() -> None:
    streams = Streams()
    done = asyncio.Event()

    async def events(request: web.Request) -> web.StreamResponse:
        try:
            return await streams.serve(request, {})
        finally:
            done.set()

    app = web.Application()
    app.router.add_get("/", events)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        async with ClientSession() as http, http.get(f"http://127.0.0.1:{runner.addresses[0][1]}/") as response:
            await response.content.readuntil(b"\n\n")
            for n in range(400):
                streams.publish("room", {"n": n})
            await asyncio.wait_for(done.wait(), 5)
    finally:
        await runner.cleanup()


async def test_a_browser_that_has_gone_before_the_first_byte_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    async def gone(_response: web.StreamResponse, _request: web.Request) -> None:
        raise ClientConnectionResetError("Cannot write to closing transport")

    monkeypatch.setattr(web.StreamResponse, "prepare", gone)
    await Streams().serve(make_mocked_request("GET", "/events"), {})
