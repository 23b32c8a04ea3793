"""The capstone's starters: each gap fails its tests, the solution passes them, and a plausible mistake is found."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from _pytest.config import default_plugins

from tests.examples import sample
from tests.forks import Forks, forks
from tests.shipped import read_yaml

STARTERS = Path(__file__).resolve().parents[2] / "roadmap/genai-2026/starters"
STEPS = sorted(folder.name for folder in STARTERS.glob("[0-9][0-9]-*"))
SOLUTIONS = sorted(folder.name for folder in (STARTERS / "solutions").iterdir())
README_LINES, LIMIT_S = 40, 100


class Wrong(NamedTuple):
    """A solution that a learner might hand in: what it gets wrong, and the change that makes it of the right one."""

    step: str
    says: str
    file: str
    old: str
    new: str


WRONG = [Wrong(**row) for row in read_yaml(Path(__file__).parent / "starters_wrong.yaml")]
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def learner() -> Iterator[Forks]:
    """An interpreter like a learner's: with pytest and no plugin, which is forked for each run."""
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    environment = {name: value for name, value in environment.items() if name not in ("PYTHONPATH", "PYTEST_ADDOPTS")}
    with forks("pytest", *(f"_pytest.{name}" for name in default_plugins), "numpy", environment=environment) as one:
        yield one


def pytest_in(folder: Path, learner: Forks, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the tests of a folder as a learner does."""
    words = ["-q", "-p", "no:cacheprovider", *arguments]
    return learner.run(f"import sys, pytest\nsys.exit(pytest.main({words}))", folder, within_s=LIMIT_S)


@pytest.fixture
def run(learner: Forks, tmp_path: Path) -> Run:
    """Run the tests of a step in a copy of the starters: with its gap, its solution or a wrong one."""

    def of(step: str, *, solved: bool = True, wrong: Wrong | None = None) -> subprocess.CompletedProcess[str]:
        starters = tmp_path / "starters"
        shutil.copytree(STARTERS, starters)
        if solved:
            shutil.copytree(starters / "solutions" / step, starters / step, dirs_exist_ok=True)
        if wrong is None:
            return pytest_in(starters / step, learner)
        file = starters / step / wrong.file
        text = file.read_text(encoding="utf-8")
        assert text.count(wrong.old) == 1, f"{wrong.file} holds {text.count(wrong.old)} times: {wrong.old}"
        file.write_text(text.replace(wrong.old, wrong.new), encoding="utf-8")
        return pytest_in(starters / step, learner, "-x")

    return of


@pytest.mark.parametrize("step", sample(STEPS, 10))
def test_a_step_fails_on_its_gap_and_says_what_is_missing(step: str, run: Run) -> None:
    done = run(step, solved=False)
    assert done.returncode == 1, done.stdout
    assert "NotImplementedError: " in done.stdout


@pytest.mark.parametrize("step", sample(STEPS, 4))
def test_a_step_passes_with_its_solution(step: str, run: Run) -> None:
    done = run(step)
    assert done.returncode == 0, done.stdout


@pytest.mark.nightly
@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: f"{wrong.step} {wrong.says}")
def test_a_plausible_mistake_is_found(wrong: Wrong, run: Run) -> None:
    done = run(wrong.step, wrong=wrong)
    assert done.returncode == 1, done.stdout


def test_every_step_has_what_a_step_needs() -> None:
    assert STEPS == SOLUTIONS
    assert [step[:2] for step in STEPS] == [f"{number:02}" for number in range(1, len(STEPS) + 1)]
    for step in STEPS:
        readme = (STARTERS / step / "README.md").read_text(encoding="utf-8")
        assert len(readme.splitlines()) <= README_LINES, step
        for part in ("**You start from**", "**You build**", "**You are done when**", "**What goes wrong**"):
            assert part in readme, f"{step} lacks {part}"
        assert len([wrong for wrong in WRONG if wrong.step == step]) >= 2, step
        gaps = [file for file in (STARTERS / step).rglob("*.py") if "NotImplementedError" in file.read_text()]
        assert gaps and all((STARTERS / "solutions" / step / gap.relative_to(STARTERS / step)).exists() for gap in gaps)


def test_units_and_steps_name_each_other() -> None:
    outline = read_yaml(STARTERS.parent / "roadmap.yaml")
    topics = [topic for phase in outline["phases"] for topic in phase["topics"]]
    adds = {unit["id"]: unit["exercise"].get("adds", "") for topic in topics for unit in topic["units"]}
    for step in STEPS:
        readme = (STARTERS / step / "README.md").read_text(encoding="utf-8")
        match = re.search(r"^With unit.*?\n\n", readme, re.MULTILINE | re.DOTALL)
        assert match is not None, step
        naming = {unit for unit, text in adds.items() if f"`starters/{step}`" in text}
        assert naming and naming <= set(re.findall(r"`([\w-]+)`", match[0])), step


@pytest.mark.nightly
def test_a_project_of_all_steps_is_typed_and_passes(tmp_path: Path, learner: Forks) -> None:
    project = tmp_path / "assistant"
    made = [sys.executable, "-B", str(STARTERS / "start.py"), str(len(STEPS)), str(project)]
    first = subprocess.run(made, capture_output=True, text=True, timeout=LIMIT_S)
    assert "questions.json" in first.stdout.split() and first.returncode == 0, first.stderr
    assert not subprocess.run(made, capture_output=True, text=True, timeout=LIMIT_S).stdout.split()
    shutil.copytree(STARTERS / "solutions" / STEPS[-1], project, dirs_exist_ok=True)
    strict = [sys.executable, "-m", "mypy", "--strict", "--config-file", os.devnull, "--cache-dir", os.devnull]
    types = subprocess.run([*strict, "-p", "answers"], cwd=project, capture_output=True, text=True, timeout=LIMIT_S)
    assert types.returncode == 0, types.stdout
    done = pytest_in(project, learner)
    assert done.returncode == 0, done.stdout


def test_the_questions_quote_the_documents() -> None:
    questions = read_yaml(STARTERS / "questions.json")
    answered = [question for question in questions if question["answer"]]
    assert (len(answered), len(questions)) == (24, 30)
    for one in answered:
        raw = (STARTERS / "documents" / one["source"]).read_bytes()
        text = raw.decode("cp1252" if one["source"] == "tyres.txt" else "utf-8")
        assert one["passage"] in text, one["id"]
    assert len(re.findall("UnicodeDecodeError", _undecodable(STARTERS / "documents" / "tyres.txt"))) == 1


def _undecodable(file: Path) -> str:
    try:
        file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        return type(error).__name__
    return ""
