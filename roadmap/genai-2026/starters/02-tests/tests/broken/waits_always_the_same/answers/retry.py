"""Broken on purpose. Hammers a server that is down."""

from __future__ import annotations

import time
from collections.abc import Callable

from answers.model import ModelError
from answers.protocol import Model

WAITS_S = (1.0, 4.0)


class Flaky:
    """Fails the first times that it is asked, then answers as the model behind it."""

    def __init__(self, model: Model, failures: int) -> None:
        self.model, self.failures = model, failures
        self.asked = 0

    def answer(self, prompt: str) -> str:
        """Count the call; raise ModelError until there were enough failures."""
        self.asked += 1
        if self.asked <= self.failures:
            raise ModelError(f"Failure {self.asked} of {self.failures}.")
        return self.model.answer(prompt)


class Retrying:
    """Asks again after each failure, as often as there are waits, then gives up with the last error."""

    def __init__(
        self, model: Model, waits_s: tuple[float, ...] = WAITS_S, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self.model, self.waits_s, self.sleep = model, waits_s, sleep

    def answer(self, prompt: str) -> str:
        """Return the first answer that comes; with two waits the model is asked three times at most."""
        for wait_s in self.waits_s:
            try:
                return self.model.answer(prompt)
            except ModelError:
                self.sleep(self.waits_s[0])
        return self.model.answer(prompt)
