"""A chat model wrapper that charges tokens to the asker, who is passed in a context variable."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from typing import Protocol

from bot.llm.base import THINKING_TOKENS, ChatModel, ChatUnavailable, Completion, Prompt, Usage


class Charge(Protocol):
    """A token budget: reserved before the requests of one answer, and charged after them."""

    @property
    def is_held(self) -> bool:
        """Whether tokens are reserved."""

    async def hold(self, tokens: int) -> None:
        """Reserve tokens.

        Raises:
            ChatUnavailable: the requests may not be made.
        """

    def spend(self, usage: Usage) -> None:
        """Add what a request used."""

    async def settle(self, why: BaseException | None = None) -> None:
        """Charge what was used and release the reservation; failed requests have the reason."""


_CHARGE: ContextVar[Charge | None] = ContextVar("charge", default=None)


@contextmanager
def charged_to(charge: Charge) -> Iterator[None]:
    """Charge requests in the body; without this, as on the command line, nobody is charged."""
    token = _CHARGE.set(charge)
    try:
        yield
    finally:
        _CHARGE.reset(token)


@asynccontextmanager
async def reserved(tokens: int) -> AsyncIterator[None]:
    """Reserve tokens for all requests in the body together, before the first; charge what they used at the end.

    Raises:
        ChatUnavailable: the budget is exceeded.
    """
    charge = _CHARGE.get()
    if charge is None:
        yield
        return
    await charge.hold(tokens)
    why: BaseException | None = None
    try:
        yield
    except BaseException as error:
        why = error
        raise
    finally:
        await charge.settle(why)


class Charged:
    """Wraps a chat model and charges each request to the asker."""

    def __init__(self, chat: ChatModel) -> None:
        self._chat = chat

    async def complete(self, prompt: Prompt) -> Completion:
        """Answer the prompt with the wrapped model.

        Raises:
            ChatUnavailable: for every failure, and if an asker has no tokens reserved.
        """
        charge = _CHARGE.get()
        if charge is not None and not charge.is_held:
            raise ChatUnavailable("no tokens are reserved")
        completion = await self._chat.complete(prompt)
        if charge is not None:
            charge.spend(counted(prompt, completion))
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
        and usage.prompt + usage.completion <= 3 * count_most(prompt)
    ):
        return usage
    prompted, completed = _length(prompt) // 4 + 1, len(completion.text) // 4 + 1
    return Usage(prompted, max(0, min(completed, count_most(prompt) - prompted)))


def count_most(prompt: Prompt) -> int:
    """Return the greatest number of tokens of a request, at three characters a token."""
    return _length(prompt) // 3 + prompt.max_tokens + THINKING_TOKENS


def _length(prompt: Prompt) -> int:
    length = len(prompt.system) + sum(len(turn.text) for turn in prompt.turns)
    shape = prompt.shape
    return length if shape is None else length + max(len(shape.structured) + len(str(shape.schema)), len(shape.plain))
