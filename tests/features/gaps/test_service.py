"""Which questions are one gap."""

from __future__ import annotations

import numpy as np

from bot.features.gaps.service import COSINE, groups

TEXTS = [
    "how do I roll back the quokka service",
    "what is a zebra",
    "roll the quokka service back how",
    "What is a  ZEBRA",
]


def test_without_vectors_common_words_put_questions_together() -> None:
    assert groups(TEXTS, None) == [[0, 2], [1, 3]]
    assert groups([], None) == []


def test_vectors_decide_where_there_are_some_and_the_same_words_stay_the_same() -> None:
    assert groups(TEXTS, np.eye(4, dtype=np.float32)) == [[0], [1, 3], [2]]


def test_a_question_that_is_like_one_of_a_group_belongs_to_it() -> None:
    angle = np.arccos(COSINE + 0.01)
    turned = np.array([[np.cos(i * angle), np.sin(i * angle)] for i in range(3)], dtype=np.float32)
    assert turned[0] @ turned[2] < COSINE
    assert groups(["a", "b", "c"], turned) == [[0, 1, 2]]
