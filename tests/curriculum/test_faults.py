"""What is wrong in the files of a course, in a pasted note and in a pasted outline, as faults.yaml lists it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from bot.curriculum import plain_note_reader, yaml_reader
from bot.curriculum.authoring.lint import check
from bot.curriculum.authoring.outline_import import read_outline
from tests.examples import sample
from tests.shipped import read_yaml

TABLE: dict[str, Any] = read_yaml(Path(__file__).parent / "faults.yaml")


@pytest.fixture(autouse=True, scope="module")
def _compose_once() -> Iterator[None]:
    """Compose each text once; most files of a course are the same in every test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(yaml_reader, "sound", lru_cache(maxsize=64)(yaml_reader.sound))
        yield


@pytest.fixture(scope="module")
def courses(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with two sound courses, of which the second is cut from the first."""
    root = tmp_path_factory.mktemp("courses")
    for name, text in TABLE["files"].items():
        _write(root / name, text)
    return root


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode())


def _list_faults(root: Path, course: str) -> list[str]:
    return [
        f"{fault.file.relative_to(root).as_posix()}:{fault.line}: {fault.sentence}" for fault in check(root / course)
    ]


@pytest.mark.parametrize("course", ["small", "short"])
def test_the_courses_themselves_have_no_faults(courses: Path, course: str) -> None:
    assert _list_faults(courses, course) == []


def test_each_slip_in_a_course_is_told_with_file_line_and_sentence(courses: Path) -> None:
    for case in sample(TABLE["changes"], 8):
        _check_slip(courses, case)


def _check_slip(courses: Path, case: dict[str, Any]) -> None:
    texts = dict(TABLE["files"])
    for edit in case["edits"]:
        file = edit["file"]
        assert edit.get("old", "") in texts.get(file, "")
        texts[file] = texts[file].replace(edit["old"], edit["new"], 1) if "old" in edit else edit["new"]
    changed = {edit["file"] for edit in case["edits"]}
    try:
        for file in changed:
            _write(courses / file, texts[file])
        assert _list_faults(courses, file.split("/")[0]) == case["faults"]
    finally:
        for file in changed:
            (courses / file).unlink()
            if file in TABLE["files"]:
                _write(courses / file, TABLE["files"][file])


@pytest.mark.parametrize("case", TABLE["notes"])
def test_each_slip_in_a_pasted_note_is_told_by_its_line(case: dict[str, Any]) -> None:
    faults = plain_note_reader.read_plain_note(case["text"]).faults
    assert [f"{fault.line}: {fault.sentence}" for fault in faults] == case["faults"]


@pytest.mark.parametrize("case", TABLE["outlines"])
def test_each_slip_in_a_pasted_outline_is_told_by_its_line(case: dict[str, Any]) -> None:
    sketch = read_outline(case["text"])
    assert [f"{fault.line}: {fault.sentence}" for fault in sketch.faults] == case["faults"]
    assert [f"{remark.line}: {remark.sentence}" for remark in sketch.remarks] == case["remarks"]
    assert [f"{heading.line}: {heading.sentence}" for heading in sketch.left_out] == case.get("left_out", [])
