"""An answer that meets a fault of Discord or the network is not lost."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import aiohttp
import discord
import pytest

from bot.delivery.relay import DELIVERY_S
from bot.platforms.discord import client, limits, rate_limit
from bot.platforms.discord.adapter import DiscordPlatform
from bot.platforms.discord.client import MESSAGE, DiscordApi
from tests.platforms.discord.world import World, connected, said


def refused(status: int, code: int = 0) -> discord.HTTPException:
    """Return what the SDK makes of a status."""
    response: Any = SimpleNamespace(status=status, reason="")
    kind = discord.DiscordServerError if status >= 500 else discord.HTTPException
    return kind(response, {"code": code, "message": ""})


class Http:
    """An HTTP client that fails as it is told to, then works."""

    def __init__(self, *faults: Exception) -> None:
        self.faults, self.requests = list(faults), 0

    async def request(self, *_: Any, **__: Any) -> Any:
        self.requests += 1
        if self.faults:
            raise self.faults.pop(0)
        return {"id": "7"}


def api_of(http: Any) -> DiscordApi:
    return DiscordApi(lambda: http)


FAULTS: list[Callable[[], Exception]] = [
    lambda: refused(503),
    aiohttp.ServerDisconnectedError,
    lambda: ConnectionResetError(104, "reset"),
    lambda: discord.RateLimited(0.01),
]


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "PAUSE_S", 0.01)


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_follow_up_an_edit_and_a_first_response_are_given_once_more(fault: Callable[[], Exception]) -> None:
    http = Http(fault())
    assert await api_of(http).follow_up(1, "t", {}) == "7"
    http.faults = [fault()]
    await api_of(http).edit_answer(1, "t", {})
    http.faults = [fault()]
    await api_of(http).respond(1, "t", MESSAGE, {})
    assert http.requests == 6


async def test_a_second_fault_and_a_refusal_are_final() -> None:
    for faults, requests in (([refused(503), refused(503)], 2), ([refused(403)], 1)):
        http = Http(*faults)
        with pytest.raises(discord.HTTPException):
            await api_of(http).follow_up(1, "t", {})
        assert http.requests == requests


async def test_a_first_response_that_had_arrived_all_the_same_is_no_fault() -> None:
    await api_of(Http(aiohttp.ServerDisconnectedError(), refused(400, 40060))).respond(1, "t", MESSAGE, {})
    with pytest.raises(discord.HTTPException):
        await api_of(Http(refused(400, 40060))).respond(1, "t", MESSAGE, {})


async def test_a_limit_is_waited_for_as_long_as_patience_lasts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PATIENCE_S", 0.05)
    http = Http(*[discord.RateLimited(0.02)] * 2)
    assert await api_of(http).follow_up(1, "t", {}) == "7"
    with pytest.raises(discord.RateLimited):
        await api_of(Http(discord.RateLimited(90.0))).follow_up(1, "t", {})


async def test_a_public_answer_to_a_command_or_a_mention_outlives_one_fault() -> None:
    async with connected(World(slowness=0.05)) as s:
        s.env.inject_error("POST", "/interactions/*/*/callback", status=503, times=1)
        await s.ada.slash(s.channel, "shout", words="good morning")
        assert "good morning" in said(s.channel.last_message)
        s.env.inject_error("POST", "/channels/*/messages", status=503, times=1)
        await s.ada.send(s.channel, f"<@{s.me}> shout good evening")
        await s.env.settle()
        assert "good evening" in said(s.channel.last_message)


async def test_a_long_limit_is_told_to_the_outbox_instead_of_being_slept_through() -> None:
    world = World()
    client = DiscordPlatform("token").open(world.registry, world.dispatcher, world.reports.append)
    assert client.http.max_ratelimit_timeout == rate_limit.AT_ONCE_S
    assert isinstance(client.http.get_ratelimit("key"), rate_limit.Bucket)
    assert 3 * limits.DUE_WAIT_S < DELIVERY_S / 2


async def test_nonsense_in_place_of_an_answer_is_asked_for_once_more() -> None:
    class Babbling(Http):
        async def request(self, *_: Any, **__: Any) -> Any:
            self.requests += 1
            return "<html>All is well</html>" if self.requests == 1 else {"id": "7"}

    for http in (Babbling(), Http(ValueError("half a JSON"))):
        assert await api_of(http).follow_up(1, "t", {}) == "7"
        assert http.requests == 2


async def test_a_first_response_of_which_nothing_is_heard_is_given_again_while_it_still_counts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "FIRST_S", 0.01)

    class Silent(Http):
        async def request(self, *_: Any, **__: Any) -> Any:
            self.requests += 1
            await asyncio.sleep(60 * (self.requests == 1))

    http = Silent()
    await asyncio.wait_for(api_of(http).respond(1, "t", MESSAGE, {}), 1)
    assert http.requests == 2


async def test_no_request_waits_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "REQUEST_S", 0.01)

    class Mute(Http):
        async def request(self, *_: Any, **__: Any) -> Any:
            await asyncio.sleep(60)

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(api_of(Mute()).edit("5", "6", {}), 1)


async def test_a_first_response_that_failed_after_it_had_arrived_is_given() -> None:
    class Failing(Http):
        async def request(self, *_: Any, files: Any = None, **__: Any) -> Any:
            self.requests += 1
            if self.requests > 1:
                raise refused(400, 40060)
            for _again in range(2):  # the SDK goes through the files before each of its tries
                list(files)

    http = Failing()
    await api_of(http).respond(1, "t", MESSAGE, {})
    assert http.requests == 2
