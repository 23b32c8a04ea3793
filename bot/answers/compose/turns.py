"""The last turn of a conversation, with the earlier turns that it follows up.

A turn is a follow-up unless it announces a new subject, or asks for the definition of something that it names.
`docs/evaluation.md` has the figures.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.answers.index.words import content, words
from bot.understanding import free_text

ASKED_MAX, ANSWERED_MAX = 500, 600
"""Characters that are kept of a question and of its answer, for the turns that follow."""

TIES = re.compile(
    r"^(?:and|or|but|also|then|so|ok(?:ay)?|hm+|(?:an )?example(?! of\b)|(?:what|how) about|what if|same for|is that"
    r"|does that|for)\b",
    re.IGNORECASE,
)
"""Ties a turn to the one before it."""

POINTING = frozenset(words("it its that them they their those these this one ones there former latter same"))
"""Stands for something that was spoken of before."""

OF_SEVERAL = frozenset(words("one ones former latter same both other two"))
"""Words for one or all of the things in earlier turns."""

FEW_WORDS = 3
"""A turn with "it" or the like and more words of its own than this can be understood alone."""

NAMES = re.compile(
    r"^\W*(?:(?:and|but|ok(?:ay)?|so|now|then|thanks|please)\W+)*"
    r"(?:wh?at(?:['’]?s| is| are)|define|explain|describe)\s+(?!the\b|different\b)",
    re.IGNORECASE,
)
"""Asks for a definition; with "the" it is a follow-up, as in "what is the loss"."""

OBJECT = re.compile(r"\b(it|them|that|this|these|those)\W*$", re.IGNORECASE)


class Earlier(str):
    """An earlier turn of a conversation: what was asked, and as `answered` what the bot said to it."""

    answered: str

    def __new__(cls, asked: str, answered: str) -> Earlier:
        """Return what was asked, with the answer."""
        turn = super().__new__(cls, asked)
        turn.answered = answered
        return turn


@dataclass(frozen=True, slots=True)
class Query:
    """A search query.

    Args:
        last: the last turn without courtesies; if it objects to an answer, the question of that answer.
        before: the turn before it, and the one that began the subject; empty if it is no follow-up.
        earlier: all turns that it follows up, oldest first.
        answered: the answer to the turn before it; empty if the last turn is no follow-up or objects to that answer.
    """

    last: str
    before: tuple[str, ...] = ()
    answered: str = ""
    earlier: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Return the last turn with those that it goes on with."""
        return " ".join((self.last, *self.before))


def query(turns: Sequence[str], answered: str = "") -> Query:
    """Read a person's turns, oldest first.

    Args:
        answered: the answer to the turn before the last.
    """
    typed = [" ".join(turn.split()) for turn in turns if turn.strip()]
    if not typed:
        return Query("")
    subject: list[str] = []
    objection: tuple[str, ...] = ()
    for turn in [free_text.read(_drop_manners(turn)) for turn in typed]:
        objection = ()
        if turn.returns is not None:
            subject = [" ".join(reversed(turn.returns))]
        elif subject and turn.objects:
            objection = () if turn.disputes_only else (turn.said,)
            answered = ""
        elif subject and not stands_alone(turn.said):
            subject.append(free_text.read(_name_manner(turn)).announced)
        else:
            subject = [turn.announced]
    *earlier, last = subject
    before = tuple(dict.fromkeys((*objection, *earlier[-1:], *earlier[:1])))
    return Query(last, before, answered if earlier else "", (*earlier, *objection))


def read_answer(turn: str) -> str:
    """Return the answer to a turn; "" if it is not known."""
    return turn.answered if isinstance(turn, Earlier) else ""


def stands_alone(turn: str) -> bool:
    """Say whether a turn begins a new subject: it says so, or asks what something is that it names."""
    announced = free_text.read(turn).announced
    own = content(announced)
    is_pointing = points(announced)
    is_named = NAMES.match(announced) is not None and not is_pointing
    return bool(own) and (is_named or (announced != turn and (not is_pointing or len(own) > 1)))


def points(turn: str) -> bool:
    """Say whether a turn has a word that stands for something spoken of before."""
    return not POINTING.isdisjoint(words(turn))


def leans(turn: str) -> bool:
    """Say whether a turn can't be understood without the one before it."""
    own = content(turn)
    is_tied = TIES.match(turn.strip()) is not None or not OF_SEVERAL.isdisjoint(words(turn))
    return not own or is_tied or (len(own) <= FEW_WORDS and points(turn))


def unclear(query: Query) -> str | None:
    """Return the word of a first question that points at nothing, such as "it"; "" if it says only "why?".

    None if there is nothing to ask back about.
    """
    own, last = content(query.last), free_text.read(query.last)
    pointing = OBJECT.search(query.last)
    if query.before or (len(own) >= FEW_WORDS and not last.misses_something):
        return None
    if pointing is not None:
        return pointing[1].lower()
    is_bare = not own and last.is_question
    return "" if last.misses_something or is_bare or goes_on_with_nothing(query) else None


def goes_on_with_nothing(query: Query) -> bool:
    """Say whether a first question asks for the same in another manner: "give me an example"."""
    return not query.before and free_text.read(query.last).manner is not None


def _name_manner(turn: free_text.Utterance) -> str:
    """Return the manner that a turn asks for, such as an example, without other words; else what it says."""
    return "explain" if turn.is_puzzled else turn.manner or turn.said


def _drop_manners(turn: str) -> str:
    """Return a turn as a plain question; unchanged if it has nothing but manners."""
    utterance = free_text.read(turn)
    return turn if utterance.courtesy is not None else free_text.read(utterance.bare).question
