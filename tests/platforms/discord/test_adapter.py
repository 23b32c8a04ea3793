"""Connecting, registering, leaving, and being refused."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import discord
import pytest
import simcord
from discord.http import Route

from bot.chat.platform import Post, Refused
from bot.commands.context import Place
from bot.messages import markup
from bot.messages.call import Call
from bot.messages.reply import Button, say
from bot.platforms.discord import client
from bot.platforms.discord.adapter import DiscordPlatform
from bot.platforms.discord.connection import Client
from tests.platforms.discord.world import Free, World, connected, said


async def test_commands_are_registered_once_and_not_again_when_nothing_changed() -> None:
    async with connected() as s:
        assert len(s.requests("PUT", "/commands")) == 1
        assert "cohort" in {request["name"] for request in s.requests("PUT", "/commands")[0]}
        again = DiscordPlatform("token")
        await s.env.restart_bot(again.open(s.world.registry, s.world.dispatcher, s.world.reports.append))
        assert len(s.requests("PUT", "/commands")) == 1
        assert (await s.ada.slash(s.channel, "hello")).ephemeral


async def test_a_button_still_works_after_a_restart() -> None:
    async with connected() as s:
        await s.ada.slash(s.channel, "shout")
        message = s.channel.last_message
        assert message is not None
        again = DiscordPlatform("token")
        await s.env.restart_bot(again.open(s.world.registry, s.world.dispatcher, s.world.reports.append))
        await s.bo.click(message, label="Count")
        assert s.channel.last_message is not None
        assert s.channel.last_message.content == "Count 1"


async def test_refused_commands_are_tried_again_and_told_to_doctor() -> None:
    world = World()
    platform = DiscordPlatform("token", limiter_store=Free())
    client = platform.open(world.registry, world.dispatcher, world.reports.append)
    env = simcord.Env(client, shard_count=1)
    env.inject_error("PUT", "/applications/*/commands", status=400, code=30034, times=2)
    await env.start()
    try:
        assert platform._registrar is not None and "30034" in platform._registrar.trouble
        await client.on_ready()
        assert platform._registrar.trouble == ""
    finally:
        await env.shutdown()


async def test_its_state_is_reported() -> None:
    async with connected() as s:
        assert s.world.reports == ["ready"]
        client = s.platform._connected()
        await client.on_shard_disconnect(0)
        await client.on_shard_resumed(0)
        assert s.world.reports == ["ready", "connecting", "ready"]


async def test_nothing_of_members_or_messages_is_kept() -> None:
    async with connected() as s:
        client = s.platform._connected()
        assert client.allowed_mentions is not None
        allowed = client.allowed_mentions
        assert not (allowed.everyone or allowed.users or allowed.roles or allowed.replied_user)
        assert client._connection.max_messages is None
        await s.ada.slash(s.channel, "shout")
        assert not client.cached_messages


def closed(code: int) -> discord.ConnectionClosed:
    socket: Any = None
    return discord.ConnectionClosed(socket, shard_id=0, code=code)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (discord.LoginFailure("no"), "DISCORD_TOKEN"),
        (discord.PrivilegedIntentsRequired(0), "Developer Portal"),
        (closed(4004), "DISCORD_TOKEN"),
        (closed(4011), "shards"),
    ],
)
async def test_what_discord_will_never_accept_is_refused_with_its_mend(
    monkeypatch: pytest.MonkeyPatch, fault: Exception, words: str
) -> None:
    left = await _run(monkeypatch, fault, Refused, words)
    assert left == ["left"]


async def test_anything_else_is_raised_for_the_supervisor(monkeypatch: pytest.MonkeyPatch) -> None:
    assert await _run(monkeypatch, closed(4000), discord.ConnectionClosed, "4000") == ["left"]
    assert await _run(monkeypatch, OSError("away"), OSError, "away") == ["left"]


async def _run(monkeypatch: pytest.MonkeyPatch, fault: Exception, meaning: type[Exception], words: str) -> list[str]:
    left: list[str] = []

    async def start(self: Client, token: str) -> None:
        raise fault

    async def leave(self: Client) -> None:
        left.append("left")

    monkeypatch.setattr(Client, "start", start)
    monkeypatch.setattr(Client, "leave", leave)
    world = World()
    with pytest.raises(meaning, match=words):
        await DiscordPlatform("token").run(world.registry, world.dispatcher, world.reports.append)
    assert world.reports == ["connecting"]
    return left


async def test_an_event_that_another_process_takes_is_left_to_it() -> None:
    async with connected() as s:
        asked = list[str]()

        async def first(key: str) -> bool:
            asked.append(key)
            return False

        assert s.platform._events is not None
        s.platform._events.first = first
        sent = len(s.env.http_requests)
        await s.ada.send(s.channel, f"<@{s.me}> shout")
        await s.ada.send(s.channel, "nothing for it")
        await s.env.settle()
        assert len(asked) == 1 and asked[0].startswith("discord:")
        assert len(s.env.http_requests) == sent


async def test_who_only_reaches_it_delivers_and_registers_nothing() -> None:
    world, platform = World(), DiscordPlatform("token")
    client = platform.open(world.registry, world.dispatcher, world.reports.append)
    assert platform._registrar is not None
    platform._registrar.registers = False
    async with simcord.run(client, shard_count=1, settle_timeout=8) as env:
        guild = env.create_guild("Study hall")
        channel = guild.create_text_channel("general")
        assert [r for r in env.http_requests if r.method == "PUT" and "/commands" in r.path] == []
        place = Place("discord", str(guild.id), str(channel.id))
        assert (await platform.deliver(Post("k", "t" * 20, "post", place, say("hello")), False)).ref
        assert platform._registrar.trouble == ""


async def test_who_only_reaches_it_stays_until_the_token_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    logged_in = asyncio.Event()

    async def login(self: Client, token: str) -> None:
        assert not self._registrar.registers
        await self._async_setup_hook()
        logged_in.set()

    monkeypatch.setattr(Client, "login", login)
    world, platform = World(), DiscordPlatform("token")
    reaching = asyncio.create_task(platform.reach(world.registry, world.dispatcher, world.reports.append))
    await logged_in.wait()
    await asyncio.sleep(0)
    assert world.reports == ["connecting", "ready"]
    platform._api.refused.set()
    with pytest.raises(Refused, match="DISCORD_TOKEN"):
        await reaching


async def test_answers_on_their_way_go_out_before_the_connection_closes() -> None:
    async with connected(World(delay_s=0.3)) as s:
        assert s.platform._events is not None
        busy = s.platform._events.busy
        slash = asyncio.ensure_future(s.ada.slash(s.channel, "hello"))
        await asyncio.sleep(0.1)
        assert busy
        await asyncio.wait(busy, timeout=3)
        assert not busy
        assert (await slash).acknowledged


async def test_a_proxys_address_replaces_discords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Route, "BASE", Route.BASE)
    world = World()
    platform = DiscordPlatform("token", api_url="http://127.0.0.1:9/api/v10/", gateway_url="ws://127.0.0.1:9/")
    platform.open(world.registry, world.dispatcher, world.reports.append)
    assert Route("GET", "/users/@me").url == "http://127.0.0.1:9/api/v10/users/@me"


def test_tokens_of_interactions_are_taken_out_of_the_sdks_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, "discord.http")
    client.hide_tokens()
    client.hide_tokens()
    log = logging.getLogger("discord.http")
    log.warning("limited: %s %s", "POST", "https://discord.com/api/v10/webhooks/123/aSecretToken?wait=true")
    log.warning("limited: %s", "https://discord.com/api/v10/interactions/123/aSecretToken/callback")
    log.warning("nothing to hide in /channels/%s/messages", "5")
    assert "aSecretToken" not in caplog.text
    assert "/webhooks/123/…?wait=true" in caplog.text
    assert "/channels/5/messages" in caplog.text


async def test_leaving_waits_for_answers_on_their_way_and_then_closes(monkeypatch: pytest.MonkeyPatch) -> None:
    async with connected() as s:
        client = s.platform._connected()
        shut: list[bool] = []

        async def close(self: Client) -> None:
            shut.append(self.is_open)

        monkeypatch.setattr(Client, "close", close)
        work = asyncio.create_task(client._track(asyncio.sleep(0.1)))
        await asyncio.sleep(0)
        await client.leave()
        assert work.done()
        assert shut == [False]
        client.is_open = True


async def test_a_command_that_an_answer_names_can_be_clicked() -> None:
    async with connected() as s:
        held = {c["name"]: c["id"] for c in await s.platform._api.commands(int(s.me))}
        assert s.platform._api.known["checkin"].id == held["checkin"]
        assert s.platform._api.known["cohort create"].id == held["cohort"]
        way = say(f"Start with {markup.typed('cohort create')}.", buttons=(Button("Help", Call("help")),))
        here = Place("discord", str(s.guild.id), str(s.channel.id))
        await s.platform.deliver(Post("k", "t" * 20, "post", here, way), False)
        assert said(s.channel.last_message) == f"Start with </cohort create:{held['cohort']}>."


async def test_whatever_may_have_let_the_bot_in_again_is_passed_on_as_a_mended_room() -> None:
    async with connected() as s:
        guild, backend = str(s.guild.id), s.env.backend
        whole = Place("discord", guild, "")
        assert Place("discord", None, "") in s.world.usable  # at the start
        role = s.guild.create_role("helpers")
        await s.env.settle()
        client = s.platform._client
        assert client is not None
        me = {"id": s.me, "username": "bot", "discriminator": "0", "avatar": None}
        given = {
            "guild_id": guild,
            "user": me,
            "roles": [str(role.id)],
            "joined_at": "2026-01-01T00:00:00+00:00",
            "flags": 0,
        }
        for change, told in (
            (lambda: backend.edit_channel(s.channel.id, {}, overwrites=[]), Place("discord", guild, str(s.channel.id))),
            (lambda: backend.edit_role(s.guild.id, role.id, {"permissions": 2048}), whole),
            # Discord sends this one for the bot itself without an intent; simcord does not
            (lambda: client._connection.parsers["GUILD_MEMBER_UPDATE"](given), whole),
        ):
            s.world.usable.clear()
            change()
            await s.env.settle()
            assert s.world.usable == [told]
        s.world.usable.clear()
        backend.edit_role(s.guild.id, role.id, {"name": "friends"})
        await s.env.settle()
        assert s.world.usable == []
        again = s.env.create_guild("Reading room")
        await s.env.settle()
        assert Place("discord", str(again.id), "") in s.world.usable


async def test_a_token_that_is_revoked_after_the_start_is_refused_when_a_request_shows_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = World()
    platform = DiscordPlatform("token")
    started = asyncio.Event()

    async def start(self: Client, token: str) -> None:
        started.set()
        await asyncio.Event().wait()

    async def leave(self: Client) -> None:
        return None

    async def request(self: Any, route: Any, **more: Any) -> Any:
        answer: Any = type("Answer", (), {"status": 401, "reason": "Unauthorized"})()
        raise discord.HTTPException(answer, {"code": 0, "message": "401: Unauthorized"})

    monkeypatch.setattr(Client, "start", start)
    monkeypatch.setattr(Client, "leave", leave)
    monkeypatch.setattr("discord.http.HTTPClient.request", request)
    running = asyncio.create_task(platform.run(world.registry, world.dispatcher, world.reports.append))
    await started.wait()
    assert platform._client is not None
    platform._client.is_open = True
    with pytest.raises(discord.HTTPException):
        await platform._api.commands(1)
    with pytest.raises(Refused, match="DISCORD_TOKEN"):
        await asyncio.wait_for(running, 5)
