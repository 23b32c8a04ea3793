"""Dialling the gateway: to another address where there is a proxy, and never in a frenzy."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

import yarl
from discord.http import HTTPClient

log = logging.getLogger(__name__)
_FREE_DIALS, _WITHIN_S, _LONGEST_S, _REMEMBERED = 6, 60.0, 30.0, 8192
"""Dials for each shard that cost nothing within a minute; each one more waits twice as long, up to the longest."""


async def at_once() -> None:
    """Wait for nothing."""


class Dialler:
    """Stands between the SDK and the gateway.

    A gateway that accepts a connection and closes it at once is dialled again by the SDK without any pause.

    Args:
        address: the gateway's address; None keeps the one that Discord names.
        lines: for how many shards it dials.
        may: waits until it may dial.
    """

    def __init__(
        self,
        http: HTTPClient,
        address: str | None,
        lines: Callable[[], int] = lambda: 1,
        may: Callable[[], Awaitable[None]] = at_once,
    ) -> None:
        self._dial, self._http, self._lines, self._may = http.ws_connect, http, lines, may
        self._address = yarl.URL(address) if address else None
        self._past: deque[float] = deque(maxlen=_REMEMBERED)

    def install(self) -> None:
        """Take the place of the SDK's own dialling."""
        setattr(self._http, "ws_connect", self.dial)  # noqa: B010  the SDK has no other way in

    async def dial(self, url: str, *, compress: int = 0) -> Any:
        """Open a connection, after a pause if there have been many."""
        await self._may()
        pause = self.pause(asyncio.get_running_loop().time())
        if pause:
            log.warning("the gateway keeps closing; next dial in %.0f s", pause)
            await asyncio.sleep(pause)
        self._past.append(asyncio.get_running_loop().time())
        return await self._dial(self.address(url), compress=compress)

    def pause(self, now: float) -> float:
        """Return how many seconds to wait before a dial at `now`."""
        recent = sum(1 for at in self._past if now - at < _WITHIN_S)
        over = recent - _FREE_DIALS * self._lines()
        return 0.0 if over < 0 else min(_LONGEST_S, 2.0 ** min(over, 10))

    def address(self, url: str) -> str:
        """Return the address to dial for the one that Discord named, its query kept."""
        if self._address is None:
            return url
        return str(self._address.with_query(yarl.URL(url).query))
