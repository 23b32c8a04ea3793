"""Track events in flight and recent events, and queue the events of each account."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Coroutine, Hashable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from bot.messages.errors import TooMuch, TryLater

T = TypeVar("T")

LAST_WORDS_S = 0.5
"""How long to wait for refusals to be sent when the process ends."""

RECENT = 2000
"""Event keys remembered in memory; the inbox table keeps them for a day."""


class InFlight:
    """Counts events in flight and remembers the keys of the latest."""

    def __init__(self) -> None:
        self._recent: OrderedDict[str, None] = OrderedDict()
        self._in_flight = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._slow: set[asyncio.Timeout] = set()

    @contextmanager
    def counted(self) -> Iterator[None]:
        """Count the body as in flight."""
        self._in_flight += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._in_flight -= 1
            if not self._in_flight:
                self._idle.set()

    def admit(self, key: str) -> bool:
        """Remember an event; False if it is remembered already."""
        if key in self._recent:
            return False
        self._recent[key] = None
        if len(self._recent) > RECENT:
            self._recent.popitem(last=False)
        return True

    def forget(self, key: str) -> None:
        """Accept the event again."""
        self._recent.pop(key, None)

    async def drain(self, seconds: float) -> bool:
        """Wait for events in flight; after the time-out, refuse the rest and return False."""
        if self._idle.is_set():
            return True
        try:
            await asyncio.wait_for(self._idle.wait(), seconds)
        except TimeoutError:
            for scope in self._slow:
                scope.reschedule(asyncio.get_running_loop().time())
            with suppress(TimeoutError):
                await asyncio.wait_for(self._idle.wait(), LAST_WORDS_S)
            return False
        return True

    async def unless_ending(self, running: Coroutine[Any, Any, T]) -> T:
        """Return the result of a slow command; raise TryLater if the process ends first."""
        scope = asyncio.timeout(None)
        self._slow.add(scope)
        try:
            async with scope:
                return await running
        except TimeoutError:
            if not scope.expired():
                raise
            raise TryLater("I'm restarting and couldn't finish this. Please try again in a minute.") from None
        finally:
            self._slow.discard(scope)


class QueueFull(TooMuch):
    """An account has too many events running and waiting."""


class PerUserQueue:
    """Runs a few events of each account at once and queues its others.

    The database and compute threads are first come, first served. Because each account has only a few events there,
    a flood of events delays its sender and nobody else.

    Args:
        at_once: events of one account that run at once.
        waiting: events of one account that may wait; more are refused.
        refusal: the sentence of a refusal, with braces for the number.
    """

    def __init__(self, at_once: int, waiting: int, refusal: str) -> None:
        self._at_once, self._waiting, self._refusal = at_once, waiting, refusal
        self._lines: dict[Hashable, _Line] = {}

    @asynccontextmanager
    async def turn(self, account: Hashable, traffic: InFlight) -> AsyncIterator[None]:
        """Hold one of the account's slots during the body; QueueFull if too many wait, TryLater if the process ends."""
        line = self._lines.setdefault(account, _Line(asyncio.Semaphore(self._at_once)))
        if line.length >= self._at_once + self._waiting:
            raise QueueFull(self._refusal.format(line.length))
        line.length += 1
        try:
            if line.gate.locked():
                await traffic.unless_ending(line.gate.acquire())
            else:
                await line.gate.acquire()  # it is free: nothing is waited for
            try:
                yield
            finally:
                line.gate.release()
        finally:
            line.length -= 1
            if not line.length:
                del self._lines[account]


@dataclass
class _Line:
    """The running and waiting events of one account."""

    gate: asyncio.Semaphore
    length: int = 0
