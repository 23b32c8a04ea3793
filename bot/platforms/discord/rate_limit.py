"""Discord's rate limits of each route and channel, kept so that a full one delays only its own requests.

The SDK waits inside a request: after the last one that a limit allows, and for any 429. A delivery would be cancelled
during such a wait although its message is out, and a global 429 would stop answers, which it does not concern. Here a
request waits before it is made, with a limit that depends on the caller, and never afterwards.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import count
from types import SimpleNamespace, TracebackType
from typing import Any, Self

import aiohttp
import discord
from discord.http import HTTPClient

from bot.platforms.discord import limits

Held = Callable[[float], Awaitable[None]]
AT_ONCE_S = 0.001
"""How long the SDK may wait by itself for a 429: the least that it accepts. It ends the request then."""
_MANY, _SWEEP_S, _IDLE_S = 500, 60.0, 300.0
Again = Callable[[], Awaitable[None]]
_due: ContextVar[bool] = ContextVar("due", default=False)
_tries: ContextVar[Iterator[int] | None] = ContextVar("tries", default=None)


@contextmanager
def from_the_outbox() -> Iterator[None]:
    """Mark requests as the outbox's: they wait only briefly for a limit, because answers go first."""
    token = _due.set(True)
    try:
        yield
    finally:
        _due.reset(token)


def is_due() -> bool:
    """Whether a request comes from the outbox."""
    return _due.get()


@contextmanager
def paid_once() -> Iterator[None]:
    """Make a request whose token is already taken; each retry by the SDK takes another one."""
    token = _tries.set(count())
    try:
        yield
    finally:
        _tries.reset(token)


class Bucket:
    """One of Discord's limits, as its responses describe it, with the interface that the SDK expects."""

    def __init__(self) -> None:
        self.remaining = self._limit = 1
        self._out, self._is_told = 0, False
        self._resets_at: float | None = None
        self._line, self._change = asyncio.Lock(), asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._used_at = self._loop.time()

    def is_inactive(self) -> bool:
        """Whether it has been idle for `_IDLE_S`."""
        return not self._out and not self._line.locked() and self._loop.time() - self._used_at > _IDLE_S

    async def __aenter__(self) -> Self:
        """Wait for room; raise RateLimited if that takes longer than the caller may wait."""
        most_s = limits.DUE_WAIT_S if is_due() else limits.WAIT_S
        self._used_at = self._loop.time()
        self._check(most_s)
        async with self._line:
            while self._is_full():
                self._check(most_s)
                self._change.clear()
                wait_s = None if self._resets_at is None else self._resets_at - self._loop.time()
                try:
                    await asyncio.wait_for(self._change.wait(), wait_s)
                except TimeoutError:
                    continue
            self.remaining -= 1
            self._out += 1
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        """Let the next request go; a 429 fills the limit for as long as Discord says."""
        self._out -= 1
        if isinstance(error, discord.RateLimited):
            self.remaining, self._resets_at = 0, self._loop.time() + error.retry_after
        elif not self._is_told:
            self.remaining = min(self.remaining + 1, self._limit)
        self._change.set()

    def update(self, response: aiohttp.ClientResponse, *, use_clock: bool = False) -> None:  # noqa: ARG002  the SDK names it
        """Read the limit from a response; requests on their way count too, because Discord may not have seen them."""
        headers = response.headers
        self._is_told = True
        self._limit = int(headers.get("X-Ratelimit-Limit", 1))
        self.remaining = max(0, int(headers.get("X-Ratelimit-Remaining", 0)) - max(0, self._out - 1))
        self._resets_at = self._loop.time() + float(headers.get("X-Ratelimit-Reset-After", 1))

    def _is_full(self) -> bool:
        if self._resets_at is not None and self._loop.time() >= self._resets_at:
            self.remaining, self._resets_at = max(0, self._limit - self._out), None
        return self.remaining <= 0

    def _check(self, most_s: float) -> None:
        if self._is_full() and self._resets_at is not None:
            wait_s = self._resets_at - self._loop.time()
            if wait_s > most_s:
                raise discord.RateLimited(wait_s)


class Buckets:
    """All limits of a connection; replaces the SDK's own."""

    def __init__(self, http: HTTPClient) -> None:
        self._http: Any = http
        self._swept_at = 0.0

    def install(self) -> None:
        """Replace the SDK's limits; the SDK has no public hook for this."""
        self._http.get_ratelimit = self.of
        self._http.max_ratelimit_timeout = AT_ONCE_S

    def of(self, key: str) -> Bucket:
        """Return the limit for one of the SDK's keys."""
        known: dict[str, Bucket] = self._http._buckets
        if key not in known:
            self._sweep(known)
            known[key] = Bucket()
        return known[key]

    def _sweep(self, known: dict[str, Bucket]) -> None:
        now = asyncio.get_running_loop().time()
        if len(known) > _MANY and now - self._swept_at > _SWEEP_S:
            self._swept_at = now
            for key in [key for key, bucket in known.items() if bucket.is_inactive()]:
                del known[key]


def watch(held: Held, again: Again) -> aiohttp.TraceConfig:
    """Return a trace that observes each request and each response.

    Args:
        held: called with the seconds of a 429 for all routes. A 429 without a Via header comes from the proxy before
            Discord and concerns the whole IP address.
        again: waits until one more request may go out: the SDK retries a request up to four times after server errors.
    """

    async def begin(
        _: aiohttp.ClientSession, _context: SimpleNamespace, _start: aiohttp.TraceRequestStartParams
    ) -> None:
        tries = _tries.get()
        if tries is not None and next(tries):
            await again()

    async def look(_: aiohttp.ClientSession, _context: SimpleNamespace, end: aiohttp.TraceRequestEndParams) -> None:
        headers = end.response.headers
        if end.response.status == 429 and (headers.get("X-RateLimit-Global") or not headers.get("Via")):
            await held(_parse_seconds(headers.get("Retry-After", "")))

    trace = aiohttp.TraceConfig()
    trace.on_request_start.append(begin)
    trace.on_request_end.append(look)
    return trace


def _parse_seconds(text: str) -> float:
    try:
        return min(max(float(text), 1.0), 3600.0)
    except ValueError:
        return 60.0
