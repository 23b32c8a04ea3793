"""Two chat platforms that fail as real ones do, and remember what arrived. They outlive every process."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

TROUBLES = ("later", "failed", "unsure", "arrived unsure", "hung", "arrived hung", "thread failed", "thread gone")


@dataclass(frozen=True)
class Arrival:
    """A message that people see."""

    key: str
    room: str
    thread: str | None
    at: datetime
    says_late: bool


async def _no_time() -> None: ...


@dataclass
class Sky:
    """Takes deliveries.

    A message is found again by its tag at once and for ever: a second one of a key is a fault.

    Args:
        now: the simulated time.
        share: of deliveries that go wrong in one way or another.
        deadly: of those in which the sender dies, half of them when the message has arrived.
        lasts: awaited while the next delivery lasts.
        may_die: whether a sender may be killed now.
    """

    chance: random.Random
    now: Callable[[], datetime]
    share: float = 0.12
    deadly: float = 0.002
    lasts: Callable[[], Awaitable[None]] = _no_time
    may_die: Callable[[], bool] = lambda: True
    arrivals: list[Arrival] = field(default_factory=list)
    edits: int = 0
    troubles: dict[str, int] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    _found: dict[str, str] = field(default_factory=dict)

    async def take(self, post: dict[str, Any], again: bool) -> dict[str, Any]:
        """Take one delivery, which lasts a moment: meanwhile others may send the same."""
        await self.lasts()
        return self.deliver(post, again)

    def deliver(self, post: dict[str, Any], again: bool) -> dict[str, Any]:
        """Take one delivery and return what its sender learns of it: "verdict" and what belongs to that."""
        if post["room"] in self.gone:
            return self._told("gone")
        dies = self.chance.random() < self.deadly and self.may_die()
        if dies and self.chance.random() < 0.5:
            return self._told("die")
        trouble = self.chance.choice(TROUBLES) if self.chance.random() < self.share else ""
        if (trouble == "thread gone" and not post["thread"]) or (trouble == "thread failed" and not post["title"]):
            trouble = ""
        if trouble == "later":
            return self._told("later", after_s=self.chance.randint(1, 60))
        if trouble in ("failed", "unsure", "hung", "thread gone"):
            return self._told(trouble)
        ref = self._arrive(post, again)
        if dies:
            return self._told("die")
        if trouble == "thread failed" and not post["sent_ref"]:
            return self._told(trouble, ref=ref)
        if trouble in ("arrived unsure", "arrived hung"):
            return self._told(trouble)
        return {"verdict": "sent", "ref": ref, "thread": f"t-{ref}" if post["title"] else None}

    def _told(self, verdict: str, **more: Any) -> dict[str, Any]:
        self.troubles[verdict] = self.troubles.get(verdict, 0) + 1
        return {"verdict": verdict.removeprefix("arrived "), **more}

    def _arrive(self, post: dict[str, Any], again: bool) -> str:
        if post["action"] != "post":
            self.edits += 1
            return str(post["ref"])
        if post["sent_ref"]:
            return str(post["sent_ref"])
        if again and post["tag"] in self._found:
            return self._found[post["tag"]]
        ref = f"m{len(self.arrivals)}"
        self.arrivals.append(Arrival(post["key"], post["room"], post["thread"], self.now(), post["says_late"]))
        return self._found.setdefault(post["tag"], ref)
