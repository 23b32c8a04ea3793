"""How an answer looks: its sentences with small marks, what they rest on and what else is near in one line each.

Every mark is a number, and its button opens the passage. Below the question there is the answer and little else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.answers.compose import language_detection
from bot.answers.compose.extract import SUMMARY
from bot.answers.compose.values import UNSURE, Answer, Citation, Passage, StandsIn, is_own
from bot.curriculum import note_renderer
from bot.curriculum.content import Unit
from bot.curriculum.track import Track
from bot.features.ask import passages
from bot.messages import markup
from bot.messages.reply import Button, Reply, Text

READ_NEXT = 2
"""Passages beside those that an answer rests on that are named."""

NAME_MAX, OWN_NAME_MAX, LABEL_MAX, LEAD_MAX = 60, 100, 75, 700

LOOKING = "_Looking in our notes…_"
READING = "_I am still reading our notes: one moment…_"
BY_WORDS = "_I have just started and searched by words alone. In a minute I find more._"
STANDS_IN: Mapping[StandsIn, str] = {
    "silent": "_From the notes alone: the model did not answer._",
    "untenable": "_In the notes' own words: those of the model could not be checked against them._",
}
UNREAD = "_I am still reading our notes and may have missed it. Please ask again in a minute._"
BY_THE_NOTES = "I can only go by our notes, and they say:"
"""What stands before the answer to somebody who disputes one: each time the same, whatever they insist on."""

_CODE = re.compile(r"(`[^`]*`)")
_MARKS = re.compile(r"\s+((?:\[\d{1,3}\])+)(?=\s|$)")
_TIED = "\u00a0"
_SMALL = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def answered(answer: Answer, track: Track, group: int | None, ahead: str = "") -> Reply:
    """Return an answer's sentences with their marks, where they come from and what else is near, each with its button.

    Args:
        group: that the buttons are for.
        ahead: when the group comes to it, if it has not yet.
    """
    cited = _group_citations(answer)
    number = {passage: at for at, passage in enumerate(cited, 1)}
    text = _format_text(answer)
    further = [fromkey for fromkey in dict.fromkeys(answer.near) if fromkey not in number][:READ_NEXT]
    below = (_format_passages("From", cited, 1), _format_passages("Read next", further, len(cited) + 1), ahead)
    lines = [
        note_renderer.inline(text) if answer.origin == "notes" else markup.prose(text),
        _format_missing(answer),
        "\n".join(line for line in below if line),
    ]
    return Reply(
        tuple(Text(line) for line in lines if line), _make_buttons({**cited, **{p: [] for p in further}}, track, group)
    )


def hint(answer: Answer, track: Track, group: int | None) -> Reply:
    """Return under which headings to look for what a unit's exercise asks."""
    cited = dict.fromkeys([_make_passage(citation) for citation in answer.citations] or answer.near)
    lines = (
        "That is close to this unit's exercise, so a hint first: read these, then try.",
        _format_passages("Look at", cited, 1),
    )
    return Reply(
        tuple(Text(line) for line in lines if line), _make_buttons({passage: [] for passage in cited}, track, group)
    )


def unanswered(answer: Answer, track: Track, group: int | None) -> Reply:
    """Return that the notes do not answer, and what comes nearest in them where something does."""
    if answer.coverage == "foreign":
        return Reply((Text(markup.escape(answer.text)),))
    return answered(replace(answer, near=()), track, group).headed_by(
        Text(markup.escape(answer.lead, LEAD_MAX) if answer.lead else UNSURE)
    )


def _format_missing(answer: Answer) -> str:
    return f"_Not in our notes: {markup.escape(answer.missing, 120)}._" if answer.missing else ""


def elsewhere(track: Track) -> str:
    """Return that another course of the server covers a question."""
    return f"Another course here, **{markup.escape(track.title, 100)}**, has a note on this."


def in_english(tongue: str) -> str:
    """Return that the notes are in English, in the language of a question and in English."""
    return f"{language_detection.IN_ENGLISH[tongue]} (Our notes are in English: please ask me in English.)"


def without_notes(unit: str) -> str:
    """Return where to look while a unit has no notes, and how it gets some."""
    topic, add = markup.typed("unit"), markup.typed("manage notes add")
    return (
        f"**{markup.escape(unit)}** has no notes yet; what there is to it is in {topic}. A moderator adds some: {add}."
    )


def growing(answer: Answer) -> Text:
    """Return the sentences of an answer by a model that is still being worded, with the marks that they will keep."""
    return Text(markup.prose(_format_text(answer)))


def _format_text(answer: Answer) -> str:
    number = {passage: at for at, passage in enumerate(_group_citations(answer), 1)}
    return _renumber_marks(answer.text, [number[_make_passage(citation)] for citation in answer.citations])


def ahead(unit: Unit, opens_at: datetime, zone: str) -> str:
    """Return when the group comes to a unit."""
    on = markup.moment(opens_at, zone, "day")
    return f"Comes in unit {unit.number} on {on}."


def _group_citations(answer: Answer) -> dict[Passage, list[str]]:
    """Return the passages that an answer rests on, in the order of its marks, and what it quotes of each."""
    cited: dict[Passage, list[str]] = {}
    for citation in answer.citations:
        cited.setdefault(_make_passage(citation), []).append(citation.quote)
    return cited


def _make_passage(citation: Citation) -> Passage:
    return Passage(citation.note, citation.title, citation.heading)


def _renumber_marks(text: str, numbers: Sequence[int]) -> str:
    """Return an answer's text with the numbers of passages, small, in place of those of citations."""

    def small(match: re.Match[str]) -> str:
        cited = [int(digits) for digits in re.findall(r"\d+", match[1])]
        if not all(1 <= number <= len(numbers) for number in cited):
            return match[0]
        return ",".join(dict.fromkeys(_raise_number(numbers[number - 1]) for number in cited))

    parts = _CODE.split(text)
    return "".join(part if i % 2 else _MARKS.sub(small, part) for i, part in enumerate(parts))


def _raise_number(number: int) -> str:
    return str(number).translate(_SMALL)


def _format_passages(lead: str, passages: Iterable[Passage], first: int) -> str:
    named = [f"_{_raise_number(at)}{_TIED}{_name_passage(passage)}_" for at, passage in enumerate(passages, first)]
    return f"{lead}: {' · '.join(named)}" if named else ""


def _name_passage(passage: Passage) -> str:
    """Return how a passage is called in a line: its heading, for one that every note has the note's title.

    A note of the group's own is called by its title, which says whose it is, and by the heading of its section.
    """
    is_everywhere = passage.heading.casefold() in SUMMARY
    if is_own(passage.note):
        is_told = is_everywhere or passage.heading.casefold() in passage.title.casefold()
        return markup.escape(passage.title if is_told else f"{passage.title}, {passage.heading}", OWN_NAME_MAX)
    return markup.escape(passage.title if is_everywhere else passage.heading, NAME_MAX)


def _make_buttons(quoted: dict[Passage, list[str]], track: Track, group: int | None) -> tuple[Button, ...]:
    """Return a button for each passage, named by its number."""
    return tuple(
        Button(str(at), passages.make_call(group, track.notes[passage.note], passage.heading, quotes))
        for at, (passage, quotes) in enumerate(quoted.items(), 1)
        if passage.note in track.notes
    )
