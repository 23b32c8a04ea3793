"""One event on its way through the dispatcher."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from bot.core import binding
from bot.core.command import Command
from bot.core.context import Actor, Context, Invocation
from bot.core.ports import Show


@dataclass(frozen=True)
class Turn:
    """What the dispatcher knows of an event before it has asked the database who its caller is.

    Args:
        args: the arguments as they read on the day of `now` in UTC; empty for a Call that opens its form.
        now: aware UTC, read once.
        draft: the id of the draft that filled the Call, if one did.
    """

    command: Command
    invocation: Invocation
    args: Mapping[str, object]
    now: datetime
    show: Show
    draft: str = ""

    @property
    def cohort_named(self) -> str | None:
        """The cohort that the arguments name, if any."""
        return self.command.cohort_named(self.args)

    def context(self, actor: Actor) -> Context:
        """Return what the command is told before its arguments."""
        event = self.invocation
        return Context(actor, event.place, event.instant(self.now), event.call, event.sight)

    def args_on(self, today: date) -> Mapping[str, object]:
        """Return the arguments as they read on the caller's own day."""
        if today == self.now.date() or not self.command.names_days:
            return self.args
        there = binding.plan(self.command, self.invocation.call, today)
        return there.args if isinstance(there, binding.Ready) else {}
