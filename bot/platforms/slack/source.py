"""The source of workspaces' tokens, for Slack over HTTP."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from aiohttp import web

from bot.chat.installs import Install
from bot.chat.platform import Mended
from bot.platforms.slack.tenant_of_event import Payload
from bot.platforms.slack.workspace import ConnectionServices


class TokenSource(Protocol):
    """One token, or those of all workspaces that have installed the app."""

    @property
    def absent(self) -> str:
        """What people read if the bot is not installed; escaped Markdown."""
        ...

    async def begin(self, ground: ConnectionServices, /) -> None:
        """Check that everything is ready; raises Refused."""
        ...

    async def watch(self, ground: ConnectionServices, /) -> None:
        """Watch the tokens until cancelled; raises Refused if none is left to work with."""
        ...

    def tenant(self, body: Payload, /) -> str:
        """Return the workspace whose installation answers a request."""
        ...

    async def find(self, tenant: str, /) -> Install | None:
        """Return a workspace's installation, None if there is none; raise Sealed if it cannot be decrypted."""
        ...

    async def leaves(self, body: Payload, ground: ConnectionServices, /) -> bool:
        """Whether an event ended an installation; raise an HTTPException so that Slack sends it again."""
        ...

    def routes(self, mended: Mended, /) -> Iterable[web.RouteDef]:
        """Return further routes.

        Args:
            mended: called with a workspace that has installed the app.
        """
        ...


def event_of(body: Payload) -> dict[str, Any]:
    """Return the event in a request; empty if it has none."""
    event = body.get("event")
    return event if body.get("type") == "event_callback" and isinstance(event, dict) else {}
