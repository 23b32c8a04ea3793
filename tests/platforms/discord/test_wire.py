"""The pace of requests, and rooms that are opened once."""

from __future__ import annotations

import asyncio
from typing import Any

from bot.platforms.discord import wire
from bot.platforms.discord.wire import Pace, Wire


async def test_no_second_sees_more_requests_than_allowed() -> None:
    pace, loop = Pace(5), asyncio.get_running_loop()
    at: list[float] = []

    async def one() -> None:
        await pace.turn()
        at.append(loop.time())

    await asyncio.gather(*(one() for _ in range(12)))
    at.sort()
    # A busy machine notes a turn late, so a gap may look shorter than the second that the pace keeps.
    assert all(later - earlier > 0.7 for earlier, later in zip(at, at[5:], strict=False))
    assert at[4] - at[0] < 0.5
    assert at[-1] - at[0] < 5


class Http:
    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    async def request(self, route: Any, **_: Any) -> Any:
        self.asked.append((route.method, route.url.rpartition("/v10")[2]))
        return {"id": str(len(self.asked))}


async def test_the_rooms_of_direct_messages_are_remembered_within_bounds(monkeypatch: Any) -> None:
    monkeypatch.setattr(wire, "_DIRECT_ROOMS", 2)
    http: Any = Http()
    one = Wire(lambda: http)
    assert [await one.open_direct(p) for p in ("a", "b", "a", "c", "a", "b")] == ["1", "2", "1", "3", "1", "4"]


async def test_interactions_do_not_wait_for_the_bots_own_pace() -> None:
    http: Any = Http()
    pace = Pace(1)
    await pace.turn()
    one = Wire(lambda: http, pace)
    await asyncio.wait_for(one.respond(1, "token", wire.LATER), 0.2)
    await asyncio.wait_for(one.edit_answer(2, "token", {}), 0.2)
    assert http.asked == [("POST", "/interactions/1/token/callback"), ("PATCH", "/webhooks/2/token/messages/@original")]
