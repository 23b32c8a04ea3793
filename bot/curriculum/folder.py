"""List the safe files of a track's folder: regular files inside it, of bounded number."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.curriculum.faults import Fault
from bot.curriculum.yaml_reader import MAX_BYTES, quoted

OUTLINE = "roadmap.yaml"
COVERAGE = "coverage.yaml"
PACE = "pace.yaml"
NOTES = "notes"
QUIZZES = "quizzes"
FIGURES = "figures"
EXERCISES = "exercises"
MOST_FILES = 1000
"""Most notes, quizzes, figures or files of exercises of a track."""


@dataclass(frozen=True)
class Contents:
    """The files of a track's folder.

    Args:
        notes: readable files in order, including those in folders below `notes/`.
        quizzes: the same.
        figures: the same, each as .svg and as .png.
        exercises: the same, each `check.py` or `UNIT/NAME.py`.
        refused: files that must not be read, each with a fault.
    """

    notes: list[Path]
    quizzes: list[Path]
    figures: list[Path]
    exercises: list[Path]
    refused: frozenset[Path]
    faults: list[Fault]

    def may_read(self, file: Path) -> bool:
        """Whether the file isn't refused; it may be missing."""
        return file not in self.refused


def contents(folder: Path) -> Contents:
    """List the files of a track's folder without opening any."""
    inside = folder.resolve()
    faults: list[Fault] = []

    def sound(files: list[Path]) -> list[Path]:
        troubles = [(file, _find_fault(file, inside)) for file in files]
        faults.extend(Fault(file, 1, trouble) for file, trouble in troubles if trouble)
        return [file for file, trouble in troubles if not trouble]

    sound([folder / OUTLINE, folder / COVERAGE, folder / PACE])
    listed: list[list[Path]] = []
    kinds = ((NOTES, (".md",)), (QUIZZES, (".yaml",)), (FIGURES, (".svg", ".png")), (EXERCISES, (".py",)))
    for name, endings in kinds:
        place = folder / name
        if not _is_within(place, inside):
            faults.append(Fault(place, 1, "This links out of the course's folder. Put the files themselves here."))
            listed.append([])
            continue
        candidates = sorted(_walk(place, endings))
        if len(candidates) > MOST_FILES:
            faults.append(Fault(place, 1, f"A course can have {MOST_FILES} files. Split it into several."))
        readable = sound(candidates[:MOST_FILES])
        listed.append(readable if name == EXERCISES else _drop_duplicates(readable, place, faults))
    notes, quizzes, figures, exercises = listed
    return Contents(notes, quizzes, figures, exercises, frozenset(fault.file for fault in faults), faults)


def _is_within(place: Path, inside: Path) -> bool:
    """Whether a path resolves to a place inside; False for a symlink loop."""
    try:
        place.stat()  # since Python 3.13 only this tells of a ring: `resolve` ends where it began
    except FileNotFoundError:
        pass
    except OSError:
        return False
    return place.resolve().is_relative_to(inside)


def _drop_duplicates(files: list[Path], place: Path, faults: list[Fault]) -> list[Path]:
    """Return the first file of each name, which is its id; duplicates are faults."""
    first: dict[str, Path] = {}
    for file in files:
        if (other := first.setdefault(file.name, file)) is not file:
            same = other.relative_to(place.parent).as_posix()
            faults.append(Fault(file, 1, f"{quoted(same)} has the same name. The name is the id, so rename one."))
    return list(first.values())


def _walk(place: Path, endings: tuple[str, ...]) -> Iterator[Path]:
    """Yield files below a folder, without following links, and stop soon after `MOST_FILES`."""
    count = 0
    for above, _, names in os.walk(place):
        for name in names:
            if name.endswith(endings):
                yield Path(above, name)
                count += 1
        if count > MOST_FILES:
            return


def _find_fault(file: Path, inside: Path) -> str:
    """Return why a file must not be read and the fix, or ""; a missing file is no fault here."""
    try:
        real = file.resolve()
        if not real.is_relative_to(inside):
            return "This links out of the course's folder. Put the file itself here."
        about = file.stat()
    except FileNotFoundError:
        return "This link leads nowhere. Put the file itself here." if file.is_symlink() else ""
    except (OSError, RuntimeError):  # a ring of links is the one or the other
        return "I can't open this. Put a plain file here that I may read."
    if not stat.S_ISREG(about.st_mode):
        return "This is a folder, a pipe or a device. Remove it or put a plain file here."
    if about.st_size > MAX_BYTES:
        return f"This file is larger than {MAX_BYTES // 1_000_000} MB. Split it into several."
    return ""
