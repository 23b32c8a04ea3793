"""What doctor is told about channels and servers."""

from __future__ import annotations

from typing import Any

import discord

from bot.commands.context import Place
from bot.platforms.discord.adapter import DiscordPlatform
from bot.platforms.discord.channel_access import compute_permissions
from bot.platforms.discord.manifest import NEEDED
from tests.platforms.discord.world import Server, connected


def at(s: Server, channel: Any) -> Place:
    return Place("discord", str(s.guild.id), str(channel.id))


async def test_a_channel_in_which_everything_is_allowed_is_well() -> None:
    async with connected() as s:
        found = await s.platform.inspect(at(s, s.channel))
        assert [f.ok for f in found] == [True] * len(NEEDED)


async def test_an_override_that_denies_is_named_with_its_mend() -> None:
    async with connected() as s:
        deny = discord.PermissionOverwrite(create_public_threads=False, embed_links=False)
        closed = s.guild.create_text_channel("study_hall", overwrites={s.guild.default_role: deny})
        bad = [f for f in await s.platform.inspect(at(s, closed)) if not f.ok]
        assert [f.what for f in bad] == [
            "#study\\_hall: Create Public Threads is missing",
            "#study\\_hall: Embed Links is missing",
        ]
        assert all("Permissions" in f.fix for f in bad)


async def test_a_permission_that_the_bot_can_do_without_is_told_with_its_cost() -> None:
    async with connected() as s:
        deny = discord.PermissionOverwrite(attach_files=False, create_events=False)
        room = s.guild.create_text_channel("bare", overwrites={s.guild.default_role: deny})
        lost = [f for f in await s.platform.inspect(at(s, room)) if f.is_optional]
        assert [(f.ok, f.what) for f in lost] == [
            (True, "#bare: Attach Files is missing, so I describe pictures in words"),
            (True, "#bare: Create Events is missing, so live sessions don't appear among the server's events"),
        ]


async def test_a_thread_is_judged_by_its_channel() -> None:
    async with connected() as s:
        await s.ada.slash(s.channel, "shout")
        assert s.channel.last_message is not None
        thread = await s.platform._api.open_thread(str(s.channel.id), str(s.channel.last_message.id), "Talk")
        found = await s.platform.inspect(Place("discord", str(s.guild.id), thread))
        assert found and all(f.ok for f in found)


async def test_a_channel_that_cannot_be_seen_or_is_none_for_posts_is_told() -> None:
    async with connected() as s:
        (gone,) = await s.platform.inspect(Place("discord", str(s.guild.id), "12345"))
        assert not gone.ok
        assert "View Channel" in gone.fix
        voice = s.guild.create_voice_channel("talk")
        (odd,) = await s.platform.inspect(at(s, voice))
        assert "not a text channel" in odd.what


async def test_the_server_as_a_whole() -> None:
    async with connected() as s:
        found = await s.platform.inspect(Place("discord", str(s.guild.id), ""))
        assert any("Slash commands are registered" in f.what for f in found)
        assert any("Study hall" in f.what for f in found)
        missing = await s.platform.inspect(Place("discord", "12345", ""))
        assert any(not f.ok and "manifest discord" in f.fix for f in missing)


async def test_a_direct_message_has_nothing_to_look_at() -> None:
    assert await DiscordPlatform("token").inspect(Place("discord", None, "@5")) == ()


async def test_before_the_connection_stands_that_is_what_is_told() -> None:
    found = await DiscordPlatform("token").inspect(Place("discord", "1", ""))
    assert [f.ok for f in found] == [False, True, False]


def test_overrides_count_in_discords_order() -> None:
    send, view = discord.Permissions(send_messages=True).value, discord.Permissions(view_channel=True).value
    guild = {"id": "1", "owner_id": "9", "roles": [{"id": "1", "permissions": str(send | view)}, _role("2", 0)]}
    member = {"roles": ["2"]}

    def held(*overrides: dict[str, Any]) -> discord.Permissions:
        return compute_permissions(guild, {"permission_overwrites": list(overrides)}, member, "5")

    everyone = {"id": "1", "type": 0, "allow": "0", "deny": str(send)}
    role = {"id": "2", "type": 0, "allow": str(send), "deny": "0"}
    person = {"id": "5", "type": 1, "allow": "0", "deny": str(send)}
    assert held().send_messages
    assert not held(everyone).send_messages
    assert held(everyone, role).send_messages
    assert not held(everyone, role, person).send_messages
    assert held(everyone, role, person).view_channel


def test_owners_and_administrators_may_everything() -> None:
    guild = {"id": "1", "owner_id": "5", "roles": [_role("1", 0), _role("2", 8)]}
    assert compute_permissions(guild, {}, {}, "5") == discord.Permissions.all()
    assert compute_permissions(guild, {}, {"roles": ["2"]}, "6") == discord.Permissions.all()


def _role(role_id: str, value: int) -> dict[str, str]:
    return {"id": role_id, "permissions": str(value)}


async def test_a_forum_needs_other_permissions_than_a_channel_with_threads() -> None:
    async with connected() as s:
        forum = s.guild.create_forum_channel("units")
        found = await s.platform.inspect(at(s, forum))
        assert found and all(f.ok for f in found)
        deny = {"allow": "0", "deny": str(discord.Permissions(send_messages=True, create_public_threads=True).value)}
        held = {
            **await s.platform._api.channel(str(forum.id)),
            "flags": 16,
            "permission_overwrites": [{"id": str(s.guild.id), "type": 0, **deny}],
        }

        async def shown(channel: str) -> dict[str, Any]:
            return held

        s.platform._api.channel = shown  # type: ignore[method-assign]
        bad = [f.what for f in await s.platform.inspect(at(s, forum)) if not f.ok]
        assert bad == ["#units: Create Posts is missing", "#units wants a tag on every post"]


async def test_a_media_channel_is_refused_with_a_sentence() -> None:
    async with connected() as s:
        forum = s.guild.create_forum_channel("pictures")
        s.env.backend.get_channel(forum.id).type = 16
        (found,) = await s.platform.inspect(at(s, forum))
        assert found.what == "#pictures is a media channel"
        assert "forum channel" in found.fix


def hushed(s: Server) -> Any:
    """Return a channel in which only roles that are open to all may be mentioned."""
    deny = discord.PermissionOverwrite(mention_everyone=False)
    return s.guild.create_text_channel("hushed", overwrites={s.guild.default_role: deny})


async def test_a_role_that_nobody_may_mention_is_named_with_its_mend() -> None:
    async with connected() as s:
        room = at(s, hushed(s))
        role, open_to_all = s.guild.create_role("lear_ners"), s.guild.create_role("all", mentionable=True)
        (found,) = await s.platform.inspect_role(room, str(role.id))
        assert found.what == "I can't mention @lear\\_ners, so unit posts notify nobody"
        assert "Allow anyone to @mention" in found.fix
        (well,) = await s.platform.inspect_role(room, str(open_to_all.id))
        assert (well.ok, well.what) == (True, "Unit posts can notify @all")
        (lost,) = await s.platform.inspect_role(room, "12345")
        assert not lost.ok
        assert "isn't in this server" in lost.what


async def test_a_bot_that_may_mention_everyone_may_mention_each_role() -> None:
    async with connected() as s:
        role = s.guild.create_role("learners")
        assert [f.ok for f in await s.platform.inspect_role(at(s, s.channel), str(role.id))] == [True]
        assert [f.ok for f in await s.platform.inspect_role(at(s, hushed(s)), str(role.id))] == [False]
