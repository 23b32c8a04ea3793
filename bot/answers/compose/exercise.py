"""Whether a question is the exercise itself: recognised by its words, pure, and seldom where there is doubt."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import combinations

from bot.answers.index.chunks import UNANSWERED
from bot.answers.index.sentences import split
from bot.answers.index.words import overlap, stems
from bot.curriculum.content import Exercise
from bot.curriculum.note import Note

FEWEST = 4
"""Stems that a question and a task must share: with fewer, any question on the subject would be the task."""

FEWEST_OF_ALL = 3
"""... unless neither has any other."""

_WANTS = (
    r"(?:what(?:['\u2019]s| is| are)|(?:give|show|tell|send) (?:me|us)|(?:is|are) there|do you have"
    r"|(?:i|we)(?: (?:really|just))? (?:need|want|would like)|(?:can|could|may) (?:i|we) (?:please )?(?:get|have|see))"
    r"(?: (?:just|the|an?|any|some|your|full|whole|little|small))*"
)
NAMES_IT = re.compile(
    r"^\W*(?:(?:please|and|so|ok|hey|hi|just|(?:can|could|would|will) you)\W+)*"
    rf"(?:(?:{_WANTS} (?:solutions?|answers?|hints?|clues?)"
    r"|(?:i |we )?(?:(?:really|just|still) )?(?:do not|don['\u2019]?t|can ?not|can['\u2019]?t)"
    r" (?:get|understand|do|solve)"
    r"|(?:(?:i|we)(?:['\u2019]?m|['\u2019]?re| am| are) )?(?:(?:really|just|still|totally|completely) )?"
    r"(?:stuck|lost|confused)"
    r"|(?:(?:i|we) (?:need|could use) )?(?:some |a little |a bit of )?help(?: (?:me|us))?"
    r"|how (?:do|can|should|would|could|to)(?: (?:i|we|you|one))?"
    r" (?:do|solve|answer|finish|complete|start|begin|approach|tackle)|solve|answer)"
    r"(?: (?:of|to|for|on|with|at|by|in))? (?:(?:the|this|our|my)(?: (?:unit|week)(?:['\u2019]?s)?)? )?exercise"
    r"(?: (?P<unit>\d{1,3}))?"
    rf"|{_WANTS} (?:hint|clue))"
    r"(?: (?:please|pls|for me|of (?:the|this) (?:unit|week)|this week))*\W*$",
    re.IGNORECASE,
)
"""A question that names the exercise and nothing of what it is about."""

OF_QUESTION, OF_TASK = 0.7, 0.6
"""Shares of the question's stems and of the task's that must be the other's as well."""


def tasks(exercise: Exercise, notes: Iterable[Note]) -> Iterator[str]:
    """Yield what a unit asks its learners: runs of its exercise's sentences, and the questions that end its notes."""
    for text in (exercise.task, exercise.short):
        sentences = split(text)
        for first, last in combinations(range(len(sentences) + 1), 2):
            yield " ".join(sentences[first:last])
    for note in notes:
        for section in note.sections:
            if section.heading.casefold() in UNANSWERED:
                yield from section.paragraphs


def is_one(question: str, tasks: Iterable[str]) -> bool:
    """Say whether a question is one of these tasks, in nearly its words."""
    asked = stems(question)
    return any(_is_same(asked, stems(task)) for task in tasks)


def names_it(question: str, unit: int) -> bool:
    """Say whether a question is on the exercise of the unit with this number, by no other word than its name."""
    match = NAMES_IT.match(question)
    return match is not None and int(match["unit"] or unit) == unit


def _is_same(asked: frozenset[str], wanted: frozenset[str]) -> bool:
    is_enough = len(asked & wanted) >= (FEWEST_OF_ALL if asked == wanted else FEWEST)
    return is_enough and overlap(asked, wanted) >= OF_QUESTION and overlap(wanted, asked) >= OF_TASK
