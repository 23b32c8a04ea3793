"""Which questions ask for the same: near in meaning where there are vectors, else made of the same words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from bot.features.qa.index.words import stems
from bot.llm.base import Matrix

Alike = npt.NDArray[np.bool_]

COSINE = 0.6
"""From which on two questions are one gap: of the golden set's pairs on different notes two in 10,000 reach it."""
WORDS = 0.5
"""The share of all their words that two questions have in common where there are no vectors."""


def groups(texts: Sequence[str], vectors: Matrix | None) -> list[list[int]]:
    """Return the numbers of alike texts together, each group in order and by its first.

    A text belongs to a group if it is like one of it. Time and memory grow with the square of the number of texts.

    Args:
        vectors: float32 [n, dim], rows of unit length.
    """
    alike = _by_words(texts) if vectors is None else (vectors @ vectors.T >= COSINE) | _same(texts)
    left, found = list(range(len(texts))), []
    while left:
        group, edge = {left[0]}, [left[0]]
        while edge:
            one = edge.pop()
            new = [other for other in left if other not in group and alike[one, other]]
            group.update(new)
            edge += new
        found.append(sorted(group))
        left = [one for one in left if one not in group]
    return found


def _same(texts: Sequence[str]) -> Alike:
    said = np.array([" ".join(text.casefold().split()) for text in texts])
    alike: Alike = said[:, None] == said[None, :]
    return alike


def _by_words(texts: Sequence[str]) -> Alike:
    words = [stems(text) for text in texts]
    number = {word: i for i, word in enumerate(sorted(frozenset().union(*words)))}
    has = np.zeros((len(words), len(number)), np.float32)
    for row, mine in zip(has, words, strict=True):
        row[[number[word] for word in mine]] = 1
    common, sizes = has @ has.T, has.sum(axis=1)
    every = sizes[:, None] + sizes[None, :] - common
    alike: Alike = _same(texts) | ((every > 0) & (common >= WORDS * every))
    return alike
