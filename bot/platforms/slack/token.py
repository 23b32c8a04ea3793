"""Where the tokens of workspaces come from over HTTP, and one workspace that is served by its token."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from typing import Any, Protocol

from aiohttp import web

from bot.chat.installs import Install
from bot.chat.platform import Refused, ReportUsable
from bot.platforms.slack.client import ApiError, SlackApi, final, receive
from bot.platforms.slack.decode import Payload
from bot.platforms.slack.workspace import ConnectionServices, sign_in


class TokenSource(Protocol):
    """One token, or those of all workspaces that have installed the app."""

    @property
    def absent(self) -> str:
        """What people read if the bot is not installed; escaped Markdown."""

    async def begin(self, ground: ConnectionServices, /) -> None:
        """Check that everything is ready; raises Refused."""

    async def watch(self, ground: ConnectionServices, /) -> None:
        """Watch the tokens until cancelled; raises Refused if none is left to work with."""

    def tenant(self, body: Payload, /) -> str:
        """Return the workspace whose installation answers a request."""

    async def find(self, tenant: str, /) -> Install | None:
        """Return a workspace's installation, None if there is none; raise Sealed if it cannot be decrypted."""

    async def leaves(self, body: Payload, ground: ConnectionServices, /) -> bool:
        """Whether an event ended an installation; raise an HTTPException so that Slack sends it again."""

    def routes(self, report_usable: ReportUsable, /) -> Iterable[web.RouteDef]:
        """Return further routes.

        Args:
            report_usable: called with a workspace that has installed the app.
        """


def event_of(body: Payload) -> dict[str, Any]:
    """Return the event in a request; empty if it has none."""
    event = body.get("event")
    return event if body.get("type") == "event_callback" and isinstance(event, dict) else {}


TOKEN_S = 60.0
"""Seconds between two checks of a token."""

log = logging.getLogger(__name__)


async def check_token(api: SlackApi) -> None:
    """Raise Refused if the token has been revoked."""
    try:
        await receive(api.reads.auth_test())
    except ApiError as error:
        refusal = final(error, is_app_token=False)
        if isinstance(refusal, Refused):
            raise refusal from None


class OneToken:
    """A TokenSource of one workspace; events that name another one come from a shared channel.

    Args:
        token: the Bot User OAuth Token, xoxb-...
    """

    absent = "I belong to another workspace."

    def __init__(self, token: str) -> None:
        self._token, self._install = token, Install("", "", token, "")

    async def begin(self, ground: ConnectionServices, /) -> None:
        """Sign in."""
        try:
            self._install = await sign_in(ground, self._token)
        except ApiError as error:
            raise final(error, is_app_token=False) from None
        log.info("Slack: connected to workspace %s", self._install.tenant)

    async def watch(self, ground: ConnectionServices, /) -> None:
        """Check the token regularly; raises Refused."""
        while True:
            await asyncio.sleep(TOKEN_S)
            await check_token(ground.api(self._token))

    def tenant(self, _body: Payload, /) -> str:
        """Return the workspace."""
        return self._install.tenant

    async def find(self, tenant: str, /) -> Install | None:
        """Return the installation if it is that workspace's."""
        return self._install if tenant == self._install.tenant else None

    async def leaves(self, _body: Payload, _ground: ConnectionServices, /) -> bool:
        """Return False: `watch` notices a revoked token."""
        return False

    def routes(self, _report_usable: ReportUsable, /) -> Iterable[web.RouteDef]:
        """Return no routes."""
        return ()
