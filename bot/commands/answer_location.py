"""Where the answer to one event stands, told while it is made and once it is given: it may have to change."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from bot.commands.context import Invocation, Place
from bot.messages.reply import Reply


class Stands(Protocol):
    """Told where an answer stands; never raises.

    Args:
        turn: the turn whose answer it is.
        place: the room that it stands in.
        ref: the platform's id of the message, None where nobody can change it.
        is_last: whether it is the answer itself, or what stands in its place meanwhile.
    """

    async def __call__(
        self, invocation: Invocation, turn: str, place: Place, ref: str | None, *, is_last: bool
    ) -> None: ...


async def untold(invocation: Invocation, turn: str, place: Place, ref: str | None, *, is_last: bool) -> None:
    """Keep nothing."""


class AnswerLocation:
    """What an adapter tells of the answer to one event; of what is no turn's answer it tells nothing."""

    def __init__(self, stands: Stands, invocation: Invocation) -> None:
        self._stands, self._invocation, self._place = stands, invocation, invocation.place
        self._turn, self._ref = "", ""

    def moved(self, reader: str) -> None:
        """Note that the answer goes to one person's direct messages instead."""
        self._place = Place.direct(self._place.platform, None, reader)

    async def passing(self, reply: Reply, ref: str) -> None:
        """Tell where a state that others read stands, once for each message."""
        if reply.turn and ref != self._ref:
            self._turn, self._ref = reply.turn, ref
            await self._tell(self._place, ref, is_last=False)

    async def last(self, reply: Reply | None, ref: str | None, thread: str | None = None) -> None:
        """Tell where the answer stands, or that there is none; None where nobody can change it.

        Args:
            thread: in which it stands, where that is another than its event's.
        """
        self._turn = self._turn or (reply.turn if reply is not None else "")
        if self._turn:
            place = replace(self._place, thread=thread) if thread else self._place
            await self._tell(place, ref, is_last=True)

    async def _tell(self, place: Place, ref: str | None, *, is_last: bool) -> None:
        await self._stands(self._invocation, self._turn, place, ref, is_last=is_last)
