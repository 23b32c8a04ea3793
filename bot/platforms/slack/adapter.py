"""Slack: one workspace, by Socket Mode."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult

from bot.core.context import Account, Place, View
from bot.core.picture import EMPTY, Gallery
from bot.core.platform import (
    Arrived,
    Desk,
    Finding,
    Findings,
    Later,
    Mended,
    Post,
    Refused,
    ReportState,
    Sent,
    unheard,
    unsaid,
)
from bot.core.registry import Registry
from bot.platforms.slack import inspect, limits
from bot.platforms.slack.arrival import Arrivals
from bot.platforms.slack.client import REQUEST_S, UNHEARD_S, Api, ApiError, Pacer, final, sdk_log, settle
from bot.platforms.slack.deliver import Delivery
from bot.platforms.slack.listen import Listener
from bot.platforms.slack.people import People
from bot.platforms.slack.pictures import Album
from bot.platforms.slack.seal import Seal
from bot.platforms.slack.serve import Service
from bot.platforms.slack.sight import Sight
from bot.platforms.slack.text import PREFIX, is_channel

PING_S = 5.0
AWAY_S = 60.0
"""How long the socket may be away before the whole connection is made anew."""
LOOK_S, RESTLESS, OF_LOOKS = 1.0, 8, 12
"""How often to look at the socket; one that is new in so many of so many looks is being dialled in vain."""
TOKEN_S = 60.0
"""How often to ask whether the bot's token is still good."""
GRACE_S = 0.5
"""How long what is under way may still take at the end; a shutdown has waited for answers before."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Link:
    """A live connection: the workspace, the bot's own id, how to post, who people are and what they see."""

    api: Api
    delivery: Delivery
    people: People
    sight: Sight
    team: str
    team_name: str
    bot_user: str
    bot_id: str


class SlackPlatform:
    """The Slack platform.

    Args:
        bot_token: the Bot User OAuth Token, xoxb-...
        app_token: an app-level token with connections:write, xapp-...
        api_url: the Web API's base URL for those behind a proxy.
        mended: told when a room may take messages again.
        arrived: says hello where the bot was let in.
        gallery: draws the pictures of messages.
    """

    name = "slack"
    prefix = PREFIX
    limits = limits.LIMITS

    def __init__(
        self,
        bot_token: str,
        app_token: str,
        *,
        api_url: str | None = None,
        mended: Mended = unheard,
        arrived: Arrived = unsaid,
        gallery: Gallery = EMPTY,
    ) -> None:
        self._bot_token, self._app_token, self._api_url = bot_token, app_token, api_url
        self._mended, self._arrived = mended, arrived
        self._link: Link | None = None
        self._pacer = Pacer()
        self._album = Album(gallery)
        self._directs: dict[str, str] = {}
        self._began: OrderedDict[str, float] = OrderedDict()
        sdk_log.setLevel(logging.WARNING)

    async def run(self, registry: Registry, dispatcher: Desk, report: ReportState) -> None:
        """Serve until cancelled; raises Refused when a token will never do, else what went wrong."""
        report("connecting")
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(REQUEST_S)) as session:
            api = Api(self._bot_token, self._api_url, session)
            link = await self._sign_in(api)
            service = Service(
                registry, dispatcher, api, link.people, self._pacer,
                team=link.team, bot_user=link.bot_user, album=self._album,
            )  # fmt: skip
            listener = Listener(service, seal=Seal(self._bot_token), bot_user=link.bot_user, directs=self._directs)
            handler = self._handler(link, listener)
            try:
                handler.client.wss_uri = await self._open_socket(api)
                await asyncio.wait_for(handler.connect_async(), AWAY_S)  # type: ignore[no-untyped-call]
                self._link = link
                log.info("Slack: connected to workspace %s", link.team)
                await self._mended(Place(self.name, link.team, ""))
                await self._watch(handler, api, report)
            finally:
                self._link = None
                await handler.close_async()  # type: ignore[no-untyped-call]
                await service.drain(GRACE_S)

    async def reach(self, registry: Registry, dispatcher: Desk, report: ReportState) -> None:
        """Deliver and look by the Web API alone until cancelled; raises Refused when the token will never do."""
        report("connecting")
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(REQUEST_S)) as session:
            api = Api(self._bot_token, self._api_url, session)
            self._link = await self._sign_in(api)
            try:
                while True:
                    report("ready")
                    await asyncio.sleep(TOKEN_S)
                    await self._check_token(api)
            finally:
                self._link = None

    async def deliver(self, post: Post, again: bool) -> Sent:
        """Carry out one post; raises Gone, Later or Unsure."""
        if self._link is None:
            raise Later(UNHEARD_S, "Slack is not connected")
        return await self._link.delivery.deliver(post, again)

    def is_room(self, text: str) -> bool:
        """Whether a text can be the id of a room here."""
        return is_channel(text)

    def room_name(self, room: str) -> str:
        """Return nothing: a channel's id says nothing to people."""
        return ""

    async def inspect(self, place: Place) -> Findings:
        """Say what is right and wrong with a room, or with the workspace where room is empty."""
        if self._link is None:
            return (Finding(False, "Slack is not connected", "Look at /healthz and at the log for the reason."),)
        return await inspect.inspect(self._link.api, place, self._link.bot_user)

    async def inspect_role(self, place: Place, role_id: str) -> Findings:
        """Say nothing: whoever writes in a channel of Slack may notify any user group."""
        return ()

    async def prepare(self, place: Place) -> None:
        """Join a public channel, which an app may do by itself."""
        if self._link is not None and place.room and not place.is_direct:
            await inspect.join(self._link.api, place, self._link.bot_user)

    async def sees(self, account: Account, rooms: frozenset[Place]) -> View:
        """Say which of these channels a person sees."""
        if self._link is None:
            raise Later(UNHEARD_S, "Slack is not connected")
        return await self._link.sight.sees(account, rooms)

    async def present(self, account: Account) -> Account | None:
        """Return somebody as the workspace has them now."""
        if self._link is None:
            raise Later(UNHEARD_S, "Slack is not connected")
        return await self._link.people.present(account)

    async def _sign_in(self, api: Api) -> Link:
        try:
            who = await settle(api.reads.auth_test())
        except ApiError as error:
            raise final(error, is_app_token=False) from None
        delivery = Delivery(api, self._pacer, self._directs, self._began, self._album)
        team, team_name = str(who["team_id"]), str(who.get("team") or "")
        people = People(api, team, team_name)
        sight = Sight(api, people)
        return Link(api, delivery, people, sight, team, team_name, str(who["user_id"]), str(who.get("bot_id") or ""))

    async def _open_socket(self, api: Api) -> str:
        try:
            return str((await settle(api.posts.apps_connections_open(app_token=self._app_token)))["url"])
        except ApiError as error:
            raise final(error, is_app_token=True) from None

    def _handler(self, link: Link, listener: Listener) -> AsyncSocketModeHandler:
        known = AuthorizeResult(
            enterprise_id=None,
            team_id=link.team,
            bot_user_id=link.bot_user,
            bot_id=link.bot_id,
            bot_token=self._bot_token,
        )

        async def authorize(**_: Any) -> AuthorizeResult:
            return known

        quiet = logging.getLogger("bot.platforms.slack.bolt")
        quiet.setLevel(logging.ERROR)
        app = AsyncApp(logger=quiet, client=link.api.reads, authorize=authorize, signing_secret="")
        listener.listen(app)
        Arrivals(link.api, link.team, link.bot_user, self._mended, self._arrived).listen(app)
        return AsyncSocketModeHandler(
            app, self._app_token, logger=sdk_log, web_client=link.api.reads, ping_interval=PING_S
        )

    async def _watch(self, handler: AsyncSocketModeHandler, api: Api, report: ReportState) -> None:
        """Report the socket's state; raise when it stays away, is dialled again and again, or the token is refused."""
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
                await self._check_token(api)
            if loop.time() - well_at > AWAY_S or sum(fresh) >= RESTLESS:
                raise ConnectionError("Slack's socket does not stay open")
            await asyncio.sleep(LOOK_S)

    @staticmethod
    async def _check_token(api: Api) -> None:
        """Raise Refused if the token has been revoked: the socket lives by another one and stays open."""
        try:
            await settle(api.reads.auth_test())
        except ApiError as error:
            refusal = final(error, is_app_token=False)
            if isinstance(refusal, Refused):
                raise refusal from None
