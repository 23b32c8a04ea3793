"""Whether a post stands already: it carries a tag, and the newest messages of its room are looked through for it."""

from __future__ import annotations

import discord

from bot.core.platform import Post
from bot.platforms.discord import forum, limits
from bot.platforms.discord.client import Api
from bot.platforms.discord.render import Payload

_UNKNOWN_MESSAGE = 10008


async def find(api: Api, channel: str, post: Post, me: str, *, is_forum: bool) -> str | None:
    """Return the id of the bot's message that carries the post's tag, if it is among the newest.

    Args:
        me: the bot's own id.
    """
    return await (_in_forum(api, post, me) if is_forum else _in_room(api, channel, post, me))


async def _in_room(api: Api, channel: str, post: Post, me: str) -> str | None:
    for message in await api.history(channel):
        is_ours = str(message["author"]["id"]) == me
        if is_ours and (message.get("nonce") == post.tag or _carries(message, post.tag)):
            return str(message["id"])
    return None


async def _in_forum(api: Api, post: Post, me: str) -> str | None:
    """Return the id of the thread whose first message carries the post's tag, if it is among the newest of ours."""
    room, tenant = post.place.room, post.place.tenant or ""
    listed = [t for t in await api.active_threads(tenant) if str(t.get("parent_id")) == room]
    listed += await api.archived_threads(room)
    ours = [t for t in listed if str(t.get("owner_id")) == me]
    wanted = forum.name(post)
    ours.sort(key=lambda t: (t.get("name") == wanted, int(t["id"])), reverse=True)
    for thread in ours[: limits.FORUM_LOOKS]:
        ref = str(thread["id"])
        try:
            first = await api.message(ref, ref)
        except discord.NotFound as trouble:
            if trouble.code != _UNKNOWN_MESSAGE:
                raise
            continue
        if _carries(first, post.tag):
            return ref
    return None


def _carries(message: Payload, tag: str) -> bool:
    """Whether a message's buttons carry a post's tag."""
    buttons = (one for row in message.get("components") or [] for one in row.get("components") or [])
    return any(str(button.get("custom_id") or "").endswith(f"~{tag}") for button in buttons)
