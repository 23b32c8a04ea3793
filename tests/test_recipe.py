"""The recipe for a feature, followed as its page has it, in a copy of the project."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.forks import Forks, forks

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "adding-a-feature.md").read_text(encoding="utf-8")
COPIED = ("bot", "migrations", "roadmap", "tests", "tools", "docs", "pyproject.toml", "README.md")
FILES = re.findall(r"```python\n# (\S+)\n(.*?)\n```", PAGE, re.DOTALL)
SHELL = [line for block in re.findall(r"```sh\n(.*?)\n```", PAGE, re.DOTALL) for line in block.splitlines()]
LINES = [line.removeprefix(".venv/bin/") for line in SHELL]
"""The lines of the page, which run with the programs of the tests' own environment."""

MAINS = {
    "trailmate": "from bot.__main__ import main",
    "pytest": "import pytest\nmain = lambda words: pytest.main([*words, '-vv', '-p', 'no:cacheprovider'])",
}
"""The programs that run in a fork, by what imports their main function."""
LIMIT_S = 600


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with the files of the page, each in its place."""
    root = tmp_path_factory.mktemp("copy")
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("*.onnx"))
        else:
            shutil.copy(ROOT / name, root / name)
    for name, text in FILES:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text + "\n", encoding="utf-8")
    (root / "bot/features/shelf/__init__.py").touch()
    replace(root / "bot/runtime/catalogue.py", "    REPORT,\n", "    SHELF,\n    REPORT,\n")
    before = "from bot.features.setup.feature import FEATURE as SETUP\n"
    replace(
        root / "bot/runtime/catalogue.py", before, f"{before}from bot.features.shelf.feature import FEATURE as SHELF\n"
    )
    replace(root / "pyproject.toml", '"report", ', '"report", "shelf", ')
    take_bytecode_along(root)
    return root


def take_bytecode_along(root: Path) -> None:
    """Copy the bytecode of sources that have none beside them, so that the copy need not be compiled anew."""
    if prefix := os.environ.get("PYTHONPYCACHEPREFIX"):
        compiled = Path(prefix, *ROOT.parts[1:], "bot")
        if compiled.is_dir():
            shutil.copytree(compiled, Path(prefix, *root.parts[1:], "bot"), dirs_exist_ok=True)


def replace(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture(scope="module")
def interpreter(copy: Path) -> Iterator[Forks]:
    """An interpreter that has imported the copy, and is forked for each line that runs its code."""
    with forks(
        "pytest", "bot.__main__", "bot.runtime.app", "bot.maintenance.repair", environment=environment(copy)
    ) as one:
        yield one


def environment(copy: Path) -> dict[str, str]:
    return {**os.environ, "TRAILMATE_DATA_DIR": str(copy / "data"), "PYTHONPATH": str(copy)}


def run(copy: Path, line: str, interpreter: Forks) -> str:
    """Run a line of the page in the copy, with this environment's programs, and return what it prints."""
    program, *words = shlex.split(line)
    if program in MAINS:
        ran = interpreter.run(f"import sys\n{MAINS[program]}\nsys.exit(main({words}))", copy, within_s=LIMIT_S)
    else:
        command = [str(Path(sys.executable).with_name(program)), *words]
        ran = subprocess.run(
            command, cwd=copy, env=environment(copy), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
    assert ran.returncode == 0, ran.stdout
    return ran.stdout


@pytest.mark.nightly
def test_the_page_can_be_followed_line_by_line(copy: Path, interpreter: Forks) -> None:
    assert all(line.startswith(".venv/bin/") for line in SHELL)
    before = set((copy / "migrations/versions").glob("*.py"))

    said = {line: run(copy, line, interpreter) for line in LINES}

    (written,) = set((copy / "migrations/versions").glob("*.py")) - before
    assert written.name.endswith("_members_have_a_shelf.py")
    assert '"book"' in written.read_text()
    assert written.name in said['python -m tools.new_migration "members have a shelf"']
    assert said["trailmate db check"] == "The database is sound.\n"
    (tested,) = (said[line] for line in LINES if line.startswith("pytest "))
    shown = re.findall(r"^async def (test_\w+)", dict(FILES)["tests/features/shelf/test_commands.py"], re.MULTILINE)
    assert shown and all(name in tested for name in shown)


@pytest.mark.nightly
def test_what_the_page_shows_is_in_the_style_of_the_project(copy: Path, interpreter: Forks) -> None:
    shown = " ".join(name for name, _ in FILES)
    run(copy, f"ruff check bot/runtime/catalogue.py {shown}", interpreter)
    run(copy, f"ruff format --check bot/runtime/catalogue.py {shown}", interpreter)
