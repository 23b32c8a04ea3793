"""Runs the code of the notes: `python -m tests.roadmap.note_code`, with any interpreter, prints what ran.

What proves the numbers of a note stands in `worked/<note>.py` beside the notes; code that teaches stands in the note,
in a fence of `python run`. Both need no more than the tests have. A fence of `python torch`, or of more words, names
the packages that it needs, and a worked file names them in its first line, `# needs: torch`; such code runs where an
interpreter has them all.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from tests.forks import Forks, forks

ROADMAPS = Path(__file__).resolve().parents[2] / "roadmap"
NOTES = sorted(ROADMAPS.glob("*/notes/*.md"))
WORKED = sorted(ROADMAPS.glob("*/worked/*.py"))
FENCE = re.compile(r"^```python (\S.*?)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NEEDS = re.compile(r"# needs: (\S.*)\n")
LIMIT_S = 120


@dataclass(frozen=True)
class Code:
    """The blocks of one note, or a worked file, that need the same packages, none for `run`."""

    file: Path
    packages: tuple[str, ...]
    blocks: tuple[str, ...]

    @property
    def name(self) -> str:
        """Return the file's name and what its code needs."""
        return " ".join([self.file.name, *self.packages])

    @property
    def missing(self) -> list[str]:
        """Return the packages that this interpreter lacks."""
        return [package for package in self.packages if find_spec(package) is None]

    def run(self, interpreter: Forks) -> str:
        """Run the blocks one after the other in a process of their own; returns what went wrong, or nothing."""
        program = "\n".join(
            f'exec(compile({block!r}, "block {number}", "exec"), {{"__name__": "__main__"}})'
            for number, block in enumerate(self.blocks, 1)
        )
        with tempfile.TemporaryDirectory() as folder:
            done = interpreter.run(program, Path(folder), within_s=LIMIT_S)
        return (done.stdout[-2000:] or f"It ended with {done.returncode}.") if done.returncode else ""


def interpreter() -> AbstractContextManager[Forks]:
    """Keep an interpreter that has imported what most of the code does, for a process for each note."""
    return forks("numpy", flags=("-W", "ignore"))


def all_code(notes: Sequence[Path] = NOTES, worked: Sequence[Path] = WORKED) -> list[Code]:
    """Return the code of every note that is marked to run, and every worked file."""
    found: dict[tuple[Path, tuple[str, ...]], list[str]] = {}
    for note in notes:
        for marks, block in FENCE.findall(note.read_text(encoding="utf-8")):
            packages = () if marks == "run" else tuple(marks.split())
            found.setdefault((note, packages), []).append(block)
    for file in worked:
        text = file.read_text(encoding="utf-8")
        needs = NEEDS.match(text)
        found[file, tuple(needs[1].split()) if needs else ()] = [text]
    return [Code(file, packages, tuple(blocks)) for (file, packages), blocks in found.items()]


def main() -> int:
    """Run all that this interpreter can; one line for each failure, one for each set of packages."""
    counts: dict[str, list[int]] = {}
    failed = 0
    with interpreter() as one:
        for code in all_code():
            ran, left = counts.setdefault(" ".join(code.packages) or "run", [0, 0])
            if code.missing:
                left += len(code.blocks)
            else:
                ran += len(code.blocks)
                if trouble := code.run(one):
                    failed += 1
                    print(f"{code.file.name} fails: {trouble.strip().splitlines()[-1]}")
            counts[" ".join(code.packages) or "run"] = [ran, left]
    for marks, (ran, left) in counts.items():
        print(f"python {marks}: {ran} blocks ran" + (f", {left} left for want of a package" if left else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
