"""Lint a track's folder: faults, missing parts, and statistics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.curriculum.authoring.course_rules import check_curriculum, check_quizzes, find_measure
from bot.curriculum.authoring.coverage import Measure
from bot.curriculum.authoring.stats import ANY, Survey, Told, told_of_cut
from bot.curriculum.authoring.todo import MissingPart, gaps
from bot.curriculum.bank_reader import FEWEST
from bot.curriculum.content import Roadmap
from bot.curriculum.faults import Fault
from bot.curriculum.folder import COVERAGE, OUTLINE
from bot.curriculum.loader import CourseReading, cut_out, reading_of
from bot.curriculum.outline_reader import Outline
from bot.curriculum.track import Track
from bot.curriculum.yaml_reader import quoted


@dataclass(frozen=True)
class Examination:
    """The result of linting a track's folder.

    Args:
        faults: faults that keep the track from being used, other faults, and violations of its coverage.yaml.
        todo: missing parts without which the track is still usable.
    """

    folder: Path
    faults: list[Fault]
    _reading: CourseReading
    todo: Sequence[MissingPart] = ()
    _measure: Measure | None = None
    _cut: Track | None = None

    def told(self, today: date) -> list[Told]:
        """Return statistics of the track."""
        reading = self._reading
        if self._cut is not None:
            return told_of_cut(self._cut.roadmap, self._cut.cut_from, self._cut.banks.values())
        if reading.outline is None:
            return []
        drawn, measure = reading.drawn(self.folder), self._measure or ANY
        survey = Survey(reading.outline.roadmap, reading.pages, reading.items, drawn, measure, today)
        return list(survey.told())


def check(folder: Path) -> list[Fault]:
    """Return all faults in a track's folder."""
    return examine(folder).faults


def examine(folder: Path, elsewhere: Sequence[Path] = ()) -> Examination:
    """Lint a track's folder.

    Args:
        elsewhere: folders in which to look for the course that this one is derived from.
    """
    reading = reading_of(folder)
    if reading.cut is not None:
        track, cut_faults = cut_out(folder, reading.cut, reading.held, elsewhere)
        return Examination(folder, cut_faults, reading, _cut=track)
    if reading.outline is None or reading.held.refused:
        return Examination(folder, reading.faults, reading)
    roadmap, held = reading.outline.roadmap, reading.held
    measure, measure_faults = find_measure(folder / COVERAGE, roadmap, reading.pages)
    is_declared = (folder / COVERAGE).exists()
    todo = _find_gaps(reading, roadmap, is_declared=is_declared)
    faults = [
        *reading.faults,
        *(_build_fault(folder / OUTLINE, reading.outline, gap) for gap in todo if gap.is_owed and is_declared),
        *reading.bank_faults,
        *measure_faults,
        *check_curriculum(measure, reading.pages, [folder / OUTLINE, *held.quizzes], reading.drawn(folder)),
    ]
    if measure is not None and not reading.bank_faults:
        faults += check_quizzes(folder / COVERAGE, measure, reading.pages, reading.items)
    return Examination(folder, faults, reading, () if is_declared else todo, measure)


def _find_gaps(reading: CourseReading, roadmap: Roadmap, *, is_declared: bool) -> list[MissingPart]:
    bare = () if is_declared else (page.note.id for page in reading.pages if page.front and not page.has_sources)
    return gaps(roadmap, bare, {unit_id: len(bank.items) for unit_id, bank in reading.banks.items()}, FEWEST)


def _build_fault(file: Path, outline: Outline, gap: MissingPart) -> Fault:
    """Turn a missing part into a fault, for a course with a coverage.yaml."""
    named = f"The unit {quoted(gap.place)}" if gap.place in outline.unit_lines else gap.place.capitalize()
    return Fault(file, outline.unit_lines.get(gap.place, 1), f"{named} has {gap.what}.")
