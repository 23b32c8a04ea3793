"""A forum as a room: every post is a thread of its own, and its first message, which has the thread's id, the post.

Discord drops no repetition here: there is no nonce for a thread. A second try rests on the look for the first alone.
"""

from __future__ import annotations

import discord

from bot.core import markup
from bot.core.platform import Post
from bot.platforms.discord import limits
from bot.platforms.discord.render import Payload, carries
from bot.platforms.discord.wire import Wire

_UNKNOWN_MESSAGE = 10008


async def send(wire: Wire, post: Post, message: Payload) -> str:
    """Open a thread with the message in it and return the id of both."""
    return await wire.open_post(post.place.room, name(post), message)


def name(post: Post) -> str:
    """Return what the thread is called: as the post wants it, else by its title, else by its first words."""
    said = post.thread_title or markup.flat(markup.inline(post.reply.title)) or post.reply.plain(prefix="/")
    return thread_name(said.strip().split("\n", 1)[0])


def thread_name(said: str) -> str:
    """Return a title as Discord takes it for a thread."""
    return markup.clip(" ".join(markup.clean(said).split()), limits.THREAD_NAME) or "Thread"


async def find(wire: Wire, post: Post, me: str) -> str | None:
    """Return the id of the thread whose first message carries the post's tag, if it is among the newest of ours."""
    forum, tenant = post.place.room, post.place.tenant or ""
    listed = [t for t in await wire.active_threads(tenant) if str(t.get("parent_id")) == forum]
    listed += await wire.archived_threads(forum)
    ours = [t for t in listed if str(t.get("owner_id")) == me]
    wanted = name(post)
    ours.sort(key=lambda t: (t.get("name") == wanted, int(t["id"])), reverse=True)
    for thread in ours[: limits.FORUM_LOOKS]:
        ref = str(thread["id"])
        try:
            first = await wire.message(ref, ref)
        except discord.NotFound as trouble:
            if trouble.code != _UNKNOWN_MESSAGE:
                raise
            continue
        if carries(first, post.tag):
            return ref
    return None
