"""Errors with a sentence that the person may read."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.messages.reply import Button


class UserError(Exception):
    """A refusal that a person can act on; its text is small Markdown, already escaped.

    Args:
        sentence: the problem and the next step.
        field: the parameter with the error, if any.
        buttons: next steps, shown below the sentence.
    """

    def __init__(self, sentence: str, *, field: str | None = None, buttons: tuple[Button, ...] = ()) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field
        self.buttons = buttons


class BadInput(UserError):
    """A value is wrong; nothing was changed."""


class NotFound(UserError):
    """The named thing doesn't exist here."""


class NotAllowed(UserError):
    """This person may not do that."""


class TryLater(UserError):
    """It would work at another time."""


class Busy(TryLater):
    """A shared service, such as the database, doesn't respond; the sentence contains nothing personal."""


class MaybeSaved(TryLater):
    """It is unknown whether a change was saved."""


class TooMuch(TryLater):
    """The person exceeds a rate limit."""
