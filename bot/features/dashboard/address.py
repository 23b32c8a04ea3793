"""Where the dashboard is reached."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

PATH = "/dashboard"
ENTER = f"{PATH}/enter"
MEND = "For every other browser, whoever runs me sets `TRAILMATE_PUBLIC_URL` to where it is reached."


@dataclass(frozen=True)
class Address:
    """Where people reach the dashboard.

    Args:
        public: what whoever runs the bot says; None where nobody said it.
        local: where the machine itself reaches it; None while nothing is served there.
    """

    public: str | None
    local: Callable[[], str | None]

    def enter(self, token: str, cohort_id: int | None) -> str | None:
        """Return the address of a link that leads to a group, or to one's first; None where none can be given."""
        return self.of(f"{ENTER}/{token}" + (f".{cohort_id}" if cohort_id is not None else ""))

    def of(self, path: str) -> str | None:
        """Return the address of a path, None where there is none to be given."""
        base = self.public or self.local()
        return f"{base}{path}" if base else None
