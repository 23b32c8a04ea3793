"""Words and their stems."""

from __future__ import annotations

import pytest

from bot.answers.index.words import content, overlap, stem, stems, words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("dict", "dictionaries"),
        ("hash", "hashing"),
        ("iterate", "iteration"),
        ("merge", "merging"),
        ("copy", "copies"),
        ("df", "dataframes"),
        ("concurrent", "concurrent"),
        ("stop", "stopped"),
        ("async", "asynchronous"),
        ("class", "classes"),
        ("tokenizer", "tokenisers"),
        ("optimization", "optimising"),
        ("analyze", "analyse"),
    ],
)
def test_forms_of_a_word_share_a_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)


@pytest.mark.parametrize(
    ("one", "other"), [("list", "tuple"), ("mutable", "immutable"), ("set", "seed"), ("int", "into")]
)
def test_different_words_do_not(one: str, other: str) -> None:
    assert stem(one) != stem(other)


def test_names_of_languages_with_signs_are_words() -> None:
    assert words("C++ or c#, .NET don't") == ["c++", "or", "c#", ".net", "dont"]


def test_a_number_is_one_word_with_and_without_separators() -> None:
    assert words("1,234,567 of 2,000, then 3,14 and 10,0000") == [
        "1234567",
        "of",
        "2000",
        "then",
        "3",
        "14",
        "and",
        "10",
        "0000",
    ]


def test_words_that_frame_a_question_carry_no_content() -> None:
    assert content("What's the difference between a list and a tuple, please?") == ["list", "tuple"]
    assert stems("why is that so") == frozenset()


@pytest.mark.parametrize("asked", ["what is the mean?", "mean?", "define mean", "explain the mean", "whats the mean"])
def test_the_mean_is_a_subject(asked: str) -> None:
    assert content(asked) == ["mean"]


@pytest.mark.parametrize("asked", ["what do you mean?", "what does it mean", "what is meant", "so it means that"])
def test_to_mean_is_none(asked: str) -> None:
    assert "mean" not in content(asked) and "means" not in content(asked)


def test_overlap_is_a_share_of_what_is_wanted() -> None:
    assert overlap(frozenset({"a", "b"}), {"b", "c"}) == 0.5
    assert overlap(frozenset(), {"b"}) == 0
