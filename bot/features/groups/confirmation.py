"""What was typed waits under its preview until its author says yes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Self

from bot.commands.command import Command
from bot.commands.context import Context
from bot.delivery.processed_events import SqlDrafts
from bot.messages.call import DRAFT, INSTEAD, SEEN, Call
from bot.messages.reply import Button, ButtonStyle
from bot.storage.unit_of_work import Work


@dataclass(frozen=True)
class Pending:
    """A Call that is kept for an hour; the buttons under its preview carry the number of its draft."""

    command: Command
    draft: str
    cohort: int | None = None

    @classmethod
    def keep(cls, work: Work, ctx: Context, command: Command, cohort: int | None = None, *, rests_on: str = "") -> Self:
        """Keep the Call that is being answered, which has asked for a preview; the one that it corrects is void.

        Args:
            rests_on: the mark of what the preview has looked at, for `is_stale`.
        """
        drafts, said = SqlDrafts(), ctx.call.args
        if INSTEAD in said:
            drafts.drop(work, said[INSTEAD], ctx.actor.account_id)
        args = {key: value for key, value in said.items() if key not in (INSTEAD, SEEN, "confirm")}
        call = replace(ctx.call, args={**args, SEEN: rests_on} if rests_on else args)
        return cls(command, drafts.keep(work, ctx.actor.account_id, call, None, ctx.now), cohort)

    def confirm(self, label: str = "Confirm", style: ButtonStyle = "primary", **more: object) -> Button:
        """Return the button that carries it out, with `more` arguments."""
        return Button(label, self.command.call(self.cohort, draft=self.draft, **more, confirm=True), style)

    def change(self) -> Button:
        """Return the button that opens its form again, filled."""
        args = {DRAFT: self.draft, INSTEAD: self.draft}
        return Button("Change", Call(self.command.name, args, self.cohort, ask=True))


CHANGED = (
    "Somebody has changed this since you saw it, so nothing is done yet. This is how it stands now: press the button "
    "again if you still want it."
)
"""What stands above the preview that somebody gets anew."""


def mark(*facts: object) -> str:
    """Return a short mark of what a form or a preview rests on; it is another as soon as any of it is."""
    return sha256(repr(facts).encode()).hexdigest()[:8]


def is_stale(ctx: Context, rests_on: str) -> bool:
    """Whether what is sent or confirmed has looked at something that is another by now."""
    return ctx.call.args.get(SEEN, rests_on) != rests_on
