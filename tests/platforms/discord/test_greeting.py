"""The hello where the bot was just let in: in the system channel, else to the server's owner alone."""

from __future__ import annotations

from datetime import timedelta

import discord
import pytest
import simcord
from simcord.backend import serializers

from bot.commands.context import Place
from bot.messages.call import Call
from bot.messages.reply import Button, say
from bot.platforms.discord import connection
from tests.platforms.discord.world import Server, connected, said

HELLO = say("I take a study group along.", buttons=(Button("Set up", Call("hello"), "primary"),))


async def enter(s: Server, *, is_back: bool = False) -> None:
    """Have Discord say that the bot is in the server, newly or after an absence."""
    backend = s.env.backend
    told = serializers.guild_create_payload(backend, backend.get_guild(s.guild.id))
    backend.emit("GUILD_CREATE", told if is_back else {k: v for k, v in told.items() if k != "unavailable"})
    await s.env.settle()


async def come_in(s: Server, room: simcord.ChannelHandle) -> None:
    """Let the bot into the server, which is told what is new in a room."""
    s.env.backend.edit_guild(s.guild.id, {"system_channel_id": room.id})
    await s.env.settle()
    s.world.let_in.clear()
    s.world.hello = HELLO
    await enter(s)


async def test_it_is_said_once_where_the_server_is_told_what_is_new_and_its_button_works() -> None:
    async with connected() as s:
        await come_in(s, s.channel)
        server = str(s.guild.id)
        assert s.world.let_in == [(Place("discord", server, ""), Place("discord", server, str(s.channel.id)))]
        assert said(s.channel.last_message) == "I take a study group along."
        assert s.channel.last_message is not None
        answer = await s.ada.click(s.channel.last_message, label="Set up")
        assert said(answer.response) == "Hello Ada" and answer.ephemeral
        s.world.hello = None
        await enter(s, is_back=True)
        assert len(s.world.let_in) == 2 and len(s.channel.history()) == 1


async def test_where_the_bot_may_not_write_the_owner_alone_is_told() -> None:
    async with connected() as s:
        assert s.guild.me is not None
        closed = s.guild.create_text_channel(
            "news", overwrites={s.guild.me: discord.PermissionOverwrite(send_messages=False)}
        )
        await come_in(s, closed)
        owner = str(s.guild.owner.id)
        assert s.world.let_in == [(Place("discord", str(s.guild.id), ""), Place.direct("discord", None, owner))]
        assert closed.last_message is None
        assert [request["recipient_id"] for request in s.requests("POST", "/users/@me/channels")] == [owner]
        assert [request["content"] for request in s.requests("POST", "/messages")] == ["I take a study group along."]


async def test_a_server_in_which_the_bot_is_at_home_is_told_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    async with connected() as s:
        later = discord.utils.utcnow() + connection.NEW + timedelta(days=1)
        monkeypatch.setattr(discord.utils, "utcnow", lambda: later)
        await come_in(s, s.channel)
        assert s.world.let_in == []
