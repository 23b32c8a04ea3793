"""A unit's question bank as a value."""

from __future__ import annotations

from dataclasses import dataclass

QUESTION_MAX, CHOICE_MAX, EXPLANATION_MAX = 300, 120, 400
"""Most characters of a question, an answer and a reason."""


@dataclass(frozen=True, slots=True)
class AnswerChoice:
    """An answer to choose; `why` says what is wrong with it, and is empty where it is right."""

    text: str
    is_right: bool
    why: str


@dataclass(frozen=True, slots=True)
class SingleChoice:
    """Choices of which exactly one is right: three or four in a course's file, two to four that people write."""

    choices: tuple[AnswerChoice, ...]


@dataclass(frozen=True, slots=True)
class MultipleChoice:
    """Four or five choices, of which two or more are right, and not all."""

    choices: tuple[AnswerChoice, ...]


@dataclass(frozen=True, slots=True)
class Ordering:
    """Three to six steps, given here in the right order."""

    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NumericAnswer:
    """A number to type; one is right that is no further than `within` from the value. The unit may be empty."""

    value: float
    within: float
    unit: str


Form = SingleChoice | MultipleChoice | Ordering | NumericAnswer
"""How an item is answered."""


@dataclass(frozen=True, slots=True)
class QuestionSource:
    """Where to read: a note and one of its headings. Without a note the heading names a unit or another source."""

    note: str
    heading: str


@dataclass(frozen=True, slots=True)
class BankItem:
    """A question, and what makes an answer to it right.

    Args:
        id: no other item of the roadmap has it.
        kind: recall, apply or compute.
        difficulty: easy, medium or hard.
        why: the reason for the right answer, in plain text; it may be empty where people write questions.
        code: what the question is about, at most twelve lines, shown as it stands; it may be empty.
    """

    id: str
    kind: str
    difficulty: str
    prompt: str
    form: Form
    why: str
    source: QuestionSource
    code: str = ""


@dataclass(frozen=True, slots=True)
class Bank:
    """The items of one unit, in the order of the file."""

    unit_id: str
    items: tuple[BankItem, ...]
