"""Load a track from its folder, with faults beside values.

A derived ("cut") course has its own phases, which list units of another course by id.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path

import yaml

from bot.curriculum.bank import Bank, BankItem
from bot.curriculum.bank_reader import read_banks
from bot.curriculum.content import Retired, Roadmap, Topic, Unit
from bot.curriculum.exercises import ExerciseFiles, read_exercises
from bot.curriculum.faults import Fault
from bot.curriculum.folder import COVERAGE, FIGURES, NOTES, OUTLINE, PACE, Contents, contents
from bot.curriculum.note import NoteFile, list_shown_figures, read_notes
from bot.curriculum.outline_reader import PHASE_KEYS, ROADMAP_KEYS, Outline, OutlineReader
from bot.curriculum.pace import CompletionPace, read_pace
from bot.curriculum.track import Track
from bot.curriculum.yaml_reader import MappingReader, YamlReader, quoted

FROM = "from"


@dataclass(frozen=True)
class Derivation:
    """A roadmap.yaml that derives from another course.

    Args:
        of: the node with the id of the other course.
    """

    reader: YamlReader
    root: yaml.Node
    of: yaml.Node

    def outline(self, base: Roadmap) -> Outline:
        """Return the derived course; records faults in the reader."""
        return _DerivedReader(self.reader, base, _map_keys(self.root)).outline(self.root)


def find_derivation(reader: YamlReader, root: yaml.Node) -> Derivation | None:
    """Return the derivation of a roadmap.yaml, or None if it stands alone."""
    of = _map_keys(root).get(FROM)
    return None if of is None else Derivation(reader, root, of)


class _DerivedReader(OutlineReader):
    """Reads phases whose units are in another course."""

    roadmap_keys = (*ROADMAP_KEYS, FROM)
    phase_keys = (*(key for key in PHASE_KEYS if key != "topics"), "units")

    def __init__(self, reader: YamlReader, base: Roadmap, named: Mapping[str, yaml.Node]) -> None:
        super().__init__(reader)
        self._base = base
        self._grows = "capstone" in named

    def _topics(self, fields: MappingReader, phase_id: str) -> tuple[Topic, ...]:
        """Return the topics of the units that a phase lists, in the order of the list."""
        listed = ((self._reader.ident(node, "A unit's id"), node) for node in self._some(fields, "units"))
        units = [
            unit
            for ident, node in listed
            if self._is_new("unit", ident, node) and (unit := self._take_unit(ident, node, phase_id)) is not None
        ]
        topics = {topic.id: topic for topic in self._base.topics}
        return tuple(replace(topics[of], units=tuple(some)) for of, some in groupby(units, lambda unit: unit.topic_id))

    def _retired(self, fields: MappingReader) -> tuple[Retired, ...]:
        """Return units retired here, and units merged there into units that are used here."""
        own = super()._retired(fields)
        known = {ident for kind, ident in self._first if kind == "unit"}
        return own + tuple(unit for unit in self._base.retired if unit.into in known and unit.id not in known)

    def _take_unit(self, ident: str, node: yaml.Node, phase_id: str) -> Unit | None:
        """Return a unit of the other course at its new position, without `adds` if this course has no capstone."""
        if not self._base.has(ident):
            heir = self._base.heir(ident)
            hint = "" if heir == ident else f" {quoted(heir)} replaces it: list that one, and this one under “retired”."
            self._reader.fault(node, f"The course {quoted(self._base.id)} has no unit {quoted(ident)}.{hint}")
            return None
        self._number += 1
        unit = replace(self._base.unit(ident), number=self._number, phase_id=phase_id)
        return unit if self._grows else replace(unit, exercise=replace(unit.exercise, adds=""))


def _map_keys(root: yaml.Node) -> Mapping[str, yaml.Node]:
    """Return the nodes of a mapping by key; empty if it is no mapping."""
    pairs = root.value if isinstance(root, yaml.MappingNode) else ()
    return {str(key.value): value for key, value in pairs if isinstance(key, yaml.ScalarNode)}


def load_track(folder: Path, elsewhere: Sequence[Path] = ()) -> tuple[Track | None, tuple[Fault, ...]]:
    """Load a track's folder; return the track, or None, and the faults in roadmap.yaml, notes and folder.

    Any of these faults makes the track None. A faulty bank or exercise is only left out; the lint reports it.

    Args:
        elsewhere: further folders in which to look for the course that this one is derived from.
    """
    reading = read_course(folder)
    track, faults = (
        reading.to_track()
        if reading.derivation is None
        else derive_track(folder, reading.derivation, reading.files, elsewhere)
    )
    return track, tuple(faults)


@dataclass(frozen=True)
class CourseReading:
    """A partly read folder; `faults` are those that keep it from being used.

    Args:
        derivation: how it is derived from another course, if any; then there is no outline yet.
    """

    files: Contents
    faults: list[Fault]
    derivation: Derivation | None = None
    outline: Outline | None = None
    pages: tuple[NoteFile, ...] = ()
    banks: Mapping[str, Bank] = field(default_factory=dict)
    bank_faults: tuple[Fault, ...] = ()
    pace: CompletionPace | None = None
    exercises: Mapping[str, ExerciseFiles] = field(default_factory=dict)
    exercise_faults: tuple[Fault, ...] = ()

    @property
    def items(self) -> list[BankItem]:
        """Return the items of all banks."""
        return [item for bank in self.banks.values() for item in bank.items]

    def figure_names(self, folder: Path) -> list[str]:
        """Return the names of the figure files."""
        return [file.relative_to(folder / FIGURES).as_posix() for file in self.files.figures]

    def to_track(self) -> tuple[Track | None, list[Fault]]:
        """Return the track of a folder that stands alone, or None, and the faults."""
        if self.outline is None or self.faults:
            return None, self.faults
        roadmap = self.outline.roadmap
        notes = {page.note.id: page.note for page in self.pages}
        listed = [note_id for unit in roadmap.units for note_id in unit.notes]
        names = list_shown_figures(self.pages)
        figures = {file.stem: file for file in self.files.figures if file.suffix == ".svg" and file.stem in names}
        held = {note_id: notes[note_id] for note_id in listed}
        return Track(roadmap, held, self.banks, figures, pace=self.pace, exercises=self.exercises), []


Read = Callable[[Path], CourseReading]


def read_course(folder: Path) -> CourseReading:
    """Read a folder as far as possible."""
    files = contents(folder)
    reader = YamlReader(folder / OUTLINE)
    root = reader.root() if files.may_read(reader.file) else None
    if root is None:
        return CourseReading(files, files.faults + reader.faults)
    if (derivation := find_derivation(reader, root)) is not None:
        return CourseReading(files, files.faults, derivation)
    outline = OutlineReader(reader).outline(root)
    _check_name(reader, outline.roadmap)
    # Compare exact names: a case-insensitive file system would hide an error that appears on others.
    _check_listed(reader, outline, {*files.notes, *files.refused})
    pages, note_faults = read_notes(files.notes, outline.roadmap, folder)
    banks, bank_faults = read_banks(files.quizzes, outline.roadmap, {page.note.id: page.note for page in pages})
    pace, pace_faults = read_pace(folder / PACE, outline.roadmap) if files.may_read(folder / PACE) else (None, [])
    faults = files.faults + reader.in_order() + note_faults + pace_faults
    exercises, wrong = read_exercises(files.exercises, outline.roadmap)
    return CourseReading(
        files, faults, None, outline, tuple(pages), banks, tuple(bank_faults), pace, exercises, tuple(wrong)
    )


def _read_folder(folder: Path) -> Track | None:
    return read_course(folder).to_track()[0]


def derive_track(
    folder: Path,
    derivation: Derivation,
    files: Contents,
    elsewhere: Sequence[Path],
    whole: Callable[[Path], Track | None] = _read_folder,
) -> tuple[Track | None, list[Fault]]:
    """Return the derived track, or None, and the faults.

    Args:
        elsewhere: folders in which to look for the other course if it isn't beside this one.
        whole: loads a folder as a standalone track, or None.
    """
    reader = derivation.reader
    if files.notes or files.quizzes or files.figures or files.exercises or (folder / COVERAGE).exists():
        reader.fault(
            1, "A course that is cut from another can't have its own notes, quizzes, figures, exercises or coverage."
        )
    name = reader.ident(derivation.of, quoted(FROM))
    if not name or reader.faults:
        return None, files.faults + reader.in_order()
    there = next((root / name for root in (folder.parent, *elsewhere) if (root / name / OUTLINE).is_file()), None)
    base = whole(there) if there is not None else None
    if base is None:
        reader.fault(
            derivation.of,
            _explain_unfit(there) if there is not None else f"There is no course {quoted(name)} in the same folder.",
        )
        return None, files.faults + reader.in_order()
    roadmap = derivation.outline(base.roadmap).roadmap
    _check_name(reader, roadmap)
    if files.faults or reader.faults:
        return None, files.faults + reader.in_order()
    notes = {note_id: base.notes[note_id] for unit in roadmap.units for note_id in unit.notes}
    banks = {unit_id: bank for unit_id, bank in base.banks.items() if roadmap.has(unit_id)}
    names = {figure.name for note in notes.values() for section in note.sections for figure in section.figures}
    figures = {figure: file for figure, file in base.figures.items() if figure in names}
    exercises = {unit_id: files for unit_id, files in base.exercises.items() if roadmap.has(unit_id)}
    return Track(roadmap, notes, banks, figures, base.id, base.pace, exercises), []


def _explain_unfit(folder: Path) -> str:
    """Return why no course can be derived from a folder."""
    name = quoted(folder.name)
    if read_course(folder).derivation is not None:
        return f"The course {name} is itself cut from another. Name that one."
    return f"The course {name} can't be used. Fix its faults first."


def _check_name(reader: YamlReader, roadmap: Roadmap) -> None:
    """Refuse an id that differs from the folder's name, because notes are located by id."""
    folder = reader.file.parent
    name = folder.name if folder.name not in ("", "..") else folder.resolve().name
    if roadmap.id and roadmap.id != name:
        reader.fault(1, f"The id is {quoted(roadmap.id)}, but the folder is {quoted(name)}. Give both the same name.")


def _check_listed(reader: YamlReader, outline: Outline, files: set[Path]) -> None:
    if reader.file.parent / NOTES in files:
        return  # the whole folder was refused
    for note_id, line in outline.note_lines.items():
        file = reader.file.parent / NOTES / f"{note_id}.md"
        if file not in files:
            reader.fault(line, f"The note {quoted(note_id)} is listed, but {NOTES}/{file.name} is missing.")
