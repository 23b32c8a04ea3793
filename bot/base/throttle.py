"""Throttle updates: show the first state at once, then only the latest state at each interval."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from bot.base.safe_traceback import trace

T = TypeVar("T")
log = logging.getLogger(__name__)


def loop_time() -> float:
    """Return the running loop's own time, in seconds."""
    return asyncio.get_running_loop().time()


class Throttle(Generic[T]):
    """Shows the states of one thing at a limited rate.

    Args:
        show: shows a state in place of the last one.
        every_s: the least seconds between the starts of two updates.
        now, sleep: a monotonic clock in seconds, and its sleep.
    """

    def __init__(
        self,
        show: Callable[[T], Awaitable[None]],
        every_s: float,
        *,
        now: Callable[[], float] = loop_time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._show, self._every_s, self._now, self._sleep = show, every_s, now, sleep
        self._next_at: float | None = None
        self._waiting: list[T] = []
        self._later: asyncio.Task[None] | None = None
        self._showing = asyncio.Lock()

    async def put(self, state: T) -> None:
        """Show a state now or, if the last update was too recent, later, unless a newer state replaces it.

        Errors of an immediate update are raised; errors of a delayed one are logged.
        """
        self._waiting = [state]
        if self._later is not None and not self._later.done():
            return
        if self._wait_s() > 0 or self._showing.locked():
            self._later = asyncio.create_task(self._trail())
        else:
            await self._flush()

    def offer(self, state: T) -> None:
        """Show a state in the background, unless a newer one replaces it; errors are logged."""
        self._waiting = [state]
        if self._later is None or self._later.done():
            self._later = asyncio.create_task(self._trail())

    async def stop(self) -> None:
        """Drop the waiting state and wait for the running update, so that it can't overwrite what comes next."""
        self._waiting = []
        async with self._showing:
            if self._later is not None:
                self._later.cancel()
                self._later = None

    def _wait_s(self) -> float:
        return 0.0 if self._next_at is None else max(0.0, self._next_at - self._now())

    async def _flush(self) -> None:
        async with self._showing:
            if self._waiting:
                state = self._waiting.pop()
                self._next_at = self._now() + self._every_s
                await self._show(state)

    async def _trail(self) -> None:
        while self._waiting:
            await self._sleep(self._wait_s())
            try:
                await self._flush()
            except Exception as error:  # noqa: BLE001  (nobody waits for it, and the answer itself is still to come)
                log.warning("a passing state was not shown\n%s", trace(error))
