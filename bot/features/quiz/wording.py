"""Texts of quizzes: questions, outcomes and results."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.curriculum.bank import Amount, BankItem, InOrder, QuestionSource, SomeOf
from bot.features.quiz.attempt import Posed, figure
from bot.features.quiz.service import Attempt
from bot.features.quiz.strengths import Missed, Strength
from bot.features.quiz.warm_up import WarmUp
from bot.messages import markup
from bot.messages.numerals import counted
from bot.messages.reply import Block, Listing, Text

CODE_MAX = 1500
READY = 0.7
"""Share of right answers from which somebody is told that they are ready."""


def title(attempt: Attempt, posed: Posed) -> str:
    """Return the heading of a question."""
    return f"Question {attempt.number(posed)} of {len(attempt.posed)}"


def question(posed: Posed) -> list[Block]:
    """Return a question with its choices, and how it is answered where that is not plain."""
    return [
        *question_blocks(posed.item),
        *_options(posed),
        *([Text(f"_{how}_")] if (how := _describe_input(posed)) else []),
    ]


def question_blocks(item: BankItem) -> Iterator[Block]:
    """Return a question with its code, without its choices."""
    yield Text(f"**{markup.escape(item.prompt)}**" if "`" not in item.prompt else markup.prose(item.prompt))
    if item.code:
        yield Listing(markup.clip(item.code, CODE_MAX))


def _options(posed: Posed) -> Iterator[Block]:
    if posed.options:
        yield Text("\n".join(f"- **{letter}.** {markup.prose(text)}" for letter, text in posed.options))


def _describe_input(posed: Posed) -> str:
    match posed.item.form:
        case SomeOf():
            return "More than one is right. Choose them, then Done."
        case InOrder():
            done = f" So far: {', '.join(posed.chosen)}." if posed.chosen else ""
            return f"In which order? Choose the first step, then the next.{done}"
        case Amount(_, _, unit):
            return f"The answer is a number, in {markup.escape(unit)}." if unit else "The answer is a number."
        case _:
            return ""


def outcome(posed: Posed) -> list[Block]:
    """Return whether an answer is right, what is wrong with the choice, and the reason."""
    head = "✓ **Right.**" if posed.is_right else "**Not this time.**"
    lines = [f"{head} {line}" if i == 0 else line for i, line in enumerate(_describe_answer(posed))]
    return [*question_blocks(posed.item), *_options(posed), Text("\n".join(lines)), Text(markup.prose(posed.item.why))]


def _describe_answer(posed: Posed) -> list[str]:
    given = posed.given or ""
    match posed.item.form:
        case Amount(value, _, unit):
            right = f"It is {figure(value)}{f' {markup.escape(unit)}' if unit else ''}"
            return [f"{right}." if posed.is_right else f"{right}; you said {figure(float(given))}."]
        case InOrder():
            return [
                f"The order is {', '.join(posed.right)}"
                + ("." if posed.is_right else f"; you said {', '.join(given)}.")
            ]
        case _:
            if posed.is_right:
                return [f"It is {markup.series(posed.right)}."]
            against = [f"- {letter}: {markup.prose(why)}" for letter in given if (why := posed.why(letter))]
            return [f"You chose {markup.series(given)}; it is **{markup.series(posed.right)}**.", *against]


def result(attempt: Attempt) -> list[Block]:
    """Return the score, and what to read."""
    right = len(attempt.answered) - len(attempt.missed)
    score = f"**{right} of {len(attempt.answered)}** right."
    if attempt.bridge is not None:
        is_ready = right >= READY * len(attempt.answered)
        score += f" You are ready for leg {attempt.bridge}." if is_ready else _describe_not_ready(attempt.bridge)
    if not attempt.missed:
        return [Text(f"{score} There is nothing to look up.")]
    headings = "\n".join(f"- {markup.escape(source.heading, 120)}" for source in list_readings(attempt))
    return [Text(f"{score} What you look up now stays longest."), Text(f"Worth reading:\n{headings}")]


def _describe_not_ready(leg: int) -> str:
    return f" Leg {leg} builds on some of it: what is named here helps most. You are welcome all the same."


def list_readings(attempt: Attempt) -> tuple[QuestionSource, ...]:
    """Return the sources of the missed questions, each once."""
    return tuple(dict.fromkeys(question.item.source for question in attempt.missed))


def describe_position(attempt: Attempt) -> str:
    """Return how far an open attempt is."""
    about = f" on {markup.escape(attempt.unit.title, 100)}" if attempt.unit is not None else ""
    left = len(attempt.posed) - len(attempt.answered)
    what = "a review" if attempt.is_review else f"a quiz{about}"
    return f"You have {what} under way: {counted(left, 'question')} left."


def strengths(topics: Sequence[Strength]) -> str:
    """Return how somebody stands in each topic, as a list."""
    lines = "\n".join(
        f"- {markup.escape(topic.topic, 100)}: {topic.right} of {topic.answered} right" for topic in topics
    )
    return f"**In quizzes** (only you see this)\n{lines}"


def asked(warm_up: WarmUp) -> list[Block]:
    """Return a warm-up for its post, without the right answer."""
    posed = warm_up.posed
    head = f"**Warm-up from unit {warm_up.about.number}**\n{markup.prose(posed.item.prompt)}"
    status = f"_{answered(warm_up)}_" if warm_up.answered else "_Choose below; only you see how it went._"
    return [Text(head), *_options(posed), Text(status)]


def answered(warm_up: WarmUp) -> str:
    """Return "7 answered: A 2, B 4, C 1"; for fewer than three only the count."""
    spread = ", ".join(f"{letter} {count}" for letter, count in warm_up.spread)
    return f"{warm_up.answered} answered{f': {spread}' if spread else ''}"


def resolved(warm_up: WarmUp) -> Text:
    """Return the right answer of a warm-up that is over, and how the group answered."""
    posed = warm_up.posed
    right = markup.prose(dict(posed.options)[posed.right])
    question = f"**The last warm-up**\n{markup.prose(posed.item.prompt)}\nIt is **{posed.right}.** {right}"
    counted = f"\n_{answered(warm_up)}_" if warm_up.answered else ""
    return Text(f"{question}\n{markup.prose(posed.item.why)}{counted}")


def most_missed(items: Sequence[Missed]) -> str:
    """Return what a group missed most, as a list."""
    lines = "\n".join(f"- {markup.prose(item.item.prompt)} ({item.missed} of {item.answered})" for item in items)
    return f"**Missed most in quizzes** (by how many of those who answered)\n{lines}"
