"""Lint a track's folder: faults, missing parts that authors may add while a group uses the course, and statistics."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.curriculum.authoring.course_rules import (
    NoteRules,
    check_core_hours,
    check_curriculum,
    check_quizzes,
    read_note_rules,
)
from bot.curriculum.authoring.stats import ANY, CourseStatistics, Statistic, list_derived_statistics
from bot.curriculum.bank_reader import FEWEST
from bot.curriculum.content import Roadmap, Unit
from bot.curriculum.exercises import find_syntax_faults
from bot.curriculum.faults import Fault
from bot.curriculum.folder import COVERAGE, OUTLINE
from bot.curriculum.loader import CourseReading, Read, derive_track, read_course
from bot.curriculum.outline_reader import OBJECTIVES, RESOURCES, Outline
from bot.curriculum.track import Track
from bot.curriculum.yaml_reader import quoted

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


def find_missing_parts(
    roadmap: Roadmap, sourceless: Iterable[str], asked: Mapping[str, int], enough: int
) -> list[MissingPart]:
    """Return the missing parts of a course, in its order.

    Args:
        sourceless: ids of notes without a source.
        asked: the number of questions by unit id.
        enough: the number of questions of a complete quiz.
    """
    missing = [MissingPart("no summary", "the course")] if not roadmap.summary else []
    if len(roadmap.phases) > 1:
        missing += [MissingPart("no summary", f"the phase {phase.id}") for phase in roadmap.phases if not phase.summary]
    for unit in roadmap.units:
        missing += [MissingPart(what, unit.id) for what in _find_unit_gaps(unit)]
        if (count := asked.get(unit.id, 0)) < enough:
            what = f"fewer than {enough} questions in the quiz" if count else "no quiz"
            missing.append(MissingPart(what, unit.id, is_owed=count > 0))
    return [*missing, *(MissingPart("no source", f"the note {note}") for note in sourceless)]


def describe_missing_parts(missing: Sequence[MissingPart]) -> Iterator[str]:
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
        yield "only one resource" if unit.resources else "no resources"
    if not all(resource.authors and resource.year and resource.kind and resource.url for resource in unit.resources):
        yield "a resource without authors, year, kind or address"
    if not unit.notes:
        yield "no notes"


@dataclass(frozen=True)
class LintReport:
    """The result of linting a track's folder.

    Args:
        faults: faults that keep the track from being used, other faults, and violations of its coverage.yaml.
        todo: missing parts without which the track is still usable.
    """

    folder: Path
    faults: list[Fault]
    _reading: CourseReading
    todo: Sequence[MissingPart] = ()
    _measure: NoteRules | None = None
    _cut: Track | None = None

    def list_statistics(self, today: date) -> list[Statistic]:
        """Return statistics of the track."""
        reading = self._reading
        if self._cut is not None:
            return list_derived_statistics(self._cut.roadmap, self._cut.derived_from, self._cut.banks.values())
        if reading.outline is None:
            return []
        drawn, measure = reading.figure_names(self.folder), self._measure or ANY
        statistics = CourseStatistics(reading.outline.roadmap, reading.pages, reading.items, drawn, measure, today)
        return list(statistics.list_statistics())


def check(folder: Path) -> list[Fault]:
    """Return all faults in a track's folder."""
    return lint_course(folder).faults


def lint_course(folder: Path, elsewhere: Sequence[Path] = (), read: Read = read_course) -> LintReport:
    """Lint a track's folder.

    Args:
        elsewhere: folders in which to look for the course that this one is derived from.
        read: reads a folder.
    """
    reading = read(folder)
    if reading.derivation is not None:
        track, cut_faults = derive_track(
            folder, reading.derivation, reading.files, elsewhere, lambda base: read(base).to_track()[0]
        )
        return LintReport(folder, cut_faults, reading, _cut=track)
    if reading.outline is None or reading.files.refused:
        return LintReport(folder, reading.faults, reading)
    roadmap, files = reading.outline.roadmap, reading.files
    measure, measure_faults = read_note_rules(folder / COVERAGE, roadmap, reading.pages)
    is_declared = (folder / COVERAGE).exists()
    todo = _find_gaps(reading, roadmap, is_declared=is_declared)
    faults = [
        *reading.faults,
        *(_build_fault(folder / OUTLINE, reading.outline, gap) for gap in todo if gap.is_owed and is_declared),
        *reading.bank_faults,
        *reading.exercise_faults,
        *find_syntax_faults(reading.exercises),
        *measure_faults,
        *check_curriculum(measure, reading.pages, [folder / OUTLINE, *files.quizzes], reading.figure_names(folder)),
    ]
    if measure is not None and measure.core_hours is not None:
        minutes = {unit_id: exercise.minutes for unit_id, exercise in reading.exercises.items()}
        faults += check_core_hours(folder / OUTLINE, reading.outline, measure.core_hours, reading.pages, minutes)
    if measure is not None and not reading.bank_faults:
        faults += check_quizzes(folder / COVERAGE, measure, reading.pages, reading.items)
    return LintReport(folder, faults, reading, () if is_declared else todo, measure)


def _find_gaps(reading: CourseReading, roadmap: Roadmap, *, is_declared: bool) -> list[MissingPart]:
    bare = () if is_declared else (page.note.id for page in reading.pages if page.front and not page.has_sources)
    return find_missing_parts(
        roadmap, bare, {unit_id: len(bank.items) for unit_id, bank in reading.banks.items()}, FEWEST
    )


def _build_fault(file: Path, outline: Outline, gap: MissingPart) -> Fault:
    """Turn a missing part into a fault, for a course with a coverage.yaml."""
    named = f"The unit {quoted(gap.place)}" if gap.place in outline.unit_lines else gap.place.capitalize()
    return Fault(file, outline.unit_lines.get(gap.place, 1), f"{named} has {gap.what}.")
