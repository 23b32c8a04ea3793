"""One answer on its way back: by response_url while young, else as a message, else directly with the reason."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import time
from collections.abc import Callable, Mapping
from typing import Any

from bot.core.reply import Image, Reply, Text, say
from bot.core.throttle import Throttle
from bot.core.whereabouts import Whereabouts
from bot.platforms.slack.client import GONE, Api, ApiError, Pacer, settle
from bot.platforms.slack.decode import Route
from bot.platforms.slack.growth import Stream
from bot.platforms.slack.lookup import find, marked
from bot.platforms.slack.patience import patiently
from bot.platforms.slack.pictures import NO_PICTURES, Album, handed_over, shown
from bot.platforms.slack.render import Message, render
from bot.platforms.slack.urls import ResponseUrls

SHOW_S = 1.0
PARTING_S = 1.0

LOOKING = say("Looking…")
_STOPPED = "I was stopped before the answer was ready. Please ask again in a minute."
BROKEN_OFF = say(_STOPPED, tone="error").settled("private")
_BELOW = say("The answer is in the thread of the post.").settled("private")
log = logging.getLogger(__name__)


class Answer:
    """The answer to one event.

    Args:
        is_private: as the command declares; what is shown meanwhile follows it.
        team: the workspace of whoever asked; without it nothing is streamed.
    """

    def __init__(
        self,
        api: Api,
        urls: ResponseUrls,
        pacer: Pacer,
        route: Route,
        *,
        is_private: bool,
        team: str = "",
        album: Album = NO_PICTURES,
    ) -> None:
        self._album = album
        self._files: Mapping[Image, str] = {}
        self._api, self._urls, self._pacer = api, urls, pacer
        self._route = route
        self._is_open = route.is_direct or not is_private
        self._standing: str | None = None
        self._ref: str | None = None
        self.told: Whereabouts | None = None
        self._stream = Stream.on(api, route, team)
        self._latest = LOOKING
        self._pace = Throttle(self._pass, SHOW_S)
        self._lock = asyncio.Lock()
        urls.note(route.url)

    async def hold(self) -> None:
        """Show the state that the answer is in, because it takes a while; and the next where it changes meanwhile."""
        async with self._lock:
            held = self._latest
            if self._standing is not None:
                return
            if self._route.origin == "slash":
                # a slash command's response_url cannot replace what it said, so only the asker sees this line
                await self._urls.post(self._route.url, _body(render(held), "ephemeral"))
            elif self._is_open:
                await self._put(held)
        if self._latest is not held:
            await self.show(self._latest)

    async def show(self, reply: Reply) -> None:
        """Show a state of an answer that takes a while, at most once a second; trouble is left to the end."""
        self._latest = reply
        if self._standing is not None:
            await self._pace.put(reply)

    async def _pass(self, reply: Reply) -> None:
        async with self._lock:
            await self._put(reply)

    async def _tell(self, reply: Reply) -> None:
        if self.told is not None and self._standing is not None:
            await self.told.passing(reply, self._standing)

    async def break_off(self) -> None:
        """Say that no answer comes; takes a second at most."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PARTING_S):
                await self.finish(BROKEN_OFF)

    async def finish(self, reply: Reply | None) -> None:
        """Give the answer; None takes back what was shown."""
        await self._pace.stop()
        async with self._lock:
            await self._end_stream()
            await self._give(reply)
        if self.told is not None:
            await self.told.last(reply, self._ref)

    async def _give(self, reply: Reply | None) -> None:
        """Give the answer where it belongs, and the first word way."""
        if reply is None:
            return await self._withdraw()
        reply = await handed_over(self._api, reply, self._route.user)
        is_private = reply.audience != "public"
        if is_private and not self._route.is_direct:
            reply = await self._album.handed_over(self._api, reply, self._route.user)
        self._files = await self._album.files(self._api, reply)
        if self._may_replace(reply) and await self._replace(reply):
            return await self._withdraw()
        stays = self._standing if self._route.is_direct or not is_private else None
        if stays and await self._update(stays, reply):
            return await self._point()
        await self._withdraw()
        trouble = await (self._whisper(reply) if is_private else self._speak(reply))
        if trouble is not None:
            await self._write_to(reply, trouble)
        return None

    def _may_replace(self, reply: Reply) -> bool:
        """Whether the clicked message gives way."""
        return bool(self._route.clicked) and reply.may_replace(is_shared=self._route.is_shared)

    async def _put(self, reply: Reply) -> None:
        if reply.grows and await self._grow(reply):
            return None
        if self._standing:
            await self._update(self._standing, reply)
            return await self._tell(reply)
        try:
            self._standing = await self._post(self._route.channel, render(reply), self._route.reply_in)
            await self._tell(reply)
        except ApiError as error:
            log.info("a first word was not posted: %s", error.code)

    async def _grow(self, reply: Reply) -> bool:
        """Stream a growing state; False where that does not go, now or any more: then it is edited in."""
        if self._stream is None:
            return False
        is_first = self._stream.ts is None
        if not await self._stream.grow(reply):
            await self._end_stream()
            return False
        if is_first:
            await self._withdraw()  # the first word gives way
            self._standing = self._stream.ts
            await self._tell(reply)
        return True

    async def _end_stream(self) -> None:
        if self._stream is not None:
            stream, self._stream = self._stream, None
            await stream.stop()

    async def _post(self, channel: str, message: Message, thread: str | None) -> str:
        return await shown(message, lambda one: self._post_once(channel, one, thread))

    async def _post_once(self, channel: str, message: Message, thread: str | None) -> str:
        tag, since = secrets.token_urlsafe(15), time.time()

        async def once() -> dict[str, Any]:
            await self._pacer.turn(channel)
            return await settle(
                self._api.posts.chat_postMessage(
                    channel=channel, thread_ts=thread, metadata=marked(tag), unfurl_links=False, unfurl_media=False,
                    **_parts(message),
                )
            )  # fmt: skip

        async def look_first() -> dict[str, Any]:
            try:
                found = await find(self._api, channel, thread, tag, since)
            except ApiError as error:
                if error.after_s is not None:
                    raise
                found = None  # it may stand twice where nothing can be looked up, and is not lost
            return {"ts": found} if found else await once()

        return str((await patiently(once, look_first))["ts"])

    def _render(self, reply: Reply) -> Message:
        return render(reply, files=self._files)

    async def _by_url(self, message: Message, body: Callable[[Message], dict[str, Any]]) -> bool:
        """Answer by the response_url, without pictures and tables if it does not take them."""
        if await self._urls.post(self._route.url, body(message)):
            return True
        return message.bare is not None and await self._urls.post(self._route.url, body(message.bare))

    async def _update(self, ts: str, reply: Reply) -> bool:
        async def update(message: Message) -> dict[str, Any]:
            async def once() -> dict[str, Any]:
                return await settle(self._api.posts.chat_update(channel=self._route.channel, ts=ts, **_parts(message)))

            return await patiently(once, once)

        try:
            await shown(self._render(reply), update)
        except ApiError as error:
            log.warning("a message was not updated: %s", error.code)
            return False
        self._ref = ts
        return True

    async def _withdraw(self) -> None:
        ts, self._standing, self._ref = self._standing, None, None
        if ts is None:
            return
        try:
            await settle(self._api.posts.chat_delete(channel=self._route.channel, ts=ts))
        except ApiError as error:
            log.warning("a first word was not taken back: %s", error.code)

    async def _replace(self, reply: Reply) -> bool:
        if await self._by_url(self._render(reply), lambda one: {**_parts(one), "replace_original": True}):
            return True
        return await self._update(self._route.clicked, reply)

    async def _whisper(self, reply: Reply) -> str | None:
        """Answer the person alone; return why that cannot be done."""
        route, message = self._route, self._render(reply)
        try:
            if route.is_direct:
                self._ref = await self._post(route.channel, message, route.reply_in)
                return None
        except ApiError as error:
            # the conversation of two people is no room of the bot's: whoever typed there sees it alone
            if not route.url:
                return error.code
        if route.url and await self._by_url(message, lambda one: _body(one, "ephemeral", route.thread)):
            return None
        try:
            # Slack shows it in a thread only where somebody has written, so never in a thread to come
            to: dict[str, Any] = {"channel": route.channel, "user": route.user, "thread_ts": route.thread}
            ephemeral = self._api.posts.chat_postEphemeral
            await shown(message, lambda one: settle(ephemeral(**to, **_parts(one))))
        except ApiError as error:
            return error.code
        return None

    async def _speak(self, reply: Reply) -> str | None:
        """Answer where everybody reads, or in private where only two do; return why that cannot be done."""
        route, message = self._route, self._render(reply)
        if route.is_direct:
            return await self._whisper(reply)
        is_here = not self._is_below and bool(route.url)
        if is_here and await self._by_url(message, lambda one: _body(one, "in_channel", route.thread)):
            return None
        try:
            self._ref = await self._post(route.channel, message, route.reply_in)
        except ApiError as error:
            return error.code
        await self._point()
        return None

    @property
    def _is_below(self) -> bool:
        """Whether an answer for all goes into the thread of the clicked post."""
        return self._route.origin == "click" and self._route.reply_in != self._route.thread

    async def _point(self) -> None:
        """Tell who clicked a post that the answer stands in its thread."""
        if self._is_below:
            await self._whisper(_BELOW)

    async def _write_to(self, reply: Reply, trouble: str) -> None:
        why = GONE.get(trouble, "Slack did not take it there.")
        explained = reply.headed_by(Text(f"I could not answer where you asked. {why}"))
        try:
            opened = await settle(self._api.posts.conversations_open(users=self._route.user))
            await self._post(str(opened["channel"]["id"]), render(explained), None)
        except ApiError as error:
            log.warning("an answer reached nobody: %s, then %s", trouble, error.code)


def _parts(message: Message) -> dict[str, Any]:
    return {"text": message.text, "blocks": message.blocks}


def _body(message: Message, kind: str, thread: str | None = None) -> dict[str, Any]:
    body = {**_parts(message), "response_type": kind, "replace_original": False}
    body |= {"unfurl_links": False, "unfurl_media": False}
    return body | {"thread_ts": thread} if thread else body
