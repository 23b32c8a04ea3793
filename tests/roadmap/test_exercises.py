"""The exercises: a checker that rejects the gaps and plausible mistakes, accepts the solution, and says what to do."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.examples import sample
from tests.shipped import read_yaml
from tools import check_exercises
from tools.check_exercises import ROADMAPS, find_folder

EXERCISES = ROADMAPS / "genai-2026/exercises"
FOLDERS = sorted(ROADMAPS.glob("*/exercises"))
UNITS = check_exercises.list_units()
SAMPLE = ("math-gradients", "math-vectors", "tf-attention", "tf-positions")
"""Quick units that CI checks; `python -m tools.check_exercises` checks all."""
DOCSTRING_LINES, README_LINES = 12, 25


def run_check(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the checker as a learner does."""
    words = [sys.executable, "-B", str(EXERCISES / "check.py"), *arguments]
    return subprocess.run(words, capture_output=True, text=True, encoding="utf-8", timeout=100)


@pytest.mark.parametrize("unit", sample(SAMPLE, 4))
def test_an_exercise_accepts_its_solution_only(unit: str) -> None:
    verdicts = check_exercises.check_unit(unit, most_wrong=2).verdicts
    assert len(verdicts) == 4
    assert [f"{verdict.version}: {verdict.fault}" for verdict in verdicts if verdict.fault] == []


@pytest.mark.nightly
@pytest.mark.parametrize("unit", [unit for unit in UNITS if unit not in SAMPLE])
def test_every_exercise_accepts_its_solution_only(unit: str) -> None:
    faults = check_exercises.check_unit(unit).faults
    assert [f"{verdict.version}: {verdict.fault}" for verdict in faults] == []


def test_a_gap_says_what_to_write() -> None:
    done = run_check("tf-attention")
    assert done.returncode == 1
    assert re.search(r"✗ .+\n    Not written yet: .+", done.stdout)
    assert "to go." in done.stdout


def test_without_a_unit_the_units_are_listed() -> None:
    done = run_check()
    assert done.returncode == 2
    listed = [line.strip() for line in done.stdout.splitlines()[1:]]
    assert listed == [unit for unit in UNITS if find_folder(unit).parent == EXERCISES]


def test_an_unknown_unit_gets_the_nearest() -> None:
    done = run_check("tf-atention")
    assert done.returncode == 2
    assert done.stdout == "There is no exercise tf-atention. Do you mean tf-attention?\n"


@pytest.mark.parametrize(
    ("text", "sentence", "code"),
    [
        ("import numpy\nx = (\n", "I can't import your file. SyntaxError: '(' was never closed (line 2 of mine.py)", 1),
        ("\n\n1 / 0\n", "I can't import your file. ZeroDivisionError: division by zero (line 3 of mine.py)", 1),
        (
            "import no_such_library.part\n",
            "The library no_such_library is missing (line 1 of mine.py). Install it: pip install no_such_library",
            2,
        ),
    ],
)
def test_a_file_that_cannot_be_imported_gets_a_sentence(text: str, sentence: str, code: int, tmp_path: Path) -> None:
    mine = tmp_path / "mine.py"
    mine.write_text(text, encoding="utf-8")
    done = run_check("tf-attention", str(mine))
    assert (done.stdout, done.stderr, done.returncode) == (f"{sentence}\n", "", code)


def test_an_endless_loop_is_stopped(tmp_path: Path) -> None:
    mine = tmp_path / "mine.py"
    mine.write_text("while True:\n    pass\n", encoding="utf-8")
    script = (
        "import sys, runpy\nsys.path.insert(0, sys.argv.pop(1))\nimport check\ncheck.LIMIT_S = 0.3\n"
        "sys.exit(check.main(sys.argv[1:]))"
    )
    words = [sys.executable, "-B", "-c", script, str(EXERCISES), "tf-attention", str(mine)]
    done = subprocess.run(words, capture_output=True, text=True, encoding="utf-8", timeout=60)
    assert done.returncode == 1
    assert "Look for a loop that never ends, or a step that is too slow." in done.stdout


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (
            "raise ExceptionGroup('two', [ExceptionGroup('one', [NotImplementedError('the masked softmax')])])",
            "Not written yet: the masked softmax",
        ),
        ("return None", "Compare your names, arguments and results with starter.py."),
    ],
)
def test_an_error_outside_the_file_says_what_to_do(body: str, sentence: str, tmp_path: Path) -> None:
    mine = tmp_path / "mine.py"
    solution = (EXERCISES / "tf-attention/solution.py").read_text(encoding="utf-8")
    name = re.findall(r"^def (\w+)\(", solution, re.MULTILINE)[0]
    mine.write_text(f"{solution}\n\ndef {name}(*arguments):\n    {body}\n", encoding="utf-8")
    done = run_check("tf-attention", str(mine))
    assert done.returncode == 1
    assert sentence in done.stdout


def test_every_exercise_is_whole() -> None:
    for unit in UNITS:
        files = {file.name for file in find_folder(unit).iterdir() if file.is_file()}
        assert files >= {"starter.py", "checks.py", "solution.py"}, unit
        starter = (find_folder(unit) / "starter.py").read_text(encoding="utf-8")
        docstring = starter.split('"""')[1]
        assert f"Check it: python check.py {unit}" in docstring.splitlines(), unit
        assert len(docstring.strip().splitlines()) <= DOCSTRING_LINES, unit
        assert "NotImplementedError(" in starter, unit
        assert 10 <= check_exercises.read_minutes(unit) <= 600, unit
        assert len(check_exercises.read_wrong_solutions(unit)) >= 2, unit
    for folder in FOLDERS:
        assert len((folder / "README.md").read_text(encoding="utf-8").splitlines()) <= README_LINES
        assert (folder / "check.py").read_bytes() == (EXERCISES / "check.py").read_bytes()


def test_units_and_exercises_belong_together() -> None:
    assert {file.stem for file in check_exercises.WRONG.glob("*.yaml")} == set(UNITS)
    for folder in FOLDERS:
        outline = read_yaml(folder.parent / "roadmap.yaml")
        topics = [topic for phase in outline["phases"] for topic in phase["topics"]]
        exercises = {unit["id"]: unit["exercise"] for topic in topics for unit in topic["units"]}
        units = {unit for unit in UNITS if find_folder(unit).parent == folder}
        assert units <= exercises.keys()
        elsewhere = {
            unit
            for unit, exercise in exercises.items()
            if "done_when_list" in exercise or "`starters/" in exercise.get("adds", "")
        }
        assert exercises.keys() - elsewhere - units == set()
