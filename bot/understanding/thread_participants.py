"""Who talks in a thread of the bot: lines that people write to each other there are not for the bot."""

from __future__ import annotations

from collections import OrderedDict

from bot.commands.context import Place

THREADS = 1000
"""Threads held in memory; the least recent ones are forgotten."""


class ThreadParticipants:
    """The people who have written in a thread since the bot's last answer there."""

    def __init__(self) -> None:
        self._spoke: OrderedDict[Place, set[str]] = OrderedDict()

    def note(self, thread: Place, person: str) -> None:
        """Note that somebody wrote a line that was not for the bot."""
        self._spoke.setdefault(thread, set()).add(person)
        self._spoke.move_to_end(thread)
        if len(self._spoke) > THREADS:
            self._spoke.popitem(last=False)

    def clear(self, thread: Place) -> None:
        """Note that the bot answers: the next line may well be for it."""
        self._spoke.pop(thread, None)

    def are_talking(self, thread: Place, person: str) -> bool:
        """Whether somebody else has written since the bot's answer, so that this person may answer them."""
        return bool(self._spoke.get(thread, set()) - {person})
