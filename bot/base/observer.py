"""The interface for metrics: counts and the bot's own names, never what people wrote."""

from __future__ import annotations

from typing import Literal

Ending = Literal["answered", "refused", "busy", "failed", "repeated"]
"""How an event ended: answered, refused with a sentence, busy (timed out without a change), failed with a fault, or
repeated (answered before)."""
Search = Literal["reading", "words only", "ready"]
"""The state of the search index: still loading, by words only, or by words and meaning."""
Way = Literal["embedded", "model"]
"""The source of an answer's wording: the notes themselves or a chat model."""


class Observer:
    """Collects metrics, here none; no method blocks or raises."""

    def commanded(self, command: str, ending: Ending, seconds: float) -> None:
        """Count an event by its command ("" if there is none), with its duration."""

    def answered(self, way: Way, seconds: float) -> None:
        """Count an answered question, with the time that the asker waited."""

    def spent(self, prompt: int, completion: int) -> None:
        """Count the tokens of one request to a chat model."""

    def tried(self, platform: str, *, was_there: bool) -> None:
        """Count one delivery attempt, and whether the message was there already."""

    def closed(self, platform: str, state: str) -> None:
        """Count an outbox message by its final state."""

    def ticked(self, seconds: float, *, has_failed: bool) -> None:
        """Count one run of the schedule."""


NOBODY = Observer()
