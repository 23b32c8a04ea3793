"""Cut documents into passages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from answers.load import Document


@dataclass(frozen=True)
class Passage:
    """A piece of a document: `document.text[start:start + len(text)]` is its text."""

    document: Document
    start: int
    text: str


def passages(document: Document, size: int, overlap: int = 0) -> Iterator[Passage]:
    """Yield pieces of `size` words, each of which repeats the last `overlap` words of the one before.

    A piece reaches to the beginning of its successor's new words, so that without overlap all of them joined are the
    text again.
    """
    raise NotImplementedError("find where each word begins, then step through the words by size - overlap")


def all_passages(found: Iterable[Document], size: int, overlap: int = 0) -> list[Passage]:
    """Return the passages of all documents; none reaches across the end of one."""
    return [passage for document in found for passage in passages(document, size, overlap)]
