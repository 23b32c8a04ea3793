"""Which rooms a person sees: what decides which cohorts exist for them."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, Literal, Protocol, TypeVar

if TYPE_CHECKING:
    from bot.core.context import Account, Place

K = TypeVar("K")
V = TypeVar("V")
Verdict = Literal["seen", "hidden", "gone", "unclear"]
"""Whether a person sees a room; one that is gone can be seen by nobody, and an unclear one could not be asked about."""
LOOK_S = 1.0
log = logging.getLogger(__name__)


class Unseen(Exception):
    """A unit of work came upon rooms of which nothing is known yet; it runs again when the platform was asked."""

    def __init__(self, rooms: frozenset[Place]) -> None:
        super().__init__(f"{len(rooms)} rooms to look at")
        self.rooms = rooms


@dataclass(frozen=True)
class View:
    """What a platform says of one person.

    Args:
        seen: those of the rooms asked about that they see.
        gone: those that are no more, or not for the bot.
        grants: what tenants grant the person, by tenant.
        absent: tenants that do not know the person any more.
    """

    seen: frozenset[Place] = frozenset()
    gone: frozenset[Place] = frozenset()
    grants: Mapping[str, frozenset[str]] = field(default_factory=dict)
    absent: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Sight:
    """What is known of the rooms that the person of an event sees."""

    known: Mapping[Place, Verdict] = field(default_factory=dict)
    grants: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def of(self, rooms: Iterable[Place]) -> list[Verdict]:
        """Return a verdict for each room; raises Unseen of those that nothing is known of."""
        asked = list(rooms)
        if missing := frozenset(room for room in asked if room not in self.known):
            raise Unseen(missing)
        return [self.known[room] for room in asked]

    def granted(self, room: Place) -> frozenset[str]:
        """Return what the tenant of a room grants the person; raises Unseen if that was not asked yet."""
        self.of([room])
        return self.grants.get(room.tenant or "", frozenset())

    def seeing(self, room: Place) -> Sight:
        """Return the same with a room that the event itself proves to be seen."""
        return Sight({**self.known, room: "seen"}, self.grants)

    def told(self, rooms: Collection[Place], view: View | None) -> Sight:
        """Return the same with what the platform says of rooms; None is no answer."""
        verdicts: dict[Place, Verdict] = {room: _verdict(room, view) for room in rooms}
        return Sight({**self.known, **verdicts}, {**self.grants, **(view.grants if view else {})})


def _verdict(room: Place, view: View | None) -> Verdict:
    if view is None:
        return "unclear"
    if room in view.gone:
        return "gone"
    return "seen" if room in view.seen else "hidden"


class Sees(Protocol):
    """The part of a platform that knows who sees what."""

    async def sees(self, account: Account, rooms: frozenset[Place]) -> View:
        """Say which of these rooms of the platform the person sees; raises whatever kept it from being asked."""
        ...


class Lookout:
    """Asks whichever platforms are running what people see, and knows nothing for certain where they do not answer."""

    def __init__(self, platforms: Mapping[str, Sees]) -> None:
        self._platforms = platforms

    async def look(self, account: Account, rooms: frozenset[Place], within_s: float = LOOK_S) -> View | None:
        """Return what the person sees of these rooms; None if that cannot be said in time."""
        platform = self._platforms.get(account.platform)
        if platform is None:
            return None
        try:
            return await asyncio.wait_for(platform.sees(account, rooms), within_s)
        except Exception as trouble:  # noqa: BLE001  (nothing is known then, and what is unclear stays closed)
            log.warning("%s could not say who sees a room (%s)", account.platform, type(trouble).__name__)
            return None


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

    async def _fetch(self, key: K) -> V:
        return await self._ask(key)


def _looked_at(answer: asyncio.Future[V]) -> None:
    if not answer.cancelled():
        answer.exception()  # those who waited have it, and where nobody did it is no fault
