"""One answer on its way to its reader, in the same steps on every platform: states, the answer, where it stands.

It also knows who has written in a thread since the last answer: lines of people to each other are not for the bot.

`retry` repeats its requests: after short waits that a platform asks for, and once after a fault.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import NamedTuple, TypeVar

from bot.base.rate_limiter import Throttle
from bot.commands.answer_location import AnswerLocation
from bot.commands.context import Place
from bot.messages.reply import Reply


class ReplyChannel(ABC):
    """The answer to one event: `show` its states while it is made, then `finish` it.

    A platform sends a message, edits it and takes it back. It overrides a further step only where it differs.

    Args:
        every_s: the least time between two states.
        location: told where the answer stands.

    `shown` is the platform's id of the message that shows the answer so far.
    `thread` is the thread of the answer, if it isn't the event's own.
    """

    shown: str | None = None
    thread: str | None = None

    def __init__(self, every_s: float, location: AnswerLocation | None = None) -> None:
        self.location = location
        self._pace = Throttle(self._show_state, every_s)

    @property
    def ref(self) -> str | None:
        """The platform's id of the answer; None if nobody can change it later."""
        return self.shown

    async def show(self, reply: Reply) -> None:
        """Show an intermediate state; a newer one may replace it before it is shown."""
        await self._pace.put(reply)

    async def stop(self) -> None:
        """Show no more of the states so far."""
        await self._pace.stop()

    async def finish(self, reply: Reply | None) -> None:
        """Give the answer; None takes back what was shown, because the event was answered before."""
        await self.stop()
        await self._give(reply)
        if self.location is not None:
            await self.location.last(reply, self.ref, self.thread)

    async def _show_state(self, reply: Reply) -> None:
        await self._put(reply)
        if self.location is not None and self.ref is not None:
            await self.location.passing(reply, self.ref)

    async def _give(self, reply: Reply | None) -> None:
        await (self._put(reply) if reply is not None else self._withdraw())

    async def _put(self, reply: Reply) -> None:
        if self.shown is None:
            self.shown = await self._send(reply)
        else:
            await self._edit(self.shown, reply)

    @abstractmethod
    async def _send(self, reply: Reply) -> str | None:
        """Send a message and return its id; None if that fails but the answer may go another way."""

    @abstractmethod
    async def _edit(self, ref: str, reply: Reply) -> None:
        """Edit the message that shows the answer so far."""

    @abstractmethod
    async def _withdraw(self) -> None:
        """Take back what was shown or promised."""


T = TypeVar("T")


class RetryPause(NamedTuple):
    """Seconds before the next try; `is_fault` if the failed one may have been carried out, not only put off."""

    seconds: float
    is_fault: bool = False


async def retry(
    request: Callable[[], Awaitable[T]],
    find_pause: Callable[[Exception], RetryPause | None],
    within_s: float,
    after_fault: Callable[[], Awaitable[T]] | None = None,
) -> T:
    """Make a request, with retries, and return its result; raise the error after which there is no further try.

    Args:
        find_pause: returns how long to wait after an error; None if a further try is useless.
        within_s: the longest wait in all.
        after_fault: makes the request if it may have been carried out already, if that differs.
    """
    waited, may_fail = 0.0, True
    while True:
        try:
            return await request()
        except Exception as error:
            pause = find_pause(error)
            if pause is None or (pause.is_fault and not may_fail) or waited + pause.seconds > within_s:
                raise
        if pause.is_fault:
            request, may_fail = after_fault or request, False
        waited += pause.seconds
        await asyncio.sleep(pause.seconds)


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
