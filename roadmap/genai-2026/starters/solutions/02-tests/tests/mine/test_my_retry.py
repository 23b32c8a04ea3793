"""Your tests. They pass with your `retry.py` and have to fail with each file in `tests/broken/`."""

from __future__ import annotations

import pytest

from answers.model import ModelError, StandIn
from answers.retry import Flaky, Retrying

PROMPT = "It opens at ten.\n\nQuestion: When does it open?"


def test_two_failures_then_an_answer() -> None:
    waited: list[float] = []
    model = Flaky(StandIn(), failures=2)
    assert Retrying(model, (1.0, 4.0), waited.append).answer(PROMPT) == "It opens at ten."
    assert waited == [1.0, 4.0]
    assert model.asked == 3


def test_three_failures_are_not_hidden() -> None:
    waited: list[float] = []
    model = Flaky(StandIn(), failures=9)
    with pytest.raises(ModelError):
        Retrying(model, (1.0, 4.0), waited.append).answer(PROMPT)
    assert model.asked == 3
    assert waited == [1.0, 4.0]


def test_a_model_that_answers_is_asked_once() -> None:
    waited: list[float] = []
    model = Flaky(StandIn(), failures=0)
    Retrying(model, (1.0, 4.0), waited.append).answer(PROMPT)
    assert (model.asked, waited) == (1, [])


def test_a_mistake_of_ours_is_no_failure_of_the_model() -> None:
    class Wrong:
        def answer(self, prompt: str) -> str:
            raise TypeError(prompt)

    with pytest.raises(TypeError):
        Retrying(Wrong(), (0.0,), lambda _: None).answer(PROMPT)
