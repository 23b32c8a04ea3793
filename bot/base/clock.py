"""Clocks. Only this module reads the system time for business code."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time; only the dispatcher, the relay and the app hold one."""

    def now(self) -> datetime:
        """Return the present as aware UTC."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class MovableClock:
    """A clock that stands still until it is moved; it never goes back."""

    def __init__(self, at: datetime) -> None:
        self._at = at.astimezone(UTC)

    def now(self) -> datetime:
        return self._at

    def move_to(self, at: datetime) -> None:
        """Set the present to `at`; an earlier instant is ignored."""
        self._at = max(self._at, at.astimezone(UTC))
