"""The gateway: dialled at another address where there is a proxy, never in a frenzy, and again once it is silent."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from typing import Any
from weakref import WeakKeyDictionary

import yarl
from discord.gateway import DiscordWebSocket
from discord.http import HTTPClient

log = logging.getLogger(__name__)
_FREE_DIALS, _WITHIN_S, _LONGEST_S, _REMEMBERED = 6, 60.0, 30.0, 8192
"""Dials for each shard that cost nothing within a minute; each one more waits twice as long, up to the longest."""

_LOOK_S, _SILENT = 1.0, 4000
"""How often heartbeats are looked at, and the close code after which the session can be resumed."""


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


class Heartbeats:
    """Reconnects if the gateway doesn't acknowledge a heartbeat before the next one is due.

    The SDK waits for any frame for a minute instead.

    Args:
        lines: returns the connections that stand.

    Source: https://discord.com/developers/docs/events/gateway#heartbeat-interval
    """

    def __init__(self, lines: Callable[[], Iterable[DiscordWebSocket]]) -> None:
        self._lines = lines
        self._unacknowledged: WeakKeyDictionary[DiscordWebSocket, float] = WeakKeyDictionary()

    async def watch(self) -> None:
        """Close silent connections until cancelled; the SDK resumes their sessions."""
        while True:
            await asyncio.sleep(_LOOK_S)
            for line in list(self._lines()):
                if self._is_silent(line, time.perf_counter()):
                    log.warning("shard %s: a heartbeat was not acknowledged; connecting again", line.shard_id)
                    await line.close(_SILENT)

    def _is_silent(self, line: DiscordWebSocket, now: float) -> bool:
        beats = getattr(line, "_keep_alive", None)
        if beats is None or beats.interval is None:
            return False
        sent = self._unacknowledged.pop(line, beats._last_send)
        if beats._last_ack >= sent:  # that one is acknowledged, a later one may not be
            sent = beats._last_send
        if beats._last_ack >= sent:
            return False
        self._unacknowledged[line] = sent
        return bool(now - sent >= beats.interval)

    @property
    def last_event_s(self) -> float | None:
        """How many seconds ago the most silent connection last received anything; None if none stands."""
        beats = [keep for line in self._lines() if (keep := getattr(line, "_keep_alive", None)) is not None]
        return max((time.perf_counter() - keep._last_recv for keep in beats), default=None)
