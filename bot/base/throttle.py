"""How often what changes quickly is shown: the first state at once, then the latest of those that come too soon."""

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
    """Shows states of one thing one after the other, at a pace.

    Args:
        show: shows a state, in place of the one before.
        every_s: the least seconds from the beginning of one showing to the next.
        now, sleep: seconds that only grow, and how to wait for some.
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
        """Show a state now; or, too soon after another, once its time has come, unless a newer one takes its place.

        What one shown now raises goes to the caller; trouble of one shown later is logged, since nobody waits for it.
        """
        self._waiting = [state]
        if self._later is not None and not self._later.done():
            return
        if self._wait_s() > 0 or self._showing.locked():
            self._later = asyncio.create_task(self._trail())
        else:
            await self._flush()

    def offer(self, state: T) -> None:
        """Have a state be shown without waiting for it, unless a newer one takes its place; trouble is logged."""
        self._waiting = [state]
        if self._later is None or self._later.done():
            self._later = asyncio.create_task(self._trail())

    async def stop(self) -> None:
        """Forget what waits, and return when nothing is being shown: what comes next is not overtaken."""
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
