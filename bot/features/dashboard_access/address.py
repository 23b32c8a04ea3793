"""Where the dashboard is reached."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.commands.context import Context
from bot.messages.errors import TryLater

PATH = "/dashboard"
ENTER = f"{PATH}/enter"
MEND = "Other browsers reach it once the operator sets `TRAILMATE_PUBLIC_URL`."


@dataclass(frozen=True)
class Address:
    """Where people reach the dashboard.

    Args:
        public: what the operator set; None if it is not set.
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

    def require(self, ctx: Context, what: str) -> None:
        """Raise TryLater if the caller's browser cannot reach this address; only moderators read what to set.

        Args:
            what: what the caller asked for, with which the sentence begins.
        """
        if self.public or (not ctx.actor.tenancy.is_remote and self.local()):
            return
        step = (
            "Ask the bot's operator to set `TRAILMATE_PUBLIC_URL` to the bot's public address, such as "
            "`https://study.example.org`, and to restart the bot."
            if "moderator" in ctx.actor.roles
            else "The moderators can have it set up."
        )
        raise TryLater(f"{what} cannot be reached yet. {step}")
