"""Which events are being answered, and which were answered a moment ago."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

from bot.core.errors import TryLater

T = TypeVar("T")

LAST_WORDS_S = 0.5
"""How long refusals have to get out when the process ends."""

RECENT = 2000
"""Keys of events that are remembered in memory; the inbox remembers them for a day."""


class Traffic:
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
