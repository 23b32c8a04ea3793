"""Questions about the group itself or the bot, which no note answers: recognised by their words, pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.core import handbook
from bot.core.registry import Registry
from bot.features.qa.answer.group_questions import QUESTIONS, Subject

LONGEST = 120
"""Characters; a longer question asks for more than the group's record."""

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?|\d+")
_WRITTEN = {
    "whats": "what is", "wats": "what is", "whens": "when is", "wheres": "where is", "whos": "who is",
    "what's": "what is", "when's": "when is", "where's": "where is", "who's": "who is", "how's": "how is",
    "i'm": "i am", "im": "i am", "i've": "i have", "we're": "we are", "we've": "we have", "today's": "today",
    "todays": "today", "week's": "week", "unit's": "unit", "hw": "homework", "checkin": "check in", "checked": "check",
    "checking": "check", "til": "until", "till": "until",
}  # a table of data # fmt: skip
_AROUND = frozenset({
    "please", "pls", "plz", "btw", "exactly", "actually", "just", "also", "so", "hey", "hi", "hello", "ok", "okay",
    "um", "and", "but", "then", "again", "anyway", "really", "now", "rn", "yet", "already", "here", "guys", "sorry",
    "wait", "quick", "question",
})  # a table of data # fmt: skip
"""Words that change nothing in such a line."""
_WHOLE, _PART = (
    [(row.subject, re.compile(f"(?:{pattern})")) for row in QUESTIONS if row.way == way for pattern in row.patterns]
    for way in ("whole", "part")
)


@dataclass(frozen=True, slots=True)
class About:
    """What a question asks about the group.

    Args:
        unit: the number of the unit that is named, from 1.
        command: the command whose help answers it.
    """

    subject: Subject
    unit: int | None = None
    command: str | None = None


def about(registry: Registry, question: str) -> About | None:
    """Return what a question asks about the group or about the bot, or None if it is one for the notes."""
    said = " ".join(question.lower().replace("’", "'").split())
    if len(said) > LONGEST:
        return None
    line = _line(said)
    if (whole := next((subject for subject, pattern in _WHOLE if pattern.fullmatch(line)), None)) is not None:
        return About(whole)
    if (page := handbook.asked_about(registry, said)) is not None:
        return About("command", command=page.args.get("command", page.name))
    for subject, pattern in _PART:
        if found := pattern.search(said):
            number = found.groupdict().get("unit")
            return About(subject, int(number) if number else None)
    return None


def _line(said: str) -> str:
    """Return a line in small letters as a whole row has it: its words written out, without those around them."""
    words = " ".join(_WRITTEN.get(word, word) for word in _WORD.findall(said)).split()
    return " ".join(word for word in words if word not in _AROUND)
