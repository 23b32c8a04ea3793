"""Loads the tracks of a roadmap folder, and tells everything that is wrong in their files."""

from __future__ import annotations

import shlex
from pathlib import Path

from bot.features.roadmap.content import Roadmap
from bot.features.roadmap.curriculum import check_curriculum, count_opened
from bot.features.roadmap.faults import Fault, RoadmapFault
from bot.features.roadmap.folder import COVERAGE, NOTES, OUTLINE, Contents, contents
from bot.features.roadmap.notes import check_notes
from bot.features.roadmap.outline import Outline, read_outline
from bot.features.roadmap.quizzes import check_quizzes
from bot.features.roadmap.sheet import Sheet, quoted


def load(folder: Path) -> Roadmap:
    """Return the roadmap of a track's folder.

    Raises:
        RoadmapFault: its files cannot be used; carries every fault of roadmap.yaml and of the notes.
    """
    outline, faults, _ = _examine(folder)
    if outline is None or faults:
        raise RoadmapFault(faults)
    return outline.roadmap


def check(folder: Path) -> list[Fault]:
    """Return all that is wrong in a track's folder: what keeps it from loading, and what it lacks to be whole."""
    outline, faults, held = _examine(folder)
    if outline is None or held.refused:
        return faults
    bare = [unit.id for unit in outline.roadmap.units if unit.id and not unit.notes]
    return [
        *faults,
        *(Fault(folder / OUTLINE, outline.unit_lines[one], f"The unit {quoted(one)} has no notes.") for one in bare),
        *check_quizzes(held.quizzes, outline.roadmap, held.notes),
        *check_curriculum(folder / COVERAGE, outline.roadmap, held.notes, [folder / OUTLINE, *held.quizzes]),
    ]


def count_notes(folder: Path) -> tuple[int, int]:
    """Return how many notes a track's folder has, and in how many somebody has opened the links of the sources."""
    notes = contents(folder).notes
    return len(notes), count_opened(notes)


def library(root: Path) -> dict[str, Roadmap]:
    """Return the roadmap of every folder under `root` that has a roadmap.yaml, by its id, in order of the folders.

    Raises:
        RoadmapFault: carries the faults of all of them.
    """
    roadmaps: dict[str, Roadmap] = {}
    faults: list[Fault] = []
    faulty: list[Path] = []
    for file in sorted(root.glob(f"*/{OUTLINE}")):
        try:
            roadmap = load(file.parent)
        except RoadmapFault as error:
            faults += error.faults
            faulty.append(file.parent)
            continue
        roadmaps[roadmap.id] = roadmap
    if faults:
        named = " and ".join(quoted(folder.name) for folder in faulty)
        again = "; ".join(f"trailmate roadmap check {shlex.quote(str(folder))}" for folder in faulty)
        raise RoadmapFault(faults, f"The roadmap {named} cannot be used. Mend this, then look again: {again}")
    return roadmaps


def note_file(folder: Path, note_id: str) -> Path:
    """Return where a track keeps a note."""
    return folder / NOTES / f"{note_id}.md"


def load_notes(folder: Path, roadmap: Roadmap) -> list[tuple[str, str]]:
    """Return (note id, text) of every note that a loaded roadmap lists, in the order of its units."""
    ids = [note_id for unit in roadmap.units for note_id in unit.notes]
    return [(note_id, note_file(folder, note_id).read_text(encoding="utf-8-sig")) for note_id in ids]


def _examine(folder: Path) -> tuple[Outline | None, list[Fault], Contents]:
    """Return the outline if it can be read, what is wrong in it, its notes and the folder, and what that holds."""
    held = contents(folder)
    sheet = Sheet(folder / OUTLINE)
    outline = read_outline(sheet) if held.may_read(sheet.file) else None
    if outline is None:
        return None, held.faults + sheet.faults, held
    _check_name(sheet, outline.roadmap)
    # By the name as it is written: a file system that ignores case must not hide what another one will miss.
    _check_listed(sheet, outline, {*held.notes, *held.refused})
    return outline, held.faults + sheet.in_order() + check_notes(held.notes, outline.roadmap, folder), held


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
        file = note_file(sheet.file.parent, note_id)
        if file not in files:
            sheet.fault(line, f"The note {quoted(note_id)} is listed, but {NOTES}/{file.name} is not there.")
