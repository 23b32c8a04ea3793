"""The files of exercises: read as text, never run, and left out if something is wrong."""

from __future__ import annotations

from pathlib import Path

from bot.curriculum.authoring.lint import check
from bot.curriculum.loader import load_track
from tests.curriculum.test_track import loaded, track

FILES = {
    "check.py": "",
    "lists/starter.py": "raise SystemExit\n",
    "lists/checks.py": "MINUTES = 45\nraise SystemExit\n",
    "lists/solution.py": "raise SystemExit\n",
}


def write(folder: Path, **changes: str) -> Path:
    """Write a track with an exercise, files changed by their stem; "" leaves a file out."""
    track(folder)
    for name, content in FILES.items():
        file = folder / "exercises" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        if file.stem not in changes or changes[file.stem]:
            file.write_text(changes.get(file.stem, content), encoding="utf-8")
    return folder


def faults(folder: Path) -> list[str]:
    """Return the faults of a track that can be used all the same."""
    assert load_track(folder)[0] is not None
    return [fault.within(folder) for fault in check(folder)]


def test_an_exercise_is_read_and_never_run(tmp_path: Path) -> None:
    folder = write(tmp_path / "small")
    assert faults(folder) == []
    exercise = loaded(folder).exercises["lists"]
    assert exercise.minutes == 45
    assert exercise.read_starter() == [
        (name, FILES[name]) for name in ("check.py", "lists/starter.py", "lists/checks.py")
    ]
    assert exercise.read_solution() == FILES["lists/solution.py"]


def test_a_course_without_exercises_has_none(tmp_path: Path) -> None:
    assert loaded(track(tmp_path / "small")).exercises == {}


def test_what_is_missing_in_an_exercise_is_reported(tmp_path: Path) -> None:
    no_solution = write(tmp_path / "a" / "small", solution="")
    assert faults(no_solution) == ["exercises/lists, line 1: The file “solution.py” is missing."]
    assert loaded(no_solution).exercises == {}
    no_runner = write(tmp_path / "b" / "small")
    (no_runner / "exercises" / "check.py").unlink()
    assert faults(no_runner) == ["exercises, line 1: The file “check.py” is missing."]
    no_minutes = write(tmp_path / "c" / "small", checks="pass\n")
    assert faults(no_minutes) == [
        "exercises/lists/checks.py, line 1: Say how long the exercise takes, such as: MINUTES = 90"
    ]


def test_a_folder_of_no_unit_and_a_file_that_is_no_python_are_reported(tmp_path: Path) -> None:
    folder = write(tmp_path / "small", starter="x = 1\ny = (\n")
    (folder / "exercises" / "sets").mkdir()
    (folder / "exercises" / "sets" / "starter.py").write_text("", encoding="utf-8")
    assert faults(folder) == [
        "exercises/sets, line 1: There is no unit “sets”.",
        "exercises/lists/starter.py, line 2: This isn't valid Python.",
    ]
