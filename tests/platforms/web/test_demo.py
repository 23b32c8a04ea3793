from __future__ import annotations

import asyncio

from tests.platforms.local import FakeDemo, Local
from tests.platforms.web.conftest import Served, serving


async def test_time_moves_and_the_open_pages_watch_it() -> None:
    local = Local()
    demo = FakeDemo(local)
    async with serving(local, demo=demo) as served:
        response = await served.get("/events")
        assert b'"demo": "2026-11-23T09:00:00+00:00", "moving": false' in await response.content.readuntil(b"\n\n")
        told = await served.post("/demo", {"to": "hour"})
        assert told == {"demo": "2026-11-23T10:00:00+00:00", "moving": False}
        assert b'"moving": true' in await response.content.readuntil(b"\n\n")
        assert demo.moves == ["hour"]
        response.close()


async def test_a_second_move_waits_for_the_first() -> None:
    local = Local()
    demo = FakeDemo(local)
    async with serving(local, demo=demo) as served:
        first = asyncio.create_task(served.post("/demo", {"to": "day"}))
        await asyncio.sleep(0.05)
        headers = {"X-Trailmate-Token": served.token}
        async with served.http.post(served.url + "/demo", json={"to": "day"}, headers=headers) as second:
            assert (second.status, await second.text()) == (409, "Time is already moving.")
        await first
        assert demo.moves == ["day"]


async def test_the_real_page_moves_no_time(served: Served) -> None:
    headers = {"X-Trailmate-Token": served.token}
    async with served.http.post(served.url + "/demo", json={"to": "hour"}, headers=headers) as response:
        assert (response.status, await response.text()) == (400, "Only the demo moves time.")
    assert "Next hour" not in await (await served.get("/")).text()
