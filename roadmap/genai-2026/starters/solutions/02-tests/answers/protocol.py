"""What the rest of the program asks of a model."""

from __future__ import annotations

from typing import Protocol


class Model(Protocol):
    """Anything that answers a prompt; a class satisfies it by having the method, without inheriting."""

    def answer(self, prompt: str) -> str:
        """Return the answer, or raise ModelError."""
        ...
