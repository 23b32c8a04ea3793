"""The page on reliability names what there is; the drills themselves are a command of their own."""

from __future__ import annotations

import functools
import os
import re
import sys
from importlib import import_module
from pathlib import Path

import pytest

from tests.reliability.drills import killed, table
from tests.reliability.drills.bot import ARMED
from tests.reliability.drills.catalogue import drills
from tests.reliability.drills.commits import Commits
from tests.reliability.drills.frame import BOTH

PAGE = table.PAGE.read_text(encoding="utf-8")


def test_every_drill_stands_in_the_table_as_it_is_declared() -> None:
    rows = table.standing(PAGE)
    assert {name: row[:4] for name, row in rows.items()} == {
        drill.name: [drill.does, drill.sees, drill.holds, str(drill.processes)] for drill in drills().values()
    }, "run `python -m tests.reliability.drills NAME --table` for what is new, or has other words"
    for drill in drills().values():
        cells = dict(zip(BOTH, rows[drill.name][4:], strict=True))
        assert all((cells[engine] == table.NOT_SO) == (engine not in drill.engines) for engine in BOTH), drill.name


def test_no_drill_stands_there_as_failed() -> None:
    failed = [name for name, row in table.standing(PAGE).items() if "failed" in " ".join(row[4:])]
    assert failed == []


def test_every_point_of_a_drill_names_a_function_that_there_is() -> None:
    sources = (path.read_text(encoding="utf-8") for path in Path(killed.__file__).parent.glob("*.py"))
    points = {point for source in sources for point in re.findall(r"\b((?:bot|alembic)\.[\w.]+):([\w.]+)", source)}
    assert points
    for module, path in sorted(points):
        assert callable(functools.reduce(getattr, path.split("."), import_module(module))), f"{module}:{path}"


def test_a_point_kills_at_its_time_once_it_is_armed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kills: list[int] = []
    monkeypatch.setattr(os, "kill", lambda pid, number: kills.append(number))
    monkeypatch.chdir(tmp_path)
    for name in ("inner", "outer"):
        monkeypatch.setattr(sys.modules[__name__], name, globals()[name])
    killed.Point(f"{__name__}:outer>{__name__}:inner@after*2")
    globals()["outer"]()
    assert not kills
    (tmp_path / ARMED).touch()
    globals()["inner"]()
    globals()["outer"]()
    assert not kills
    globals()["outer"]()
    assert kills == [9]


def message(letter: bytes, body: bytes) -> bytes:
    """Spell a message as a client of PostgreSQL sends it."""
    return letter + (len(body) + 4).to_bytes(4) + body


@pytest.mark.parametrize("cut_at", range(0, 50, 7))
def test_the_answer_to_one_commit_is_lost_by_what_stands_in_its_transaction(cut_at: int) -> None:
    proxy = Commits(1)
    proxy.wanted.append("INSERT INTO checkin ")
    line = proxy.line()
    begins, commits = message(b"Q", b"BEGIN\0"), message(b"Q", b"COMMIT\0")
    prepared = message(b"P", b"_pg3_0\0INSERT INTO checkin (note)\0\0\0") + message(b"S", b"")
    runs = message(b"B", b"\0_pg3_0\0\0\0\0\0\0\0") + message(b"S", b"")
    line.asked(message(b"", b"\x00\x03\x00\x00user\0ada\0\0") + prepared)
    line.asked(begins + message(b"Q", b"SELECT 1\0") + commits)
    assert line.may_answer(b"C")
    whole = begins + runs + commits
    line.asked(whole[:cut_at])
    assert line.may_answer(b"C") or cut_at >= len(whole)
    line.asked(whole[cut_at:])
    assert not line.may_answer(b"C")
    assert not proxy.wanted


def inner() -> None:
    """Be a point."""


def outer() -> None:
    """Surround one."""
    globals()["inner"]()
