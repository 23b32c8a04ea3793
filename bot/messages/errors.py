"""What a person did that cannot be done, each with a sentence fit for that person."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.messages.reply import Button


class UserError(Exception):
    """A refusal that a person can act on; its text is small Markdown, already escaped.

    Args:
        sentence: what is wrong and what to do next.
        field: the parameter that it is about, where there is one.
        buttons: ways out, offered below the sentence.
    """

    def __init__(self, sentence: str, *, field: str | None = None, buttons: tuple[Button, ...] = ()) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field
        self.buttons = buttons


class BadInput(UserError):
    """A value is wrong; nothing was changed."""


class NotFound(UserError):
    """What was named does not exist here."""


class NotAllowed(UserError):
    """This person may not do that."""


class TryLater(UserError):
    """It would work at another time."""


class Busy(TryLater):
    """What is asked for each request does not answer; its sentence says nothing about anybody."""


class MaybeSaved(TryLater):
    """What was to be kept may be kept, or not."""


class TooMuch(TryLater):
    """One person asks for more at a time than anybody may."""
