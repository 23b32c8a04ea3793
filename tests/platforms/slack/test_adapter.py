"""The connection: refused, lost, made again and ended."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

import pytest

from bot.chat.platform import Later, Platform, Post, Refused
from bot.commands.context import Place
from bot.messages.reply import say
from bot.platforms.slack import adapter
from bot.platforms.slack.adapter import SlackPlatform
from tests.platforms.slack.conftest import Desk
from tests.platforms.slack.stub import APP_TOKEN, BOT_TOKEN, StubSlack
from tests.platforms.slack.world import World

POST = Post("k", "t" * 20, "post", Place("slack", "T1", "C1"), say("hello"))


async def _run(platform: SlackPlatform) -> None:
    world = World()
    await asyncio.wait_for(platform.run(world.registry, world.dispatcher, lambda state: None), 5)


async def test_a_token_of_a_whole_organisation_is_refused_at_start(slack: StubSlack) -> None:
    slack.is_enterprise = True
    with pytest.raises(Refused, match="whole organisation"):
        await _run(SlackPlatform(BOT_TOKEN, APP_TOKEN, api_url=slack.api_url))


async def test_a_wrong_bot_token_is_refused_with_where_the_right_one_is(slack: StubSlack) -> None:
    with pytest.raises(Refused, match="Bot User OAuth Token"):
        await _run(SlackPlatform("xoxb-bad", APP_TOKEN, api_url=slack.api_url))


@pytest.mark.parametrize("error", ["account_inactive", "token_revoked", "not_allowed_token_type"])
async def test_a_token_that_ended_is_refused(slack: StubSlack, error: str) -> None:
    slack.fail("auth.test", error)
    with pytest.raises(Refused, match=error):
        await _run(SlackPlatform(BOT_TOKEN, APP_TOKEN, api_url=slack.api_url))


async def test_a_wrong_app_token_is_refused_with_the_scope_that_it_needs(slack: StubSlack) -> None:
    with pytest.raises(Refused, match="connections:write"):
        await _run(SlackPlatform(BOT_TOKEN, "xapp-bad", api_url=slack.api_url))
    slack.fail("apps.connections.open", "missing_scope")
    with pytest.raises(Refused, match="connections:write"):
        await _run(SlackPlatform(BOT_TOKEN, APP_TOKEN, api_url=slack.api_url))


async def test_other_trouble_at_the_start_is_worth_another_try(slack: StubSlack) -> None:
    slack.fail("auth.test", "internal_error")
    with pytest.raises(ConnectionError):
        await _run(SlackPlatform(BOT_TOKEN, APP_TOKEN, api_url=slack.api_url))
    await slack.stop()
    with pytest.raises(ConnectionError):
        await _run(SlackPlatform(BOT_TOKEN, APP_TOKEN, api_url=slack.api_url))


async def test_before_it_is_connected_a_post_waits_and_doctor_says_so() -> None:
    platform: Platform = SlackPlatform(BOT_TOKEN, APP_TOKEN)
    with pytest.raises(Later):
        await platform.deliver(POST, False)
    (finding,) = await platform.inspect(POST.place)
    assert not finding.ok


async def test_while_it_runs_it_delivers_and_inspects(desk: Desk) -> None:
    assert (await desk.platform.deliver(POST, False)).ref
    assert await desk.platform.inspect(POST.place)


async def test_slacks_regular_disconnect_is_followed_by_a_new_socket(desk: Desk) -> None:
    await desk.slack.sockets[-1].send_json({"type": "disconnect", "reason": "refresh_requested"})
    await desk.slack.until(lambda: desk.slack.connections == 2)
    await desk.ada.slash("help")
    await desk.slack.until(lambda: desk.slack.responses)


async def test_a_socket_that_is_cut_is_opened_again(desk: Desk) -> None:
    await desk.slack.sockets[-1].close()
    await desk.slack.until(lambda: desk.slack.connections == 2)
    await desk.ada.slash("help")
    await desk.slack.until(lambda: desk.slack.responses)


async def test_a_socket_that_never_stays_open_is_given_up(slack: StubSlack, monkeypatch: Any) -> None:
    monkeypatch.setattr(adapter, "LOOK_S", 0.02)

    async def cut() -> None:
        while True:
            await slack.connected.wait()
            slack.connected.clear()
            await slack.sockets[-1].close()

    cutting = asyncio.create_task(cut())
    with pytest.raises(ConnectionError):
        await _run(SlackPlatform(BOT_TOKEN, APP_TOKEN, api_url=slack.api_url))
    cutting.cancel()


async def test_the_end_lets_an_answer_under_way_arrive(desk: Desk) -> None:
    await desk.ada.say("<@U0BOT> ask why")
    await desk.slack.until(lambda: desk.slack.sent("chat.postMessage"))
    desk.running.cancel()
    await asyncio.sleep(0.1)
    desk.world.gate.open.set()
    with suppress(asyncio.CancelledError):
        await desk.running
    assert "why" in desk.slack.sent("chat.update")[0]["text"]
    assert not desk.slack.sockets


async def test_a_token_that_is_revoked_while_the_socket_stays_open_is_refused(
    slack: StubSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapter, "TOKEN_S", 0.0)
    monkeypatch.setattr(adapter, "LOOK_S", 0.02)
    running = asyncio.create_task(_run(SlackPlatform(BOT_TOKEN, APP_TOKEN, api_url=slack.api_url)))
    await asyncio.wait_for(slack.connected.wait(), 5)
    slack.fail("auth.test", "internal_error")
    slack.fail("auth.test", "token_revoked")
    with pytest.raises(Refused, match="token_revoked"):
        await running


async def test_who_only_reaches_it_delivers_and_looks_without_a_socket(slack: StubSlack) -> None:
    platform, world, states = SlackPlatform(BOT_TOKEN, APP_TOKEN, api_url=slack.api_url), World(), list[str]()
    reaching = asyncio.create_task(platform.reach(world.registry, world.dispatcher, states.append))
    await slack.until(lambda: "ready" in states)
    assert (await platform.deliver(POST, False)).ref
    assert await platform.inspect(POST.place)
    assert slack.connections == 0
    reaching.cancel()
    await asyncio.wait({reaching})
    with pytest.raises(Later):
        await platform.deliver(POST, False)


async def test_who_only_reaches_it_is_refused_once_the_token_ends(
    slack: StubSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapter, "TOKEN_S", 0.02)
    slack.fail("auth.test", "token_revoked")
    platform, world = SlackPlatform(BOT_TOKEN, APP_TOKEN, api_url=slack.api_url), World()
    with pytest.raises(Refused):
        await platform.reach(world.registry, world.dispatcher, lambda state: None)
    reaching = asyncio.create_task(platform.reach(world.registry, world.dispatcher, lambda state: None))
    await slack.until(lambda: slack.sent("auth.test")[2:])
    slack.fail("auth.test", "token_revoked")
    with pytest.raises(Refused):
        await asyncio.wait_for(reaching, 5)
