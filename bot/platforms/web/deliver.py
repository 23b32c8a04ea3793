"""Deliver posts to the local platform: write them into the Feed, with or without a server."""

from __future__ import annotations

from bot.chat.feed import Feed
from bot.chat.platform import Gone, Post, Sent
from bot.platforms.web.people import GENERAL


async def deliver(feed: Feed, post: Post) -> Sent:
    """Carry out one post; the Feed stores each key once, so that a repetition changes nothing."""
    room, thread = post.place.room, post.place.thread
    if room != GENERAL and not post.place.is_direct:
        raise Gone(f"The page has no room called {room}; its one room is #{GENERAL}.")
    if post.action != "post":
        assert post.ref is not None, "an edit or a removal names its message"
        await (feed.edit(post.ref, post.reply) if post.action == "edit" else feed.remove(post.ref))
        return Sent(post.ref)
    ref = post.sent_ref or await feed.add(post.key, room, thread, post.reply)
    opened = await feed.open_thread(ref, post.thread_title) if post.thread_title is not None else None
    return Sent(ref, opened)
