"""The process that draws: it stays, and whatever befalls it costs one picture."""

from __future__ import annotations

import subprocess
import time

import pytest

from bot.base.worker_process import Worker
from bot.drawing import raster
from bot.drawing.drawings import svg
from bot.drawing.raster import make_worker
from tests.drawing.cases import CASES

SVG = b"-" + svg(CASES["a board of two"])
PNG = b"\x89PNG"


def test_a_process_draws_one_picture_after_another_and_has_a_successor_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raster, "PICTURES", 2)
    one, processes = make_worker(), []
    for _ in range(3):
        assert one.ask(SVG, 20).startswith(PNG)
        assert one._process is not None
        processes.append(one._process.pid)
    one.end()
    assert processes[0] == processes[1] != processes[2]


def test_what_cannot_be_drawn_costs_itself_alone() -> None:
    one = make_worker()
    with pytest.raises(subprocess.SubprocessError):
        one.ask(b"-no picture", 20)
    assert one.ask(SVG, 20).startswith(PNG)
    one.end()


def test_what_takes_too_long_is_given_up_and_not_begun_again(monkeypatch: pytest.MonkeyPatch) -> None:
    one = make_worker("import time; time.sleep(60)")
    begin, began = Worker._begin, []

    def counting(self: Worker) -> subprocess.Popen[bytes]:
        began.append(self)
        return begin(self)

    monkeypatch.setattr(Worker, "_begin", counting)
    for _ in range(2):
        at = time.monotonic()
        with pytest.raises(subprocess.TimeoutExpired):
            one.ask(SVG, 0.1)
        assert time.monotonic() - at < 5
    assert len(began) == 2, "one for each that was asked"
