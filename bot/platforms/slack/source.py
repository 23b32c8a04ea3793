"""Where the tokens of workspaces come from, where Slack asks over HTTP."""

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
        """What people read where the bot is not installed; escaped Markdown."""
        ...

    async def begin(self, ground: ConnectionServices, /) -> None:
        """Look whether all is there; raises Refused."""
        ...

    async def watch(self, ground: ConnectionServices, /) -> None:
        """Go on until cancelled; raises Refused where there is nothing to go on with."""
        ...

    def tenant(self, body: Payload, /) -> str:
        """Return the workspace by whose install a request is answered."""
        ...

    async def find(self, tenant: str, /) -> Install | None:
        """Return the install in a workspace, None if there is none; raises Sealed."""
        ...

    async def leaves(self, body: Payload, ground: ConnectionServices, /) -> bool:
        """Whether an event has ended an install; raises an HTTPException to be told once more."""
        ...

    def routes(self, mended: Mended, /) -> Iterable[web.RouteDef]:
        """Return what there is to be asked for besides events.

        Args:
            mended: told of a workspace that has installed the app.
        """
        ...


def event_of(body: Payload) -> dict[str, Any]:
    """Return the event that a request brings, empty where it brings none."""
    event = body.get("event")
    return event if body.get("type") == "event_callback" and isinstance(event, dict) else {}
