"""What was typed waits under its preview until its author says yes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from bot.core.command import Command
from bot.core.context import Context
from bot.core.reply import Button, ButtonStyle
from bot.db.inbox import SqlDrafts
from bot.db.work import Work


@dataclass(frozen=True)
class Pending:
    """A Call that is kept for an hour; the buttons under its preview carry the number of its draft."""

    command: Command
    draft: str
    cohort: int | None = None

    @classmethod
    def keep(cls, work: Work, ctx: Context, command: Command, cohort: int | None = None) -> Self:
        """Keep the Call that is being answered, which has asked for a preview."""
        return cls(command, SqlDrafts().keep(work, ctx.actor.account_id, ctx.call, None, ctx.now), cohort)

    def confirm(self, label: str = "Confirm", style: ButtonStyle = "primary", **more: object) -> Button:
        """Return the button that carries it out, with `more` arguments."""
        return Button(label, self.command.call(self.cohort, draft=self.draft, **more, confirm=True), style)

    def change(self) -> Button:
        """Return the button that opens its form again, filled."""
        return Button("Change", self.command.ask(self.cohort, draft=self.draft))
