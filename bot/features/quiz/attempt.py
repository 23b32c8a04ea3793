"""A question in one attempt: its shuffled choices, and whether an answer is right. Pure."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.curriculum.bank import BankItem, MultipleChoice, NumericAnswer, Ordering, SingleChoice
from bot.messages import markup
from bot.messages.errors import BadInput

LETTERS = "ABCDEF"
_NUMBER = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d{1,3})?", re.IGNORECASE)
_THOUSANDS = re.compile(r"[-+]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d*)?")
_GAPS = re.compile(r"(?<=\d)[\s_'\u2019](?=\d{3})")


@dataclass(frozen=True)
class Posed:
    """A question as one attempt poses it; an answer is the letters as shown, or a number.

    Args:
        place: its place in the attempt, from 1.
        chosen: letters that are chosen but not yet submitted.
        given: the answer; None without one.
    """

    item: BankItem
    seed: int
    place: int
    chosen: str = ""
    given: str | None = None

    @cached_property
    def order(self) -> tuple[int, ...]:
        """Return the bank's places of its choices or steps, in the order shown."""
        count = len(_texts(self.item))
        drawn = sorted(range(count), key=lambda at: hashlib.sha256(f"{self.seed}:{at}".encode()).digest())
        if isinstance(self.item.form, Ordering) and drawn == list(range(count)):
            drawn = [*drawn[1:], drawn[0]]  # nothing would be left to do
        return tuple(drawn)

    @property
    def options(self) -> tuple[tuple[str, str], ...]:
        """Return the choices or steps as shown, each with its letter; a number has none."""
        texts = _texts(self.item)
        return tuple((letter, texts[at]) for letter, at in zip(LETTERS, self.order, strict=False))

    @property
    def right(self) -> str:
        """Return the letters of the right answer: choices as shown, steps in their order."""
        letter = {at: letter for letter, at in zip(LETTERS, self.order, strict=False)}
        match self.item.form:
            case SingleChoice(choices) | MultipleChoice(choices):
                return "".join(sorted(letter[at] for at, choice in enumerate(choices) if choice.is_right))
            case Ordering(steps):
                return "".join(letter[at] for at in range(len(steps)))
            case NumericAnswer():
                return ""

    @property
    def is_right(self) -> bool:
        """Whether its answer is right."""
        return self.given is not None and self.accepts(self.given)

    def accepts(self, given: str) -> bool:
        """Whether an answer would be right."""
        form = self.item.form
        if not isinstance(form, NumericAnswer):
            return given == self.right
        within = form.within + abs(form.value) * 1e-9
        return abs(float(given) - form.value) <= within

    def why(self, letter: str) -> str:
        """Return what is wrong with a choice; empty if it is right, and for steps."""
        form = self.item.form
        if not isinstance(form, SingleChoice | MultipleChoice) or letter not in self.letters:
            return ""
        return form.choices[self.order[self.letters.index(letter)]].why

    @property
    def letters(self) -> str:
        """Return the letters that can be chosen."""
        return LETTERS[: len(self.order)]

    def pressed(self, letter: str) -> tuple[str, bool]:
        """Return the chosen letters after a press, and whether they are the answer."""
        match self.item.form:
            case SingleChoice():
                return letter, True
            case MultipleChoice():
                return "".join(sorted({*self.chosen} ^ {letter})), False
            case _:
                chosen = self.chosen + letter if letter not in self.chosen else self.chosen
                rest = [letter for letter in self.letters if letter not in chosen]
                return (chosen + rest[0], True) if len(rest) == 1 else (chosen, False)


def _texts(item: BankItem) -> Sequence[str]:
    match item.form:
        case SingleChoice(choices) | MultipleChoice(choices):
            return [choice.text for choice in choices]
        case Ordering(steps):
            return steps
        case NumericAnswer():
            return ()


def parse_number(text: str) -> float:
    """Return the typed number: `1,024`, `0,4`, `1 000`, `5 %`, `2e-4`; BadInput if it is none.

    A unit after the number is ignored; the question names it.
    """
    digits = _GAPS.sub("", text.strip().removeprefix("=").removeprefix("~").strip().replace("\u2212", "-"))
    if thousands := _THOUSANDS.match(digits):
        digits = thousands[0].replace(",", "") + digits[thousands.end() :]
    elif digits.count(",") == 1:
        digits = digits.replace(",", ".")
    match = _NUMBER.match(digits)
    value = float(match[0]) if match else math.inf
    if match is None or not math.isfinite(value) or re.match(r"[\d.,/^*]", digits[match.end() :]):
        raise BadInput(
            f"**Number**: I can't read “{markup.escape(text, 40)}” as a number. Example: `0.4`", field="number"
        )
    return value


def figure(value: float) -> str:
    """Return a number as people write it."""
    return format(value, ".10g")
