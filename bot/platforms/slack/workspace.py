"""The connected workspaces: the token and services of each, and a cache of them."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult

from bot.base.rate_limiter import LimiterStore
from bot.base.safe_traceback import logged
from bot.chat.installs import Install
from bot.chat.platform import Arrived, CommandService, Refused, ReportUsable
from bot.commands.context import Place
from bot.commands.registry import Registry
from bot.commands.room_access import Fresh
from bot.messages.picture import EMPTY, Gallery
from bot.messages.reply import Reply
from bot.platforms.slack.channel_access import SlackChannelAccess
from bot.platforms.slack.client import ApiError, Pacer, SlackApi, bolt_log, receive, retry_request
from bot.platforms.slack.decode import Payload, StateSigner
from bot.platforms.slack.deliver import Delivery
from bot.platforms.slack.listen import SlackListener
from bot.platforms.slack.manifest import UNARCHIVED
from bot.platforms.slack.people import SlackPeople
from bot.platforms.slack.pictures import Album
from bot.platforms.slack.render import render
from bot.platforms.slack.request_handler import Service

GRACE_S = 0.5
"""How long running tasks may still take at the end; a shutdown has already waited for answers."""


@dataclass(frozen=True)
class ConnectionServices:
    """Services that the workspaces of one connection share.

    Args:
        api_url: the Web API's base URL for those behind a proxy.
        report_usable: called when a channel may take messages again.
        arrived: posts the greeting in a channel that the bot has joined.
    """

    registry: Registry
    desk: CommandService
    session: aiohttp.ClientSession
    api_url: str | None
    report_usable: ReportUsable
    arrived: Arrived

    def api(self, token: str) -> SlackApi:
        """Return the clients of a token."""
        return SlackApi(token, self.api_url, self.session)


@dataclass
class Memory:
    """What is remembered of a workspace beyond a connection.

    Args:
        directs: Slack's ids of direct conversations by person; filled as they are opened and people write.
        began: when each post was first tried, by tag.
    """

    album: Album = field(default_factory=lambda: Album(EMPTY))
    pacer: Pacer = field(default_factory=Pacer)
    directs: dict[str, str] = field(default_factory=dict)
    began: OrderedDict[str, float] = field(default_factory=OrderedDict)

    @classmethod
    def drawn_by(cls, gallery: Gallery, limiter_store: LimiterStore | None = None) -> Memory:
        """Return one that remembers nothing yet."""
        return cls(Album(gallery), Pacer(limiter_store))


class Workspace:
    """A workspace at work: posts go out by `delivery`, events come in by `app`.

    Args:
        secret: what views are sealed with; the same in every process, and no other workspace's.
    """

    def __init__(self, ground: ConnectionServices, install: Install, memory: Memory, secret: str) -> None:
        team, bot_user = install.tenant, install.bot_user
        self.install, self.team, self.bot_user = install, team, bot_user
        self.api = api = ground.api(install.token)
        memory.pacer.of(team)
        self.delivery = Delivery(api, memory.pacer, memory.directs, memory.began, memory.album)
        self.people = SlackPeople(api, team, install.name)
        self.sight = SlackChannelAccess(api, self.people)
        self.service = Service(
            ground.registry,
            ground.desk,
            api,
            self.people,
            memory.pacer,
            team=team,
            album=memory.album,
        )
        listener = SlackListener(self.service, seal=StateSigner(secret), bot_user=bot_user, directs=memory.directs)
        self.app = _app(install, api)
        listener.listen(self.app)
        Arrivals(api, team, bot_user, ground.report_usable, ground.arrived).listen(self.app)


async def sign_in(ground: ConnectionServices, token: str) -> Install:
    """Return whom a token stands for; raises ApiError, and Refused for a token of no single workspace."""
    who = await receive(ground.api(token).reads.auth_test())
    if who.get("is_enterprise_install"):
        raise Refused(
            "The Slack token is of a whole organisation (Enterprise Grid). I need one of a single workspace: "
            "install the app in that workspace, and copy the token from there."
        )
    return Install(
        str(who["team_id"]), str(who.get("team") or ""), token, str(who["user_id"]), str(who.get("bot_id") or "")
    )


def _app(install: Install, api: SlackApi) -> AsyncApp:
    """Return the app that dispatches events; the receiver has verified that they come from Slack."""
    known = AuthorizeResult(
        enterprise_id=None,
        team_id=install.tenant,
        bot_user_id=install.bot_user,
        bot_id=install.bot_id,
        bot_token=install.token,
    )

    async def authorize(**_: Any) -> AuthorizeResult:
        return known

    return AsyncApp(
        logger=bolt_log, client=api.reads, authorize=authorize, signing_secret="", request_verification_enabled=False
    )


FRESH_S = 10.0
"""How long an installation is cached; another process may have changed it."""
MOST = 500
"""Number of workspaces in memory; the least recently used one is dropped."""
PARTING_S = 30.0
"""How long the answers of a dropped workspace may still take."""

log = logging.getLogger(__name__)


class WorkspaceCache:
    """A cache of connected workspaces.

    Args:
        find: returns a stored installation.
        open_one: makes a workspace from it.
        most: the number of workspaces in memory.
    """

    def __init__(
        self,
        find: Callable[[str], Awaitable[Install | None]],
        open_one: Callable[[Install], Workspace],
        *,
        most: int = MOST,
        fresh_s: float = FRESH_S,
    ) -> None:
        self._open, self._most = open_one, most
        self._found: Fresh[str, Install | None] = Fresh(find, fresh_s)
        self._held: OrderedDict[str, Workspace] = OrderedDict()
        self._leaving: dict[Workspace, asyncio.Task[Any]] = {}

    async def get(self, tenant: str) -> Workspace | None:
        """Return a workspace with its current token, None if the bot is not in it; raises like `find`."""
        install = await self._found.get(tenant)
        held = self._held.get(tenant)
        if held is not None and held.install != install:
            self._leave(self._held.pop(tenant))
            held = None
        if install is None:
            return None
        if held is None:
            held = self._held[tenant] = self._open(install)
            while len(self._held) > self._most:
                self._leave(self._held.popitem(last=False)[1])
        if tenant in self._held:
            self._held.move_to_end(tenant)
        return held

    async def has_changed(self, tenant: str) -> bool:
        """Return whether a workspace's token now differs from the cached one; raises like `find`."""
        self._found.forget(tenant)
        install, held = await self._found.get(tenant), self._held.get(tenant)
        return install is not None and (held is None or held.install != install)

    def forget(self, tenant: str) -> None:
        """Drop a cached installation."""
        self._found.forget(tenant)

    async def close(self, within_s: float) -> None:
        """Wait for running answers, then cancel the rest."""
        held, leaving = list(self._held.values()), dict(self._leaving)
        self._held.clear()
        await asyncio.gather(*(workspace.service.drain(within_s) for workspace in (*held, *leaving)))
        await asyncio.gather(*leaving.values(), return_exceptions=True)

    def _leave(self, workspace: Workspace) -> None:
        task = asyncio.create_task(logged(workspace.service.drain(PARTING_S), log))
        self._leaving[workspace] = task
        task.add_done_callback(lambda _: self._leaving.pop(workspace))


_JOINED = "member_joined_channel"


class Arrivals:
    """Listens to changes of a workspace's channels.

    Args:
        bot_user: the bot's own id.
        report_usable: called when a channel may take messages again.
        arrived: posts the greeting in a channel that the bot has joined.
    """

    def __init__(self, api: SlackApi, team: str, bot_user: str, report_usable: ReportUsable, arrived: Arrived) -> None:
        self._api, self._team, self._bot_user = api, team, bot_user
        self._report_usable, self._arrived = report_usable, arrived

    def listen(self, app: AsyncApp) -> None:
        """Register with the app."""
        for name in (_JOINED, *UNARCHIVED):
            app.event(name)(self.on_room)

    async def on_room(self, body: Payload) -> None:
        """Retry posts of an unarchived or joined channel, and greet the person who invited the bot."""
        event = body["event"]
        is_joined = event.get("type") == _JOINED
        if is_joined and event.get("user") != self._bot_user:
            return
        place = Place("slack", self._team, str(event["channel"]))
        await self._report_usable(place)
        # a channel that the bot joins by itself has nobody who asked for it
        if is_joined and event.get("inviter"):
            await self._greet(place, str(event["inviter"]))

    async def _greet(self, place: Place, person: str) -> None:
        async def tell(hello: Reply) -> bool:
            drawn, say = render(hello), self._api.posts.chat_postEphemeral
            given: dict[str, Any] = {"channel": place.room, "user": person, "text": drawn.text, "blocks": drawn.blocks}
            try:
                await retry_request(lambda: receive(say(**given)))
            except ApiError as error:
                log.info("a hello was not shown: %s", error.code)
                return False
            return True

        await self._arrived(place, place, tell)
