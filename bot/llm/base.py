"""The protocols of chat models and embedders, and their values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float32]
"""float32 [n, dim], rows of unit length."""

Vector = npt.NDArray[np.float32]
"""float32 [dim], unit length."""


class ChatUnavailable(Exception):
    """The chat model gave no answer; the message has the reason, but neither question nor key."""


class ChatResting(ChatUnavailable):
    """The chat model failed, and its circuit breaker is open."""


THINKING_TOKENS = 1500
"""Extra tokens for hidden reasoning, which newer OpenAI models count as part of the answer."""


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One message of a conversation."""

    role: Literal["user", "assistant"]
    text: str


@dataclass(frozen=True, slots=True)
class ReplyFormat:
    """The requested format of a reply; a service without support may still reply in text.

    Args:
        name: letters, digits and underscores.
        schema: JSON Schema, limited to what strict services support.
        structured: the instruction for JSON replies.
        plain: the instruction for services without schema and JSON support.
    """

    name: str
    schema: Mapping[str, object]
    structured: str
    plain: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """A request to a chat model.

    Args:
        max_tokens: the longest answer, in tokens of that model.
    """

    system: str
    turns: tuple[ChatMessage, ...]
    max_tokens: int = 700
    shape: ReplyFormat | None = None


@dataclass(frozen=True, slots=True)
class Usage:
    """The token counts of one request, as reported by the service."""

    prompt: int
    completion: int


@dataclass(frozen=True, slots=True)
class Completion:
    """The reply of a chat model; untrusted, so check and escape it before showing it.

    Args:
        usage: None if the service didn't report it.
    """

    text: str
    usage: Usage | None = None


class ChatModel(Protocol):
    """A chat model."""

    async def complete(self, prompt: Prompt) -> Completion:
        """Answer the prompt.

        Raises:
            ChatUnavailable: for every failure.
        """

    async def close(self) -> None:
        """Release all resources; no request may follow."""


class EmbeddingFailed(Exception):
    """Embedding failed; the embedder has logged the reason."""


class Embedder(Protocol):
    """Turns texts into unit vectors. CPU work: call it in the pool, never on the event loop."""

    @property
    def name(self) -> str:
        """Name the model and its weights; vectors of another name are not comparable."""

    @property
    def dim(self) -> int:
        """Return the number of components of a vector."""

    def embed(self, texts: Sequence[str]) -> Matrix:
        """Embed texts, in their order: float32 [n, dim], rows of unit length; EmbeddingFailed if it cannot be done."""
