"""How fast requests go out: a token bucket, pure, and the line of those who wait for its tokens."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from bot.base.safe_traceback import trace
from bot.base.throttle import loop_time

TOGETHER_S, AHEAD_S = 0.2, 5.0
"""For how long a process takes tokens at once, and how far away the first may be: what is further waits elsewhere."""
KNOWN = 5000
"""Buckets that are remembered; one that was not used for long is full anyway."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Rate:
    """A token bucket: its whole state is the instant at which its next token is there, in seconds of any clock.

    Args:
        a_second: tokens that come in a second.
        holds: tokens that it holds at most; so many may be used at once after a rest.
    """

    a_second: float
    holds: int = 1

    @property
    def every_s(self) -> float:
        """Seconds from one token to the next."""
        return 1 / self.a_second

    def take(self, free_at: float, now: float, count: int = 1) -> tuple[float, float]:
        """Return when the first of some tokens is there, each other `every_s` later, and the state after them.

        An instant that is past is at once: so tokens that have gathered make up for who came late.
        """
        first = max(free_at, now - (self.holds - 1) * self.every_s)
        return first, first + count * self.every_s

    def is_lost(self, at: float, now: float) -> bool:
        """Whether a token that was there at an instant may no longer be used: late ones would go out together.

        One more than it holds may be late, so a second sees few more than `a_second` and what it `holds`.
        """
        return now - at > (self.holds + 1) * self.every_s


class LimiterBusy(Exception):
    """There is no token for so long that it is better to come again; nothing was taken."""

    def __init__(self, after_s: float) -> None:
        super().__init__(f"no token for {after_s:.1f} s")
        self.after_s = after_s


class LimiterStore(Protocol):
    """Buckets by name, whoever shares them."""

    async def take(self, name: str, rate: Rate, count: int, most_s: float) -> float:
        """Take tokens and return the seconds until the first, less than none for one that is there already.

        More than `most_s`: nothing was taken.
        """
        ...

    async def hold(self, name: str, seconds: float) -> None:
        """Let no token come for so long."""
        ...


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
    """The line before one bucket: who answers somebody goes before what was due anyway, each in their order.

    Args:
        now, sleep: seconds that only grow, and how to wait for some.
    """

    def __init__(
        self,
        paces: LimiterStore,
        name: str,
        rate: Rate,
        *,
        now: Callable[[], float] = loop_time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._paces, self._name, self._rate, self._now, self._sleep = paces, name, rate, now, sleep
        self._numbers = itertools.count()
        self._waiting: list[tuple[bool, int, asyncio.Future[None]]] = []
        self._serving: asyncio.Task[None] | None = None

    async def turn(self, *, is_due: bool = False) -> None:
        """Wait for a token; Paced where there is none for a while.

        Args:
            is_due: whether nobody waits for it at this moment.
        """
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (is_due, next(self._numbers), mine))
        if self._serving is None or self._serving.done():
            self._serving = asyncio.create_task(self._serve())
        await mine

    async def hold(self, seconds: float) -> None:
        """Let nobody pass for so long, of whatever process."""
        await self._paces.hold(self._name, seconds)

    async def _serve(self) -> None:
        """Let pass whoever waits; the next tokens are taken while these are used, so that it costs nobody time."""
        ahead: asyncio.Task[tuple[float, int]] | None = None
        try:
            while ahead is not None or self._wanting():
                first_at, count = await (ahead or self._take(self._wanting()))
                more = self._wanting() - count
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
        """Return when the first of some tokens is there, and how many they are; Paced where that is far away."""
        count = min(wanted, max(1, int(self._rate.a_second * TOGETHER_S)))
        wait_s = await self._paces.take(self._name, self._rate, count, AHEAD_S)
        if wait_s > AHEAD_S:
            raise LimiterBusy(wait_s)
        return self._now() + wait_s, count

    def _wanting(self) -> int:
        return sum(not mine.done() for _, _, mine in self._waiting)

    def _let_pass(self) -> None:
        while self._waiting:
            _, _, mine = heapq.heappop(self._waiting)
            if not mine.done():
                mine.set_result(None)
                return

    def _refuse(self, why: LimiterBusy) -> None:
        waiting, self._waiting = self._waiting, []
        for _, _, mine in waiting:
            if not mine.done():
                mine.set_exception(why)
