"""The state of one event in the dispatcher, and what adapters ask of a Call before it runs."""

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
    """Ignore an intermediate state."""


@dataclass(frozen=True)
class CallPlan:
    """What an adapter has to know of a Call before it runs.

    Args:
        opens_form: whether it asks for a form.
        is_private: whether the answer is for the caller alone, as declared.
        is_slow: whether to acknowledge first and answer later.
    """

    opens_form: bool
    is_private: bool
    is_slow: bool


@dataclass(frozen=True)
class Request:
    """The state of one event in the dispatcher.

    Args:
        command: the command of its Call.
        invocation: the event, with the room access known so far.
        now: the time, aware UTC, read once.
        show: shows an intermediate state of the answer.
        draft: the draft that the event confirms; "" is none.
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
    def group_named(self) -> str | None:
        """The group that its arguments name, if any."""
        return self.command.group_named(_ready_args(self.plan))

    @cached_property
    def plan(self) -> parsing.Ready | parsing.NeedsForm | parsing.Wrong:
        """The parsed Call, with relative days counted from `now` in UTC."""
        return self._plan_on(self.now.date())

    def args_on(self, today: date) -> Mapping[str, object]:
        """Return the command's arguments, with relative days counted from `today`; empty if the Call needs a form."""
        if today == self.now.date() or not self.command.names_days:
            return self.command.handed(_ready_args(self.plan))
        return self.command.handed(_ready_args(self._plan_on(today)))

    def _plan_on(self, today: date) -> parsing.Ready | parsing.NeedsForm | parsing.Wrong:
        return parsing.plan(self.command, self.call, today)

    def context(self, actor: Actor) -> Context:
        invocation = self.invocation
        return Context(
            actor, invocation.place, invocation.instant(self.now), invocation.call, invocation.sight, invocation.strand
        )

    def calling(self, call: Call) -> Request:
        """Return a copy with another Call."""
        return replace(self, invocation=replace(self.invocation, call=call))

    def seeing(self, sight: RoomAccess) -> Request:
        """Return a copy with this room access."""
        return replace(self, invocation=replace(self.invocation, sight=sight))


def _ready_args(planned: parsing.Ready | parsing.NeedsForm | parsing.Wrong) -> Mapping[str, object]:
    return planned.args if isinstance(planned, parsing.Ready) else {}
