"""Which events are being answered, and which were answered a moment ago."""

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
"""How long refusals have to get out when the process ends."""

RECENT = 2000
"""Keys of events that are remembered in memory; the inbox remembers them for a day."""


class InFlight:
    """Counts what is in flight and knows the latest events by key."""

    def __init__(self) -> None:
        self._recent: OrderedDict[str, None] = OrderedDict()
        self._in_flight = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._slow: set[asyncio.Timeout] = set()

    @contextmanager
    def counted(self) -> Iterator[None]:
        """Count what is done inside as in flight."""
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
        """Let an event come again."""
        self._recent.pop(key, None)

    async def drain(self, seconds: float) -> bool:
        """Wait for what is in flight; what is slower is refused, and False returned."""
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
        """Return what a slow command returns; where the process ends first, TryLater tells the one who waits."""
        scope = asyncio.timeout(None)
        self._slow.add(scope)
        try:
            async with scope:
                return await running
        except TimeoutError:
            if not scope.expired():
                raise
            raise TryLater("I am being restarted and could not finish this. Please try again in a minute.") from None
        finally:
            self._slow.discard(scope)


class QueueFull(TooMuch):
    """An account has too much under way."""


class PerUserQueue:
    """Lets a few events of each account run side by side, and its others wait in a line of their own.

    Threads that compute or write take what they are given in the order in which it came. As nobody has more than a few
    things with them, they serve the members in turn, and a crowd of events costs whoever sent it, not the others.

    Args:
        at_once: events of one account that run side by side.
        waiting: events of one account that wait; what is more is refused.
        refusal: the sentence of that, with the number in its braces.
    """

    def __init__(self, at_once: int, waiting: int, refusal: str) -> None:
        self._at_once, self._waiting, self._refusal = at_once, waiting, refusal
        self._lines: dict[Hashable, _Line] = {}

    @asynccontextmanager
    async def turn(self, account: Hashable, traffic: InFlight) -> AsyncIterator[None]:
        """Wait for the account's turn and keep it inside; LineFull if its line is, TryLater if the process ends."""
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
    """One account's events: those that run and those that wait."""

    gate: asyncio.Semaphore
    length: int = 0
