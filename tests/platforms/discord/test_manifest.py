"""What the bot asks for."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import discord

from bot.platforms.discord import manifest


def test_the_invitation_asks_for_the_few_permissions_and_no_administrator() -> None:
    query = parse_qs(urlsplit(manifest.invite_link("123")).query)
    assert query["client_id"] == ["123"]
    assert query["scope"] == ["bot applications.commands"]
    asked = discord.Permissions(int(query["permissions"][0]))
    assert {name for name, value in asked if value} >= {"send_messages", "create_public_threads"}
    assert not asked.administrator
    assert not asked.manage_guild
    assert not asked.mention_everyone
    assert sum(1 for name in manifest.NEEDED if getattr(asked, name)) == len(manifest.NEEDED)


def test_no_privileged_intent_is_asked_for() -> None:
    intents = manifest.intents()
    assert not (intents.members or intents.presences or intents.message_content)
    assert intents.guilds
    assert intents.guild_messages
    assert intents.dm_messages
