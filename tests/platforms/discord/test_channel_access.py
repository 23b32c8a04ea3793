"""Who sees which channel on Discord, and with which roles."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import discord

from bot.commands.context import MODERATES, AccessReport, Account, Place
from tests.platforms.discord.world import Server, connected


def at(s: Server, channel: Any) -> Place:
    return Place("discord", str(s.guild.id), str(channel.id))


async def look(s: Server, who: Any, *rooms: Place) -> AccessReport:
    return await s.platform.sees(Account("discord", None, str(who.id), "x"), frozenset(rooms))


async def test_an_override_hides_a_channel_from_those_it_names_no_role_of() -> None:
    async with connected() as s:
        hide, show = discord.PermissionOverwrite(view_channel=False), discord.PermissionOverwrite(view_channel=True)
        role = s.guild.create_role("redwood")
        closed = s.guild.create_text_channel("redwood", overwrites={s.guild.default_role: hide, role: show})
        carl = s.guild.add_member(s.env.create_user("carl"), roles=[role])
        both = (at(s, s.channel), at(s, closed))
        assert (await look(s, s.ada, *both)).seen == {at(s, s.channel)}
        carls = await look(s, carl, *both)
        assert carls.seen == set(both)
        assert carls.grants[str(s.guild.id)] == {f"role:{role.id}"}


async def test_whoever_administers_sees_all_and_moderates_also_what_is_gone() -> None:
    async with connected() as s:
        hide = discord.PermissionOverwrite(view_channel=False)
        closed = s.guild.create_text_channel("redwood", overwrites={s.guild.default_role: hide})
        chief = s.guild.create_role("chief", permissions=discord.Permissions(administrator=True))
        dora = s.guild.add_member(s.env.create_user("dora"), roles=[chief])
        gone = Place("discord", str(s.guild.id), "12345")
        view = await look(s, dora, at(s, closed), gone)
        assert view.seen == {at(s, closed), gone}
        assert MODERATES in view.grants[str(s.guild.id)]
        assert (await look(s, s.ada, gone)).gone == {gone}


async def test_whoever_manages_the_server_alone_learns_no_more_of_a_deleted_channel_than_of_a_hidden_one() -> None:
    async with connected() as s:
        hide = discord.PermissionOverwrite(view_channel=False)
        closed = s.guild.create_text_channel("redwood", overwrites={s.guild.default_role: hide})
        steward = s.guild.create_role("steward", permissions=discord.Permissions(manage_guild=True))
        finn = s.guild.add_member(s.env.create_user("finn"), roles=[steward])
        gone = Place("discord", str(s.guild.id), "12345")
        view = await look(s, finn, at(s, closed), at(s, s.channel), gone)
        assert view.seen == {at(s, s.channel)}
        assert view.gone == {gone}
        assert MODERATES in view.grants[str(s.guild.id)]


async def test_a_channel_is_its_managers_and_the_servers_owner_is_known() -> None:
    async with connected() as s:
        lead = discord.PermissionOverwrite(manage_channels=True)
        theirs = s.guild.create_text_channel("redwood", overwrites={s.ada.user: lead})
        view = await look(s, s.ada, at(s, theirs), at(s, s.channel))
        assert view.owned == {at(s, theirs)}
        assert view.trusted == {str(s.guild.id): ((str(s.guild.owner.id), "the server's owner"),)}


async def test_somebody_who_is_not_in_the_server_sees_nothing_of_it() -> None:
    async with connected() as s:
        view = await look(s, s.env.create_user("eve"), at(s, s.channel))
        assert not view.seen
        assert view.absent == {str(s.guild.id)}


async def test_a_server_without_the_bot_is_gone() -> None:
    async with connected() as s:
        room = Place("discord", "999", "1000")
        assert (await look(s, s.ada, room)).gone == {room}


async def test_many_rooms_cost_three_requests_a_minute() -> None:
    async with connected() as s:
        rooms = [at(s, s.guild.create_text_channel(f"room-{n}")) for n in range(8)]
        before = len(s.env.http_requests)
        await look(s, s.ada, *rooms)
        await look(s, s.ada, *rooms)
        assert len(s.env.http_requests) - before == 3


async def test_somebody_is_told_as_their_server_has_them_now() -> None:
    async with connected() as s:
        steward = s.guild.create_role("steward", permissions=discord.Permissions(manage_guild=True))
        finn = s.guild.add_member(s.env.create_user("finn"), roles=[steward])
        said = Account("discord", str(s.guild.id), str(finn.id), "Old name", realm="")
        now = await s.platform.present(said)
        assert now is not None
        assert now.name == "finn" and now.grants == {MODERATES, f"role:{steward.id}"}
        assert (now.scope, now.tenant_name, now.is_unproven) == ("", s.guild.name, False)
        assert await s.platform.present(replace(said, id="4711")) is None
