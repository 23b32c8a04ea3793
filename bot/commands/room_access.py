"""Ask platforms which rooms a person sees; this decides which groups they may use."""

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


class AccessSource(Protocol):
    """The access queries of a platform."""

    async def sees(self, account: Account, rooms: frozenset[Place]) -> AccessReport:
        """Return which of these rooms the person sees; raises any error of the request."""

    async def present(self, account: Account) -> Account | None:
        """Return the current account, at most a minute old; None if it has left the tenant.

        Raises any error of the request.
        """


class AccessChecker:
    """Asks the running platforms for access; without an answer in time, access is unknown."""

    def __init__(self, platforms: Mapping[str, AccessSource]) -> None:
        self._platforms = platforms

    async def look(self, account: Account, rooms: frozenset[Place], within_s: float = LOOK_S) -> AccessReport | None:
        """Return which of these rooms the person sees; None if the platform doesn't answer in time."""
        platform = self._platforms.get(account.platform)
        if platform is None:
            return None
        try:
            return await asyncio.wait_for(platform.sees(account, rooms), within_s)
        except Exception as trouble:  # noqa: BLE001  (nothing is known then, and what is unclear stays closed)
            log.warning("%s could not say who sees a room (%s)", account.platform, type(trouble).__name__)
            return None

    async def present(self, account: Account, within_s: float = LOOK_S) -> Account | None:
        """Return the current account; None if it has left the tenant.

        If the platform doesn't answer in time, the account is unproven and has no grants.
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


async def retry_with_access(
    look: CheckAccess | None,
    invocation: Invocation,
    attempt: Callable[[Invocation], Awaitable[T]],
    within_s: float = LOOK_S,
) -> T:
    """Run `attempt`; whenever it raises AccessUnknown, ask the platform about the rooms and run it again.

    An attempt that needs only the event's own room runs once and asks nobody.
    """
    invocation = invocation.arrived()
    while True:
        try:
            return await attempt(invocation)
        except AccessUnknown as unseen:
            view = await look(invocation.account, unseen.rooms, within_s) if look else None
            invocation = replace(invocation, sight=invocation.sight.told(unseen.rooms, view))


class Fresh(Generic[K, V]):
    """A cache with a short lifetime; concurrent requests share one fetch, and failures aren't cached.

    Args:
        ask: fetches the value of a key.
        for_s: the lifetime of a value in seconds.
        most: most keys; the oldest are evicted.
    """

    def __init__(self, ask: Callable[[K], Awaitable[V]], for_s: float = 60.0, most: int = 2000) -> None:
        self._ask, self._for_s, self._most = ask, for_s, most
        self._kept: OrderedDict[K, tuple[float, asyncio.Future[V]]] = OrderedDict()

    async def get(self, key: K) -> V:
        """Return the value; cancelling one caller doesn't cancel the fetch."""
        now = asyncio.get_running_loop().time()
        until, answer = self._kept.get(key, (0.0, None))
        if answer is None or (answer.done() and (until < now or answer.cancelled() or answer.exception() is not None)):
            answer = asyncio.ensure_future(self._fetch(key))
            answer.add_done_callback(_consume_exception)
            self._kept[key] = (now + self._for_s, answer)
            self._kept.move_to_end(key)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return await asyncio.shield(answer)

    def forget(self, key: K) -> None:
        """Drop the cached value."""
        self._kept.pop(key, None)

    async def _fetch(self, key: K) -> V:
        return await self._ask(key)


def _consume_exception(answer: asyncio.Future[V]) -> None:
    if not answer.cancelled():
        answer.exception()  # those who waited have it, and where nobody did it is no fault
