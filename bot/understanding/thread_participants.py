"""Who talks in a thread of the bot's: what people say to each other there is not for it."""

from __future__ import annotations

from collections import OrderedDict

from bot.commands.context import Place

THREADS = 1000
"""Threads that are remembered, in memory; of others nothing is known."""


class Bystanders:
    """Who has said something in a thread since the bot last answered there."""

    def __init__(self) -> None:
        self._spoke: OrderedDict[Place, set[str]] = OrderedDict()

    def note(self, thread: Place, person: str) -> None:
        """Note that somebody has said something that was not for the bot."""
        self._spoke.setdefault(thread, set()).add(person)
        self._spoke.move_to_end(thread)
        if len(self._spoke) > THREADS:
            self._spoke.popitem(last=False)

    def heard(self, thread: Place) -> None:
        """Note that the bot answers: whoever speaks next may well speak to it."""
        self._spoke.pop(thread, None)

    def are_talking(self, thread: Place, person: str) -> bool:
        """Whether somebody else has spoken last, so that a person may well answer them."""
        return bool(self._spoke.get(thread, set()) - {person})
