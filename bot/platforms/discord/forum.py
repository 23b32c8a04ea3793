"""A forum as a room: every post is a thread of its own, and its first message, which has the thread's id, the post.

Discord drops no repetition here: there is no nonce for a thread. A second try rests on the look for the first alone.
"""

from __future__ import annotations

from bot.chat.platform import Post
from bot.messages import markup
from bot.platforms.discord import limits
from bot.platforms.discord.client import DiscordApi
from bot.platforms.discord.pictures import Files
from bot.platforms.discord.render import Payload


async def send(api: DiscordApi, post: Post, message: Payload, files: Files) -> str:
    """Open a thread with the message in it and return the id of both."""
    return await api.open_post(post.place.room, name(post), message, files)


def name(post: Post) -> str:
    """Return what the thread is called: as the post wants it, else by its title, else by its first words."""
    said = post.thread_title or markup.flat(markup.inline(post.reply.title)) or post.reply.plain(prefix="/")
    return thread_name(said.strip().split("\n", 1)[0])


def thread_name(said: str) -> str:
    """Return a title as Discord takes it for a thread."""
    return markup.clip(" ".join(markup.clean(said).split()), limits.THREAD_NAME) or "Thread"
