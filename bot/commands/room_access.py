"""Which rooms a person sees: what decides which cohorts exist for them."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Generic, Protocol, TypeVar

from bot.commands.context import AccessReport, AccessUnknown, Account, Invocation, Place
from bot.commands.ports import CheckAccess

K = TypeVar("K")
V = TypeVar("V")
T = TypeVar("T")
LOOK_S = 1.0
log = logging.getLogger(__name__)


class Sees(Protocol):
    """The part of a platform that knows who sees what."""

    async def sees(self, account: Account, rooms: frozenset[Place]) -> AccessReport:
        """Say which of these rooms of the platform the person sees; raises whatever kept it from being asked."""
        ...

    async def present(self, account: Account) -> Account | None:
        """Return the account as its tenant has it now, not over a minute old; None if the tenant knows it no more.

        Raises whatever kept the platform from being asked.
        """
        ...


class AccessChecker:
    """Asks whichever platforms are running what people see, and knows nothing for certain where they do not answer."""

    def __init__(self, platforms: Mapping[str, Sees]) -> None:
        self._platforms = platforms

    async def look(self, account: Account, rooms: frozenset[Place], within_s: float = LOOK_S) -> AccessReport | None:
        """Return what the person sees of these rooms; None if that cannot be said in time."""
        platform = self._platforms.get(account.platform)
        if platform is None:
            return None
        try:
            return await asyncio.wait_for(platform.sees(account, rooms), within_s)
        except Exception as trouble:  # noqa: BLE001  (nothing is known then, and what is unclear stays closed)
            log.warning("%s could not say who sees a room (%s)", account.platform, type(trouble).__name__)
            return None

    async def present(self, account: Account, within_s: float = LOOK_S) -> Account | None:
        """Return the account as its tenant has it now, None if the tenant knows it no more.

        Of whom nothing can be said in time nothing is granted: the account comes back unproven.
        """
        unproven = replace(account, grants=frozenset(), is_unproven=True)
        platform = self._platforms.get(account.platform)
        if platform is None:
            return unproven
        try:
            return await asyncio.wait_for(platform.present(account), within_s)
        except Exception as trouble:  # noqa: BLE001  (nothing is granted then)
            log.warning("%s could not say what it grants somebody (%s)", account.platform, type(trouble).__name__)
            return unproven


async def seeing(
    look: CheckAccess | None,
    invocation: Invocation,
    attempt: Callable[[Invocation], Awaitable[T]],
    within_s: float = LOOK_S,
) -> T:
    """Attempt it; each time it comes upon rooms of which nothing is known, ask the platform and attempt it again.

    What needs no other room than the event's own never comes here twice, and asks nobody.
    """
    invocation = invocation.arrived()
    while True:
        try:
            return await attempt(invocation)
        except AccessUnknown as unseen:
            view = await look(invocation.account, unseen.rooms, within_s) if look else None
            invocation = replace(invocation, sight=invocation.sight.told(unseen.rooms, view))


class Fresh(Generic[K, V]):
    """Keeps what was asked for some seconds; who asks meanwhile waits for the same answer, and a failure is not kept.

    Args:
        ask: fetches the value of a key.
        for_s: how long a value is believed.
        most: keys at most; the oldest are forgotten.
    """

    def __init__(self, ask: Callable[[K], Awaitable[V]], for_s: float = 60.0, most: int = 2000) -> None:
        self._ask, self._for_s, self._most = ask, for_s, most
        self._kept: OrderedDict[K, tuple[float, asyncio.Future[V]]] = OrderedDict()

    async def get(self, key: K) -> V:
        """Return the value; who stops waiting does not stop the asking, so that it is there the next time."""
        now = asyncio.get_running_loop().time()
        until, answer = self._kept.get(key, (0.0, None))
        if answer is None or (answer.done() and (until < now or answer.cancelled() or answer.exception() is not None)):
            answer = asyncio.ensure_future(self._fetch(key))
            answer.add_done_callback(_looked_at)
            self._kept[key] = (now + self._for_s, answer)
            self._kept.move_to_end(key)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return await asyncio.shield(answer)

    def forget(self, key: K) -> None:
        """Ask again the next time."""
        self._kept.pop(key, None)

    async def _fetch(self, key: K) -> V:
        return await self._ask(key)


def _looked_at(answer: asyncio.Future[V]) -> None:
    if not answer.cancelled():
        answer.exception()  # those who waited have it, and where nobody did it is no fault
