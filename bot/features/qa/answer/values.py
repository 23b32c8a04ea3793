"""What an answer is: its text, what it rests on, what is near."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.llm.base import Usage


@dataclass(frozen=True, slots=True)
class Citation:
    """What an answer rests on: a note, a heading in it, and the sentence, verbatim."""

    note: str
    title: str
    heading: str
    quote: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A heading of a note."""

    note: str
    title: str
    heading: str


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer fit to be shown after escaping.

    Args:
        text: sentences, each followed by its marks, as in "... [1] ... [2][3]"; or why there is none.
        citations: citation n stands for [n].
        origin: who worded it; None if declined.
        cosine: of the best passage, for finding what the notes lack; None while the dense leg is missing.
        near: passages that it does not rest on and that are near the question, nearest first.
        usage: what a chat model counted for it, whatever became of its text; None if none was asked or it did not say.
    """

    text: str
    declined: bool
    citations: tuple[Citation, ...] = ()
    origin: Literal["notes", "model"] | None = None
    cosine: float | None = None
    near: tuple[Passage, ...] = ()
    usage: Usage | None = None
