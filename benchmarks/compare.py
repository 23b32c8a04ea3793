"""One benchmark in an older commit and in this tree, by turns: before, after, and the ratio of every number.

python -m benchmarks.compare [--before COMMIT] [--pairs N] NAME [ARGUMENTS OF THE BENCHMARK]

Both run this tree's file of the benchmark, which finds its way in either, with this interpreter and its packages.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
BEFORE = "f00030f"
"""The commit before statements and scores were brought down."""
PAIRS = 3
NUMBER = re.compile(r"(?<![\w.])\d[\d,]*(?:\.\d+)?")


@contextmanager
def tree(commit: str, name: str) -> Iterator[Path]:
    """Check a commit out beside this tree for a while, with this tree's benchmark in it."""
    with tempfile.TemporaryDirectory(prefix="before-") as folder:
        there = Path(folder) / "tree"
        git("worktree", "add", "--quiet", "--detach", str(there), commit)
        try:
            file = Path("benchmarks", f"{name}.py")
            shutil.copy(HERE / file, there / file)
            yield there
        finally:
            git("worktree", "remove", "--force", str(there))


def git(*arguments: str) -> None:
    """Run git in this tree."""
    subprocess.run(["git", "-C", str(HERE), *arguments], check=True)  # noqa: S603, S607 what a developer typed


def lines(where: Path, name: str, arguments: Sequence[str]) -> list[str]:
    """Run the benchmark of a tree and return what it prints."""
    env = {**os.environ, "PYTHONPATH": str(where)}
    command = [sys.executable, "-m", f"benchmarks.{name}", *arguments]
    done = subprocess.run(command, cwd=where, env=env, stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603 ours
    return [line for line in done.stdout.splitlines() if line.strip()]


def words(line: str) -> str:
    """Return a line without its numbers: what two runs of it share."""
    return " ".join(NUMBER.sub("#", line).split())


def medians(runs: Sequence[Sequence[str]]) -> dict[str, list[float]]:
    """Return the median of every number, by the words of its line."""
    found: dict[str, list[list[float]]] = {}
    for run in runs:
        for line in run:
            found.setdefault(words(line), []).append([float(n.replace(",", "")) for n in NUMBER.findall(line)])
    return {line: [statistics.median(column) for column in zip(*rows, strict=True)] for line, rows in found.items()}


def told(before: Sequence[Sequence[str]], after: Sequence[Sequence[str]]) -> list[str]:
    """Return a line for each that both print, its numbers as "before > after (ratio)", then those of one alone."""
    old, new = medians(before), medians(after)
    said = []
    for line, numbers in new.items():
        if line not in old:
            said.append(f"only after: {_filled(line, [f'{n:g}' for n in numbers])}")
            continue
        pairs = zip(old[line], numbers, strict=True)
        said.append(_filled(line, [f"{a:g}" if a == b else f"[{a:g} > {b:g}{_ratio(a, b)}]" for a, b in pairs]))
    said += [f"only before: {_filled(line, [f'{n:g}' for n in old[line]])}" for line in old if line not in new]
    return said


def _ratio(before: float, after: float) -> str:
    return f", ratio {after / before:.2f}" if before else ""


def _filled(line: str, numbers: Sequence[str]) -> str:
    rest = iter(numbers)
    return re.sub("#", lambda _: next(rest), line)


def main() -> None:
    """Run both trees by turns and print what changed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--before", default=BEFORE, metavar="COMMIT")
    parser.add_argument("--pairs", default=PAIRS, type=int)
    parser.add_argument("name")
    parser.add_argument("arguments", nargs=argparse.REMAINDER)
    given = parser.parse_args()
    before, after = [], []
    with tree(given.before, given.name) as there:
        for pair in range(given.pairs):
            print(f"pair {pair + 1} of {given.pairs}", file=sys.stderr)
            before.append(lines(there, given.name, given.arguments))
            after.append(lines(HERE, given.name, given.arguments))
    print("\n".join(told(before, after)))


if __name__ == "__main__":
    main()
