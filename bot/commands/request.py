"""One event on its way through the dispatcher."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property

from bot.commands import parsing
from bot.commands.command import Command
from bot.commands.context import Actor, Context, Invocation, RoomAccess
from bot.commands.ports import Show
from bot.messages.call import Call
from bot.messages.reply import Reply


async def silent(reply: Reply) -> None:
    """Show nobody an intermediate state."""


@dataclass(frozen=True)
class Request:
    """One event on its way through the dispatcher.

    Args:
        command: what its Call runs.
        invocation: the event, with what is known by now of the rooms that its person sees.
        now: the present, aware UTC, read once.
        show: shows an intermediate state of its answer.
        draft: the draft that it confirms; "" if it confirms none.
    """

    command: Command
    invocation: Invocation
    now: datetime
    show: Show = silent
    draft: str = ""

    @property
    def call(self) -> Call:
        """What the event asks for."""
        return self.invocation.call

    @property
    def cohort_named(self) -> str | None:
        """The cohort that its arguments name, if any."""
        return self.command.cohort_named(_args(self.plan))

    @cached_property
    def plan(self) -> parsing.Ready | parsing.NeedsForm | parsing.Wrong:
        """What to do with its Call, days read as on the day of `now` in UTC."""
        return self._planned(self.now.date())

    def args_on(self, today: date) -> Mapping[str, object]:
        """Return the arguments that the command takes, as on the caller's own day; none of a Call for a form."""
        if today == self.now.date() or not self.command.names_days:
            return self.command.handed(_args(self.plan))
        return self.command.handed(_args(self._planned(today)))

    def _planned(self, today: date) -> parsing.Ready | parsing.NeedsForm | parsing.Wrong:
        return parsing.plan(self.command, self.call, today)

    def context(self, actor: Actor) -> Context:
        """Return what its command is told."""
        said = self.invocation
        return Context(actor, said.place, said.instant(self.now), said.call, said.sight, said.strand)

    def calling(self, call: Call) -> Request:
        """Return the same with another Call."""
        return replace(self, invocation=replace(self.invocation, call=call))

    def seeing(self, sight: RoomAccess) -> Request:
        """Return the same with what is known of rooms by now."""
        return replace(self, invocation=replace(self.invocation, sight=sight))


def _args(planned: parsing.Ready | parsing.NeedsForm | parsing.Wrong) -> Mapping[str, object]:
    return planned.args if isinstance(planned, parsing.Ready) else {}
