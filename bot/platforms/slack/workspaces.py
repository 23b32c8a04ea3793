"""The connected workspaces; each installation is read again every few seconds, so that processes see changes."""

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
"""How long an installation is cached; another process may have changed it."""
MOST = 500
"""Number of workspaces in memory; the least recently used one is dropped."""
PARTING_S = 30.0
"""How long the answers of a dropped workspace may still take."""

log = logging.getLogger(__name__)


class Workspaces:
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
