"""Every code block of a note that is marked to run does run, and its asserts prove the numbers that the note states."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

NOTES = sorted((Path(__file__).resolve().parents[2] / "roadmap").glob("*/notes/*.md"))
RUN = re.compile(r"^```python run\n(.*?)^```$", re.MULTILINE | re.DOTALL)
RUNNER = """
import sys
for number, block in enumerate(sys.stdin.read().split("\\0"), 1):
    exec(compile(block, f"block {number}", "exec"), {"__name__": "__main__"})
"""


@pytest.mark.parametrize("note", NOTES, ids=lambda note: note.stem)
def test_the_code_of_a_note_runs(note: Path, tmp_path: Path) -> None:
    blocks = RUN.findall(note.read_text(encoding="utf-8"))
    assert all("assert " in block for block in blocks)
    done = subprocess.run(
        [sys.executable, "-c", RUNNER],
        input="\0".join(blocks),
        capture_output=True,
        text=True,
        cwd=tmp_path,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr[-2000:]


def test_notes_have_code_to_run() -> None:
    assert sum(len(RUN.findall(note.read_text(encoding="utf-8"))) for note in NOTES) >= len(NOTES) // 2
