"""Greet a server that the bot has just joined: in its system channel, else in a direct message to its owner."""

from __future__ import annotations

import logging
from datetime import timedelta

import discord

from bot.chat.platform import Arrived
from bot.commands.context import Place
from bot.messages.reply import Reply
from bot.platforms.discord import render
from bot.platforms.discord.client import DiscordApi
from bot.platforms.discord.decode import NAME

NEW = timedelta(days=7)
"""How long the bot counts as new in a server; it may have been invited before it was started."""

log = logging.getLogger(__name__)


async def greet(api: DiscordApi, guild: discord.Guild, me: int, arrived: Arrived) -> None:
    """Greet a server once if the bot is new there; errors are logged, not raised.

    Args:
        me: the bot's own id.
    """
    own = guild.get_member(me)
    if own is None or own.joined_at is None or discord.utils.utcnow() - own.joined_at > NEW:
        return
    server, owner = str(guild.id), str(guild.owner_id)
    room = _open_room(guild, own)
    read_in = Place(NAME, server, room) if room else Place.direct(NAME, None, owner)

    async def tell(hello: Reply) -> bool:
        # the nonce makes a repeated request harmless
        once = {"nonce": f"h{server}", "enforce_nonce": True}
        try:
            channel = room or await api.open_direct(owner)
            await api.send(channel, {**render.message(hello, commands=api.known), **once})
        except discord.HTTPException as trouble:
            log.info("a hello was not shown (status %d, code %d)", trouble.status, trouble.code)
            return False
        return True

    await arrived(Place(NAME, server, ""), read_in, tell)


def _open_room(guild: discord.Guild, own: discord.Member) -> str | None:
    """Return the server's system channel if the bot may write there."""
    channel = guild.system_channel
    if channel is None:
        return None
    may = channel.permissions_for(own)
    return str(channel.id) if may.view_channel and may.send_messages else None
