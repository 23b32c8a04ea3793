"""When the schedule last did its work, by a clock that nobody can set."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass


def awake_and_asleep() -> float:
    """Return seconds that only grow, also while the machine sleeps, where it counts them."""
    counting = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if counting is None else time.clock_gettime(counting)


@dataclass
class Pulse:
    """What health and the schedule know of its last time.

    Args:
        monotonic: seconds that only grow; the machine's.
        clock_set_s: by how many seconds the machine's clock was last found to have been set, back if negative.
    """

    monotonic: Callable[[], float] = awake_and_asleep
    clock_set_s: float = 0.0
    _at: float | None = None
    _heard_at: float | None = None

    def beat(self, *, is_heard: bool = True) -> None:
        """Note that the schedule has just done its work, and whether anybody took what people said meanwhile."""
        self._at = self.monotonic()
        self._heard_at = self._at if is_heard else self._heard_at

    def age_s(self) -> float | None:
        """Return the seconds since it last did; None before the first time."""
        return None if self._at is None else self.monotonic() - self._at

    def heard_s(self) -> float | None:
        """Return the seconds since it last did while people were heard; None before the first time."""
        return None if self._heard_at is None else self.monotonic() - self._heard_at
