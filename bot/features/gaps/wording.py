"""How gaps look to a moderator, and what somebody hears whose question has an answer now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.features.gaps.service import Gap, Lapse
from bot.messages import markup
from bot.messages.numerals import counted
from bot.messages.reply import Block, Quote, Text

QUESTION_MAX = 200
DRAFT_MAX = 300
ALIKE, LINES = 2, 2
"""Other wordings of a question that are shown, and lines on its answers."""

LABELS: dict[str, str] = {
    "helpful": "Helpful",
    "wrong": "Wrong",
    "beside": "Beside the question",
    "incomplete": "Incomplete",
    "unclear": "Unclear",
}

RETAINED = "Questions are not kept here, so there is nothing to show. Whoever runs me can change that."


@dataclass(frozen=True)
class Listed:
    """A gap on a page.

    Args:
        number: in the list, from 1.
        is_answered: whether the notes answer it by now.
    """

    number: int
    gap: Gap
    is_answered: bool


def lines(listed: Sequence[Listed], zone: str) -> tuple[Block, ...]:
    """Return gaps one below the other: the question, who wants to know it, and what was wrong with its answers."""
    return tuple(block for entry in listed for block in _format_gap(entry, zone))


def _format_gap(entry: Listed, zone: str) -> list[Block]:
    gap = entry.gap
    questions = list(dict.fromkeys(markup.escape(asked.asked, QUESTION_MAX) for asked in gap.asked))
    head = [
        f"**{entry.number}.** {counted(gap.askers, 'asker').capitalize()}, "
        f"last {_format_day(gap, zone)}{_format_ratings(gap)}"
    ]
    if entry.is_answered:
        head.append("_The notes answer it by now._")
    further = len(questions) - 1 - ALIKE
    quoted = [f"**{questions[0]}**", *questions[1 : 1 + ALIKE], *([f"and {further} more alike"] if further > 0 else [])]
    remarks = [_quote(line) for line in gap.lines[:LINES]]
    return [Text("\n".join(head)), Quote("\n".join([*quoted, *remarks]))]


def missed(lapse: Lapse) -> tuple[Block, ...]:
    """Return a heading that may need a line, with a draft of it."""
    source = lapse.item.source
    head = f"**{markup.escape(lapse.title, 100)} > {markup.escape(source.heading, 120)}: the note may need a line**"
    count = f"{lapse.missed} of {lapse.answered} missed in quizzes: {markup.prose(lapse.item.prompt)}"
    asked = [f"Asked as well: {_quote(question)}" for question in lapse.asked[:LINES]]
    draft = markup.prose(markup.clip(lapse.draft, DRAFT_MAX))
    return Text("\n".join([head, count, *asked])), Quote(f"_A draft:_ {draft}")


def _quote(words: str) -> str:
    """Return somebody's words in quotation marks; a link at their end does not take the mark for its own."""
    escaped = markup.escape(words, QUESTION_MAX)
    return f"“{escaped} ”" if "://" in escaped.rpartition(" ")[2] else f"“{escaped}”"


def _format_day(gap: Gap, zone: str) -> str:
    return markup.moment(gap.newest.at, zone, "day")


def _format_ratings(gap: Gap) -> str:
    ratings = [
        f"{LABELS[verdict].lower()}" + (f" ({count})" if count > 1 else "")
        for verdict, count in gap.verdicts.most_common()
    ]
    return f"; its answer was rated {', '.join(ratings)}" if ratings else ""


def answered(author: str, title: str) -> str:
    """Return what somebody hears who asked what a note answers now; its author's name is escaped."""
    return f"You asked something that our notes did not answer well. {noted(author, title)}"


def answered_to(author: str, title: str, asked: str) -> tuple[Block, ...]:
    """Return the same for whoever asked it, with their question."""
    head = Text("You asked what our notes did not answer:")
    return head, Quote(markup.escape(asked, QUESTION_MAX)), Text(noted(author, title))


def noted(author: str, title: str) -> str:
    """Return that a note answers a question now."""
    return f"**{author}** has written the note “{markup.escape(title, 80)}” about it."
