"""Slack over HTTP: requests that it signs, for one workspace by its token or for all that have installed the app.

What Slack has signed: a request's body, read only as far as it may be, and believed only if the signature holds.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import Any

import aiohttp
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier

from bot.base.rate_limiter import LimiterStore
from bot.chat.installs import Install, Sealed
from bot.chat.platform import Arrived, CommandService, Gone, Later, Mended, Post, ReportState, Sent, unheard, unsaid
from bot.commands.context import Place
from bot.commands.registry import Registry
from bot.messages.errors import UserError
from bot.messages.picture import EMPTY, Gallery
from bot.platforms.slack.channel_queries import SlackQueries
from bot.platforms.slack.client import REQUEST_S, UNHEARD_S, quiet
from bot.platforms.slack.decode import Payload
from bot.platforms.slack.manifest import EVENTS_PATH
from bot.platforms.slack.source import TokenSource
from bot.platforms.slack.tenant_of_event import is_whole
from bot.platforms.slack.workspace import GRACE_S, ConnectionServices, Memory, Workspace
from bot.platforms.slack.workspaces import Workspaces
from bot.server.mount import Mount

BODY = 1_000_000

"""Bytes of a request: a form of ours, in letters that each become eight when they are sent, takes a third of that."""

READ_S = 3.0

"""How long a body may take to arrive; Slack itself waits no longer for the answer."""

DIGITS = 12

"""Of a timestamp in seconds since 1970."""

TIMESTAMP, SIGNATURE = "X-Slack-Request-Timestamp", "X-Slack-Signature"


class Signed:
    """Reads requests of an app.

    Args:
        secret: the app's signing secret.
    """

    def __init__(self, secret: str) -> None:
        self._verifier = SignatureVerifier(secret)

    async def read(self, request: web.Request) -> str:
        """Return the body; raises an HTTPException for what is not Slack's, or too old by five minutes."""
        timestamp, signature = request.headers.get(TIMESTAMP, ""), request.headers.get(SIGNATURE, "")
        if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= DIGITS and signature.isascii()):
            raise web.HTTPUnauthorized(text="This address takes requests that Slack has signed.")
        body = await _read_body(request)
        try:
            is_signed = self._verifier.is_valid(body, timestamp, signature)
        except ValueError:  # what is not UTF-8 has no signature
            is_signed = False
        if not is_signed:
            raise web.HTTPUnauthorized(text="The signature does not fit: check SLACK_SIGNING_SECRET and the clock.")
        return body.decode()


async def _read_body(request: web.Request) -> bytes:
    if (request.content_length or 0) > BODY:
        raise _too_large(request.content_length or 0)
    body = b""
    try:
        async with asyncio.timeout(READ_S):
            async for part in request.content.iter_chunked(65_536):
                body += part
                if len(body) > BODY:
                    raise _too_large(len(body))
    except TimeoutError:
        raise web.HTTPRequestTimeout(text="The request did not arrive in time.") from None
    return body


def _too_large(size: int) -> web.HTTPRequestEntityTooLarge:
    return web.HTTPRequestEntityTooLarge(BODY, size)


AWAY = "I am not ready yet. Try again in a minute."

log = logging.getLogger(__name__)


class HttpSlack(SlackQueries):
    """The Slack platform over HTTP.

    Args:
        signing_secret: the app's, by which requests are known to be Slack's.
        source: where the tokens come from.
        api_url: the Web API's base URL for those behind a proxy.
        mended: told when a room may take messages again.
        arrived: says hello where the bot was let in.
        gallery: draws the pictures of messages.
        paces: how fast messages go out, perhaps kept with other processes.
    """

    def __init__(
        self,
        signing_secret: str,
        source: TokenSource,
        *,
        api_url: str | None = None,
        mended: Mended = unheard,
        arrived: Arrived = unsaid,
        gallery: Gallery = EMPTY,
        paces: LimiterStore | None = None,
    ) -> None:
        self._secret, self._signed, self._source = signing_secret, Signed(signing_secret), source
        self._api_url, self._gallery, self._paces = api_url, gallery, paces
        self._mended, self._arrived = mended, arrived
        self._ground: ConnectionServices | None = None
        self._workspaces: Workspaces | None = None
        quiet()

    @property
    def mount(self) -> Mount:
        """What the server answers of it: to anybody, as Slack asks from everywhere, but only to what is signed."""
        return Mount(
            "Slack", lambda: [web.post(EVENTS_PATH, self._take), *self._source.routes(self._installed)], is_public=True
        )

    async def run(self, registry: Registry, dispatcher: CommandService, report: ReportState) -> None:
        """Serve until cancelled; raises Refused when a token will never do, else what went wrong."""
        report("connecting")
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(REQUEST_S)) as session:
            ground = ConnectionServices(registry, dispatcher, session, self._api_url, self._mended, self._arrived)
            await self._source.begin(ground)
            workspaces = Workspaces(self._source.find, lambda install: self._open(ground, install))
            self._ground, self._workspaces = ground, workspaces
            try:
                report("ready")
                await self._mended(Place(self.name, None, ""))
                await self._source.watch(ground)
            finally:
                self._ground = self._workspaces = None
                await workspaces.close(GRACE_S)

    async def reach(self, registry: Registry, dispatcher: CommandService, report: ReportState) -> None:
        """Do the same: where nothing is mounted, no event comes."""
        await self.run(registry, dispatcher, report)

    async def _installed(self, place: Place) -> None:
        """Take up the token that a workspace has now, and what waited there."""
        if self._workspaces is not None:
            self._workspaces.forget(place.tenant or "")
        await self._mended(place)

    def _open(self, ground: ConnectionServices, install: Install) -> Workspace:
        secret = f"{self._secret}:{install.tenant}"
        return Workspace(ground, install, Memory.drawn_by(self._gallery, self._paces), secret)

    async def _find(self, tenant: str | None) -> Workspace:
        if self._workspaces is None:
            raise Later(UNHEARD_S, "Slack is not connected")
        try:
            workspace = await self._workspaces.get(tenant or "")
        except Sealed as sealed:
            raise Gone(str(sealed)) from None
        if workspace is None:
            raise Gone(self._source.absent)
        return workspace

    async def deliver(self, post: Post, again: bool) -> Sent:
        """Carry out one post as Looks says; what the token refuses is tried by a newer one, where there is one.

        Whoever installs the app anew has what waited there tried at once, perhaps by a process that still believes the
        old token, or none.
        """
        try:
            return await super().deliver(post, again)
        except Gone:
            if not await self._has_changed(post.place.tenant or ""):
                raise
            return await super().deliver(post, again)

    async def _has_changed(self, tenant: str) -> bool:
        with suppress(Sealed):
            return self._workspaces is not None and await self._workspaces.has_changed(tenant)
        return False

    async def _take(self, request: web.Request) -> web.StreamResponse:
        """Answer one request of Slack's within its three seconds: each listener acknowledges first."""
        asked = _read(await self._signed.read(request), request)
        body: dict[str, Any] = asked.body
        if body.get("type") == "url_verification":
            return web.json_response({"challenge": str(body.get("challenge") or "")})
        if "ssl_check" in body:
            return web.Response()
        if self._workspaces is None or self._ground is None:
            raise web.HTTPServiceUnavailable(text=AWAY)
        tenant = self._source.tenant(body)
        if await self._source.leaves(body, self._ground):
            self._workspaces.forget(tenant)
            return web.Response()
        try:
            workspace = await self._find(tenant)
        except Gone as gone:
            return _told(body, gone.reason)
        except UserError as trouble:
            if "command" not in body:
                raise
            return _told(body, trouble.sentence)
        answered = await workspace.app.async_dispatch(asked)
        # an event that nobody here hears is no fault of its sender's
        return web.Response() if answered.status == 404 else await to_aiohttp_response(answered)


def _read(body: str, request: web.Request) -> AsyncBoltRequest:
    try:
        asked = AsyncBoltRequest(body=body, headers=dict(request.headers))
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise web.HTTPBadRequest(text="This is no request of Slack's.") from None
    if not isinstance(asked.body, dict) or not asked.body or not is_whole(asked.body):
        raise web.HTTPBadRequest(text="This is no request of Slack's.")
    return asked


def _told(body: Payload, sentence: str) -> web.Response:
    """Say to whoever typed a command why nothing comes of it; an event or a click is let go."""
    if "command" not in body:
        return web.Response()
    return web.json_response({"response_type": "ephemeral", "text": sentence})
