"""A chat model wrapper that charges tokens to the asker, who is passed in a context variable."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol

from bot.llm.base import THINKING_TOKENS, ChatModel, Completion, Hear, Prompt, Usage


class Charge(Protocol):
    """A token budget, checked before a request and charged after it."""

    async def hold(self, prompt: Prompt) -> None:
        """Reserve the greatest number of tokens that the request may use.

        Raises:
            ChatUnavailable: the request may not be made.
        """
        ...

    async def settle(self, prompt: Prompt, completion: Completion | None, why: BaseException | None = None) -> None:
        """Charge the used tokens; a failed request has the reason, and the partial reply or None."""
        ...


_CHARGE: ContextVar[Charge | None] = ContextVar("charge", default=None)


@contextmanager
def charged_to(charge: Charge) -> Iterator[None]:
    """Charge requests in the body; without this, as on the command line, nobody is charged."""
    token = _CHARGE.set(charge)
    try:
        yield
    finally:
        _CHARGE.reset(token)


class Charged:
    """Wraps a chat model and charges each request to the asker."""

    def __init__(self, chat: ChatModel) -> None:
        self._chat = chat

    async def complete(self, prompt: Prompt, hear: Hear | None = None) -> Completion:
        """Answer the prompt with the wrapped model.

        Raises:
            ChatUnavailable: for every failure, and if the budget is exceeded.
        """
        charge = _CHARGE.get()
        if charge is None:
            return await self._chat.complete(prompt, hear)
        await charge.hold(prompt)
        came: list[str] = []

        def listen(piece: str) -> None:
            came.append(piece)
            if hear is not None:
                hear(piece)

        completion: Completion | None = None
        trouble: BaseException | None = None
        try:
            completion = await self._chat.complete(prompt, listen if hear is not None else None)
        except asyncio.CancelledError as error:
            trouble = None if came else error  # whoever lets go of a reply that has begun has heard enough of it
            raise
        except BaseException as error:
            trouble = error
            raise
        finally:
            begun = Completion("".join(came)) if came else None
            await charge.settle(prompt, completion or begun, trouble)
        return completion

    async def close(self) -> None:
        """Close the wrapped model."""
        await self._chat.close()


def counted(prompt: Prompt, completion: Completion) -> Usage:
    """Return the tokens of a request, as reported by the service, else estimated at four characters a token.

    An impossible report (negative, or more than a token for each character) is ignored.
    """
    usage = completion.usage
    if (
        usage is not None
        and min(usage.prompt, usage.completion) >= 0
        and usage.prompt + usage.completion <= 3 * most(prompt)
    ):
        return usage
    prompted, completed = _length(prompt) // 4 + 1, len(completion.text) // 4 + 1
    return Usage(prompted, max(0, min(completed, most(prompt) - prompted)))


def most(prompt: Prompt) -> int:
    """Return the greatest number of tokens of a request, at three characters a token."""
    return _length(prompt) // 3 + prompt.max_tokens + THINKING_TOKENS


def _length(prompt: Prompt) -> int:
    length = len(prompt.system) + sum(len(turn.text) for turn in prompt.turns)
    shape = prompt.shape
    return length if shape is None else length + max(len(shape.structured) + len(str(shape.schema)), len(shape.plain))
