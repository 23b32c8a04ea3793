"""Send an answer: by response_url while that is young, else as a message, else by direct message with the reason."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from bot.messages.reply import Image, Quote, Reply, Text, say
from bot.platforms.reply_channel import ReplyChannel
from bot.platforms.slack.client import ANSWER_S, GONE, SPENT, ApiError, Pacer, SlackApi, receive, retry_request
from bot.platforms.slack.decode import Route
from bot.platforms.slack.deliver import IdempotentSender
from bot.platforms.slack.pictures import NO_PICTURES, Album, hand_over_files, send_with_fallback
from bot.platforms.slack.render import SlackMessage, render

SHOW_S = 1.0
PARTING_S = 1.0
URL_S = 5.0
"""How long an answer waits if a response_url asks to, before it is sent another way."""

LOOKING = say("Looking…")
FOLLOWS = say("Give me a moment. I'll send the answer as a new message.")
_STOPPED = "I restarted before the answer was ready. Please ask again in a minute."
BROKEN_OFF = say(_STOPPED, tone="error").settled("private")
_BELOW = say("The answer is in the thread of the post.").settled("private")
log = logging.getLogger(__name__)


class SlackAnswer(ReplyChannel):
    """The answer to one event.

    Args:
        is_private: as the command declares; intermediate states follow it.
    """

    def __init__(
        self,
        api: SlackApi,
        urls: ResponseUrls,
        pacer: Pacer,
        route: Route,
        *,
        is_private: bool,
        album: Album = NO_PICTURES,
    ) -> None:
        super().__init__(SHOW_S)
        self._album = album
        self._files: Mapping[Image, str] = {}
        self._api, self._urls, self._pacer = api, urls, pacer
        self._route = route
        self._is_open = route.is_direct or not is_private
        self._has_promised = False
        self._sender = IdempotentSender(api)
        self._latest = LOOKING
        urls.note(route.url)

    async def hold(self) -> None:
        """Show the latest state of a slow answer; a slash command gets a promise instead."""
        held = self._latest
        if self._route.origin == "slash":
            with contextlib.suppress(ApiError):
                await self._post_to_url(_draw_response(render(FOLLOWS), "ephemeral"))
                self._has_promised = True
        elif self._is_open:
            await self._show_state(held)
        if self._latest is not held:
            await self.show(self._latest)

    async def show(self, reply: Reply) -> None:
        """Show a state of a slow answer, at most once a second; before `hold` it only becomes the latest."""
        self._latest = self._drop_question(reply)
        if self.shown is not None:
            await super().show(self._latest)

    async def break_off(self) -> None:
        """Say that no answer will come; takes at most a second."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PARTING_S):
                await self.finish(BROKEN_OFF)

    async def _give(self, reply: Reply | None) -> None:
        """Send the answer to its place and remove the intermediate message."""
        if reply is None:
            return await self._withdraw()
        reply = await hand_over_files(self._api, self._drop_question(reply), self._route.user)
        is_private = reply.audience != "public"
        if is_private and not self._route.is_direct:  # Slack shares no file with the only reader of a message
            reply = reply.in_words()
        self._files = await self._album.files(self._api, reply)
        if self._may_replace(reply) and await self._replace(reply):
            return await self._withdraw()
        stays = self.shown if self._route.is_direct or not is_private else None
        if stays and await self._update(stays, reply):
            return await self._point_to_thread()
        await self._withdraw()
        trouble = await (self._whisper(reply) if is_private else self._speak(reply))
        if trouble is not None:
            await self._write_to(reply, trouble)
        return None

    def _drop_question(self, reply: Reply) -> Reply:
        """Return an answer without the question at its head if it stands in that question's thread."""
        is_below = self._route.origin == "message" and self._route.reply_in is not None
        if is_below and reply.turn and reply.blocks[1:] and isinstance(reply.blocks[0], Quote):
            return replace(reply, blocks=reply.blocks[1:])
        return reply

    def _may_replace(self, reply: Reply) -> bool:
        return bool(self._route.clicked) and reply.may_replace(is_shared=self._route.is_shared)

    async def _send(self, reply: Reply) -> str | None:
        try:
            return (
                await self._post(self._route.channel, render(reply), self._route.reply_in, IdempotentSender(self._api))
                or None
            )
        except ApiError as error:
            log.info("a first word was not posted: %s", error.code)
            return None

    async def _edit(self, ref: str, reply: Reply) -> None:
        await self._update(ref, reply, is_passing=True)

    async def _post(
        self, channel: str, message: SlackMessage, thread: str | None, sender: IdempotentSender | None = None
    ) -> str:
        """Post a message and return its id; without `sender` it is the answer itself."""

        async def post(part: SlackMessage, mark: dict[str, Any]) -> str:
            await self._pacer.turn(channel)
            given: dict[str, Any] = {"channel": channel, "thread_ts": thread, "metadata": mark, **_UNFURLED}
            return str((await receive(self._api.posts.chat_postMessage(**given, **_draw_parts(part)), ANSWER_S))["ts"])

        return await (sender or self._sender).send_findable(message, post, channel, thread) or ""

    def _render(self, reply: Reply) -> SlackMessage:
        return render(reply, files=self._files)

    async def _update(self, ts: str, reply: Reply, *, is_passing: bool = False) -> bool:
        async def update(message: SlackMessage) -> Any:
            change = partial(self._api.posts.chat_update, channel=self._route.channel, ts=ts, **_draw_parts(message))
            return await (
                receive(change(), ANSWER_S) if is_passing else retry_request(lambda: receive(change(), ANSWER_S))
            )

        try:
            await send_with_fallback(self._render(reply), update)
        except ApiError as error:
            log.warning("a message was not updated: %s", error.code)
            return False
        return True

    async def _withdraw(self) -> None:
        if self._has_promised:
            self._has_promised = False
            with contextlib.suppress(ApiError):
                await self._post_to_url({"delete_original": True})
        ts, self.shown = self.shown, None
        if ts is None:
            return
        try:
            await retry_request(
                lambda: receive(self._api.posts.chat_delete(channel=self._route.channel, ts=ts), ANSWER_S)
            )
        except ApiError as error:
            if error.code != "message_not_found":
                log.warning("a first word was not taken back: %s", error.code)

    async def _replace(self, reply: Reply) -> bool:
        def send(message: SlackMessage) -> Awaitable[None]:
            return self._post_to_url({**_draw_parts(message), "replace_original": True})

        with contextlib.suppress(ApiError):
            await retry_request(lambda: send_with_fallback(self._render(reply), send), URL_S)
            return True
        return await self._update(self._route.clicked, reply)

    async def _post_to_url(self, body: dict[str, Any]) -> None:
        await self._urls.post(self._route.url, body)

    async def _whisper(self, reply: Reply) -> str | None:
        """Answer only the person; return an error code if that fails."""
        route = self._route
        try:
            if route.is_direct:
                self.shown = await self._post(route.channel, self._render(reply), route.reply_in)
                return None
        except ApiError as error:
            # the bot is not in a conversation of two people: only its author can get an answer there
            if not route.url:
                return error.code
        if route.url:
            with contextlib.suppress(ApiError):
                by_url = partial(_draw_response, kind="ephemeral", thread=route.thread)
                await self._sender.send_unfindable(reply, self._render, lambda m: self._post_to_url(by_url(m)), URL_S)
                return None
        # Slack shows it only in a thread that exists
        to: dict[str, Any] = {"channel": route.channel, "user": route.user, "thread_ts": route.thread}
        call = self._api.posts.chat_postEphemeral
        try:
            await self._sender.send_unfindable(
                reply, self._render, lambda m: receive(call(**to, **_draw_parts(m)), ANSWER_S)
            )
        except ApiError as error:
            return error.code
        return None

    async def _speak(self, reply: Reply) -> str | None:
        """Answer for everyone, or privately in a direct conversation; return an error code if that fails."""
        route, message = self._route, self._render(reply)
        if route.is_direct:
            return await self._whisper(reply)
        # a response_url does not return the message's id, which identifies the answer's thread
        if not reply.turn and await self._speak_by_url(message):
            return None
        try:
            self.shown = await self._post(route.channel, message, route.reply_in)
        except ApiError as error:
            return None if reply.turn and await self._speak_by_url(message) else error.code
        await self._point_to_thread()
        return None

    async def _speak_by_url(self, message: SlackMessage) -> bool:
        """Answer for everyone by response_url, which needs no membership; return False if that fails."""
        route = self._route
        if self._is_below or not route.url:
            return False

        async def by_url(message: SlackMessage, mark: dict[str, Any]) -> None:
            await self._post_to_url({**_draw_response(message, "in_channel", route.thread), "metadata": mark})

        try:
            self.shown = await self._sender.send_findable(message, by_url, route.channel, route.thread, URL_S)
        except ApiError as error:
            log.info("an answer goes another way than its response_url: %s", error.code)
            return False
        return True

    @property
    def _is_below(self) -> bool:
        """Whether a public answer goes into the thread of the clicked post."""
        return self._route.origin == "click" and self._route.reply_in != self._route.thread

    async def _point_to_thread(self) -> None:
        """Tell the person who clicked a post that the answer is in its thread."""
        if self._is_below:
            await self._whisper(_BELOW)

    async def _write_to(self, reply: Reply, trouble: str) -> None:
        why = GONE.get(trouble, "Slack rejected it there.")
        explained = self._sender.with_notice(reply).headed_by(Text(f"I couldn't answer where you asked. {why}"))
        try:
            opened = await receive(self._api.posts.conversations_open(users=self._route.user), ANSWER_S)
            await self._post(str(opened.part("channel")["id"]), render(explained), None)
        except ApiError as error:
            log.warning("an answer reached nobody: %s, then %s", trouble, error.code)


_UNFURLED = {"unfurl_links": False, "unfurl_media": False}


def _draw_parts(message: SlackMessage) -> dict[str, Any]:
    return {"text": message.text, "blocks": message.blocks}


def _draw_response(message: SlackMessage, kind: str, thread: str | None = None) -> dict[str, Any]:
    body = {**_draw_parts(message), "response_type": kind, "replace_original": False, **_UNFURLED}
    return body | {"thread_ts": thread} if thread else body


URL_USES, URL_YOUNG_S = 4, 29 * 60.0
"""Limits below Slack's five uses and 30 minutes.

Source: https://docs.slack.dev/interactivity/handling-user-interaction, November 2026.
"""


class ResponseUrls:
    """Counts the uses and the age of each response_url."""

    def __init__(self, api: SlackApi) -> None:
        self._api = api
        self._known: OrderedDict[str, tuple[int, float]] = OrderedDict()

    async def post(self, url: str, body: dict[str, Any]) -> None:
        """Post to a response_url; raise ApiError if that fails or the URL is old or used up."""
        now = asyncio.get_running_loop().time()
        uses, since = self._known.get(url, (0, now))
        if not url or uses >= URL_USES or now - since > URL_YOUNG_S:
            raise ApiError(SPENT)
        self._known[url] = (uses + 1, since)
        while len(self._known) > 5000:
            self._known.popitem(last=False)
        await self._api.respond(url, body)

    def note(self, url: str) -> None:
        """Remember when a URL was first seen."""
        if url:
            self._known.setdefault(url, (0, asyncio.get_running_loop().time()))
