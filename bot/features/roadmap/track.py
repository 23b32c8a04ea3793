"""A track: a roadmap with its notes and question banks, read once from its folder.

Faults stand beside values: what keeps a track from being used, and, told by the check alone, what it lacks to be whole.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from bot.core import markup
from bot.core.errors import NotFound
from bot.features.roadmap.bank import Bank, Item
from bot.features.roadmap.banks import FEWEST, read_banks
from bot.features.roadmap.content import Roadmap
from bot.features.roadmap.coverage import Measure
from bot.features.roadmap.curriculum import check_curriculum, check_quizzes, find_measure
from bot.features.roadmap.cuts import FROM, Cut, find_cut
from bot.features.roadmap.faults import Fault, RoadmapFault
from bot.features.roadmap.figures import shown
from bot.features.roadmap.folder import COVERAGE, FIGURES, NOTES, OUTLINE, Contents, contents
from bot.features.roadmap.note import Note
from bot.features.roadmap.notes import Page, read_notes
from bot.features.roadmap.outline import Outline, OutlineReader
from bot.features.roadmap.sheet import Sheet, quoted
from bot.features.roadmap.survey import ANY, Survey, Told, told_of_cut
from bot.features.roadmap.todo import Gap, gaps


@dataclass(frozen=True, eq=False)
class Track:
    """What a group learns from.

    Args:
        notes: by their ids, in the order of the units that list them.
        banks: by the ids of their units, in the order of the files.
        figures: the drawing of each that notes show, an .svg beside which stands a .png, by its name.
        cut_from: the id of the track whose units, notes and banks it shares; empty where all are its own.
    """

    roadmap: Roadmap
    notes: Mapping[str, Note]
    banks: Mapping[str, Bank]
    figures: Mapping[str, Path] = field(default_factory=dict)
    cut_from: str = ""

    @property
    def id(self) -> str:
        """Return the roadmap's id."""
        return self.roadmap.id

    @property
    def title(self) -> str:
        """Return the roadmap's title."""
        return self.roadmap.title


Library = Mapping[str, Track]
"""Every track by its id."""
NONE = (
    "No roadmap is installed. Whoever runs me puts the folder of one into the folder `roadmap`, looks it through with "
    "`trailmate roadmap check`, and restarts."
)


def read(folder: Path) -> tuple[Track | None, tuple[Fault, ...]]:
    """Read a track's folder, and return beside it what is wrong in roadmap.yaml, the notes and the folder itself.

    Any of these keeps the track from being used, and there is None. A bank with a fault is left out: `check` tells it.
    """
    reading = _read(folder)
    found, faults = _whole(reading) if reading.cut is None else _cut_out(folder, reading.cut, reading.held, _beside)
    return found, tuple(faults)


def find(library: Library, text: str) -> Track | None:
    """Return the track that a person means by its id or its title, or None."""
    said = text.strip().casefold()
    return next((one for one in library.values() if said in (one.id.casefold(), one.title.casefold())), None)


def get(library: Library, text: str) -> Track:
    """Return the track that a person means by its id or its title.

    Raises:
        NotFound: there is none; names those that there are.
    """
    found = find(library, text)
    if found is None:
        titles = ", ".join(markup.escape(one.title, 100) for one in library.values())
        raise NotFound(f"**Roadmap**: I have {titles}; “{markup.escape(text, 40)}” is none of them.", field="roadmap")
    return found


def choose(library: Library, text: str | None) -> Track | None:
    """Return the track that a person names, or the only one; None where one of several has to be named.

    Raises:
        NotFound: none is installed, or none of those that are is called so.
    """
    if not library:
        raise NotFound(NONE)
    return get(library, text) if text else only(library)


def only(library: Library) -> Track | None:
    """Return the track that is meant where nobody names one: the only one, what is cut out of it aside."""
    found = whole(library)
    return found[0] if len(found) == 1 else None


def whole(library: Library) -> list[Track]:
    """Return the tracks that are not cut out of another."""
    return [one for one in library.values() if not one.cut_from]


@dataclass(frozen=True)
class Examination:
    """What the check finds in a track's folder.

    Args:
        faults: what keeps the track from being used, what is wrong in it, and what it owes by its coverage.yaml.
        todo: what is still to do, and keeps nobody from learning with it.
    """

    folder: Path
    faults: list[Fault]
    _reading: _Reading
    todo: Sequence[Gap] = ()
    _measure: Measure | None = None
    _cut: Track | None = None

    def told(self, today: date) -> list[Told]:
        """Tell how much there is of what makes the track a course."""
        reading = self._reading
        if self._cut is not None:
            return told_of_cut(self._cut.roadmap, self._cut.cut_from, self._cut.banks.values())
        if reading.outline is None:
            return []
        drawn, measure = reading.drawn(self.folder), self._measure or ANY
        survey = Survey(reading.outline.roadmap, reading.pages, reading.items, drawn, measure, today)
        return list(survey.told())


def check(folder: Path) -> list[Fault]:
    """Return all that is wrong in a track's folder: what keeps it from being used, and what it lacks to be whole."""
    return examine(folder).faults


def examine(folder: Path) -> Examination:
    """Look a track's folder through."""
    reading = _read(folder)
    if reading.cut is not None:
        found, cut_faults = _cut_out(folder, reading.cut, reading.held, _beside)
        return Examination(folder, cut_faults, reading, _cut=found)
    if reading.outline is None or reading.held.refused:
        return Examination(folder, reading.faults, reading)
    roadmap, held = reading.outline.roadmap, reading.held
    measure, measure_faults = find_measure(folder / COVERAGE, roadmap, reading.pages)
    is_declared = (folder / COVERAGE).exists()
    todo = _gaps(reading, roadmap, is_declared=is_declared)
    faults = [
        *reading.faults,
        *(_owed(folder / OUTLINE, reading.outline, gap) for gap in todo if gap.is_owed and is_declared),
        *reading.bank_faults,
        *measure_faults,
        *check_curriculum(measure, reading.pages, [folder / OUTLINE, *held.quizzes], reading.drawn(folder)),
    ]
    if measure is not None and not reading.bank_faults:
        faults += check_quizzes(folder / COVERAGE, measure, reading.pages, reading.items)
    return Examination(folder, faults, reading, () if is_declared else todo, measure)


def _gaps(reading: _Reading, roadmap: Roadmap, *, is_declared: bool) -> list[Gap]:
    bare = () if is_declared else (page.note.id for page in reading.pages if page.front and not page.has_sources)
    return gaps(roadmap, bare, {unit_id: len(bank.items) for unit_id, bank in reading.banks.items()}, FEWEST)


def _owed(file: Path, outline: Outline, gap: Gap) -> Fault:
    """Return the fault that a gap is where the roadmap declares itself whole."""
    named = f"The unit {quoted(gap.place)}" if gap.place in outline.unit_lines else gap.place.capitalize()
    return Fault(file, outline.unit_lines.get(gap.place, 1), f"{named} has {gap.what}.")


def library(root: Path) -> dict[str, Track]:
    """Return the track of every folder under `root` that has a roadmap.yaml, by its id.

    The longest comes first, because the first is what a group gets that names none; what is cut out of another, last.

    Raises:
        RoadmapFault: carries the faults of all of them.
    """
    readings = {file.parent: _read(file.parent) for file in sorted(root.glob(f"*/{OUTLINE}"))}
    wholes = {folder: _whole(reading) for folder, reading in readings.items() if reading.cut is None}
    tracks: dict[str, Track] = {}
    faults: list[Fault] = []
    faulty: list[Path] = []
    for folder, reading in readings.items():
        if reading.cut is None:
            track, found = wholes[folder]
        else:
            track, found = _cut_out(folder, reading.cut, reading.held, lambda base: wholes.get(base, (None, None))[0])
        if track is None:
            faults += found
            faulty.append(folder)
        else:
            tracks[track.id] = track
    if faults:
        named = " and ".join(quoted(folder.name) for folder in faulty)
        again = "; ".join(f"trailmate roadmap check {shlex.quote(str(folder))}" for folder in faulty)
        raise RoadmapFault(faults, f"The roadmap {named} cannot be used. Mend this, then look again: {again}")
    return dict(sorted(tracks.items(), key=lambda one: (bool(one[1].cut_from), -len(one[1].roadmap.units))))


@dataclass(frozen=True)
class _Reading:
    """A folder as far as it could be read; `faults` are those that keep it from being used.

    Args:
        cut: what is still to be cut out of another track; then there is no outline yet.
    """

    held: Contents
    faults: list[Fault]
    cut: Cut | None = None
    outline: Outline | None = None
    pages: tuple[Page, ...] = ()
    banks: Mapping[str, Bank] = field(default_factory=dict)
    bank_faults: tuple[Fault, ...] = ()

    @property
    def items(self) -> list[Item]:
        """Return the items of all banks."""
        return [item for bank in self.banks.values() for item in bank.items]

    def drawn(self, folder: Path) -> list[str]:
        """Return the names of the files that show figures."""
        return [file.relative_to(folder / FIGURES).as_posix() for file in self.held.figures]


def _read(folder: Path) -> _Reading:
    held = contents(folder)
    sheet = Sheet(folder / OUTLINE)
    root = sheet.root() if held.may_read(sheet.file) else None
    if root is None:
        return _Reading(held, held.faults + sheet.faults)
    if (cut := find_cut(sheet, root)) is not None:
        return _Reading(held, held.faults, cut)
    outline = OutlineReader(sheet).outline(root)
    _check_name(sheet, outline.roadmap)
    # By the name as it is written: a file system that ignores case must not hide what another one will miss.
    _check_listed(sheet, outline, {*held.notes, *held.refused})
    pages, note_faults = read_notes(held.notes, outline.roadmap, folder)
    banks, bank_faults = read_banks(held.quizzes, outline.roadmap, {page.note.id: page.note for page in pages})
    faults = held.faults + sheet.in_order() + note_faults
    return _Reading(held, faults, None, outline, tuple(pages), banks, tuple(bank_faults))


def _whole(reading: _Reading) -> tuple[Track | None, list[Fault]]:
    """Return the track that a folder makes by itself, or None, and what keeps it from being used."""
    if reading.outline is None or reading.faults:
        return None, reading.faults
    roadmap = reading.outline.roadmap
    notes = {page.note.id: page.note for page in reading.pages}
    listed = [note_id for unit in roadmap.units for note_id in unit.notes]
    names = shown(reading.pages)
    figures = {file.stem: file for file in reading.held.figures if file.suffix == ".svg" and file.stem in names}
    return Track(roadmap, {note_id: notes[note_id] for note_id in listed}, reading.banks, figures), []


def _beside(folder: Path) -> Track | None:
    """Return the track of a folder that another one is cut out of."""
    return _whole(_read(folder))[0]


def _cut_out(
    folder: Path, cut: Cut, held: Contents, whole: Callable[[Path], Track | None]
) -> tuple[Track | None, list[Fault]]:
    """Return what is cut out of the track that stands beside it, or None, and what is wrong with it.

    Args:
        whole: returns the track of a folder that is no cut itself and can be used.
    """
    sheet = cut.sheet
    if held.notes or held.quizzes or held.figures or (folder / COVERAGE).exists():
        sheet.fault(1, "A roadmap that is cut out of another has no notes, quizzes, figures and coverage of its own.")
    name = sheet.ident(cut.of, quoted(FROM))
    base = whole(folder.parent / name) if name and not sheet.faults else None
    if base is None:
        if name and not sheet.faults:
            sheet.fault(cut.of, _unfit(folder.parent / name))
        return None, held.faults + sheet.in_order()
    roadmap = cut.outline(base.roadmap).roadmap
    _check_name(sheet, roadmap)
    if held.faults or sheet.faults:
        return None, held.faults + sheet.in_order()
    notes = {note_id: base.notes[note_id] for unit in roadmap.units for note_id in unit.notes}
    banks = {unit_id: bank for unit_id, bank in base.banks.items() if roadmap.has(unit_id)}
    names = {figure.name for note in notes.values() for section in note.sections for figure in section.figures}
    figures = {figure: file for figure, file in base.figures.items() if figure in names}
    return Track(roadmap, notes, banks, figures, base.id), []


def _unfit(folder: Path) -> str:
    """Say why nothing can be cut out of a folder."""
    name = quoted(folder.name)
    if not (folder / OUTLINE).is_file():
        return f"There is no roadmap {name} beside this one."
    if _read(folder).cut is not None:
        return f"The roadmap {name} is itself cut out of another: name that one."
    return f"The roadmap {name} cannot be used: see to its faults first."


def _check_name(sheet: Sheet, roadmap: Roadmap) -> None:
    """Refuse an id that is not the folder's name: the notes are looked for below the id."""
    folder = sheet.file.parent
    name = folder.name if folder.name not in ("", "..") else folder.resolve().name
    if roadmap.id and roadmap.id != name:
        sheet.fault(1, f"The id is {quoted(roadmap.id)}, but the folder is {quoted(name)}: give both the same name.")


def _check_listed(sheet: Sheet, outline: Outline, files: set[Path]) -> None:
    if sheet.file.parent / NOTES in files:
        return  # the whole folder was refused
    for note_id, line in outline.note_lines.items():
        file = sheet.file.parent / NOTES / f"{note_id}.md"
        if file not in files:
            sheet.fault(line, f"The note {quoted(note_id)} is listed, but {NOTES}/{file.name} is not there.")
