"""A chat model whose tokens are charged: who asks is known where a question comes in, not where it is worded."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol

from bot.llm.base import THINKING_TOKENS, ChatModel, Completion, Hear, Prompt, Usage


class Charge(Protocol):
    """Whose tokens a request takes, asked before it and told after it."""

    async def hold(self, prompt: Prompt) -> None:
        """Put aside what the request may take at most.

        Raises:
            ChatUnavailable: the request may not be made.
        """
        ...

    async def settle(self, prompt: Prompt, completion: Completion | None, why: BaseException | None = None) -> None:
        """Note what it took; a request that failed brings the reason, and what of the reply had come, or None."""
        ...


_CHARGE: ContextVar[Charge | None] = ContextVar("charge", default=None)


@contextmanager
def charged_to(charge: Charge) -> Iterator[None]:
    """Have what is asked of a chat model inside be charged; elsewhere, as on the command line, nobody is."""
    token = _CHARGE.set(charge)
    try:
        yield
    finally:
        _CHARGE.reset(token)


class Charged:
    """Another chat model, with each request charged to who asked."""

    def __init__(self, chat: ChatModel) -> None:
        self._chat = chat

    async def complete(self, prompt: Prompt, hear: Hear | None = None) -> Completion:
        """Answer the prompt, as the other does.

        Raises:
            ChatUnavailable: for every failure, and where the charge refuses.
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
        """Let go of what the other holds."""
        await self._chat.close()


def counted(prompt: Prompt, completion: Completion) -> Usage:
    """Return what a request took: as its service counted, else by length, about four characters a token.

    A count that no such request can have, less than nothing or more than a token for each character, is none.
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
    """Return the tokens that a request may take at most, reckoned with three characters a token."""
    return _length(prompt) // 3 + prompt.max_tokens + THINKING_TOKENS


def _length(prompt: Prompt) -> int:
    length = len(prompt.system) + sum(len(turn.text) for turn in prompt.turns)
    shape = prompt.shape
    return length if shape is None else length + max(len(shape.structured) + len(str(shape.schema)), len(shape.plain))
