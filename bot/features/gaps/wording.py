"""Texts of the gaps feature: the list of unanswered questions, ratings, and news to the people who asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.features import command_links
from bot.features.gaps.service import BACK, Gap, Lapse, Verdict
from bot.features.groups.tables import Group
from bot.messages import markup
from bot.messages.call import Call
from bot.messages.numerals import counted, numbered, spelt
from bot.messages.reply import Block, Button, Quote, Reply, Text, say

QUESTION_MAX = 200
DRAFT_MAX = 300
ALIKE, LINES = 2, 2
"""Other wordings of a question that are shown, and lines on its answers."""

LABELS: dict[str, str] = {
    "helpful": "Helpful",
    "wrong": "Wrong",
    "beside": "Off topic",
    "incomplete": "Incomplete",
    "unclear": "Unclear",
}

LABEL_MAX = 40


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


def gaps(
    listed: Sequence[Listed],
    total: int,
    group: Group,
    days: int,
    place: tuple[int, int],
    lapses: Sequence[Lapse],
    *,
    is_turned: bool,
) -> Reply:
    """Return a page of gaps: each question, how many asked it, and what was wrong with its answers.

    Args:
        days: how long questions are stored.
        place: the page and the number of pages.
        lapses: the sections that may need another line.
        is_turned: whether the page replaces another one.
    """
    page, pages = place
    title = f"{numbered(total, 'open question')} in {markup.escape(group.name)}"
    note = Text(f"_I delete questions after {numbered(days, 'day')}._")
    sections = missed_sections(group.id, lapses)
    return Reply(
        (
            *lines(listed, group.zone),
            note,
            *([Text(f"**{sections.title}**"), *sections.blocks] if lapses else []),
        ),
        (*_gap_buttons(group.id, listed, page, pages), *sections.buttons),
        title=title + (f", page {page} of {pages}" if pages > 1 else ""),
        replaces=is_turned,
    )


def lines(listed: Sequence[Listed], zone: str) -> tuple[Block, ...]:
    """Return gaps one below the other: the question, how many asked it, and what was wrong with its answers."""
    return tuple(block for entry in listed for block in _format_gap(entry, zone))


def _gap_buttons(group_id: int, listed: Sequence[Listed], page: int, pages: int) -> tuple[Button, ...]:
    keys = [(entry.number, entry.gap.newest.key) for entry in listed]
    turn = command_links.QUESTIONS.call
    return (
        *(Button(f"Answer {number}", command_links.GAP_WRITE.ask(group_id, of=key)) for number, key in keys),
        *(Button(f"Dismiss {number}", command_links.GAP_DISMISS.call(group_id, of=key)) for number, key in keys),
        *([Button("Next", turn(group_id, page=page + 1))] if page < pages else []),
        *([Button("Previous", turn(group_id, page=page - 1))] if page > 1 else []),
    )


def not_stored() -> Reply:
    """Return that questions are not stored."""
    return say("I don't store questions here, so I can't list them. The bot's operator can change that.")


def no_gaps(days: int) -> Reply:
    """Return that every question has an answer."""
    return say(f"No open questions. The notes answered everything from the last {numbered(days, 'day')}.")


def gap_noted(title: str, group: str, waiting: int, show: Call, gaps: Call) -> Reply:
    """Return the receipt of a note that answers a gap.

    Args:
        waiting: how many members will hear of it.
    """
    news = f" I'll tell {counted(waiting, 'member')} who asked." if waiting else ""
    return say(
        f"{markup.typed('ask')} now uses this note.{news}",
        title=_format_added(title, group),
        buttons=(Button("Show note", show), Button("Open questions", gaps)),
        tone="good",
    )


def dismissed(asked: str, undo: Call, gaps: Call) -> Reply:
    """Return the receipt of a dismissed gap."""
    return say(
        f"I've taken “{markup.escape(asked, 100)}” off the list. The question will come back if {spelt(BACK)} more "
        "people ask it, or if an answer to it gets a bad rating.",
        buttons=(Button("Undo", undo), Button("Open questions", gaps)),
        tone="good",
    )


def listed_again() -> Reply:
    """Return the receipt of an undone dismissal."""
    text = f"The question is back on the list. See it with {markup.typed('manage questions')}."
    return replace(say(text, tone="good"), replaces=True)


def section_noted(title: str, group: str, show: Call) -> Reply:
    """Return the receipt of a note on a section whose quiz question many missed."""
    return say(
        f"{markup.typed('ask')} now uses this note. If many people still get the question wrong, I'll list it again.",
        title=_format_added(title, group),
        buttons=(Button("Show note", show),),
        tone="good",
    )


def section_skipped(heading: str, undo: Call) -> Reply:
    """Return the receipt of a section that stays as it is."""
    name = markup.escape(heading, 120)
    text = f"I've hidden “{name}” for now. It'll be back if many people get its quiz question wrong again."
    return say(text, buttons=(Button("Undo", undo),), tone="good")


def section_buttons(group_id: int | None, lapse: Lapse) -> tuple[Button, Button]:
    """Return what a moderator can do about a section."""
    about, item = markup.clip(lapse.item.source.heading, LABEL_MAX), lapse.item.id
    return (
        Button(f"Write note on “{about}”", command_links.GAP_LINE.ask(group_id, item=item)),
        Button(f"Skip “{about}”", command_links.GAP_LEAVE.call(group_id, item=item)),
    )


def missed_sections(group_id: int | None, lapses: Sequence[Lapse]) -> Reply:
    """Return the sections that may need another line."""
    blocks = tuple(block for lapse in lapses for block in missed(lapse))
    buttons = tuple(button for lapse in lapses for button in section_buttons(group_id, lapse))
    return Reply(blocks, buttons, title="Notes to improve")


def _format_added(title: str, group: str) -> str:
    return f"Added “{markup.escape(title, 80)}” to {markup.escape(group)}"


def ask_rating(calls: Sequence[tuple[Verdict, Call]], before: str | None) -> Reply:
    """Return the choice of ratings.

    Args:
        before: the reader's rating so far.
    """
    earlier = f" You rated it “{LABELS[before].lower()}”." if before is not None else ""
    buttons = (Button(LABELS[v], call, "primary" if v == "helpful" else "plain") for v, call in calls)
    text = f"Moderators see your rating, but not your name. They can add what's missing.{earlier}"
    return replace(say(text, title="How was that answer?", buttons=tuple(buttons)), replaces=True)


def rated(verdict: Verdict, line: str, more: Call, change: Call) -> Reply:
    """Return the receipt of a rating.

    Args:
        line: what the reader wrote about the answer.
    """
    again = Button("Change rating", change)
    if verdict == "helpful":
        return replace(say("Thank you! Glad it helped.", tone="good", buttons=(again,)), replaces=True)
    text = "Moderators see the rating, but not your name. If one of them adds a note, I'll tell you."
    label = "Edit comment" if line else "Add comment"
    rating = f"Thank you! You rated this answer “{LABELS[verdict].lower()}”. {text}"
    return replace(say(rating, tone="good", buttons=(Button(label, more), again)), replaces=True)


def _format_gap(entry: Listed, zone: str) -> list[Block]:
    gap = entry.gap
    questions = list(dict.fromkeys(markup.escape(asked.asked, QUESTION_MAX) for asked in gap.asked))
    head = [
        f"**{entry.number}.** Asked by {_count_people(gap.askers)}, "
        f"last on {_format_day(gap, zone)}{_format_ratings(gap)}"
    ]
    if entry.is_answered:
        head.append("_The notes answer it now._")
    further = len(questions) - 1 - ALIKE
    quoted = [
        f"**{questions[0]}**",
        *questions[1 : 1 + ALIKE],
        *([f"and {further} more like it"] if further > 0 else []),
    ]
    remarks = [_quote(line) for line in gap.lines[:LINES]]
    return [Text("\n".join(head)), Quote("\n".join([*quoted, *remarks]))]


def missed(lapse: Lapse) -> tuple[Block, ...]:
    """Return a section that may need a line, with a draft of it."""
    source = lapse.item.source
    head = f"**{markup.escape(lapse.title, 100)} > {markup.escape(source.heading, 120)}**"
    people = f"{lapse.missed} of {_count_people(lapse.answered)}"
    count = f"{people} got this quiz question wrong: {markup.prose(lapse.item.prompt)}"
    asked = [f"Also asked: {_quote(question)}" for question in lapse.asked[:LINES]]
    draft = markup.prose(markup.clip(lapse.draft, DRAFT_MAX))
    return Text("\n".join([head, count, *asked])), Quote(f"_Suggested note:_ {draft}")


def _count_people(count: int) -> str:
    return "1 person" if count == 1 else f"{count} people"


def _quote(words: str) -> str:
    """Return somebody's words in quotation marks; a link at their end does not take the mark for its own."""
    escaped = markup.escape(words, QUESTION_MAX)
    return f"“{escaped} ”" if "://" in escaped.rpartition(" ")[2] else f"“{escaped}”"


def _format_day(gap: Gap, zone: str) -> str:
    return markup.moment(gap.newest.at, zone, "day")


def _format_ratings(gap: Gap) -> str:
    ratings = [
        f"“{LABELS[verdict].lower()}”" + (f" ({count})" if count > 1 else "")
        for verdict, count in gap.verdicts.most_common()
    ]
    return f". Rated {', '.join(ratings)}" if ratings else ""


def answered(author: str, title: str) -> str:
    """Return the news to a person whose question a note answers now.

    Args:
        author: escaped.
    """
    return f"You asked something that our notes didn't answer well. {noted(author, title)}"


def answer_news(group: Group, author: str, title: str, asked: str, read: Call) -> Reply:
    """Return the same news as a message, with the person's question if it is still stored.

    Args:
        read: shows the note.
    """
    head = Text("You asked something that our notes didn't answer:")
    quoted = (head, Quote(markup.escape(asked, QUESTION_MAX)), Text(noted(author, title)))
    return Reply(
        quoted if asked else (Text(answered(author, title)),),
        (read_button(read), Button("Ask", command_links.ASK.ask(group.id))),
        title=markup.escape(group.name),
    )


def read_button(read: Call) -> Button:
    """Return the button that shows the note."""
    return Button("Read note", read, "primary")


def noted(author: str, title: str) -> str:
    """Return that a note answers a question now."""
    return f"**{author}** has written a note about it: “{markup.escape(title, 80)}”."
