"""What the rest of the bot knows about models: two protocols and the values they exchange."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float32]
"""float32 [n, dim], rows of unit length."""

Vector = npt.NDArray[np.float32]
"""float32 [dim], unit length."""


class ChatUnavailable(Exception):
    """No answer could be had from the chat model; the message says why and holds neither question nor key."""


class ChatResting(ChatUnavailable):
    """The chat model failed and is left alone for a while."""


THINKING_TOKENS = 1500
"""OpenAI's newer models count hidden reasoning as part of the answer; so many are granted beside it."""


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One message of a conversation."""

    role: Literal["user", "assistant"]
    text: str


@dataclass(frozen=True, slots=True)
class ReplyFormat:
    """What form a reply should have. A service that cannot be held to it may reply in text all the same.

    Args:
        name: letters, digits and underscores.
        schema: JSON Schema, of the part that strict services take.
        structured: tells a model of the form.
        plain: tells it of the form in text, for services that take no schema and no JSON.
    """

    name: str
    schema: Mapping[str, object]
    structured: str
    plain: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a chat model is asked.

    Args:
        max_tokens: the longest answer, in tokens of that model.
    """

    system: str
    turns: tuple[ChatMessage, ...]
    max_tokens: int = 700
    shape: ReplyFormat | None = None


@dataclass(frozen=True, slots=True)
class Usage:
    """What a service counted for one request, in tokens of its model."""

    prompt: int
    completion: int


@dataclass(frozen=True, slots=True)
class Completion:
    """What a chat model said. The text is data: it is checked and escaped before anyone sees it.

    Args:
        usage: None if the service did not say.
    """

    text: str
    usage: Usage | None = None


Hear = Callable[[str], None]
"""Takes a piece of a text that is still coming."""


class ChatModel(Protocol):
    """Something that continues a conversation."""

    async def complete(self, prompt: Prompt, hear: Hear | None = None) -> Completion:
        """Answer the prompt.

        Args:
            hear: told of the text as it comes, where the model can. All pieces are the whole text, unless it fails in
                between.

        Raises:
            ChatUnavailable: for every failure, whatever its cause.
        """
        ...

    async def close(self) -> None:
        """Let go of what it holds; nothing is asked of it after that."""
        ...


class EmbeddingFailed(Exception):
    """Nothing can be embedded for now; what embeds has logged why."""


class Embedder(Protocol):
    """Something that turns texts into directions. CPU work: call it in the pool, never on the loop."""

    @property
    def name(self) -> str:
        """Name the model and its weights; vectors of another name are not comparable."""
        ...

    @property
    def dim(self) -> int:
        """Return the number of components of a vector."""
        ...

    def embed(self, texts: Sequence[str]) -> Matrix:
        """Embed texts, in their order: float32 [n, dim], rows of unit length; EmbeddingFailed if it cannot be done."""
        ...
