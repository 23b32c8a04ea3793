"""Missing parts of a course, which authors may add while a group already uses it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.curriculum.content import Roadmap, Unit
from bot.curriculum.outline_reader import OBJECTIVES, RESOURCES

NAMED = 3
"""Most places named for one kind of missing part."""


@dataclass(frozen=True)
class MissingPart:
    """A missing part of a course.

    Args:
        what: the kind, such as "no exercise".
        place: where it is missing, such as a unit's or a note's id.
        is_owed: whether a course with a coverage.yaml must have it.
    """

    what: str
    place: str
    is_owed: bool = True


def gaps(roadmap: Roadmap, sourceless: Iterable[str], asked: Mapping[str, int], enough: int) -> list[MissingPart]:
    """Return the missing parts of a course, in its order.

    Args:
        sourceless: ids of notes without a source.
        asked: the number of questions by unit id.
        enough: the number of questions of a complete quiz.
    """
    missing = [MissingPart("no summary", "the roadmap")] if not roadmap.summary else []
    if len(roadmap.phases) > 1:
        missing += [MissingPart("no summary", f"the phase {phase.id}") for phase in roadmap.phases if not phase.summary]
    for unit in roadmap.units:
        missing += [MissingPart(what, unit.id) for what in _find_unit_gaps(unit)]
        if (count := asked.get(unit.id, 0)) < enough:
            what = f"fewer than {enough} questions in the quiz" if count else "no quiz"
            missing.append(MissingPart(what, unit.id, is_owed=count > 0))
    return [*missing, *(MissingPart("no source", f"the note {note}") for note in sourceless)]


def told(missing: Sequence[MissingPart]) -> Iterator[str]:
    """Yield a sentence for each kind of missing part, with the first places."""
    for what in dict.fromkeys(gap.what for gap in missing):
        places = list(dict.fromkeys(gap.place for gap in missing if gap.what == what))
        more = f" and {len(places) - NAMED} more" if len(places) > NAMED else ""
        yield f"{what}: {', '.join(places[:NAMED])}{more}"


def _find_unit_gaps(unit: Unit) -> Iterator[str]:
    if not unit.summary:
        yield "no summary"
    if len(unit.objectives) < OBJECTIVES:
        yield "fewer than three objectives" if unit.objectives else "no objectives"
    if not unit.prompt:
        yield "no prompt"
    texts = (unit.exercise.task, unit.exercise.done_when, unit.exercise.short)
    if not all(texts):
        yield "an exercise without task, done_when or short" if any(texts) else "no exercise"
    if not unit.hours:
        yield "no hours"
    if len(unit.resources) < RESOURCES[0]:
        yield "one resource only" if unit.resources else "no resources"
    if not all(resource.authors and resource.year and resource.kind and resource.url for resource in unit.resources):
        yield "a resource without authors, year, kind or address"
    if not unit.notes:
        yield "no notes"
