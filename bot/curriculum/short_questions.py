"""Questions in the form in which people write them: one right answer and up to three wrong ones. Pure.

`find_faults` decides what may be stored. `make_item` makes the same value as a course's file does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.curriculum.bank import (
    CHOICE_MAX,
    EXPLANATION_MAX,
    QUESTION_MAX,
    AnswerChoice,
    BankItem,
    QuestionSource,
    SingleChoice,
)
from bot.messages import markup

WRONG_MAX = 3
"""Most wrong answers of a question."""
SOURCE_MAX = 200
ENOUGH = 5
"""Questions of a unit from which a whole quiz can be made."""
_NAMED = 3
"""Most questions that a sentence names."""
_GUESSABLE = 4
"""Fewest questions of a unit for which the length of the right answers says something."""


@dataclass(frozen=True)
class ShortQuestion:
    """A question as somebody writes it.

    Args:
        wrong: one to three wrong answers.
        why: the reason for the right answer; may be empty.
        source: what it was written from, such as a note and a heading; may be empty.
    """

    prompt: str
    right: str
    wrong: tuple[str, ...]
    why: str = ""
    source: str = ""


@dataclass(frozen=True)
class QuestionFault:
    """Why a question can't be used; `field` is question, right, wrong or why, as in the form."""

    field: str
    sentence: str


def tidy(question: ShortQuestion) -> ShortQuestion:
    """Return a question with each text in one line, without the bullets or letters before its answers."""
    wrong = [line for answer in question.wrong if (line := _BULLET.sub("", _one_line(answer)))]
    if len(wrong) > 1 and all(_LETTER.match(answer) for answer in wrong):
        wrong = [_LETTER.sub("", answer) for answer in wrong]
    return ShortQuestion(
        _one_line(question.prompt),
        _BULLET.sub("", _one_line(question.right)),
        tuple(wrong),
        _one_line(question.why),
        markup.clip(_one_line(question.source), SOURCE_MAX),
    )


_BULLET = re.compile(r"^[-*+•]\s+")
_LETTER = re.compile(r"^[a-eA-E1-5][.)]\s+(?=\S)")


def _one_line(text: str) -> str:
    return " ".join(markup.clean(text).split())


def split_answers(text: str, *, also: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the answers of a text: one on each line, or on a single line with `;` or `|` between them.

    Args:
        also: further marks, of which the first that stands in a single line divides it.
    """
    lines = [line for line in markup.clean(text).splitlines() if line.strip()]
    for mark in (_MARKS, *map(re.escape, also)):
        if len(lines) == 1:
            lines = [piece for piece in re.split(mark, lines[0]) if piece.strip()]
    return tuple(line.strip() for line in lines)


_MARKS = r"[;|]"
_SLASH = " / "
_AFTER_PROMPT = re.compile(r"(?<=\?)\s*(?:=|->|→|:)?\s*|\s+(?:=|->|→)\s+")
_REASON = re.compile(
    r"\s*\((?:(?:why|reason|por qué|razón|warum|grund):\s*(?P<why>.+)|(?P<because>(?:because|porque|weil)\s.+))\)\s*$",
    re.IGNORECASE,
)


def read_questions(cell: str) -> list[ShortQuestion]:
    """Return the questions of a cell: a line each, such as `What is 2 + 2? four; three; five (why: it adds up)`.

    The first answer is the right one.
    """
    questions = []
    for line in re.split(r"\n+", cell):
        match = _REASON.search(line)
        why = (match["why"] or match["because"]) if match else ""
        words = line[: match.start()] if match else line
        prompt, *rest = _AFTER_PROMPT.split(words.strip(" -*•"), maxsplit=1)
        right, *wrong = split_answers("".join(rest), also=(_SLASH,)) or ("",)
        if prompt.strip():
            questions.append(ShortQuestion(prompt.strip(), right, tuple(wrong), why[:1].upper() + why[1:]))
    return questions


def read_question_row(cells: Mapping[str, str]) -> list[ShortQuestion]:
    """Return the questions of a table's row: of columns for question and answers, or of one cell that holds all."""
    prompt = cells.get("question", "")
    if not prompt:
        return []
    if not (cells.get("right answer") or cells.get("wrong answers")):
        return read_questions(prompt)
    right = cells.get("right answer", "")
    wrong = split_answers(cells.get("wrong answers", ""), also=(_SLASH, ","))
    others = tuple(answer for answer in wrong if answer.casefold() != right.casefold())
    return [ShortQuestion(prompt, right, others, cells.get("why", ""), cells.get("source", ""))]


def make_key(text: str) -> str:
    """Return a text as questions and answers are compared: without case, punctuation at its end and extra spaces."""
    return " ".join(text.casefold().split()).strip(" .?!¿¡")


def find_faults(question: ShortQuestion) -> Iterator[QuestionFault]:
    """Yield what keeps a tidy question from being stored."""
    if not question.prompt:
        yield QuestionFault("question", "**Question**: write the question.")
    elif len(question.prompt) > QUESTION_MAX:
        yield QuestionFault("question", _describe_length("Question", question.prompt, QUESTION_MAX))
    if not question.right:
        yield QuestionFault("right", "**Right answer**: write the right answer.")
    elif len(question.right) > CHOICE_MAX:
        yield QuestionFault("right", _describe_length("Right answer", question.right, CHOICE_MAX))
    yield from _find_faults_of_wrong(question)
    if len(question.why) > EXPLANATION_MAX:
        yield QuestionFault("why", _describe_length("Why", question.why, EXPLANATION_MAX))


def _find_faults_of_wrong(question: ShortQuestion) -> Iterator[QuestionFault]:
    wrong = question.wrong
    if not wrong:
        yield QuestionFault("wrong", "**Wrong answers**: write at least one wrong answer, each on its own line.")
    elif len(wrong) > WRONG_MAX:
        yield QuestionFault("wrong", f"**Wrong answers**: a question takes {WRONG_MAX} at most, not {len(wrong)}.")
    for answer in wrong:
        if len(answer) > CHOICE_MAX:
            yield QuestionFault("wrong", _describe_length("Wrong answers", answer, CHOICE_MAX))
    keys = [make_key(answer) for answer in wrong]
    if make_key(question.right) in keys:
        same = markup.escape(question.right, 60)
        yield QuestionFault("wrong", f"**Wrong answers**: “{same}” is also the right answer. Only one may be right.")
    twice = next((answer for at, answer in enumerate(wrong) if make_key(answer) in keys[:at]), None)
    if twice is not None:
        yield QuestionFault("wrong", f"**Wrong answers**: “{markup.escape(twice, 60)}” appears twice.")


def _describe_length(label: str, text: str, most: int) -> str:
    start = markup.escape(markup.clip(text, 30), 40)
    return f"**{label}**: “{start}” has {len(text)} characters. The limit is {most}."


def make_item(ident: str, question: ShortQuestion, unit_label: str) -> BankItem:
    """Return a question as the quiz asks it.

    Args:
        unit_label: stands for the source of a question that names none.
    """
    right = AnswerChoice(question.right, is_right=True, why="")
    wrong = (AnswerChoice(answer, is_right=False, why="") for answer in question.wrong)
    return BankItem(
        id=ident,
        kind="recall",
        difficulty="medium",
        prompt=question.prompt,
        form=SingleChoice((right, *wrong)),
        why=question.why,
        source=QuestionSource("", question.source or unit_label),
    )


def is_same_question(before: ShortQuestion, after: ShortQuestion) -> bool:
    """Whether answers to a question still count after an edit: the right answer and the number of choices stay."""
    return make_key(before.right) == make_key(after.right) and len(before.wrong) == len(after.wrong)


def list_lacks(questions: Sequence[ShortQuestion]) -> list[str]:
    """Return what a unit's questions lack, each in a sentence.

    Of the signs that give a right answer away only length is counted: a unit has too few questions to fit more.
    """
    lacks: list[str] = []
    if len(questions) < ENOUGH:
        more = ENOUGH - len(questions)
        lacks.append(f"A quiz asks {ENOUGH} questions. Add {more} more.")
    if without := [question.prompt for question in questions if not question.why]:
        lacks.append(f"No reason: {_quote(without)}.")
    lacks += [f"Two right answers? {sentence}" for sentence in _list_contradictions(questions)]
    choosable = [question for question in questions if len(question.wrong) > 1]
    for word, is_given_away in (("longest", _is_longest), ("shortest", _is_shortest)):
        count = sum(map(is_given_away, choosable))
        if len(choosable) >= _GUESSABLE and count * 4 >= len(choosable) * 3:
            lacks.append(
                f"The right answer is the {word} in {count} of {len(choosable)} questions, so people can guess it."
            )
    return lacks


def _is_longest(question: ShortQuestion) -> bool:
    return len(question.right) > max(map(len, question.wrong))


def _is_shortest(question: ShortQuestion) -> bool:
    return len(question.right) < min(map(len, question.wrong))


def _list_contradictions(questions: Sequence[ShortQuestion]) -> Iterator[str]:
    """Yield each question that is asked twice with different right answers, so that one of them is wrong."""
    first: dict[str, ShortQuestion] = {}
    for question in questions:
        other = first.setdefault(make_key(question.prompt), question)
        if make_key(other.right) != make_key(question.right):
            answers = f"“{markup.escape(other.right, 40)}” and “{markup.escape(question.right, 40)}”"
            yield f"{_quote([question.prompt])} has {answers}."


def _quote(prompts: Sequence[str]) -> str:
    names = [f"“{markup.escape(prompt, 60)}”" for prompt in prompts[:_NAMED]]
    more = [f"{left} more"] if (left := len(prompts) - _NAMED) > 0 else []
    return markup.series([*names, *more])
