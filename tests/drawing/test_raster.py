"""The process that draws: it stays, and whatever befalls it costs one picture."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from bot.drawing import raster
from bot.drawing.drawings import svg
from bot.drawing.raster import Draughtsman
from tests.drawing.cases import CASES

SVG = svg(CASES["a board of two"])


def test_a_process_draws_one_picture_after_another_and_has_a_successor_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raster, "PICTURES", 2)
    one, processes = Draughtsman(), []
    for _ in range(3):
        assert one.draw(SVG, with_system=False).startswith(b"\x89PNG")
        assert one._process is not None
        processes.append(one._process.pid)
    one.end()
    assert processes[0] == processes[1] != processes[2]


def test_what_cannot_be_drawn_costs_itself_alone() -> None:
    one = Draughtsman()
    with pytest.raises(subprocess.SubprocessError):
        one.draw(b"no picture", with_system=False)
    assert one.draw(SVG, with_system=False).startswith(b"\x89PNG")
    one.end()


def test_a_picture_that_takes_too_long_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raster, "PATIENCE_S", 0.1)
    (script := tmp_path / "slow.py").write_text("import time; time.sleep(60)")
    with pytest.raises(subprocess.SubprocessError):
        Draughtsman(script).draw(SVG, with_system=False)
