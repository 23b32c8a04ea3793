"""The cost of each library that was added or removed since a commit: disk, import time and memory.

python -m benchmarks.dependencies [--before COMMIT]

Installs the locked libraries of both trees into environments of their own, which takes minutes. Sizes are of the
library's files alone; its own libraries have their own rows. Times and memory are of an import in a fresh interpreter,
with all that it brings along, above an empty one: the median of five.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from benchmarks.compare import HERE, tree

BEFORE = "4318bb2c"
"""The commit before libraries took the place of our own code."""
RUNS = 5
SIZES = """
import json
from importlib.metadata import distributions, packages_distributions
names = {}
for module, owners in packages_distributions().items():
    for owner in owners:
        names.setdefault(owner.lower(), []).append(module)
rows = {}
for found in distributions():
    name = found.metadata["Name"].lower()
    files = [found.locate_file(file) for file in found.files or ()]
    rows[name] = [sum(file.stat().st_size for file in files if file.is_file()), names.get(name, [])]
print(json.dumps(rows))
"""
COST = """
import resource, sys, time
began, held = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
if sys.argv[1]:
    __import__(sys.argv[1])
print(time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - held)
"""


class Library(NamedTuple):
    """Bytes of a library's files and the modules at its top."""

    size: int
    modules: list[str]


def main() -> None:
    """Print what was added, what was removed, and the sum."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--before", default=BEFORE)
    commit = parser.parse_args().before
    with tree(commit, "dependencies") as there, tempfile.TemporaryDirectory(prefix="libraries-") as folder:
        before_env, after_env = install(there, Path(folder, "before")), install(HERE, Path(folder, "after"))
        before, after = list_libraries(before_env), list_libraries(after_env)
        print(f"{'':24}{'MB':>8}{'import ms':>12}{'memory MB':>12}")
        for change, environment, here, other in (
            ("removed", before_env, before, after),
            ("added", after_env, after, before),
        ):
            for name in sorted(here.keys() - other.keys() - {"trailmate"}):
                ms, mb = measure_import(environment, here[name].modules)
                print(f"{change:8}{name:16}{here[name].size / 1e6:8.1f}{ms:12.0f}{mb:12.1f}")
        for label, libraries in (("all before", before), ("all after", after)):
            print(f"{label:24}{sum(library.size for library in libraries.values()) / 1e6:8.1f}")


def install(project: Path, environment: Path) -> Path:
    """Install what a tree's lock names, without development tools; return the interpreter."""
    uv = Path(sys.executable).with_name("uv")
    command = [
        str(uv),
        "sync",
        "--quiet",
        "--locked",
        "--no-dev",
        "--project",
        str(project),
        "--python",
        sys.executable,
    ]
    subprocess.run(command, check=True, env={**os.environ, "UV_PROJECT_ENVIRONMENT": str(environment)})  # noqa: S603
    return environment / "bin" / "python"


def list_libraries(interpreter: Path) -> dict[str, Library]:
    """Return the libraries of an environment by name."""
    rows = json.loads(run(interpreter, SIZES))
    return {name: Library(*row) for name, row in rows.items()}


def measure_import(interpreter: Path, modules: list[str]) -> tuple[float, float]:
    """Return the milliseconds and megabytes of an import above an empty interpreter; zeros if nothing is to import."""
    module = next((module for module in modules if not module.startswith("_")), "")
    pairs = [tuple(map(float, run(interpreter, COST, module).split())) for _ in range(RUNS)]
    return statistics.median(pair[0] for pair in pairs) * 1000, statistics.median(pair[1] for pair in pairs) / 1024


def run(interpreter: Path, code: str, *arguments: str) -> str:
    """Run code in an environment and return what it prints."""
    command = [str(interpreter), "-c", code, *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout  # noqa: S603


if __name__ == "__main__":
    main()
