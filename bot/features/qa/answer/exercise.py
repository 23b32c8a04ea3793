"""Whether a question is the exercise itself: recognised by its words, pure, and seldom where there is doubt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.features.qa.index.chunks import UNANSWERED
from bot.features.qa.index.sentences import split
from bot.features.qa.index.words import overlap, stems
from bot.features.roadmap.content import Exercise
from bot.features.roadmap.note import Note

FEWEST = 4
"""Stems that a question and a task must share: with fewer, any question on the subject would be the task."""

FEWEST_OF_ALL = 3
"""... unless neither has any other."""

OF_QUESTION, OF_TASK = 0.7, 0.6
"""Shares of the question's stems and of the task's that must be the other's as well."""


def tasks(exercise: Exercise, notes: Iterable[Note]) -> Iterator[str]:
    """Yield what a unit asks its learners: sentences of its exercise, and the questions at the end of its notes."""
    for text in (exercise.task, exercise.short):
        yield from split(text)
    for note in notes:
        for section in note.sections:
            if section.heading.casefold() in UNANSWERED:
                yield from section.paragraphs


def is_one(question: str, tasks: Iterable[str]) -> bool:
    """Say whether a question is one of these tasks, in nearly its words."""
    asked = stems(question)
    return any(_is_same(asked, stems(task)) for task in tasks)


def _is_same(asked: frozenset[str], wanted: frozenset[str]) -> bool:
    is_enough = len(asked & wanted) >= (FEWEST_OF_ALL if asked == wanted else FEWEST)
    return is_enough and overlap(asked, wanted) >= OF_QUESTION and overlap(wanted, asked) >= OF_TASK
