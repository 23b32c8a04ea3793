"""When the schedule last did its work, by a clock that nobody can set."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from bot.features.schedule.outage_detection import Heard

ANYWHERE = ""


def awake_and_asleep() -> float:
    """Return seconds that only grow, also while the machine sleeps, where it counts them."""
    counting = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if counting is None else time.clock_gettime(counting)


HANDOVER_S = 10.0
"""How long a platform may be without a connection while one process takes it over from another."""


@dataclass
class Heartbeat:
    """The time of the schedule's last run, for health checks and outage detection.

    Args:
        monotonic: a clock in seconds that only grows.
        clock_set_s: by how many seconds the machine's clock was last found to have been set, back if negative.
    """

    monotonic: Callable[[], float] = awake_and_asleep
    clock_set_s: float = 0.0
    _at: float | None = None
    _heard_at: dict[str, float] = field(default_factory=dict)
    _missed_at: dict[str, float] = field(default_factory=dict)

    def beat(self, chats: Iterable[str] | None = ()) -> None:
        """Note that the schedule has just done its work, and which platforms the bot hears; None: it hears none."""
        self._at = self.monotonic()
        self._heard_at |= {} if chats is None else dict.fromkeys((ANYWHERE, *chats), self._at)

    def missed(self, chats: Iterable[str]) -> frozenset[str]:
        """Return which of these unconnected platforms have been so for longer than a handover takes."""
        now, before = self.monotonic(), self._missed_at
        self._missed_at = {chat: before.get(chat, now) for chat in chats}
        return frozenset(chat for chat, since in self._missed_at.items() if now - since >= HANDOVER_S)

    def age_s(self) -> float | None:
        """Return the seconds since the last run; None before the first."""
        return None if self._at is None else self.monotonic() - self._at

    def measure_silence(self, chats: Iterable[str] | None) -> Heard | None:
        """Return the seconds since the bot last heard any platform, and each of these; None if it hears none now."""
        if chats is None:
            return None
        now, at = self.monotonic(), self._heard_at
        since_s = {chat: now - at[chat] if chat in at else None for chat in (ANYWHERE, *chats)}
        return Heard(since_s.pop(ANYWHERE), since_s)
