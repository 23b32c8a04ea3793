"""Previews: a Call waits as a draft until its author confirms it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Self

from bot.commands.command import Command
from bot.commands.context import Context
from bot.delivery.processed_events import SqlDrafts
from bot.messages.call import DRAFT, INSTEAD, SEEN, Call
from bot.storage.unit_of_work import Work


@dataclass(frozen=True)
class Pending:
    """A Call that is stored for an hour; the preview's buttons carry the number of its draft."""

    command: Command
    draft: str
    group: int | None = None

    @classmethod
    def keep(cls, work: Work, ctx: Context, command: Command, group: int | None = None, *, rests_on: str = "") -> Self:
        """Store the Call that asked for a preview; the draft that it corrects becomes void.

        Args:
            rests_on: the mark of the facts that the preview shows, for `is_stale`.
        """
        drafts, typed = SqlDrafts(), ctx.call.args
        if INSTEAD in typed:
            drafts.drop(work, typed[INSTEAD], ctx.actor.account_id)
        args = {key: value for key, value in typed.items() if key not in (INSTEAD, SEEN, "confirm")}
        call = replace(ctx.call, args={**args, SEEN: rests_on} if rests_on else args)
        return cls(command, drafts.keep(work, ctx.actor.account_id, call, None, ctx.now), group)

    def call(self, **more: object) -> Call:
        """Return the Call that carries it out, with `more` arguments."""
        return self.command.call(self.group, draft=self.draft, **more, confirm=True)

    def ask(self) -> Call:
        """Return the Call that opens the form again, filled in."""
        return Call(self.command.name, {DRAFT: self.draft, INSTEAD: self.draft}, self.group, ask=True)


def make_mark(*facts: object) -> str:
    """Return a short fingerprint of the facts behind a form or a preview."""
    return sha256(repr(facts).encode()).hexdigest()[:8]


def is_stale(ctx: Context, rests_on: str) -> bool:
    """Whether the facts behind a form or a preview have changed since."""
    return ctx.call.args.get(SEEN, rests_on) != rests_on
