"""The workspaces at work: each is looked up again every few seconds, so that every process sees what changed."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any

from bot.base.safe_traceback import logged
from bot.chat.installs import Install
from bot.commands.room_access import Fresh
from bot.platforms.slack.workspace import Workspace

FRESH_S = 10.0
"""How long an install is believed without a look at what is kept of it; another process may have changed that."""
MOST = 500
"""Workspaces that are held ready; the one that was wanted the longest ago gives way."""
PARTING_S = 30.0
"""How long the answers of a workspace that gives way may still take."""

log = logging.getLogger(__name__)


class Workspaces:
    """Those that were wanted lately.

    Args:
        find: returns what is kept of an install.
        open_one: makes a workspace of it.
        most: how many are held.
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
        """Return a workspace with the token that it has now, None if the bot is not in it; raises as `find` does."""
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
        """Look at once whether a workspace has another token than was believed; raises as `find` does."""
        self._found.forget(tenant)
        install, held = await self._found.get(tenant), self._held.get(tenant)
        return install is not None and (held is None or held.install != install)

    def forget(self, tenant: str) -> None:
        """Look again the next time."""
        self._found.forget(tenant)

    async def close(self, within_s: float) -> None:
        """Let what is under way end, then end it."""
        held, leaving = list(self._held.values()), dict(self._leaving)
        self._held.clear()
        await asyncio.gather(*(one.service.drain(within_s) for one in (*held, *leaving)))
        await asyncio.gather(*leaving.values(), return_exceptions=True)

    def _leave(self, workspace: Workspace) -> None:
        task = asyncio.create_task(logged(workspace.service.drain(PARTING_S), log))
        self._leaving[workspace] = task
        task.add_done_callback(lambda _: self._leaving.pop(workspace))
