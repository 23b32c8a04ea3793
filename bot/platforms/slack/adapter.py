"""Slack: one workspace, by Socket Mode."""

from __future__ import annotations

import asyncio
import logging

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler

from bot.base.rate_limiter import LimiterStore
from bot.chat.platform import Arrived, CommandService, Later, Mended, ReportState, unheard, unsaid
from bot.commands.context import Place
from bot.commands.registry import Registry
from bot.messages.picture import EMPTY, Gallery
from bot.platforms.slack.channel_queries import SlackQueries
from bot.platforms.slack.client import REQUEST_S, UNHEARD_S, ApiError, SlackApi, final, quiet, sdk_log, settle
from bot.platforms.slack.token import TOKEN_S, check_token
from bot.platforms.slack.workspace import GRACE_S, ConnectionServices, Memory, Workspace, sign_in

PING_S = 5.0
AWAY_S = 60.0
"""How long the socket may be away before the platform reconnects from scratch."""
LOOK_S, RESTLESS, OF_LOOKS = 1.0, 8, 12
"""How often to check the socket; if it is new in 8 of 12 checks, dialling does not help."""

log = logging.getLogger(__name__)


class SlackPlatform(SlackQueries):
    """One workspace, by Socket Mode.

    Args:
        bot_token: the Bot User OAuth Token, xoxb-...
        app_token: an app-level token with connections:write, xapp-...
        api_url: the Web API's base URL for those behind a proxy.
        mended: called when a channel may take messages again.
        arrived: posts the greeting in a channel that the bot has joined.
        gallery: draws the pictures of messages.
        paces: the store of rate limits, which processes may share.
    """

    def __init__(
        self,
        bot_token: str,
        app_token: str,
        *,
        api_url: str | None = None,
        mended: Mended = unheard,
        arrived: Arrived = unsaid,
        gallery: Gallery = EMPTY,
        paces: LimiterStore | None = None,
    ) -> None:
        self._bot_token, self._app_token, self._api_url = bot_token, app_token, api_url
        self._mended, self._arrived = mended, arrived
        self._memory = Memory.drawn_by(gallery, paces)
        self._link: Workspace | None = None
        quiet()

    async def run(self, registry: Registry, dispatcher: CommandService, report: ReportState) -> None:
        """Serve until cancelled; raise Refused if a token is invalid, else the error that ended the connection."""
        report("connecting")
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(REQUEST_S)) as session:
            ground = ConnectionServices(registry, dispatcher, session, self._api_url, self._mended, self._arrived)
            link = await self._sign_in(ground)
            handler = AsyncSocketModeHandler(
                link.app, self._app_token, logger=sdk_log, web_client=link.api.reads, ping_interval=PING_S
            )
            try:
                handler.client.wss_uri = await self._open_socket(link.api)
                await asyncio.wait_for(handler.connect_async(), AWAY_S)  # type: ignore[no-untyped-call]
                self._link = link
                log.info("Slack: connected to workspace %s", link.team)
                await self._mended(Place(self.name, link.team, ""))
                await self._watch(handler, link.api, report)
            finally:
                self._link = None
                await handler.close_async()  # type: ignore[no-untyped-call]
                await link.service.drain(GRACE_S)

    async def reach(self, registry: Registry, dispatcher: CommandService, report: ReportState) -> None:
        """Deliver and inspect through the Web API only until cancelled; raise Refused if the token is invalid."""
        report("connecting")
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(REQUEST_S)) as session:
            ground = ConnectionServices(registry, dispatcher, session, self._api_url, self._mended, self._arrived)
            link = self._link = await self._sign_in(ground)
            try:
                while True:
                    report("ready")
                    await asyncio.sleep(TOKEN_S)
                    await check_token(link.api)
            finally:
                self._link = None

    async def _find(self, tenant: str | None) -> Workspace:
        """Return the one workspace, for any tenant."""
        if self._link is None:
            raise Later(UNHEARD_S, "Slack is not connected")
        return self._link

    async def _sign_in(self, ground: ConnectionServices) -> Workspace:
        try:
            return Workspace(ground, await sign_in(ground, self._bot_token), self._memory, self._bot_token)
        except ApiError as error:
            raise final(error, is_app_token=False) from None

    async def _open_socket(self, api: SlackApi) -> str:
        try:
            return str((await settle(api.posts.apps_connections_open(app_token=self._app_token)))["url"])
        except ApiError as error:
            raise final(error, is_app_token=True) from None

    async def _watch(self, handler: AsyncSocketModeHandler, api: SlackApi, report: ReportState) -> None:
        """Report the socket's state; raise if it stays away, keeps being redialled, or the token is refused."""
        loop = asyncio.get_running_loop()
        client = handler.client
        asked_at = loop.time()
        well_at, session, fresh = loop.time(), client.current_session, [False] * OF_LOOKS
        while True:
            fresh = [*fresh[1:], client.current_session is not session]
            session = client.current_session
            if await client.is_connected():
                well_at = loop.time()
                report("ready")
            else:
                report("connecting")
            if loop.time() - asked_at > TOKEN_S:
                asked_at = loop.time()
                await check_token(api)
            if loop.time() - well_at > AWAY_S or sum(fresh) >= RESTLESS:
                raise ConnectionError("Slack's socket does not stay open")
            await asyncio.sleep(LOOK_S)
