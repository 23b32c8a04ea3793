"""Follow-ups."""

from __future__ import annotations

import pytest

from bot.features.qa.answer.turns import leans, query


@pytest.mark.parametrize(
    "turn", ["and for tuples?", "why?", "what about sets", "how does it work", "which one?", "can you explain more"]
)
def test_a_short_pointing_turn_leans_on_the_one_before(turn: str) -> None:
    assert leans(turn)


@pytest.mark.parametrize(
    "turn", ["no, it walks the whole list each time, right?", "but it keeps the order of its members since 3.7"]
)
def test_a_claim_about_it_leans_on_what_it_disputes_however_long_it_is(turn: str) -> None:
    assert leans(turn)


@pytest.mark.parametrize(
    "turn", ["what is a set", "explain broadcasting", "how do I sort a long list and keep it ordered"]
)
def test_a_whole_question_stands_alone(turn: str) -> None:
    assert not leans(turn)
    assert query(["what is a coroutine", turn]).text == turn


def test_a_follow_up_leans_on_its_question() -> None:
    made = query(["when should I use a list", "and for tuples?"])
    assert made.text == "and for tuples? when should I use a list"
    assert made.last == "and for tuples?" and made.before == "when should I use a list"


def test_a_chain_of_follow_ups_keeps_its_topic_and_a_new_question_ends_it() -> None:
    chain = query(["what is a list", "and tuples?", "why?"])
    assert chain.last == "why?" and chain.before == "and tuples? what is a list"
    assert (
        query(["what is a list", "and tuples?", "explain await keyword", "why?"]).text == "why? explain await keyword"
    )


def test_a_follow_up_with_nothing_before_it_is_taken_as_it_is() -> None:
    assert not query(["and for tuples?"]).before
    assert not query(["", "  ", "why?"]).before
    assert query([]).text == ""
