"""Run the checker of each exercise: it must reject the starter and the wrong solutions, and accept the solution.

`python -m tools.check_exercises [UNIT...]` prints a table. Exit code 1: a verdict is wrong.
"""

from __future__ import annotations

import argparse
import ast
import importlib.util
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

TOP = Path(__file__).parents[1]
ROADMAPS = TOP / "roadmap"
WRONG = TOP / "tests/roadmap/wrong_exercises"
LIMIT_S = 300
NO_LIBRARY = 2


@dataclass(frozen=True, slots=True)
class WrongSolution:
    """A solution that a learner might hand in: the mistake, and how it differs from the right one."""

    says: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the checker made of one version of an exercise.

    Args:
        fault: why the verdict is wrong; empty if it is right.
    """

    version: str
    seconds: float
    fault: str = ""


@dataclass(frozen=True, slots=True)
class CheckedUnit:
    """The verdicts on one exercise.

    Args:
        minutes: how long the exercise takes a learner.
        missing: the library without which it can't be checked here; then there are no verdicts.
    """

    unit: str
    minutes: int
    verdicts: tuple[Verdict, ...] = ()
    missing: str = ""

    @property
    def faults(self) -> list[Verdict]:
        """Return the wrong verdicts."""
        return [verdict for verdict in self.verdicts if verdict.fault]


def list_units() -> list[str]:
    """Return the units with a folder, of all courses."""
    folders = (folder for folder in ROADMAPS.glob("*/exercises/*") if folder.is_dir())
    return sorted(folder.name for folder in folders if folder.name != "__pycache__")


def find_folder(unit: str) -> Path:
    """Return the folder of a unit's exercise."""
    return next(ROADMAPS.glob(f"*/exercises/{unit}"))


def read_wrong_solutions(unit: str) -> list[WrongSolution]:
    """Return the wrong solutions of a unit."""
    rows = yaml.safe_load((WRONG / f"{unit}.yaml").read_text(encoding="utf-8"))
    return [WrongSolution(**row) for row in rows]


def read_minutes(unit: str) -> int:
    """Return how long a unit's exercise takes; 0 if its checks don't say."""
    for node in ast.parse((find_folder(unit) / "checks.py").read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "MINUTES":
            return int(ast.literal_eval(node.value))
    return 0


def find_missing_library(unit: str) -> str:
    """Return a library that a unit's files import and that isn't installed, or ""."""
    for file in sorted(find_folder(unit).glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module]
            for name in names:
                if importlib.util.find_spec(name.partition(".")[0]) is None:
                    return name.partition(".")[0]
    return ""


def run_check(unit: str, file: Path) -> tuple[int, str, float]:
    """Return the checker's exit code, its output and the seconds that it took."""
    started = time.monotonic()
    words = [sys.executable, "-B", str(find_folder(unit).parent / "check.py"), unit, str(file)]
    try:
        done = subprocess.run(words, capture_output=True, text=True, encoding="utf-8", timeout=LIMIT_S)
    except subprocess.TimeoutExpired:
        return 1, "", time.monotonic() - started
    return done.returncode, done.stdout + done.stderr, time.monotonic() - started


def judge_version(unit: str, file: Path, version: str, expected: int) -> Verdict:
    """Check one version of an exercise."""
    code, output, seconds = run_check(unit, file)
    if code == NO_LIBRARY or "Traceback" in output:
        return Verdict(version, seconds, output.strip()[-500:])
    if code != expected:
        return Verdict(version, seconds, "accepted" if code == 0 else output.strip()[-500:])
    if expected and "\n    " not in output:
        return Verdict(version, seconds, "rejected without a sentence")
    return Verdict(version, seconds)


def judge_versions(unit: str, most_wrong: int | None = None) -> Iterator[Verdict]:
    """Check the starter, the solution and the wrong solutions of a unit.

    Args:
        most_wrong: how many wrong solutions to check; all if None.
    """
    folder = find_folder(unit)
    solution = folder / "solution.py"
    yield judge_version(unit, folder / "starter.py", "starter", 1)
    yield judge_version(unit, solution, "solution", 0)
    text = solution.read_text(encoding="utf-8")
    for wrong in read_wrong_solutions(unit)[:most_wrong]:
        if text.count(wrong.old) != 1:
            yield Verdict(wrong.says, 0, f"the text to replace occurs {text.count(wrong.old)} times")
            continue
        with tempfile.TemporaryDirectory() as scratch:
            file = Path(scratch) / "solution.py"
            file.write_text(text.replace(wrong.old, wrong.new), encoding="utf-8")
            yield judge_version(unit, file, wrong.says, 1)


def check_unit(unit: str, most_wrong: int | None = None) -> CheckedUnit:
    """Return the verdicts on a unit; none if a library is missing."""
    missing = find_missing_library(unit)
    verdicts = () if missing else tuple(judge_versions(unit, most_wrong))
    return CheckedUnit(unit, read_minutes(unit), verdicts, missing)


def main(arguments: Sequence[str]) -> int:
    """Print the table and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.check_exercises", description="Check the exercises.")
    parser.add_argument("units", nargs="*", metavar="UNIT", help="a unit with an exercise; all by default")
    units = parser.parse_args(arguments).units or list_units()
    if unknown := [unit for unit in units if unit not in list_units()]:
        parser.error(f"no exercise: {', '.join(unknown)}")
    n_faults = 0
    print("| unit | seconds | minutes | starter | solution | wrong solutions |\n| --- | --- | --- | --- | --- | --- |")
    for unit in units:
        checked = check_unit(unit)
        if checked.missing:
            print(f"| {unit} | | {checked.minutes} | skipped: needs {checked.missing} | | |", flush=True)
            continue
        starter, solution, *wrong = checked.verdicts
        n_rejected = sum(not verdict.fault for verdict in wrong)
        starter_word = "wrong" if starter.fault else "rejected"
        solution_word = "wrong" if solution.fault else "accepted"
        row = (unit, f"{solution.seconds:.1f}", str(checked.minutes), starter_word, solution_word)
        print("| " + " | ".join(row) + f" | {n_rejected} of {len(wrong)} rejected |", flush=True)
        for verdict in checked.faults:
            n_faults += 1
            print(f"  {unit}, {verdict.version}: {verdict.fault}", file=sys.stderr, flush=True)
    return 1 if n_faults else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
