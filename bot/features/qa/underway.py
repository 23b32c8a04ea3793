"""Questions that are being answered: in one conversation each waits for the one before it, to go on with its answer."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.core.context import Place, Strand
from bot.features.qa.transcript import conversation


class Underway:
    """The conversations in which something is being answered, in memory."""

    def __init__(self) -> None:
        self._locks: dict[Place, asyncio.Lock] = {}
        self._waiting = Counter[Place]()

    @asynccontextmanager
    async def turn(self, place: Place, strand: Strand) -> AsyncIterator[None]:
        """Wait for what was asked before in the same conversation; what begins one waits for nothing."""
        where = conversation(place, strand)
        if where is None:
            yield
            return
        self._waiting[where] += 1
        try:
            async with self._locks.setdefault(where, asyncio.Lock()):
                yield
        finally:
            self._waiting[where] -= 1
            if not self._waiting[where]:
                del self._waiting[where], self._locks[where]
