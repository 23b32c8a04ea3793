"""Your tests. They pass with your `retry.py` and have to fail with each file in `tests/broken/`."""

from __future__ import annotations

from answers.model import StandIn
from answers.retry import Flaky, Retrying

PROMPT = "It opens at ten.\n\nQuestion: When does it open?"


def test_two_failures_then_an_answer() -> None:
    waited: list[float] = []
    model = Flaky(StandIn(), failures=2)
    assert Retrying(model, (1.0, 4.0), waited.append).answer(PROMPT) == "It opens at ten."


# TODO: test how long is waited, how often the model is asked, and that three failures are not hidden
