"""The app's Home tab: it shows the answer of `home`, and is redrawn after its person changes something."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from collections import OrderedDict
from dataclasses import dataclass
from itertools import count
from typing import Any

from bot.commands.request import silent
from bot.messages.call import Call
from bot.messages.reply import Reply
from bot.platforms.slack import decode
from bot.platforms.slack.client import ApiError, receive
from bot.platforms.slack.decode import Payload
from bot.platforms.slack.render import render
from bot.platforms.slack.request_handler import PROFILE_S, Service

HOME = Call("home")
KEPT_S, MOST = 86_400.0, 2000
"""How long after its opening a tab is kept up to date, and how many tabs are."""
SETTLE_S = 1.0
"""Changes within this time are drawn once."""

_DRAWN = count()
log = logging.getLogger(__name__)


@dataclass
class Tab:
    """A person's tab: `until` when it is kept up to date, the digest of what is `shown`, and if a redraw `is_due`."""

    until: float
    shown: str = ""
    is_due: bool = False


class HomeTabs:
    """The Home tabs of one connection; a tab that cannot be drawn stays unchanged."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._tabs: OrderedDict[str, Tab] = OrderedDict()

    async def on_opened(self, body: Payload) -> None:
        """Draw a tab when its person opens it."""
        event = body["event"]
        if event.get("tab", "home") != "home":
            return
        user = str(event["user"])
        tab = self._tabs[user] = Tab(asyncio.get_running_loop().time() + KEPT_S)
        self._tabs.move_to_end(user)
        while len(self._tabs) > MOST:
            self._tabs.popitem(last=False)
        self._service.start(self._draw(user, tab))

    def changed(self, user: str) -> None:
        """Redraw a person's tab in a moment, if they opened it within the last day."""
        tab = self._tabs.get(user)
        if tab is not None and not tab.is_due and asyncio.get_running_loop().time() < tab.until:
            tab.is_due = True
            self._service.start(self._redraw(user, tab))

    async def _redraw(self, user: str, tab: Tab) -> None:
        await asyncio.sleep(SETTLE_S)
        tab.is_due = False
        await self._draw(user, tab)

    async def _draw(self, user: str, tab: Tab) -> None:
        key, route = f"slack:home:{user}:{next(_DRAWN)}", decode.direct_route(user)
        invocation = await self._service.invocation(HOME, route, key, {}, PROFILE_S)
        reply = await self._service.desk.answer(invocation, silent)
        if reply is None or (tab.shown and reply.tone == "error"):
            return
        view = view_of(reply)
        digest = hashlib.sha256(json.dumps(view).encode()).hexdigest()
        if digest == tab.shown:
            return
        try:
            await receive(self._service.api.posts.views_publish(user_id=user, view=view))
        except ApiError as error:
            log.info("a Home tab was not drawn: %s", error.code)
            return
        tab.shown = digest


def view_of(reply: Reply) -> dict[str, Any]:
    """Return a reply as a Home tab, where Slack accepts no tables."""
    return {"type": "home", "blocks": render(reply, has_tables=False).blocks}
