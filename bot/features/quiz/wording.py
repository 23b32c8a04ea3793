"""Texts of quizzes, reviews, warm-ups and Anki files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.curriculum.bank import Amount, BankItem, InOrder, QuestionSource, SomeOf
from bot.features.quiz.attempt import Posed, figure
from bot.features.quiz.service import Attempt
from bot.features.quiz.strengths import Missed, Strength
from bot.features.quiz.tables import ReviewHabit
from bot.features.quiz.warm_up import WarmUp
from bot.messages import markup
from bot.messages.numerals import counted, numbered
from bot.messages.reply import Block, Button, Listing, Reply, Subtext, Text, say

CODE_MAX = 1500
READY = 0.7
"""Share of right answers with which a member is ready for a part."""
NUDGES = {"daily": "on days when questions are due", "weekly": "on Mondays when questions are due"}
_MANY = frozenset({"hundred", "thousand", "million", "billion"})


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
            return f"More than one answer is right. Choose all of them{', then press Done' if posed.chosen else ''}."
        case InOrder():
            done = f" So far: {', '.join(posed.chosen)}." if posed.chosen else ""
            return f"Choose the steps in order, starting with the first.{done}"
        case Amount(_, _, unit):
            return (
                f"Type a number in {markup.escape(unit)}{'s' if unit in _MANY else ''}." if unit else "Type a number."
            )
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
            right = f"The answer is {figure(value)}{f' {markup.escape(unit)}' if unit else ''}"
            return [f"{right}." if posed.is_right else f"{right}. You said {figure(float(given))}."]
        case InOrder():
            return [
                f"The order is {', '.join(posed.right)}"
                + ("." if posed.is_right else f". You said {', '.join(given)}.")
            ]
        case _:
            if posed.is_right:
                return [f"The answer is {markup.series(posed.right)}."]
            against = [f"- {letter}: {markup.prose(why)}" for letter in given if (why := posed.why(letter))]
            return [f"You chose {markup.series(given)}. The answer is **{markup.series(posed.right)}**.", *against]


def result(attempt: Attempt) -> list[Block]:
    """Return the score, and what to read."""
    right = len(attempt.answered) - len(attempt.missed)
    score = f"**{right} of {len(attempt.answered)}** right."
    if attempt.bridge is not None:
        is_ready = right >= READY * len(attempt.answered)
        score += f" You're ready for part {attempt.bridge}." if is_ready else _describe_not_ready(attempt.bridge)
    if not attempt.missed:
        return [Text(f"{score} Perfect!")]
    headings = "\n".join(f"- {markup.escape(source.heading, 120)}" for source in list_readings(attempt))
    return [Text(f"{score} Looking something up now helps you remember it."), Text(f"Worth reading:\n{headings}")]


def _describe_not_ready(leg: int) -> str:
    return f" Part {leg} builds on this, so read the sections below first. You can start it anyway."


def list_readings(attempt: Attempt) -> tuple[QuestionSource, ...]:
    """Return the sources of the missed questions, each once."""
    return tuple(dict.fromkeys(question.item.source for question in attempt.missed))


def describe_position(attempt: Attempt) -> str:
    """Return how far an open attempt is."""
    about = f" on {markup.escape(attempt.unit.title, 100)}" if attempt.unit is not None else ""
    left = len(attempt.posed) - len(attempt.answered)
    what = "your review" if attempt.is_review else f"your quiz{about}"
    if not left:
        return f"You've answered every question in {what}."
    return f"You have {counted(left, 'question')} left in {what}."


def label_next(attempt: Attempt) -> str:
    """Return the label of the button that continues an attempt."""
    if attempt.next is None:
        return "See result"
    return "Continue review" if attempt.is_review else "Continue quiz"


def render_position(attempt: Attempt, buttons: tuple[Button, ...], *, is_stopped: bool = False) -> Reply:
    """Return how far an open attempt is; if it was stopped, also how to continue."""
    text = describe_position(attempt)
    if is_stopped and attempt.next is not None:
        text += f" To continue within two weeks, type {markup.typed('review' if attempt.is_review else 'quiz')}."
    return Reply((Text(text),), buttons, replaces=True)


def render_rated(*, is_easy: bool) -> Subtext:
    """Return what a rating does."""
    return Subtext(f"You'll see this question {'later' if is_easy else 'sooner'}.")


def render_late(number: int) -> Subtext:
    """Return that a question is answered already, and where the quiz is."""
    return Subtext(f"You've already answered this one. You're at question {number}.")


def render_review_done(cap: int, more: int) -> Reply:
    """Return that the day's reviews are done."""
    again = f"For more, type {markup.typed(f'review cap={more}')}."
    return say(f"Well done! You've reviewed today's {counted(cap, 'question')}. {again}", tone="good")


def render_review_intro(buttons: tuple[Button, ...]) -> Reply:
    """Return how reviews work, for a person who has answered no question."""
    first = "Review brings back quiz questions just before you forget them."
    return say(
        f"{first} {'Take a quiz first.' if buttons else 'Your course has no quiz questions yet.'}", buttons=buttons
    )


def render_nothing_due(day: str, buttons: tuple[Button, ...]) -> Reply:
    """Return that no question is due, and when the next one is."""
    return say(f"There's nothing to review. The next question is due on {day}.", buttons=buttons)


def render_habit(habit: ReviewHabit, buttons: tuple[Button, ...], *, has_named_hour: bool) -> Reply:
    """Return a person's review habit."""
    at = f"{habit.hour:%H:%M}"
    if habit.nudge != "no":
        text = f"**{habit.nudge.capitalize()} review reminder: on, at {at}.** "
        text += "You'll get it only when questions are due, and never twice in a day."
    else:
        text = f"**Review reminder: off.**{f' I saved {at} for later.' if has_named_hour else ''}"
    limit = f"You'll review up to {counted(habit.cap, 'question')} a day."
    return Reply((Text(text), Text(limit)), buttons, title="Your reviews", tone="good")


def mention_due(count: int) -> Text:
    """Return the line on due reviews in another message."""
    return Text(f"Also: {_format_due(count)}.")


def render_review_reminder(count: int, buttons: tuple[Button, ...]) -> Reply:
    """Return the reminder that review questions are due."""
    sentence = f"{_format_due(count).capitalize()}. It takes a minute or two. Tomorrow is fine too."
    return Reply((Text(sentence),), buttons)


def _format_due(count: int) -> str:
    return f"{numbered(count, 'question')} {'is' if count == 1 else 'are'} ready to review"


def strengths(topics: Sequence[Strength]) -> str:
    """Return how somebody stands in each topic, as a list."""
    lines = "\n".join(
        f"- {markup.escape(topic.topic, 100)}: {topic.right} of {topic.answered} right" for topic in topics
    )
    return f"**Your quiz results** (only you see this)\n{lines}"


def asked(warm_up: WarmUp) -> list[Block]:
    """Return a warm-up for its post, without the right answer."""
    posed = warm_up.posed
    head = f"**Warm-up from unit {warm_up.about.number}**\n{markup.prose(posed.item.prompt)}"
    status = answered(warm_up) if warm_up.answered else "Choose an answer. Only you'll see your result."
    return [Text(head), *_options(posed), Subtext(status)]


def answered(warm_up: WarmUp) -> str:
    """Return "7 answers: A 2, B 4, C 1"; for fewer than three only the count."""
    spread = ", ".join(f"{letter} {count}" for letter, count in warm_up.spread)
    return f"{numbered(warm_up.answered, 'answer')}{f': {spread}' if spread else ''}"


def resolved(warm_up: WarmUp) -> Text:
    """Return the right answer of a warm-up that is over, and how the group answered."""
    posed = warm_up.posed
    right = markup.prose(dict(posed.options)[posed.right])
    question = f"**Last warm-up**\n{markup.prose(posed.item.prompt)}\nThe answer is **{posed.right}.** {right}"
    counted = f"\n_{answered(warm_up)}_" if warm_up.answered else ""
    return Text(f"{question}\n{markup.prose(posed.item.why)}{counted}")


def most_missed(items: Sequence[Missed]) -> str:
    """Return what a group missed most, as a list."""
    lines = "\n".join(f"- {markup.prose(item.item.prompt)} ({item.missed} of {item.answered})" for item in items)
    return f"**Quiz questions people got wrong**\n{lines}"


def describe_closed(given: str | None) -> str:
    """Return that a warm-up has closed."""
    return f"This warm-up has closed. You chose {given}." if given else "This warm-up has closed, so it doesn't count."


def describe_chosen(given: str | None) -> str:
    """Return that a member has answered a warm-up before."""
    return f"You've already chosen {given}. You can't change your answer."


def render_no_cards(*, is_missed: bool) -> str:
    """Return that there are no questions to export."""
    return "You haven't got any questions wrong yet." if is_missed else "There are no questions yet."


def describe_cards(count: int, most: int, *, is_missed: bool) -> Text:
    """Return what an Anki file holds, and how to import it."""
    what = "you got wrong last time" if is_missed else "from the units so far"
    less = f" These are the first {most}." if count > most else ""
    return Text(
        f"{counted(count, 'question').capitalize()} {what}.{less} To import them in Anki, choose File, then Import."
    )
