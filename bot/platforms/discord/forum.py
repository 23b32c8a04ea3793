"""Send posts to a forum: each post opens a thread, and the thread's first message has the thread's id.

A thread has no nonce, so Discord drops no repetition here. A second try must look for the first one.
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
    """Return the thread's name: the post's thread title, else its title, else its first line."""
    title = post.thread_title or markup.flat(markup.inline(post.reply.title)) or post.reply.plain(prefix="/")
    return thread_name(title.strip().split("\n", 1)[0])


def thread_name(title: str) -> str:
    """Return a title that Discord accepts as a thread's name."""
    return markup.clip(" ".join(markup.clean(title).split()), limits.THREAD_NAME) or "Thread"
