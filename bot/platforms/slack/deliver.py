"""Deliver posts of the outbox, and send an answer without silent duplicates.

Each message carries a tag in its metadata. Before a second try, `find` looks for the tag among the newest messages.
"""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from bot.chat.platform import Post, Sent
from bot.commands.context import Place
from bot.messages.picture import POST_S
from bot.messages.reply import Reply, Subtext
from bot.platforms.slack.client import (
    PATIENCE_S,
    ApiError,
    Pacer,
    SlackApi,
    receive,
    retry_request,
    undeliverable,
)
from bot.platforms.slack.pictures import NO_PICTURES, POST_READY_S, Album, send_with_fallback
from bot.platforms.slack.render import SlackMessage, render

EVENT = "trailmate_post"

PAGE_SIZE, MOST_PAGES = 15, 4

"""Messages on a page of the history, and how many pages are read.

Source: https://docs.slack.dev/reference/methods/conversations.history, November 2026.
"""

_SKEW_S = 120.0
_TWICE = Subtext("You may see this twice: Slack didn't confirm the first message.")
T = TypeVar("T")


def marked(tag: str) -> dict[str, Any]:
    """Return the metadata that carries a tag."""
    return {"event_type": EVENT, "event_payload": {"tag": tag}}


async def find(api: SlackApi, channel: str, thread: str | None, tag: str, since: float | None) -> str | None:
    """Return the id of the message that carries the tag, if it is among the newest.

    Args:
        since: the time of the first try, in seconds since 1970; None reads all pages.
    """
    look: dict[str, Any] = {"channel": channel, "limit": PAGE_SIZE, "include_all_metadata": True}
    if since is not None:
        look["oldest"] = f"{since - _SKEW_S:.6f}"
    for _ in range(MOST_PAGES):
        try:
            page = await receive(_fetch_page(api, look, thread))
        except ApiError as error:
            if error.code in {"not_in_channel", "thread_not_found"}:
                return None
            raise
        for message in page.get("messages") or ():
            if _read_tag(message) == tag:
                return str(message["ts"])
        cursor = (page.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return None
        look["cursor"] = cursor
    return None


async def _fetch_page(api: SlackApi, look: dict[str, Any], thread: str | None) -> Any:
    if thread:
        return await api.posts.conversations_replies(**look, ts=thread)
    return await api.posts.conversations_history(**look)


def _read_tag(message: dict[str, Any]) -> str:
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") != EVENT:
        return ""
    return str((metadata.get("event_payload") or {}).get("tag") or "")


class IdempotentSender:
    """Sends one message without silent duplicates: it looks for an earlier try, or notes a possible duplicate.

    The message goes out without pictures and tables if Slack refuses them.
    """

    def __init__(self, api: SlackApi) -> None:
        self._api, self._tag, self._since = api, secrets.token_urlsafe(15), time.time()
        self._may_stand = False

    def with_notice(self, reply: Reply) -> Reply:
        """Return the reply with a note if an earlier try may have arrived."""
        return reply.followed_by(_TWICE) if self._may_stand else reply

    async def send_findable(
        self,
        message: SlackMessage,
        send: Callable[[SlackMessage, dict[str, Any]], Awaitable[str | None]],
        channel: str,
        thread: str | None,
        within_s: float = PATIENCE_S,
    ) -> str | None:
        """Send a public message with a tag, and look for the tag before a retry; return its id, if known."""

        async def give(message: SlackMessage) -> str | None:
            async def once() -> str | None:
                return await self._look(channel, thread) or await self._noting(send(message, marked(self._tag)))

            return await retry_request(once, within_s)

        ref = await send_with_fallback(message, give)
        self._may_stand = False
        return ref

    async def send_unfindable(
        self,
        reply: Reply,
        draw: Callable[[Reply], SlackMessage],
        send: Callable[[SlackMessage], Awaitable[Any]],
        within_s: float = PATIENCE_S,
    ) -> None:
        """Send a message that only one person sees, which cannot be looked for; a retry says so."""

        async def once() -> None:
            await self._noting(send_with_fallback(draw(self.with_notice(reply)), send))

        await retry_request(once, within_s)
        self._may_stand = False

    async def _noting(self, sending: Awaitable[T]) -> T:
        try:
            return await sending
        except ApiError as error:
            self._may_stand = self._may_stand or error.is_unsure
            raise

    async def _look(self, channel: str, thread: str | None) -> str | None:
        """Return the id of an earlier try; None if there is none or the bot cannot look, at the risk of a duplicate."""
        if not self._may_stand:
            return None
        try:
            return await find(self._api, channel, thread, self._tag, self._since)
        except ApiError as error:
            if error.after_s is not None:
                raise
            return None


_SETTLED = {"message_not_found", "cant_update_message", "cant_delete_message", "edit_window_closed"}


class Delivery:
    """Carries out posts.

    Args:
        directs: Slack's ids of direct conversations by person; filled as they are opened.
        began: the time of each post's first try, by tag; `find` looks no further back.
        album: the pictures of messages.
    """

    def __init__(
        self,
        api: SlackApi,
        pacer: Pacer,
        directs: dict[str, str],
        began: OrderedDict[str, float],
        album: Album = NO_PICTURES,
    ) -> None:
        self._album = album
        self._api, self._pacer, self._directs, self._began = api, pacer, directs, began

    async def deliver(self, post: Post, again: bool) -> Sent:
        """Carry out one post; raises Gone, ThreadGone, Later or DeliveryUnknown."""
        if post.sent_ref is not None:
            return Sent(post.sent_ref, post.sent_ref)
        try:
            channel = await self._find_channel(post.place)
            if post.action == "post":
                if again and (ref := await self._find(post, channel)):
                    return Sent(ref, ref if post.thread_title else None, was_there=True)
                return await self._post(post, channel)
            return await self._change(post, channel)
        except ApiError as error:
            if error.code == "channel_not_found":
                self._directs.pop(post.place.reader or "", None)
            raise undeliverable(error, parks=post.action == "post" and not post.place.is_direct) from None

    async def _find_channel(self, place: Place) -> str:
        if (user := place.reader) is None:
            return place.room
        if user not in self._directs:
            opened = await receive(self._api.posts.conversations_open(users=user))
            self._directs[user] = str(opened.part("channel")["id"])
        return self._directs[user]

    async def _find(self, post: Post, channel: str) -> str | None:
        return await find(self._api, channel, post.place.thread, post.tag, self._began.get(post.tag))

    async def _post(self, post: Post, channel: str) -> Sent:
        self._began.setdefault(post.tag, time.time())
        while len(self._began) > 2000:
            self._began.popitem(last=False)
        message, is_incomplete = await self._draw(post)
        thread = post.place.thread

        async def send(body: SlackMessage) -> str:
            return await self._send(channel, body, post.tag, thread)

        try:
            ref = await send_with_fallback(message, send)
        except ApiError as error:
            if error.code != "not_in_channel" or not await self._join(channel):
                raise
            ref = await send_with_fallback(message, send)
        return Sent(ref, ref if post.thread_title else None, is_incomplete=is_incomplete)

    async def _draw(self, post: Post) -> tuple[SlackMessage, bool]:
        """Return the message, and whether it lacks pictures that Slack is still processing."""
        files, is_incomplete = await self._album.upload_all(self._api, post.reply, POST_S, POST_READY_S)
        return render(post.reply, tag=post.tag, pings=True, files=files), is_incomplete

    async def _send(self, channel: str, message: SlackMessage, tag: str, thread: str | None) -> str:
        await self._pacer.turn(channel, is_due=True)
        sent = await receive(
            self._api.posts.chat_postMessage(
                channel=channel,
                text=message.text,
                blocks=message.blocks,
                thread_ts=thread,
                metadata=marked(tag),
                unfurl_links=False,
                unfurl_media=False,
            )
        )
        return str(sent["ts"])

    async def _join(self, channel: str) -> bool:
        try:
            await receive(self._api.posts.conversations_join(channel=channel))
        except ApiError as error:
            if error.after_s is not None or error.is_unsure:
                raise
            return False
        return True

    async def _change(self, post: Post, channel: str) -> Sent:
        if post.ref is None:
            raise ValueError(f"{post.action} without a message")
        is_incomplete = False
        try:
            if post.action == "edit":
                await self._pacer.change()
                ref = post.ref

                async def update(body: SlackMessage) -> None:
                    update = self._api.posts.chat_update(channel=channel, ts=ref, text=body.text, blocks=body.blocks)
                    await receive(update)

                message, is_incomplete = await self._draw(post)
                await send_with_fallback(message, update)
            else:
                await receive(self._api.posts.chat_delete(channel=channel, ts=post.ref))
        except ApiError as error:
            # somebody deleted or locked the message: there is nothing left to do
            if error.code not in _SETTLED:
                raise
        return Sent(post.ref, is_incomplete=is_incomplete)
