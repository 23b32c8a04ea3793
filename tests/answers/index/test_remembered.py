"""Who reads a list of questions again waits for the new ones alone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bot.answers.index import retrieval
from bot.answers.index.retrieval import Remembered
from bot.llm.base import Matrix


class Counting:
    """An embedder that writes down what it was asked for."""

    name, dim = "counting", 2

    def __init__(self) -> None:
        self.asked: list[str] = []

    def embed(self, texts: Sequence[str]) -> Matrix:
        """Return a row that tells texts apart by their length."""
        self.asked += texts
        return np.array([[len(text), 1] for text in texts], dtype=np.float32)


def test_only_what_is_new_is_embedded_and_rows_stay_in_order() -> None:
    kept, embedder = Remembered(), Counting()
    first = kept.embed(["a", "bb", "a"], embedder)
    second = kept.embed(["ccc", "bb"], embedder)
    assert embedder.asked == ["a", "bb", "ccc"]
    assert first[:, 0].tolist() == [1, 2, 1] and second[:, 0].tolist() == [3, 2]


def test_what_was_asked_for_longest_ago_is_forgotten() -> None:
    kept, embedder = Remembered(), Counting()
    kept.embed([f"{n}" for n in range(retrieval.MOST)], embedder)
    kept.embed(["0", "new"], embedder)
    kept.embed(["0", "1"], embedder)
    assert embedder.asked[retrieval.MOST :] == ["new", "1"]
