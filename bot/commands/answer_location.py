"""Report where the answer to an event was posted, so that it can be changed later."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from bot.commands.context import Invocation, Place
from bot.messages.reply import Reply


class Stands(Protocol):
    """Receives the location of an answer; never raises.

    Args:
        turn: the conversation turn that the message answers.
        place: the room of the message.
        ref: the platform's id of the message; None if nobody can change it.
        is_last: whether it is the final answer; False for an intermediate state.
    """

    async def __call__(
        self, invocation: Invocation, turn: str, place: Place, ref: str | None, *, is_last: bool
    ) -> None: ...


async def untold(invocation: Invocation, turn: str, place: Place, ref: str | None, *, is_last: bool) -> None:
    """Store nothing."""


class AnswerLocation:
    """Reports the messages that answer one event; ignores a reply without a turn."""

    def __init__(self, stands: Stands, invocation: Invocation) -> None:
        self._stands, self._invocation, self._place = stands, invocation, invocation.place
        self._turn, self._ref = "", ""

    def moved(self, reader: str) -> None:
        """Record that the answer goes to one person's direct messages instead."""
        self._place = Place.direct(self._place.platform, None, reader)

    async def passing(self, reply: Reply, ref: str) -> None:
        """Report the location of a public intermediate state, once for each message."""
        if reply.turn and ref != self._ref:
            self._turn, self._ref = reply.turn, ref
            await self._tell(self._place, ref, is_last=False)

    async def last(self, reply: Reply | None, ref: str | None, thread: str | None = None) -> None:
        """Report the location of the answer; None if there is none or nobody can change it.

        Args:
            thread: the thread of the answer, if it isn't the event's own.
        """
        self._turn = self._turn or (reply.turn if reply is not None else "")
        if self._turn:
            place = replace(self._place, thread=thread) if thread else self._place
            await self._tell(place, ref, is_last=True)

    async def _tell(self, place: Place, ref: str | None, *, is_last: bool) -> None:
        await self._stands(self._invocation, self._turn, place, ref, is_last=is_last)
