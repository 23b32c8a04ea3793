"""Slack over HTTP: signed requests for one workspace, or for all that have installed the app.

A request's body is read up to a limit, and accepted only with a valid signature.
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
from bot.chat.platform import (
    Arrived,
    CommandService,
    Gone,
    Later,
    Post,
    ReportState,
    ReportUsable,
    Sent,
    unheard,
    unsaid,
)
from bot.commands.context import Place
from bot.commands.registry import Registry
from bot.messages.errors import UserError
from bot.messages.picture import EMPTY, Gallery
from bot.platforms.slack.adapter import SlackQueries
from bot.platforms.slack.client import REQUEST_S, UNHEARD_S, quiet
from bot.platforms.slack.decode import Payload, is_whole
from bot.platforms.slack.manifest import EVENTS_PATH
from bot.platforms.slack.token import TokenSource
from bot.platforms.slack.workspace import GRACE_S, ConnectionServices, Memory, Workspace, WorkspaceCache
from bot.server.mount import Mount

BODY = 1_000_000

"""Bytes of a request; our largest form takes a third of that, if each letter is encoded as eight."""

READ_S = 3.0

"""Time-out of a body; Slack waits no longer for the response."""

DIGITS = 12

"""Digits of a timestamp in seconds since 1970."""

TIMESTAMP, SIGNATURE = "X-Slack-Request-Timestamp", "X-Slack-Signature"


class Signed:
    """Reads and verifies an app's requests.

    Args:
        secret: the app's signing secret.
    """

    def __init__(self, secret: str) -> None:
        self._verifier = SignatureVerifier(secret)

    async def read(self, request: web.Request) -> str:
        """Return the body; raise an HTTPException if Slack did not sign it or it is over five minutes old."""
        timestamp, signature = request.headers.get(TIMESTAMP, ""), request.headers.get(SIGNATURE, "")
        if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= DIGITS and signature.isascii()):
            raise web.HTTPUnauthorized(text="This address takes requests that Slack has signed.")
        body = await _read_body(request)
        try:
            is_signed = self._verifier.is_valid(body, timestamp, signature)
        except ValueError:  # bytes that are not UTF-8 have no signature
            is_signed = False
        if not is_signed:
            raise web.HTTPUnauthorized(text="The signature does not fit: check SLACK_SIGNING_SECRET and the clock.")
        return body.decode()


async def _read_body(request: web.Request) -> bytes:
    if (request.content_length or 0) > BODY:
        raise _refuse_size(request.content_length or 0)
    body = b""
    try:
        async with asyncio.timeout(READ_S):
            async for part in request.content.iter_chunked(65_536):
                body += part
                if len(body) > BODY:
                    raise _refuse_size(len(body))
    except TimeoutError:
        raise web.HTTPRequestTimeout(text="The request did not arrive in time.") from None
    return body


def _refuse_size(size: int) -> web.HTTPRequestEntityTooLarge:
    return web.HTTPRequestEntityTooLarge(BODY, size)


AWAY = "I'm not ready yet. Try again in a minute."

log = logging.getLogger(__name__)


class HttpSlack(SlackQueries):
    """The Slack platform over HTTP.

    Args:
        signing_secret: the app's secret, which verifies Slack's requests.
        source: where the tokens come from.
        api_url: the Web API's base URL for those behind a proxy.
        report_usable: called when a channel may take messages again.
        arrived: posts the greeting in a channel that the bot has joined.
        gallery: draws the pictures of messages.
        limiter_store: the store of rate limits, which processes may share.
    """

    def __init__(
        self,
        signing_secret: str,
        source: TokenSource,
        *,
        api_url: str | None = None,
        report_usable: ReportUsable = unheard,
        arrived: Arrived = unsaid,
        gallery: Gallery = EMPTY,
        limiter_store: LimiterStore | None = None,
    ) -> None:
        self._secret, self._signed, self._source = signing_secret, Signed(signing_secret), source
        self._api_url, self._gallery, self._limiter_store = api_url, gallery, limiter_store
        self._report_usable, self._arrived = report_usable, arrived
        self._ground: ConnectionServices | None = None
        self._workspaces: WorkspaceCache | None = None
        quiet()

    @property
    def mount(self) -> Mount:
        """The routes for the server; they are public, because any host may be Slack's, but need a signature."""
        return Mount(
            "Slack",
            lambda: [web.post(EVENTS_PATH, self._take), *self._source.routes(self._take_up_token)],
            is_public=True,
        )

    async def run(self, registry: Registry, dispatcher: CommandService, report: ReportState) -> None:
        """Serve until cancelled; raise Refused if a token is invalid, else the error that ended it."""
        report("connecting")
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(REQUEST_S)) as session:
            ground = ConnectionServices(
                registry, dispatcher, session, self._api_url, self._report_usable, self._arrived
            )
            await self._source.begin(ground)
            workspaces = WorkspaceCache(self._source.find, lambda install: self._open(ground, install))
            self._ground, self._workspaces = ground, workspaces
            try:
                report("ready")
                await self._report_usable(Place(self.name, None, ""))
                await self._source.watch(ground)
            finally:
                self._ground = self._workspaces = None
                await workspaces.close(GRACE_S)

    async def reach(self, registry: Registry, dispatcher: CommandService, report: ReportState) -> None:
        """Do the same as `run`: without a mounted route no event arrives."""
        await self.run(registry, dispatcher, report)

    async def _take_up_token(self, place: Place) -> None:
        """Use a workspace's new token, and retry the posts that wait there."""
        if self._workspaces is not None:
            self._workspaces.forget(place.tenant or "")
        await self._report_usable(place)

    def _open(self, ground: ConnectionServices, install: Install) -> Workspace:
        secret = f"{self._secret}:{install.tenant}"
        return Workspace(ground, install, Memory.drawn_by(self._gallery, self._limiter_store), secret)

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
        """Carry out one post; if the token is refused and a newer one exists, try again with that.

        A new installation retries waiting posts at once, perhaps in a process that still has the old token or none.
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
        """Answer one request within Slack's three seconds; each listener acknowledges first."""
        asked = _parse_request(await self._signed.read(request), request)
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
            return _explain(body, gone.reason)
        except UserError as trouble:
            if "command" not in body:
                raise
            return _explain(body, trouble.sentence)
        answered = await workspace.app.async_dispatch(asked)
        # an event without a listener is not the sender's error
        return web.Response() if answered.status == 404 else await to_aiohttp_response(answered)


def _parse_request(body: str, request: web.Request) -> AsyncBoltRequest:
    try:
        asked = AsyncBoltRequest(body=body, headers=dict(request.headers))
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise web.HTTPBadRequest(text="This is no request of Slack's.") from None
    if not isinstance(asked.body, dict) or not asked.body or not is_whole(asked.body):
        raise web.HTTPBadRequest(text="This is no request of Slack's.")
    return asked


def _explain(body: Payload, sentence: str) -> web.Response:
    """Return the reason to the author of a slash command; return an empty response for events and clicks."""
    if "command" not in body:
        return web.Response()
    return web.json_response({"response_type": "ephemeral", "text": sentence})
