from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from answers.model import ModelError, RemoteModel, StandIn
from answers.protocol import Model
from answers.retry import Flaky, Retrying

HERE = Path(__file__).resolve().parent
BROKEN = sorted(folder.name for folder in (HERE / "broken").iterdir())
PROMPT = "It opens at ten.\n\nQuestion: When does it open?"


def your_tests(broken: str = "") -> subprocess.CompletedProcess[str]:
    """Run your tests with your `retry.py`, or with a broken one in its place."""
    first = [str(HERE / "broken" / broken)] if broken else []
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([*first, *sys.path])}
    command = [sys.executable, "-m", "pytest", "-q", "--noconftest", "--import-mode=importlib", str(HERE / "mine")]
    folder = HERE / "mine"  # not the project, whose answers/ would come before the broken ones
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60)


def test_the_protocol_asks_for_the_one_method() -> None:
    assert "answer" in vars(Model), "declare answer() in the protocol"
    for model in (StandIn, RemoteModel, Flaky, Retrying):
        assert callable(model.answer) and Model not in model.__mro__


def test_a_flaky_model_recovers() -> None:
    model = Flaky(StandIn(), failures=1)
    with pytest.raises(ModelError):
        model.answer(PROMPT)
    assert model.answer(PROMPT) == "It opens at ten."
    assert model.asked == 2


@pytest.mark.parametrize(("failures", "waits"), [(0, []), (1, [1.0]), (2, [1.0, 4.0])])
def test_failures_are_waited_out(failures: int, waits: list[float]) -> None:
    waited: list[float] = []
    assert Retrying(Flaky(StandIn(), failures), (1.0, 4.0), waited.append).answer(PROMPT) == "It opens at ten."
    assert waited == waits


def test_after_three_failures_it_gives_up() -> None:
    waited: list[float] = []
    model = Flaky(StandIn(), failures=3)
    with pytest.raises(ModelError, match="Failure 3 of 3"):
        Retrying(model, (1.0, 4.0), waited.append).answer(PROMPT)
    assert waited == [1.0, 4.0]


def test_your_tests_pass_with_your_code() -> None:
    done = your_tests()
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("broken", BROKEN)
def test_your_tests_find_what_is_broken(broken: str) -> None:
    done = your_tests(broken)
    assert done.returncode == 1, f"no test of yours fails with {broken}\n{done.stdout}"
