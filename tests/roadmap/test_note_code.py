"""Every code block of a note that is marked to run does run, and its asserts prove the numbers that the note states."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.examples import sample
from tests.forks import Forks
from tests.roadmap.note_code import NOTES, WORKED, Code, all_code, interpreter

CODE = all_code()
LONG_NUMBER = re.compile(r"(?<![\w.])\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\w,]*\d)|(?<![\w.])\d+\.\d+(?!\.?\d)")


def worked_file(note: Path) -> Path:
    """Where the numbers of a note are worked."""
    return note.parent.parent / "worked" / (note.stem.replace("-", "_") + ".py")


def numbers(note: str) -> set[str]:
    """The decimals and the numbers with separators that a note's prose states, as Python writes them."""
    prose = re.sub(r"^```.*?^```$", "", note.partition("\n---\n")[2], flags=re.MULTILINE | re.DOTALL)
    prose = re.sub(r"^!\[.*$", "", prose, flags=re.MULTILINE)  # a figure is drawn from the worked file and may round
    prose = re.sub(r"\]\([^)]*\)", "]", prose)
    return {
        found.replace(",", "").rstrip("0").rstrip(".") if "." in found else found.replace(",", "")
        for found in LONG_NUMBER.findall(prose)
    }


def number_forms(code: str) -> set[str]:
    """Every number that code or its comments hold, as Python writes it."""
    found = re.findall(r"(?<![\w.])\d[\d_,]*(?:\.\d+)?", code)
    plain = (one.replace("_", "").replace(",", "") for one in found)
    return {one.rstrip("0").rstrip(".") if "." in one else one for one in plain}


@pytest.fixture(scope="module")
def one() -> Iterator[Forks]:
    """The interpreter that is forked for each note."""
    with interpreter() as forked:
        yield forked


@pytest.mark.parametrize("code", sample(CODE, 5), ids=lambda code: code.name)
def test_the_code_of_a_note_runs(code: Code, one: Forks) -> None:
    if code.missing:
        pytest.skip(f"{len(code.blocks)} blocks need {', '.join(code.missing)}")
    assert code.run(one) == ""


def test_every_block_asserts_what_it_shows() -> None:
    for code in CODE:
        for block in code.blocks:
            assert any(isinstance(node, ast.Assert) for node in ast.walk(ast.parse(block))), code.name


def test_every_note_has_code_to_run() -> None:
    ran = {code.file for code in CODE if not code.packages}
    assert [note.stem for note in NOTES if note not in ran and worked_file(note) not in ran] == []


def test_a_worked_file_belongs_to_a_note() -> None:
    belong = {worked_file(note) for note in NOTES}
    assert [file.name for file in WORKED if file.with_stem(file.stem.removesuffix("_torch")) not in belong] == []


def test_a_block_that_fails_is_told(tmp_path: Path, one: Forks) -> None:
    note = tmp_path / "wrong.md"
    note.write_text("```python run\nassert 1 + 1 == 3\n```\n\n```python torch no_such\nassert x\n```\n")
    wrong, lacking = all_code([note], [])
    assert "AssertionError" in wrong.run(one)
    assert "no_such" in lacking.missing


def test_a_worked_file_that_fails_is_told(tmp_path: Path, one: Forks) -> None:
    wrong, lacking = tmp_path / "wrong.py", tmp_path / "wrong_torch.py"
    wrong.write_text("assert 1 + 1 == 3\n")
    lacking.write_text("# needs: torch no_such\nimport torch\n")
    told, left = all_code([], [wrong, lacking])
    assert "AssertionError" in told.run(one)
    assert "no_such" in left.missing


def test_every_number_of_a_note_is_worked_or_cited() -> None:
    for note in NOTES:
        worked = worked_file(note)
        if not worked.exists():
            continue
        proven = number_forms(worked.read_text(encoding="utf-8"))
        more = worked.with_stem(worked.stem + "_torch")
        if more.exists():
            proven |= number_forms(more.read_text(encoding="utf-8"))
        assert sorted(numbers(note.read_text(encoding="utf-8")) - proven) == [], note.name
