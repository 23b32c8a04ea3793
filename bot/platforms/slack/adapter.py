"""Slack as a platform: the queries that Socket Mode and HTTP share, and one workspace by Socket Mode."""

from __future__ import annotations

import asyncio
import logging
from abc import ABC, abstractmethod

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler

from bot.base.rate_limiter import LimiterStore
from bot.chat.platform import (
    Arrived,
    CommandService,
    Finding,
    Findings,
    Gone,
    Later,
    Post,
    ReportState,
    ReportUsable,
    Sent,
    unheard,
    unsaid,
)
from bot.commands.context import AccessReport, Account, Place
from bot.commands.registry import Registry
from bot.messages.picture import EMPTY, Gallery
from bot.messages.reply import Reply
from bot.platforms.slack import channel_access, limits, render
from bot.platforms.slack.client import REQUEST_S, UNHEARD_S, ApiError, SlackApi, final, quiet, receive, sdk_log
from bot.platforms.slack.markdown import PREFIX, is_channel
from bot.platforms.slack.token import TOKEN_S, check_token
from bot.platforms.slack.workspace import GRACE_S, ConnectionServices, Memory, Workspace, sign_in


class SlackQueries(ABC):
    """The part of the platform that Socket Mode and HTTP share."""

    name = "slack"
    prefix = PREFIX
    limits = limits.LIMITS

    @abstractmethod
    async def _find(self, tenant: str | None) -> Workspace:
        """Return a connected workspace; raise Later if it is not connected, Gone if the bot is not in it."""

    async def deliver(self, post: Post, again: bool) -> Sent:
        """Carry out one post; raises Gone, Later or DeliveryUnknown."""
        return await (await self._find(post.place.tenant)).delivery.deliver(post, again)

    def fits(self, reply: Reply) -> bool:
        """Whether one message shows a whole reply."""
        return render.fits(reply)

    def is_room(self, text: str) -> bool:
        """Whether a text can be the id of a room here."""
        return is_channel(text)

    def room_name(self, room: str) -> str:
        """Return "", because a channel's id means nothing to people."""
        return ""

    async def inspect(self, place: Place) -> Findings:
        """Check a channel, or the workspace if the place has no room."""
        try:
            workspace = await self._find(place.tenant)
        except Later as trouble:
            return (Finding(False, str(trouble), "Check /healthz and the log for the reason."),)
        except Gone as gone:
            return (Finding(False, gone.reason),)
        return await channel_access.check_place(workspace.api, place, workspace.bot_user)

    async def inspect_role(self, place: Place, role_id: str) -> Findings:
        """Return nothing, because anyone in a Slack channel may notify any user group."""
        return ()

    async def prepare(self, place: Place) -> None:
        """Join a public channel, which an app may do by itself."""
        if place.room and not place.is_direct:
            workspace = await self._find(place.tenant)
            await channel_access.join_channel(workspace.api, place, workspace.bot_user)

    async def sees(self, account: Account, rooms: frozenset[Place]) -> AccessReport:
        """Return which of these channels a person sees; nobody sees channels of a workspace that the bot has left."""
        tenants = sorted({room.tenant or "" for room in rooms})
        views = await asyncio.gather(
            *(
                self._sees(account, tenant, frozenset(r for r in rooms if (r.tenant or "") == tenant))
                for tenant in tenants
            )
        )
        return AccessReport(
            frozenset().union(*(view.seen for view in views)),
            frozenset().union(*(view.gone for view in views)),
            absent=frozenset().union(*(view.absent for view in views)),
            owned=frozenset().union(*(view.owned for view in views)),
            trusted={tenant: people for view in views for tenant, people in view.trusted.items()},
        )

    async def _sees(self, account: Account, tenant: str | None, rooms: frozenset[Place]) -> AccessReport:
        try:
            workspace = await self._find(tenant)
        except Gone:
            return AccessReport()
        return await workspace.sight.sees(account, rooms)

    async def present(self, account: Account) -> Account | None:
        """Return a person's current account in their workspace; None if they are not in it."""
        return await (await self._find(account.tenant)).people.present(account)


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
        report_usable: called when a channel may take messages again.
        arrived: posts the greeting in a channel that the bot has joined.
        gallery: draws the pictures of messages.
        limiter_store: the store of rate limits, which processes may share.
    """

    def __init__(
        self,
        bot_token: str,
        app_token: str,
        *,
        api_url: str | None = None,
        report_usable: ReportUsable = unheard,
        arrived: Arrived = unsaid,
        gallery: Gallery = EMPTY,
        limiter_store: LimiterStore | None = None,
    ) -> None:
        self._bot_token, self._app_token, self._api_url = bot_token, app_token, api_url
        self._report_usable, self._arrived = report_usable, arrived
        self._memory = Memory.drawn_by(gallery, limiter_store)
        self._link: Workspace | None = None
        quiet()

    async def run(self, registry: Registry, dispatcher: CommandService, report: ReportState) -> None:
        """Serve until cancelled; raise Refused if a token is invalid, else the error that ended the connection."""
        report("connecting")
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(REQUEST_S)) as session:
            ground = ConnectionServices(
                registry, dispatcher, session, self._api_url, self._report_usable, self._arrived
            )
            link = await self._sign_in(ground)
            handler = AsyncSocketModeHandler(
                link.app, self._app_token, logger=sdk_log, web_client=link.api.reads, ping_interval=PING_S
            )
            try:
                handler.client.wss_uri = await self._open_socket(link.api)
                await asyncio.wait_for(handler.connect_async(), AWAY_S)  # type: ignore[no-untyped-call]
                self._link = link
                log.info("Slack: connected to workspace %s", link.team)
                await self._report_usable(Place(self.name, link.team, ""))
                await self._watch(handler, link.api, report)
            finally:
                self._link = None
                await handler.close_async()  # type: ignore[no-untyped-call]
                await link.service.drain(GRACE_S)

    async def reach(self, registry: Registry, dispatcher: CommandService, report: ReportState) -> None:
        """Deliver and inspect through the Web API only until cancelled; raise Refused if the token is invalid."""
        report("connecting")
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(REQUEST_S)) as session:
            ground = ConnectionServices(
                registry, dispatcher, session, self._api_url, self._report_usable, self._arrived
            )
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
            return str((await receive(api.posts.apps_connections_open(app_token=self._app_token)))["url"])
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
