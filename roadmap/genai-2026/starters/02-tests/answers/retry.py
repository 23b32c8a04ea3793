"""A model that fails on demand, and one that tries again."""

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
        raise NotImplementedError("count the call, fail while there are failures left, then ask the model")


class Retrying:
    """Asks again after each failure, as often as there are waits, then gives up with the last error."""

    def __init__(
        self, model: Model, waits_s: tuple[float, ...] = WAITS_S, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self.model, self.waits_s, self.sleep = model, waits_s, sleep

    def answer(self, prompt: str) -> str:
        """Return the first answer that comes; with two waits the model is asked three times at most."""
        raise NotImplementedError("try, wait by self.sleep and try again; the last failure is not caught")
