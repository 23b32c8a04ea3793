"""When the schedule last did its work, by a clock that nobody can set."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass
class Pulse:
    """What health knows of the schedule.

    Args:
        monotonic: seconds that only grow; the machine's.
        clock_set_s: by how many seconds the machine's clock was last found to have been set, back if negative.
    """

    monotonic: Callable[[], float] = time.monotonic
    clock_set_s: float = 0.0
    _at: float | None = None

    def beat(self) -> None:
        """Note that the schedule has just done its work."""
        self._at = self.monotonic()

    def age_s(self) -> float | None:
        """Return the seconds since it last did; None before the first time."""
        return None if self._at is None else self.monotonic() - self._at
