"""Classify a line: question, request, courtesy, reply to an answer, topic, or talk among people. Pure.

Callers only use `read`. Each module of this package has one kind of rule. The word lists are in
`bot/understanding/words.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import bot.understanding.free_text.audience as audience
import bot.understanding.free_text.courtesy as manners
import bot.understanding.free_text.questions as questions
import bot.understanding.free_text.replies as replies
from bot.understanding import phrases
from bot.understanding.free_text.courtesy import Courtesy
from bot.understanding.free_text.questions import ImplicitQuestion

__all__ = ["Courtesy", "ImplicitQuestion", "KnownTerms", "Utterance", "read"]


class KnownTerms(Protocol):
    """The terms of the notes that help to classify a line."""

    def knows(self, subject: str, /) -> bool:
        """Say whether they may well know a subject."""

    def terms_in(self, text: str, /) -> int:
        """Count the terms of theirs that a line names."""


@dataclass(frozen=True)
class Utterance:
    """A line of text, and what kind of saying it is; each is looked at once, when it is first asked for.

    Args:
        said: the line.
    """

    said: str

    @cached_property
    def courtesy(self) -> Courtesy | None:
        """The courtesy that the line is; None if it says anything else."""
        return manners.courtesy(self.said)

    @property
    def is_manners(self) -> bool:
        """Whether it is said for manners' sake alone."""
        return self.courtesy is not None

    @property
    def wants_nothing(self) -> bool:
        """Whether it wants no answer at all: it thanks, laughs, agrees or takes leave."""
        return self.courtesy in {"thanks", "bye", "noted"}

    @property
    def thanked(self) -> tuple[str, str] | None:
        """The name that it may thank, with the text after the name, and the reason; None if it names nobody."""
        return manners.thanked(self.said)

    @property
    def thanks_somebody(self) -> bool:
        """Whether it thanks by what may be somebody's name."""
        return self.thanked is not None and not manners.is_filler(self.thanked[0])

    @property
    def is_filler(self) -> bool:
        """Whether it begins with a word that says nothing beside manners: `a lot`, `that helped`; or with none."""
        return manners.is_filler(self.said)

    @cached_property
    def bare(self) -> str:
        """It without the manners around it; as it is where it has nothing else."""
        return phrases.bare(self.said)

    @property
    def is_anew(self) -> bool:
        """Whether it says that a new subject follows."""
        return self.announced != self.said

    @cached_property
    def announced(self) -> str:
        """It without the words that say that a new subject follows."""
        return phrases.announced(self.said)

    @cached_property
    def returns(self) -> tuple[str, str] | None:
        """The earlier subject that it returns to, and the question about it; None if it names none."""
        return phrases.returns(self.said)

    @cached_property
    def is_question(self) -> bool:
        """Whether it asks something: by its mark, or by how it begins where more than one word follows."""
        return questions.is_question(self.said)

    @cached_property
    def asks_after_all(self) -> bool:
        """Whether it asks though it does not begin so, by a later clause or by what is not understood.

        It is judged for a line that is put to the bot; among people much of this is talk.
        """
        return questions.asks_after_all(self.said)

    def asks_within(self, notes: KnownTerms) -> bool:
        """Whether it asks, put to the bot, though it neither begins nor ends so: `recall@5 how to compute`."""
        return questions.asks_within(self.said, notes.terms_in(self.said), is_known=notes.knows(self.said))

    def pleads(self, notes: KnownTerms) -> bool:
        """Whether it asks, by a request or by what is not known, for what notes may hold."""
        return questions.pleads(self.said, notes.knows)

    @cached_property
    def question(self) -> str:
        """It as a plain question: what a plea asks for, and one word for all that asks for plain or few words."""
        if self.is_puzzled or self.manner:
            return self.said
        plea = questions.plea(self.said)
        return phrases.briefly(self.said) if plea is None else plea.question

    @cached_property
    def goes_on(self) -> bool:
        """Whether it asks further of what was said before it, in words that tie it to that: `and at test time`."""
        return replies.goes_on(self.said)

    @cached_property
    def manner(self) -> str | None:
        """The question of a line that only makes sense after an answer: `an example?` for `got an example pls`.

        "" where it says that best itself; None where it is no such line.
        """
        return replies.manner(self.said)

    @property
    def asks_further(self) -> bool:
        """Whether it asks further of what was said before it, or for the same in another manner."""
        return self.goes_on or self.manner is not None

    @property
    def is_puzzled(self) -> bool:
        """Whether it asks, said to an answer, for that in plainer words: `I don't get it`, `huh?`."""
        return replies.is_puzzled(self.said)

    @property
    def misses_something(self) -> bool:
        """Whether it says that the answer wasn't understood: `I don't get it`, but not `I'm lost`."""
        return replies.misses_something(self.said)

    @cached_property
    def disputes(self) -> bool:
        """Whether it says against an answer what its writer takes for true: `no, it is only used at test time`."""
        return replies.disputes(self.said)

    @property
    def disputes_only(self) -> bool:
        """Whether it says no more than that an answer is wrong: `you are wrong`."""
        return replies.disputes_only(self.said)

    @cached_property
    def objects(self) -> bool:
        """Whether it says against an answer: it disputes it, or corrects it in few words."""
        return replies.objects(self.said)

    @property
    def is_to_bot(self) -> bool:
        """Whether `you` in it is one that explains: `can you give an example?`."""
        return audience.is_to_bot(self.said)

    @property
    def is_to_anybody(self) -> bool:
        """Whether it asks anybody who knows: `does anybody have the link?`."""
        return audience.is_to_anybody(self.said)

    @property
    def is_to_people(self) -> bool:
        """Whether it speaks to a person: a question to `you` isn't about the notes."""
        return audience.is_to_people(self.said)

    @cached_property
    def is_to_members(self) -> bool:
        """Whether it is said to others although it names the bot: `@jonas can you share it?`, a joke."""
        return audience.is_to_members(self.said)

    @property
    def is_topic(self) -> bool:
        """Whether it is a few words about a thing, and none about the writer."""
        return questions.is_topic(self.said)

    @property
    def is_bare_topic(self) -> bool:
        """Whether a line to the bot is only the name of a subject."""
        return questions.is_bare_topic(self.said)


def read(text: str) -> Utterance:
    """Return what kind of saying a line is."""
    return Utterance(text)
