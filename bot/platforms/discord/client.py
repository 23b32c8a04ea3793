"""Discord's REST routes that the bot uses, with raw bodies and the bot's rate limit."""

from __future__ import annotations

import asyncio
import itertools
import logging
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Iterator
from typing import Any, TypeVar, cast

from aiohttp import ClientError
from discord import File, Forbidden, HTTPException, RateLimited
from discord.http import HTTPClient, Route

from bot.base.rate_limiter import LimiterBusy, LimiterStore, LocalLimiterStore, Rate, RateLimiter
from bot.messages.picture import EMPTY, Gallery
from bot.messages.reply import Image, Reply
from bot.platforms.discord import limits
from bot.platforms.discord.markdown import UNREGISTERED, Commands
from bot.platforms.discord.pictures import NONE_STANDING, Files, Standing, files_of, multipart
from bot.platforms.discord.rate_limit import is_due, paid_once
from bot.platforms.discord.render import Payload
from bot.platforms.reply_channel import RetryPause, retry

T = TypeVar("T")
PAUSE_S, SERVER_ERROR = 0.5, 500
FAULTS = (HTTPException, ClientError, OSError)
"""Errors of a request that Discord did not carry out, or whose outcome is unknown."""
_DIRECT_ROOMS = _KNOWN_ROOMS = 2000
FORUM, MEDIA = 15, 16
"""Kinds of channel in which every message opens a thread."""
_EVENTS = "/guilds/{guild_id}/scheduled-events"
_EVENT = _EVENTS + "/{event_id}"
INVALID_BODY, ANSWERED, UNAUTHORIZED = 50035, 40060, 401
MESSAGE, UPDATE, MODAL, CHOICES = 4, 7, 9, 8
LATER, LATER_UPDATE = 5, 6
"""Kinds of a first response: a message, an edit of the clicked one, a form, suggestions; the promise of either."""


class Broken(ClientError):
    """Discord, or a proxy before it, gave no clear response; the request may have arrived."""


async def retry_request(request: Callable[[], Awaitable[T]], within_s: float = limits.REQUEST_S) -> T:
    """Make a request of an answer; repeat it after waits that Discord asks for, a minute in all, and after a fault.

    A try fails after `within_s`. It may have arrived: edits and messages with a nonce are safe, a follow-up may appear
    twice.
    """

    async def once() -> T:
        async with asyncio.timeout(within_s):
            return await request()

    return await retry(once, _find_pause, limits.PATIENCE_S)


def _find_pause(error: Exception) -> RetryPause | None:
    if isinstance(error, RateLimited):
        return RetryPause(error.retry_after)
    is_final = isinstance(error, HTTPException) and error.status < SERVER_ERROR
    return RetryPause(PAUSE_S, is_fault=True) if isinstance(error, FAULTS) and not is_final else None


def describe_fault(fault: Exception) -> str:
    """Return a fault in words for the log."""
    if isinstance(fault, HTTPException):
        return f"status {fault.status}, code {fault.code}"
    return type(fault).__name__


class OneTry:
    """Files of a request, often none, that end the request after its first try.

    The SDK repeats a request after a server error, which is safe only if Discord drops repetitions. It iterates over
    the files before each try, and that is the only hook.
    """

    def __init__(self, files: Iterable[File] = ()) -> None:
        self._files, self._is_tried = files, False

    def __iter__(self) -> Iterator[File]:
        if self._is_tried:
            raise Broken("Discord reports an internal error")
        self._is_tried = True
        return iter(self._files)


class DiscordApi:
    """Speaks to Discord over the connection at hand.

    Args:
        http: returns the SDK's HTTP client; it keeps the limits of each route.
        limiter_store: where the bot's own limit is kept, perhaps with other processes.

    `refused` is set when Discord no longer takes the bot's token.
    `gallery` draws the pictures of messages.
    `kind_of` returns a channel's kind without a request; None if it is unknown.
    `may_attach` returns without a request whether the bot has Attach Files in a channel; None if that is unknown.
    `known` has the registered commands, so that messages can link to them.
    """

    known: Commands = UNREGISTERED
    gallery: Gallery = EMPTY
    kind_of: Callable[[str], int | None] = staticmethod(lambda _: None)
    may_attach: Callable[[str], bool | None] = staticmethod(lambda _: None)

    def __init__(self, http: Callable[[], HTTPClient], limiter_store: LimiterStore | None = None) -> None:
        self.refused = asyncio.Event()
        self._http = http
        self.gate = RateLimiter(
            limiter_store or LocalLimiterStore(), "discord", Rate(limits.REQUESTS_A_SECOND, limits.REQUESTS_TOGETHER)
        )
        self._direct: OrderedDict[str, str] = OrderedDict()
        self._is_forum: OrderedDict[str, bool] = OrderedDict()

    async def _call_counted(
        self, method: str, path: str, body: Payload | None = None, files: Files = (), **where: Any
    ) -> Any:
        """Call a route that counts towards the bot's own limit."""
        try:
            return await self._call_paid(Route(method, path, **where), body, files)
        except HTTPException as trouble:
            if trouble.status == UNAUTHORIZED:
                self.refused.set()
            raise

    async def _call_paid(self, route: Route, body: Any = None, files: Files = (), *, is_once: bool = False) -> Any:
        await self.turn()
        with paid_once():
            return await self._call(route, body, files, is_once=is_once)

    async def turn(self) -> None:
        """Wait until the bot may make one more request; raise RateLimited if that takes too long."""
        try:
            await self.gate.turn(is_due=is_due())
        except LimiterBusy as paced:
            raise RateLimited(paced.after_s) from None

    async def _call(
        self, route: Route, body: Any = None, files: Files = (), *, is_once: bool = False, **more: Any
    ) -> Any:
        opened: list[File] = []
        if files:
            more["form"], opened = multipart(body, files)
        elif body is not None:
            more["json"] = body
        # the SDK knows files as a list, and only goes through them
        sent = cast(list[File], OneTry(opened)) if is_once else opened
        async with asyncio.timeout(limits.REQUEST_S):
            try:
                response = await self._http().request(route, files=sent or None, **more)
            except ValueError as malformed:
                raise Broken("no JSON") from malformed
        if isinstance(response, str) and response:
            raise Broken("no JSON, and not meant to be")
        return response

    # ------------------------------------------------------------ interactions: outside the bot's limit

    async def respond(
        self, interaction: int, token: str, kind: int, data: Payload | None = None, files: Files = ()
    ) -> None:
        """Give an interaction its first response."""
        path = "/interactions/{webhook_id}/{webhook_token}/callback"
        body: Payload = {"type": kind} if data is None else {"type": kind, "data": data}
        route = Route("POST", path, webhook_id=interaction, webhook_token=token)
        tries = itertools.count(1)

        async def once() -> None:
            is_first = next(tries) == 1
            try:
                await self._call(route, body, files, is_once=True)  # what the SDK repeats unseen is refused
            except HTTPException as trouble:
                if is_first or trouble.code != ANSWERED:  # the one that broke has arrived all the same
                    raise

        await retry_request(once, limits.REQUEST_S if files else limits.FIRST_S)

    async def follow_up(self, application: int, token: str, body: Payload, files: Files = ()) -> str:
        """Add a message to an interaction and return its id."""
        path = "/webhooks/{webhook_id}/{webhook_token}"
        sent = await self._call_with_retries(
            Route("POST", path, webhook_id=application, webhook_token=token), body, files
        )
        return str(sent["id"])

    async def edit_answer(
        self, application: int, token: str, body: Payload, message: str = "@original", files: Files = ()
    ) -> str:
        """Edit the first response, or a follow-up, and return its id."""
        path = "/webhooks/{webhook_id}/{webhook_token}/messages/" + message
        edited = await self._call_with_retries(
            Route("PATCH", path, webhook_id=application, webhook_token=token), body, files
        )
        return str(edited["id"])

    async def delete_answer(self, application: int, token: str, message: str = "@original") -> None:
        """Delete the first response, or a follow-up."""
        path = "/webhooks/{webhook_id}/{webhook_token}/messages/" + message
        await self._call_with_retries(Route("DELETE", path, webhook_id=application, webhook_token=token))

    async def _call_with_retries(self, route: Route, body: Any = None, files: Files = ()) -> Any:
        return await retry_request(lambda: self._call(route, body, files))

    # ------------------------------------------------------------ rooms

    async def send(self, channel: str, body: Payload, files: Files = ()) -> str:
        """Send a message and return its id."""
        sent = await self._call_counted("POST", "/channels/{channel_id}/messages", body, files, channel_id=channel)
        return str(sent["id"])

    async def edit(self, channel: str, message: str, body: Payload, files: Files = ()) -> None:
        """Replace a message's text, embeds, pictures and buttons."""
        path = "/channels/{channel_id}/messages/{message_id}"
        await self._call_counted("PATCH", path, body, files, channel_id=channel, message_id=message)

    async def delete(self, channel: str, message: str) -> None:
        """Delete one of the bot's own messages."""
        path = "/channels/{channel_id}/messages/{message_id}"
        await self._call_counted("DELETE", path, channel_id=channel, message_id=message)

    async def history(self, channel: str) -> list[Payload]:
        """Return the newest messages of a channel, newest first; an empty list without Read Message History."""
        await self.turn()
        route = Route("GET", "/channels/{channel_id}/messages", channel_id=channel)
        return cast(list[Payload], await self._call(route, params={"limit": limits.HISTORY}))

    async def open_thread(self, channel: str, message: str, title: str) -> str:
        """Open a thread on a message and return its id."""
        path = "/channels/{channel_id}/messages/{message_id}/threads"
        body = {"name": title, "auto_archive_duration": limits.THREAD_REST_MINUTES}
        opened = await self._call_counted("POST", path, body, channel_id=channel, message_id=message)
        return str(opened["id"])

    async def open_post(self, forum: str, title: str, message: Payload, files: Files = ()) -> str:
        """Open a thread in a forum, with its first message, and return the id of both."""
        body = {"name": title, "auto_archive_duration": limits.THREAD_REST_MINUTES, "message": message}
        route = Route("POST", "/channels/{channel_id}/threads", channel_id=forum)
        return str((await self._call_paid(route, body, files, is_once=True))["id"])

    def is_known_forum(self, channel: str) -> bool | None:
        """Whether a channel is a forum; None if that is unknown without a request. A channel's kind never changes."""
        if channel not in self._is_forum and (kind := self.kind_of(channel)) is not None:
            return kind == FORUM
        return self._is_forum.get(channel)

    async def is_forum(self, channel: str) -> bool:
        """Whether a channel is a forum; makes a request once if that is unknown."""
        if (known := self.is_known_forum(channel)) is not None:
            return known
        self._is_forum[channel] = (await self.channel(channel))["type"] == FORUM
        if len(self._is_forum) > _KNOWN_ROOMS:
            self._is_forum.popitem(last=False)
        return self._is_forum[channel]

    async def open_direct(self, person: str) -> str:
        """Return the id of the room in which a person and the bot write to each other."""
        if person not in self._direct:
            opened = await self._call_counted("POST", "/users/@me/channels", {"recipient_id": person})
            self._direct[person] = str(opened["id"])
            if len(self._direct) > _DIRECT_ROOMS:
                self._direct.popitem(last=False)
        self._direct.move_to_end(person)
        return self._direct[person]

    async def type_in(self, channel: str) -> None:
        """Show for some seconds that the bot is writing."""
        await self._call_counted("POST", "/channels/{channel_id}/typing", channel_id=channel)

    # ------------------------------------------------------------ events

    async def events(self, guild: str) -> list[Payload]:
        """Return what takes place in a server."""
        return cast(list[Payload], await self._call_counted("GET", _EVENTS, guild_id=guild))

    async def add_event(self, guild: str, body: Payload) -> str:
        """Make an event, once, and return its id."""
        route = Route("POST", _EVENTS, guild_id=guild)
        return str((await self._call_paid(route, body, is_once=True))["id"])

    async def edit_event(self, guild: str, event: str, body: Payload) -> None:
        """Change an event."""
        await self._call_counted("PATCH", _EVENT, body, guild_id=guild, event_id=event)

    async def remove_event(self, guild: str, event: str) -> None:
        """Delete an event."""
        await self._call_counted("DELETE", _EVENT, guild_id=guild, event_id=event)

    # ------------------------------------------------------------ looking

    async def channel(self, channel: str) -> Payload:
        """Return a channel or thread."""
        return cast(Payload, await self._call_counted("GET", "/channels/{channel_id}", channel_id=channel))

    async def message(self, channel: str, message: str) -> Payload:
        """Return a message."""
        path = "/channels/{channel_id}/messages/{message_id}"
        return cast(Payload, await self._call_counted("GET", path, channel_id=channel, message_id=message))

    async def standing(self, channel: str, message: str, reply: Reply) -> Standing:
        """Return the files of a message that a reply with pictures will edit; none without Read Message History."""
        if not any(isinstance(block, Image) for block in reply.blocks):
            return NONE_STANDING
        try:
            return files_of((await self.message(channel, message))["attachments"])
        except Forbidden:
            return NONE_STANDING

    async def active_threads(self, guild: str) -> list[Payload]:
        """Return a server's threads that are not archived."""
        listed = await self._call_counted("GET", "/guilds/{guild_id}/threads/active", guild_id=guild)
        return cast(list[Payload], listed["threads"])

    async def archived_threads(self, channel: str) -> list[Payload]:
        """Return the public threads of a channel that were archived last."""
        listed = await self._call_counted("GET", "/channels/{channel_id}/threads/archived/public", channel_id=channel)
        return cast(list[Payload], listed["threads"])

    async def guild(self, guild: str) -> Payload:
        """Return a server with its roles."""
        return cast(Payload, await self._call_counted("GET", "/guilds/{guild_id}", guild_id=guild))

    async def channels(self, guild: str) -> list[Payload]:
        """Return a server's channels with their overrides, threads left out."""
        return cast(list[Payload], await self._call_counted("GET", "/guilds/{guild_id}/channels", guild_id=guild))

    async def member(self, guild: str, person: str) -> Payload:
        """Return somebody's membership of a server."""
        path = "/guilds/{guild_id}/members/{member_id}"
        return cast(Payload, await self._call_counted("GET", path, guild_id=guild, member_id=person))

    async def file(self, url: str) -> bytes:
        """Return an attachment from the address that Discord gave for it."""
        return await self._http().get_from_cdn(url)

    async def commands(self, application: int) -> list[Payload]:
        """Return the registered commands."""
        path = "/applications/{application_id}/commands?with_localizations=true"
        return cast(list[Payload], await self._call_counted("GET", path, application_id=application))

    async def register(self, application: int, commands: list[Payload]) -> list[Payload]:
        """Replace all registered commands and return them as Discord numbers them."""
        route = Route("PUT", "/applications/{application_id}/commands", application_id=application)
        return cast(list[Payload], await self._call_paid(route, commands))


class _WithoutTokens(logging.Filter):
    """Removes interaction tokens from the addresses that the SDK logs."""

    _ADDRESS: Callable[..., str] = re.compile(r"(/(?:webhooks|interactions)/\d+)/[^/\s?]+").sub

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        clean = type(self)._ADDRESS(r"\1/…", message)
        if clean != message:
            record.msg, record.args = clean, ()
        return True


def hide_tokens() -> None:
    """Add the filter to the SDK's logger, once."""
    sdk = logging.getLogger("discord.http")
    if not any(isinstance(filter_, _WithoutTokens) for filter_ in sdk.filters):
        sdk.addFilter(_WithoutTokens())
