"""Fetches a text file that came with a command, only if it is small enough."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import discord

from bot.commands import parsing
from bot.commands.registry import Registry
from bot.messages import attachment
from bot.messages.call import Call
from bot.platforms.discord.client import DiscordApi


async def attached(api: DiscordApi, registry: Registry, call: Call, file: Mapping[str, Any]) -> Call:
    """Return a Call with the text of its attached file; raise UserError if the file cannot be taken."""
    name = str(file.get("filename") or "file")

    async def read() -> bytes:
        try:
            return await api.file(str(file.get("url") or ""))
        except discord.DiscordException:
            raise attachment.unfetched(name) from None

    return await parsing.attached(registry.find(call.name), call, name, int(file.get("size") or 0), read)
