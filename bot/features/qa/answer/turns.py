"""The last turn of a conversation, completed by the turns before it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.core import speech
from bot.features.qa.index.words import content, words

OPENING = re.compile(
    r"^(?:and|or|but|also|then|so|ok(?:ay)?|hm+|(?:so )?what about|how about|what if|same for|is that|does that|for)\b",
    re.IGNORECASE,
)
POINTING = frozenset(words("it its that they them their those these this one ones there former latter same"))
FEW_WORDS = 3
"""A turn with more words of its own than this stands alone, unless it disputes what was answered."""

REMEMBERED = 2
"""Earlier questions that a follow-up may lean on."""


class Earlier(str):
    """An earlier turn of a conversation: what was asked, and as `answered` what the bot said to it."""

    answered: str

    def __new__(cls, asked: str, answered: str) -> Earlier:
        """Return what was asked, with the answer."""
        made = super().__new__(cls, asked)
        made.answered = answered
        return made


@dataclass(frozen=True, slots=True)
class Query:
    """What to search for.

    Args:
        last: the last turn by itself.
        before: the earlier turns that it leans on, the latest first; empty where it stands alone.
    """

    last: str
    before: str = ""

    @property
    def text(self) -> str:
        """Return the last turn with what it leans on."""
        return f"{self.last} {self.before}" if self.before else self.last


def query(turns: Sequence[str]) -> Query:
    """Read a person's turns, oldest first; a short follow-up leans on the question it follows."""
    asked = [" ".join(turn.split()) for turn in turns if turn.strip()]
    if not asked:
        return Query("")
    topic: list[str] = []
    for turn in asked[:-1]:
        topic = [*topic, turn][-REMEMBERED:] if topic and leans(turn) else [turn]
    last = asked[-1]
    if topic and leans(last):
        return Query(last, " ".join(reversed(topic)))
    return Query(last)


def leans(turn: str) -> bool:
    """Say whether a turn needs the one before it to be understood."""
    own = content(turn)
    if not own:
        return True
    is_pointing = OPENING.match(turn.strip()) is not None or not POINTING.isdisjoint(words(turn))
    return is_pointing and (len(own) <= FEW_WORDS or speech.disputes(turn))
