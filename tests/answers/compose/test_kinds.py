"""What a question asks for."""

from __future__ import annotations

import pytest

from bot.answers.compose.question_types import Kind, wish


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("what is a coroutine", "what"),
        ("whats a set?", "what"),
        ("explain broadcasting", "what"),
        ("what does yield do", "what"),
        ("why is append fast", "why"),
        ("how come lists are unhashable", "why"),
        ("how do I limit requests", "how"),
        ("set vs list", "compare"),
        ("difference between a list and a tuple", "compare"),
        ("when should I use a set instead of a list", "compare"),
        ("how is a list different from a tuple", "compare"),
        ("gather or TaskGroup?", "compare"),
        ("TypeError: unhashable type", "other"),
        ("this or that", "other"),
    ],
)
def test_a_kind_is_read_from_the_wording(question: str, kind: Kind) -> None:
    assert wish(question).kind == kind


def test_sides_leave_out_what_both_share() -> None:
    assert wish("a shallow copy vs a deep copy").sides == (frozenset({"shallow"}), frozenset({"deep"}))


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("what is a tuple", "A tuple is an ordered row of items."),
        ("why use sets", "Sets are fast, because each test is a hash lookup."),
        ("how do I convert it", "Convert a list to a tuple."),
        ("set vs list", "A set is faster than a list."),
    ],
)
def test_a_fitting_sentence_sounds_like_an_answer(question: str, sentence: str) -> None:
    assert wish(question).sounds(sentence)
    assert not wish(question).sounds("Zero, once more.")
