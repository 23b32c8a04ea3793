"""Texts of quizzes, reviews, warm-ups and Anki files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Literal
from zoneinfo import ZoneInfo

from bot.curriculum.bank import BankItem, MultipleChoice, NumericAnswer, Ordering, QuestionSource, SingleChoice
from bot.curriculum.track import Track
from bot.features import command_links
from bot.features.quiz.attempt import Posed, figure
from bot.features.quiz.reviews import PartRecall
from bot.features.quiz.service import Attempt
from bot.features.quiz.strengths import PEOPLE, Missed, Strength
from bot.features.quiz.tables import ReviewHabit
from bot.features.quiz.warm_up import WarmUp
from bot.features.quiz.weekly_round import RoundResult, WeeklyRound
from bot.messages import markup
from bot.messages.call import Call
from bot.messages.numerals import counted, numbered
from bot.messages.reply import Actions, Block, Button, Choice, Choices, File, Listing, Reply, Subtext, Text, say

CODE_MAX = 1500
READY = 0.7
"""Share of right answers with which a member is ready for a part."""
MEMORY = "What you'll remember in a week without review"
NUDGES = {"daily": "on days when questions are due", "weekly": "on Mondays when questions are due"}
READINGS = 3
"""Most buttons of a result, those of passages included."""
ROUND_PROMPT, ROUND_WHY = 200, 240
"""Characters of a question, of an answer and of its reason in the result of a weekly round."""
_MANY = frozenset({"hundred", "thousand", "million", "billion"})


def _title(attempt: Attempt, posed: Posed) -> str:
    return f"Question {attempt.number(posed)} of {len(attempt.posed)}"


def render_question(
    attempt: Attempt,
    posed: Posed,
    *,
    picks: Mapping[str, Call],
    number: Call,
    done: Call,
    clear: Call,
    stop: Call,
) -> Reply:
    """Return a question with its choices, and how it is answered where that is not plain.

    Args:
        picks: chooses each letter; the other Calls are used if the question's form needs them.
    """
    form = posed.item.form
    buttons: list[Button] = []
    if isinstance(form, NumericAnswer):
        buttons.append(Button("Answer", number, "primary"))
    for letter, call in picks.items():
        if letter not in posed.chosen:
            buttons.append(Button(letter, call))
        elif not isinstance(form, Ordering):
            buttons.append(Button(f"✓ {letter}", call))
    if posed.chosen and isinstance(form, MultipleChoice):
        buttons.append(Button("Done", done, "primary"))
    if posed.chosen and isinstance(form, Ordering):
        buttons.append(Button("Start over", clear))
    blocks = (
        *question_blocks(posed.item),
        *_options(posed, picks),
        *([Text(f"_{how}_")] if (how := _describe_input(posed)) else []),
    )
    return Reply(blocks, (*buttons, Button("Stop for now", stop)), title=_title(attempt, posed), replaces=True)


def question_blocks(item: BankItem) -> Iterator[Block]:
    """Return a question with its code, without its choices."""
    yield Text(f"**{markup.escape(item.prompt)}**" if "`" not in item.prompt else markup.prose(item.prompt))
    if item.code:
        yield Listing(markup.clip(item.code, CODE_MAX))


def _options(posed: Posed, picks: Mapping[str, Call] = MappingProxyType({})) -> Iterator[Block]:
    if posed.options:
        yield Choices.of(
            Choice(letter, markup.prose(text), _mark(posed, letter), picks.get(letter))
            for letter, text in posed.options
        )


def _mark(posed: Posed, letter: str) -> Literal["", "chosen", "right", "wrong"]:
    """Return how a choice is marked; steps are in another order, not wrong by themselves."""
    if posed.given is None:
        return "chosen" if letter in posed.chosen else ""
    if isinstance(posed.item.form, Ordering):
        return ""
    return "right" if letter in posed.right else "wrong" if letter in posed.given else ""


def _describe_input(posed: Posed) -> str:
    match posed.item.form:
        case MultipleChoice():
            return f"More than one answer is right. Choose all of them{', then press Done' if posed.chosen else ''}."
        case Ordering():
            done = f" So far: {', '.join(posed.chosen)}." if posed.chosen else ""
            return f"Choose the steps in order, starting with the first.{done}"
        case NumericAnswer(_, _, unit):
            return (
                f"Type a number in {markup.escape(unit)}{'s' if unit in _MANY else ''}." if unit else "Type a number."
            )
        case _:
            return ""


def render_outcome(attempt: Attempt, posed: Posed, *, go_on: Call, felt: Mapping[str, Call], lead: str = "") -> Reply:
    """Return whether an answer is right, and why.

    Args:
        felt: rates how the answer felt, "easy" or "guessed"; empty if that is not asked.
        lead: small print above the question.
    """
    reading = reading_button(attempt.track, attempt.row.group_id, posed.item.source, "Read about it")
    buttons = [Button("Next" if attempt.next is not None else "Result", go_on, "primary")]
    if felt:  # instead of the passage
        buttons += [Button("Was easy", felt["easy"]), Button("Guessed", felt["guessed"])]
    elif reading is not None:
        buttons.append(reading)
    return Reply(
        (*([Subtext(lead)] if lead else []), *_outcome_blocks(posed)),
        tuple(buttons),
        title=_title(attempt, posed),
        tone="good" if posed.is_right else "plain",
        replaces=True,
    )


def reading_button(track: Track, group_id: int | None, source: QuestionSource, label: str) -> Button | None:
    """Return the button that opens a source's passage; None if the notes no longer have it."""
    note = track.notes.get(source.note)
    at = (
        next((at for at, section in enumerate(note.sections, 1) if section.heading == source.heading), 0) if note else 0
    )
    if note is None or not at:
        return None
    return Button(label, command_links.PASSAGE.call(group_id, of=f"{note.id}.{at}"))


def _outcome_blocks(posed: Posed) -> list[Block]:
    """Return whether an answer is right, what is wrong with the choice, and the reason."""
    head = "✓ **Right.**" if posed.is_right else "**Not this time.**"
    lines = [f"{head} {line}" if i == 0 else line for i, line in enumerate(_describe_answer(posed))]
    reason = [Text(markup.prose(posed.item.why))] if posed.item.why else []
    return [*question_blocks(posed.item), *_options(posed), Text("\n".join(lines)), *reason]


def _describe_answer(posed: Posed) -> list[str]:
    given = posed.given or ""
    match posed.item.form:
        case NumericAnswer(value, _, unit):
            right = f"The answer is {figure(value)}{f' {markup.escape(unit)}' if unit else ''}"
            return [f"{right}." if posed.is_right else f"{right}. You said {figure(float(given))}."]
        case Ordering():
            return [
                f"The order is {', '.join(posed.right)}"
                + ("." if posed.is_right else f". You said {', '.join(given)}.")
            ]
        case _:
            if posed.is_right:
                return [f"The answer is {markup.series(posed.right)}."]
            against = [f"- {letter}: {markup.prose(why)}" for letter in given if (why := posed.why(letter))]
            return [f"You chose {markup.series(given)}. The answer is **{markup.series(posed.right)}**.", *against]


def describe_return(due: Sequence[datetime], zone: str) -> str:
    """Return when questions come back: "Next review: 2 on Tue 24 Mar, 3 on Fri 27 Mar"; at most three days."""
    days = Counter(at.astimezone(ZoneInfo(zone)).date() for at in due)
    listed = [f"{count} on {_write_day(day)}" for day, count in sorted(days.items())[:3]]
    return f"Next review: {', '.join(listed)}." if listed else ""


def describe_forecast(days: Sequence[tuple[date, int]]) -> str:
    """Return how many questions come back on the next days: "3 today, 5 tomorrow, 2 on Fri 27 Mar"."""
    names = ("today", "tomorrow")
    parts = [
        f"{count} {names[n] if n < len(names) else f'on {_write_day(day)}'}"
        for n, (day, count) in enumerate(days)
        if count
    ]
    return f"To review: {', '.join(parts[:4])}." if parts else ""


def _write_day(day: date) -> str:
    """Return a day without its year: "Tue 24 Mar"."""
    return f"{day:%a} {day.day} {day:%b}"


def describe_memory(parts: Sequence[PartRecall]) -> str:
    """Return how much of each part will be remembered, as bars."""
    lines = []
    for part in parts:
        filled = part.percent // 10
        lines.append(f"- {markup.escape(part.label, 100)} {'▰' * filled}{'▱' * (10 - filled)} {part.percent} %")
    return f"**{MEMORY}**\n" + "\n".join(lines) if lines else ""


def lead_with_forecast(question: Reply, forecast: str) -> Reply:
    """Return a review's first question below how many come back on the next days."""
    return question.headed_by(Subtext(forecast)) if forecast else question


def add_outlook(reply: Reply, forecast: str, memory: Sequence[PartRecall]) -> Reply:
    """Return a reply with what comes back on the next days, and how much of each part will be remembered."""
    return reply.followed_by(*(Text(text) for text in (forecast, describe_memory(memory)) if text))


def render_result(
    attempt: Attempt, *, again: Call, more: Call | None, prospect: Reply | None = None, back: str = ""
) -> Reply:
    """Return the result of an attempt, with the next steps.

    Args:
        again: repeats the missed questions.
        more: begins another quiz on the unit; None if the course no longer has it.
        prospect: what the finished quiz makes possible.
        back: when its questions come back.
    """
    repeat = (Button("Repeat missed", again, "primary"),) if attempt.missed and attempt.bridge is None else ()
    further = (Button("More questions", more),) if more is not None else ()
    links = (
        reading_button(attempt.track, attempt.row.group_id, source, markup.clip(source.heading, 60))
        for source in _list_readings(attempt)[: READINGS - len(repeat) - len(further)]
    )
    readings = {link.label: link for link in links if link is not None}
    below = (*prospect.blocks, Actions(prospect.buttons)) if prospect is not None else ()
    return Reply(
        (*_result_blocks(attempt), *([Subtext(back)] if back else []), *below),
        (*repeat, *readings.values(), *further),
        title="Your result",
        tone="good",
        replaces=True,
    )


def _result_blocks(attempt: Attempt) -> list[Block]:
    """Return the score, and what to read."""
    right = len(attempt.answered) - len(attempt.missed)
    marks = "".join("●" if question.is_right else "○" for question in attempt.answered)
    score = f"{marks} **{right} of {len(attempt.answered)}** right."
    if attempt.bridge is not None:
        is_ready = right >= READY * len(attempt.answered)
        score += f" You're ready for part {attempt.bridge}." if is_ready else _describe_not_ready(attempt.bridge)
    if not attempt.missed:
        return [Text(f"{score} Perfect!")]
    headings = "\n".join(f"- {markup.escape(source.heading, 120)}" for source in _list_readings(attempt))
    return [Text(f"{score} Looking something up now helps you remember it."), Text(f"**Read these again**\n{headings}")]


def _describe_not_ready(leg: int) -> str:
    return f" Part {leg} builds on this, so read the sections below first. You can start it anyway."


def _list_readings(attempt: Attempt) -> tuple[QuestionSource, ...]:
    return tuple(dict.fromkeys(question.item.source for question in attempt.missed))


def describe_position(attempt: Attempt) -> str:
    """Return how far an open attempt is."""
    about = f" on {markup.escape(attempt.unit.title, 100)}" if attempt.unit is not None else ""
    left = len(attempt.posed) - len(attempt.answered)
    what = "your review" if attempt.is_review else f"your quiz{about}"
    if not left:
        return f"You've answered every question in {what}."
    return f"You have {counted(left, 'question')} left in {what}."


def _label_next(attempt: Attempt) -> str:
    if attempt.next is None:
        return "See result"
    return "Continue review" if attempt.is_review else "Continue quiz"


def render_position(
    attempt: Attempt, *, go_on: Call, new_questions: Call | None = None, is_stopped: bool = False
) -> Reply:
    """Return how far an open attempt is; if it was stopped, also how to continue."""
    text = describe_position(attempt)
    if is_stopped and attempt.next is not None:
        text += f" To continue within two weeks, type {markup.typed('review' if attempt.is_review else 'quiz')}."
    buttons = (
        Button(_label_next(attempt), go_on, "primary"),
        *([Button("New questions", new_questions)] if new_questions is not None else []),
    )
    return Reply((Text(text),), buttons, replaces=True)


def describe_rated(*, is_easy: bool) -> str:
    """Return what a rating does."""
    return f"You'll see this question {'later' if is_easy else 'sooner'}."


def describe_late(number: int) -> str:
    """Return that a question is answered already, and where the quiz is."""
    return f"You've already answered this one. You're at question {number}."


def render_review_done(cap: int, more: int) -> Reply:
    """Return that the day's reviews are done."""
    again = f"For more, type {markup.typed(f'review cap={more}')}."
    return say(f"Well done! You've reviewed today's {counted(cap, 'question')}. {again}", tone="good")


def render_review_intro(begin: Call | None) -> Reply:
    """Return how reviews work, for a person who has answered no question.

    Args:
        begin: begins a quiz; None if no course here has questions.
    """
    first = "Review brings back quiz questions just before you forget them."
    if begin is None:
        return say(f"{first} Your course has no quiz questions yet.")
    return say(f"{first} Take a quiz first.", buttons=(Button("Take a quiz", begin, "primary"),))


def render_nothing_due(day: str, begin: Call | None) -> Reply:
    """Return that no question is due, and when the next one is."""
    return say(
        f"There's nothing to review. The next question is due on {day}.",
        buttons=(Button("Take a quiz", begin),) if begin is not None else (),
    )


def _review_buttons(start: Call, stop: Call | None) -> tuple[Button, ...]:
    now = Button("Review now", start, "primary")
    return (now, Button("Stop review reminders", stop)) if stop is not None else (now,)


def render_habit(habit: ReviewHabit, *, start: Call, stop: Call, has_named_hour: bool) -> Reply:
    """Return a person's review habit."""
    at = f"{habit.hour:%H:%M}"
    if habit.nudge != "no":
        text = f"**{habit.nudge.capitalize()} review reminder: on, at {at}.** "
        text += "You'll get it only when questions are due, and never twice in a day."
    else:
        text = f"**Review reminder: off.**{f' I saved {at} for later.' if has_named_hour else ''}"
    limit = f"You'll review up to {counted(habit.cap, 'question')} a day."
    buttons = _review_buttons(start, stop if habit.nudge != "no" else None)
    return Reply((Text(text), Text(limit)), buttons, title="Your reviews", tone="good")


def mention_due(reply: Reply, count: int, *, start: Call) -> Reply:
    """Return another message with a line on due reviews."""
    return reply.followed_by(Text(f"Also: {_format_due(count)}."), Actions((Button("Review now", start),)))


def render_review_reminder(count: int, *, start: Call, stop: Call) -> Reply:
    """Return the reminder that review questions are due."""
    sentence = f"{_format_due(count).capitalize()}. It takes a minute or two. Tomorrow is fine too."
    return Reply((Text(sentence),), _review_buttons(start, stop))


def _format_due(count: int) -> str:
    return f"{numbered(count, 'question')} {'is' if count == 1 else 'are'} ready to review"


def strengths(topics: Sequence[Strength]) -> str:
    """Return how somebody stands in each topic, as a list."""
    lines = "\n".join(
        f"- {markup.escape(topic.topic, 100)}: {topic.right} of {topic.answered} right" for topic in topics
    )
    return f"**Your quiz results** (only you see this)\n{lines}"


def asked(warm_up: WarmUp) -> list[Block]:
    """Return a warm-up for its post, with the letters to choose from and without the right answer."""
    posed = warm_up.posed
    head = f"**Warm-up from unit {warm_up.about.number}**\n{markup.prose(posed.item.prompt)}"
    status = answered(warm_up) if warm_up.answered else "Choose an answer. Only you'll see your result."
    picks = {
        letter: command_links.WARM_UP.call(warm_up.group_id, unit=warm_up.unit_id, pick=letter)
        for letter in posed.letters
    }
    letters = tuple(Button(letter, call) for letter, call in picks.items())
    return [Text(head), *_options(posed, picks), Subtext(status), Actions(letters)]


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
    reason = f"\n{markup.prose(posed.item.why)}" if posed.item.why else ""
    return Text(f"{question}{reason}{counted}")


def render_warm_up_answer(warm_up: WarmUp, given: str | None, *, lead: str = "", group: str = "") -> Reply:
    """Return the private outcome of an answer; without an answer, the right one.

    Args:
        lead: why the answer doesn't count, if it doesn't.
        group: the group's unescaped name, shown on the receipt.
    """
    posed = replace(warm_up.posed, given=given)
    source = posed.item.source
    reading = reading_button(warm_up.track, warm_up.group_id, source, "Read about it")
    lines = [answered(warm_up)] if given else []
    lines += [f"Source: {markup.escape(source.heading, 120)}"]
    lines += [f"In {markup.escape(group)}."] if group else []
    return Reply(
        (
            *([Text(f"_{lead}_")] if lead else []),
            *(_outcome_blocks(posed) if given else [resolved(warm_up)]),
            Subtext("\n".join(lines)),
        ),
        (reading,) if reading is not None else (),
        title="Warm-up",
        tone="good" if posed.is_right else "plain",
    )


def render_weekly_round(weekly: WeeklyRound, zone: str, *, play: Call) -> Reply:
    """Return the thread's message that opens a weekly round."""
    questions, until = counted(len(weekly.items), "question"), markup.moment(weekly.closes_at, zone, "countdown")
    text = f"{questions.capitalize()}, each alone. Then we'll see together how it went. Open until **{until}**."
    return Reply((Text(text),), (Button("Play", play, "primary"),), title="This week's round")


def render_round_result(weekly: WeeklyRound, result: RoundResult) -> Reply:
    """Return how a round went: for each question how many were right, and why; no counts while few took part."""
    if not result.members:
        return say("Nobody took part this time. Every question is also in the unit's quiz.", title="This week's round")
    is_counted = result.members >= PEOPLE
    blocks = [Text(f"{numbered(result.members, 'member')} took part.")] if is_counted else []
    for number, item in enumerate(weekly.items, 1):
        count = f"**{result.right.get(item.id, 0)} of {result.members} right.** " if is_counted else ""
        reason = f"\n{markup.prose(item.why, ROUND_WHY)}" if item.why else ""
        prompt = markup.prose(item.prompt, ROUND_PROMPT)
        blocks.append(Text(f"**{number}.** {prompt}\n{count}{_describe_right(item)}{reason}"))
    return Reply(tuple(blocks), title="This week's round: the answers")


def _describe_right(item: BankItem) -> str:
    match item.form:
        case SingleChoice(choices) | MultipleChoice(choices):
            right = [markup.prose(choice.text, ROUND_PROMPT) for choice in choices if choice.is_right]
            return f"The answer: {markup.series(right)}"
        case Ordering(steps):
            return f"The order: {', '.join(markup.prose(step, ROUND_PROMPT) for step in steps)}"
        case NumericAnswer(value, _, unit):
            return f"The answer: {figure(value)}{f' {markup.escape(unit)}' if unit else ''}"


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


def no_cards_buttons(begin: Call, every: Call | None) -> tuple[Button, ...]:
    """Return what to do if there are no questions to export.

    Args:
        begin: begins a quiz.
        every: exports all questions; None if that found none.
    """
    return (Button("Take a quiz", begin, "primary"), *_export_all(every))


def render_cards(title: str, file: File, count: int, most: int, *, every: Call | None) -> Reply:
    """Return an Anki file with what it holds, and how to import it.

    Args:
        title: of the course.
        every: exports all questions; None if the file has them, not only the missed ones.
    """
    what = "you got wrong last time" if every is not None else "from the units so far"
    less = f" These are the first {most}." if count > most else ""
    text = f"{counted(count, 'question').capitalize()} {what}.{less} To import them in Anki, choose File, then Import."
    return Reply((Text(text), file), _export_all(every), title=markup.escape(title, 100))


def _export_all(every: Call | None) -> tuple[Button, ...]:
    return (Button("Export all", every),) if every is not None else ()
