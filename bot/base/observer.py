"""What is counted of the bot's work: told to whoever keeps count, of numbers and of names that the bot itself gave."""

from __future__ import annotations

from typing import Literal, Protocol

Ending = Literal["answered", "refused", "busy", "failed", "repeated"]
"""How an event ended: refused with a sentence, busy where nothing was changed for want of time, failed by a fault,
repeated where it was answered before."""
Search = Literal["reading", "words only", "ready"]
"""How a process finds notes: not yet as well as in a moment, by their words alone, by words and by meaning."""
Way = Literal["embedded", "model"]
"""Who worded an answer: the notes themselves, or a chat model."""


class Observer(Protocol):
    """Keeps count; none of it takes time, waits or raises."""

    def commanded(self, command: str, ending: Ending, seconds: float) -> None:
        """Note that an event was answered: by which declared command, "" if there is none, and how long it took."""
        ...

    def answered(self, way: Way, seconds: float) -> None:
        """Note that a question was answered, and how long whoever asked had waited."""
        ...

    def spent(self, prompt: int, completion: int) -> None:
        """Note the tokens of one request to a chat model."""
        ...

    def tried(self, platform: str, *, was_there: bool) -> None:
        """Note one try to deliver a message, and whether it was found to have arrived before."""
        ...

    def closed(self, platform: str, state: str) -> None:
        """Note the state in which a message of the outbox was left."""
        ...

    def ticked(self, seconds: float, *, has_failed: bool) -> None:
        """Note one look of the schedule."""
        ...


class Unobserved:
    """Keeps no count."""

    def commanded(self, command: str, ending: Ending, seconds: float) -> None:
        """Take no notice."""

    def answered(self, way: Way, seconds: float) -> None:
        """Take no notice."""

    def spent(self, prompt: int, completion: int) -> None:
        """Take no notice."""

    def tried(self, platform: str, *, was_there: bool) -> None:
        """Take no notice."""

    def closed(self, platform: str, state: str) -> None:
        """Take no notice."""

    def ticked(self, seconds: float, *, has_failed: bool) -> None:
        """Take no notice."""


NOBODY: Observer = Unobserved()
