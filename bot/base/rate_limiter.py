"""Rate limits: a pure token bucket, a queue of requests that wait for tokens, and a throttle for updates."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

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


TOGETHER_S, AHEAD_S = 0.2, 5.0
"""Seconds of tokens that a process takes at once, and the longest wait for the first; beyond it, LimiterBusy."""
KNOWN = 5000
"""Buckets in memory; one that was evicted after long disuse is full anyway."""


@dataclass(frozen=True)
class Rate:
    """A token bucket. Its only state is the time of its next token, in seconds of any clock.

    Args:
        a_second: tokens per second.
        holds: capacity, which is the largest burst.
    """

    a_second: float
    holds: int = 1

    @property
    def every_s(self) -> float:
        """Seconds from one token to the next."""
        return 1 / self.a_second

    def take(self, free_at: float, now: float, count: int = 1) -> tuple[float, float]:
        """Return the time of the first of `count` tokens, with the others `every_s` apart, and the new state.

        A time in the past means "now", so saved-up tokens make up for late callers.
        """
        first = max(free_at, now - (self.holds - 1) * self.every_s)
        return first, first + count * self.every_s

    def is_lost(self, at: float, now: float) -> bool:
        """Whether a token for the time `at` has expired, because late tokens would go out in a burst.

        Up to `holds` + 1 tokens may be late, so one second has few more than `a_second` + `holds` requests.
        """
        return now - at > (self.holds + 1) * self.every_s


class LimiterBusy(Exception):
    """The wait for a token is too long; nothing was taken. Try again after `after_s`."""

    def __init__(self, after_s: float) -> None:
        super().__init__(f"no token for {after_s:.1f} s")
        self.after_s = after_s


class LimiterStore(Protocol):
    """Buckets by name, shared or not."""

    async def take(self, name: str, rate: Rate, count: int, most_s: float) -> float:
        """Take tokens and return the seconds until the first; negative if it is available already.

        A result over `most_s` means that nothing was taken.
        """

    async def hold(self, name: str, seconds: float) -> None:
        """Let no token come for so long."""


class LocalLimiterStore:
    """Buckets of one process.

    Args:
        now: seconds that only grow.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._free_at: OrderedDict[str, float] = OrderedDict()

    async def take(self, name: str, rate: Rate, count: int, most_s: float) -> float:
        """Take tokens, see `LimiterStore`."""
        now = self._now()
        first, after = rate.take(self._free_at.get(name, 0.0), now, count)
        if first - now <= most_s:
            self._keep(name, after)
        return first - now

    async def hold(self, name: str, seconds: float) -> None:
        """Let no token come for so long."""
        self._keep(name, max(self._free_at.get(name, 0.0), self._now() + seconds))

    def _keep(self, name: str, free_at: float) -> None:
        self._free_at[name] = free_at
        self._free_at.move_to_end(name)
        if len(self._free_at) > KNOWN:
            self._free_at.popitem(last=False)


class RateLimiter:
    """A queue for one bucket: answers to people go before scheduled messages, each in order.

    Args:
        now, sleep: a monotonic clock in seconds, and its sleep.
    """

    def __init__(
        self,
        limiter_store: LimiterStore,
        name: str,
        rate: Rate,
        *,
        now: Callable[[], float] = loop_time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._limiter_store, self._name, self._rate, self._now, self._sleep = limiter_store, name, rate, now, sleep
        self._numbers = itertools.count()
        self._waiting: list[tuple[bool, int, asyncio.Future[None]]] = []
        self._serving: asyncio.Task[None] | None = None

    async def turn(self, *, is_due: bool = False) -> None:
        """Wait for a token; LimiterBusy if the wait is too long.

        Args:
            is_due: whether it is a scheduled message, which nobody waits for.
        """
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (is_due, next(self._numbers), waiter))
        if self._serving is None or self._serving.done():
            self._serving = asyncio.create_task(self._serve())
        await waiter

    async def hold(self, seconds: float) -> None:
        """Block the bucket for some seconds, in every process."""
        await self._limiter_store.hold(self._name, seconds)

    async def _serve(self) -> None:
        """Release waiters as tokens come; the next tokens are taken ahead, so that nobody waits for the store."""
        ahead: asyncio.Task[tuple[float, int]] | None = None
        try:
            while ahead is not None or self._count_waiting():
                first_at, count = await (ahead or self._take(self._count_waiting()))
                more = self._count_waiting() - count
                ahead = asyncio.create_task(self._take(more)) if more > 0 else None
                was_used = False
                for n in range(count):
                    at = first_at + n * self._rate.every_s
                    if (rest_s := at - self._now()) > 0:
                        await self._sleep(rest_s)
                    is_last_chance = n == count - 1 and not was_used  # however late all are, the line moves
                    if is_last_chance or not self._rate.is_lost(at, self._now()):
                        self._let_pass()
                        was_used = True
        except LimiterBusy as paced:
            self._refuse(paced)
        except Exception as error:  # noqa: BLE001  (nobody waits for this task, but for what it gives)
            log.error("tokens of %s could not be taken\n%s", self._name, trace(error))
        finally:
            self._refuse(LimiterBusy(1.0))

    async def _take(self, wanted: int) -> tuple[float, int]:
        """Take tokens; return the time of the first and their number. LimiterBusy if it is far away."""
        count = min(wanted, max(1, int(self._rate.a_second * TOGETHER_S)))
        wait_s = await self._limiter_store.take(self._name, self._rate, count, AHEAD_S)
        if wait_s > AHEAD_S:
            raise LimiterBusy(wait_s)
        return self._now() + wait_s, count

    def _count_waiting(self) -> int:
        return sum(not waiter.done() for _, _, waiter in self._waiting)

    def _let_pass(self) -> None:
        while self._waiting:
            _, _, waiter = heapq.heappop(self._waiting)
            if not waiter.done():
                waiter.set_result(None)
                return

    def _refuse(self, why: LimiterBusy) -> None:
        waiting, self._waiting = self._waiting, []
        for _, _, waiter in waiting:
            if not waiter.done():
                waiter.set_exception(why)
