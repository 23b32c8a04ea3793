"""The files of exercises: a starter, its checks and a solution for each unit. They are read as text and never run."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.curriculum.content import Roadmap
from bot.curriculum.faults import Fault
from bot.curriculum.yaml_reader import quoted

RUNNER, STARTER, CHECKS, SOLUTION = "check.py", "starter.py", "checks.py", "solution.py"
PARTS = (STARTER, CHECKS, SOLUTION)
_MINUTES = re.compile(r"^MINUTES = (\d{1,4})\b", re.MULTILINE)


@dataclass(frozen=True)
class ExerciseFiles:
    """The files of a unit's exercise.

    Args:
        folder: holds the starter, the checks and the solution; the runner lies next to it.
        minutes: how long the exercise takes.
    """

    folder: Path
    minutes: int

    def read_starter(self) -> list[tuple[str, str]]:
        """Return the names and texts of the files to begin with: the runner, the starter and the checks."""
        names = (RUNNER, f"{self.folder.name}/{STARTER}", f"{self.folder.name}/{CHECKS}")
        return [(name, (self.folder.parent / name).read_text(encoding="utf-8")) for name in names]

    def read_solution(self) -> str:
        """Return the text of the solution."""
        return (self.folder / SOLUTION).read_text(encoding="utf-8")


def read_exercises(files: Sequence[Path], roadmap: Roadmap) -> tuple[dict[str, ExerciseFiles], list[Fault]]:
    """Return the complete exercises by unit id, and the faults of the others.

    Args:
        files: the Python files of the folder `exercises`.
    """
    exercises: dict[str, ExerciseFiles] = {}
    faults: list[Fault] = []
    known = set(files)
    for folder in dict.fromkeys(file.parent for file in files if file.name != RUNNER):
        checks = folder / CHECKS
        lacking = [name for name in PARTS if folder / name not in known]
        if not roadmap.has(folder.name):
            faults.append(Fault(folder, 1, f"There is no unit {quoted(folder.name)}."))
        elif folder.parent / RUNNER not in known:
            faults.append(Fault(folder.parent, 1, f"The file {quoted(RUNNER)} is missing."))
        elif lacking:
            faults.append(Fault(folder, 1, f"The file {quoted(lacking[0])} is missing."))
        elif (match := _MINUTES.search(checks.read_text(encoding="utf-8", errors="replace"))) is None:
            faults.append(Fault(checks, 1, "Say how long the exercise takes, such as: MINUTES = 90"))
        else:
            exercises[folder.name] = ExerciseFiles(folder, int(match[1]))
    return exercises, list(dict.fromkeys(faults))


def find_syntax_faults(exercises: Mapping[str, ExerciseFiles]) -> Iterator[Fault]:
    """Yield the files that are no Python."""
    for exercise in exercises.values():
        for file in (exercise.folder / name for name in PARTS):
            try:
                ast.parse(file.read_text(encoding="utf-8"))
            except (SyntaxError, ValueError) as error:
                line = error.lineno if isinstance(error, SyntaxError) else None
                yield Fault(file, line or 1, "This isn't valid Python.")
