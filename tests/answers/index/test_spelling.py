"""Slips of spelling."""

from __future__ import annotations

import pytest

from bot.answers.index.spelling import MOST_MENDED, Speller

SPELLER = Speller(["dictionary", "yield", "inheritance", "dataframe", "list"], {"loading", "yields", "branches"})


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("what is a dictonary?", "what is a dictionary?"),
        ("yeild", "yield"),
        ("Inheritence vs x", "inheritance vs x"),
    ],
)
def test_a_slip_becomes_the_word_of_the_notes(typed: str, meant: str) -> None:
    assert SPELLER.correct(typed) == meant


@pytest.mark.parametrize("typed", ["loading", "lost", "docker", "kubernetes", "what is LoRA?", "dictionaries", "12345"])
def test_ordinary_short_and_foreign_words_are_left_alone(typed: str) -> None:
    assert SPELLER.correct(typed) == typed


@pytest.mark.parametrize(
    ("typed", "offered"),
    [("wat is a lsit", ["list"]), ("lizt", ["list"]), ("lis", []), ("what", []), ("li", []), ("zebra", [])],
)
def test_a_short_word_that_is_a_slip_away_is_offered_and_not_put_in(typed: str, offered: list[str]) -> None:
    assert [word for word, _ in SPELLER.offered(typed)] == offered
    assert SPELLER.correct(typed) == typed


def test_a_line_of_strange_words_costs_no_more_than_a_dozen() -> None:
    strange = [f"zzz{letter}zzzz" for letter in "abcdefghijklmnop"][:MOST_MENDED]
    assert SPELLER.correct(" ".join([*strange[:-1], "dictonary"])).endswith("dictionary")
    assert SPELLER.correct(" ".join([*strange, "dictonary"])).endswith("dictonary")


def test_an_everyday_word_is_offered_only_where_letters_changed_places() -> None:
    speller = Speller(["tones", "logit"], {"tones"})
    assert speller.offered("tomes") == [] and speller.offered("toens") == [("tones", True)]
    assert speller.offered("lugit") == [("logit", False)]
