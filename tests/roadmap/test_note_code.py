"""Every code block of a note that is marked to run does run, and its asserts prove the numbers that the note states."""

from __future__ import annotations

import ast
import os
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.roadmap.note_code import NOTES, Code, all_code

CODE = all_code()


@pytest.fixture(scope="module")
def runs() -> Iterator[dict[str, Future[str]]]:
    """Every block that can run here, in processes side by side; each holds what went wrong, or nothing."""

    def run(code: Code) -> str:
        with tempfile.TemporaryDirectory() as folder:
            return code.run(Path(folder))

    with ThreadPoolExecutor(os.cpu_count() or 1) as threads:
        yield {code.name: threads.submit(run, code) for code in CODE if not code.missing}


@pytest.mark.parametrize("code", CODE, ids=lambda code: code.name)
def test_the_code_of_a_note_runs(code: Code, runs: dict[str, Future[str]]) -> None:
    if code.missing:
        pytest.skip(f"{len(code.blocks)} blocks need {', '.join(code.missing)}")
    assert runs[code.name].result() == ""


@pytest.mark.parametrize("code", CODE, ids=lambda code: code.name)
def test_every_block_asserts_what_it_shows(code: Code) -> None:
    for block in code.blocks:
        assert any(isinstance(node, ast.Assert) for node in ast.walk(ast.parse(block)))


def test_every_note_has_code_to_run() -> None:
    ran = Counter(code.note for code in CODE if not code.packages)
    assert [note.stem for note in NOTES if not ran[note]] == []


def test_a_block_that_fails_is_told(tmp_path: Path) -> None:
    note = tmp_path / "wrong.md"
    note.write_text("```python run\nassert 1 + 1 == 3\n```\n\n```python torch no_such\nassert x\n```\n")
    wrong, lacking = all_code([note])
    assert "AssertionError" in wrong.run(tmp_path)
    assert "no_such" in lacking.missing
