"""Choices in an order of their own, and what an answer is worth."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.curriculum.bank import (
    AnswerChoice,
    BankItem,
    MultipleChoice,
    NumericAnswer,
    Ordering,
    QuestionSource,
    SingleChoice,
)
from bot.features.quiz.attempt import Posed, figure, parse_number
from bot.messages.errors import BadInput
from tests.examples import examples
from tests.shipped import read_courses

SEEDS = st.integers(0, 2**31 - 1)


def item(form: SingleChoice | MultipleChoice | Ordering | NumericAnswer) -> BankItem:
    return BankItem("x-01", "recall", "easy", "Which?", form, "Because.", QuestionSource("note", "Heading"))


def choices(right: set[int], count: int) -> tuple[AnswerChoice, ...]:
    return tuple(AnswerChoice(f"choice {at}", at in right, "" if at in right else f"wrong {at}") for at in range(count))


@given(SEEDS, st.integers(3, 4), st.data())
def test_of_one_right_choice_exactly_one_letter_is_right_and_it_stays(
    seed: int, count: int, data: st.DataObject
) -> None:
    right = data.draw(st.integers(0, count - 1))
    posed = Posed(item(SingleChoice(choices({right}, count))), seed, 1)
    assert [letter for letter in posed.letters if posed.accepts(letter)] == [posed.right]
    assert dict(posed.options)[posed.right] == f"choice {right}" and posed.why(posed.right) == ""
    assert sorted(text for _, text in posed.options) == [f"choice {at}" for at in range(count)]
    for letter, text in posed.options:
        assert posed.why(letter) == ("" if letter == posed.right else text.replace("choice", "wrong"))
    assert Posed(posed.item, seed, 1).options == posed.options


@given(SEEDS, st.integers(3, 6))
def test_steps_are_never_shown_in_the_right_order_and_pressing_it_is_right(seed: int, count: int) -> None:
    posed = Posed(item(Ordering(tuple(f"step {at}" for at in range(count)))), seed, 1)
    assert posed.right != posed.letters
    for at, letter in enumerate(posed.right[:-1]):
        chosen, is_answer = posed.pressed(letter)
        assert is_answer is (at == count - 2)
        posed = replace(posed, chosen=chosen)
    assert posed.accepts(posed.chosen)


@given(SEEDS, st.lists(st.integers(0, 4), max_size=9))
def test_what_is_pressed_twice_is_not_chosen(seed: int, presses: list[int]) -> None:
    posed = Posed(item(MultipleChoice(choices({1, 3}, 5))), seed, 1)
    for at in presses:
        posed = replace(posed, chosen=posed.pressed(posed.letters[at])[0])
    wanted = "".join(one for at, one in enumerate(posed.letters) if presses.count(at) % 2)
    assert posed.chosen == wanted
    assert posed.accepts(posed.chosen) is ({dict(posed.options)[one] for one in wanted} == {"choice 1", "choice 3"})


def test_every_place_is_the_right_one_about_as_often() -> None:
    rights = [Posed(item(SingleChoice(choices({0}, 4))), seed, 1).right for seed in range(800)]
    assert all(150 < rights.count(letter) < 250 for letter in "ABCD")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("0.4", 0.4),
        ("0,4", 0.4),
        ("1,024", 1024),
        ("1 000 000", 1e6),
        ("12,345.5", 12345.5),
        ("-3", -3),
        ("−3", -3),
        ("5 %", 5),
        ("80 GB", 80),
        (".5", 0.5),
        ("2e-4", 2e-4),
        ("= 7", 7),
        ("3.", 3),
        ("0,125", 0.125),
    ],
)
def test_a_number_is_read_as_people_write_it(typed: str, meant: float) -> None:
    assert parse_number(typed) == meant


@pytest.mark.parametrize("typed", ["", "five", "1/3", "1.2.3", "1,2,3", "2^10", "nan", "1e999", "--3"])
def test_what_is_no_number_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(BadInput, match="Example"):
        parse_number(typed)


@given(st.floats(-1e9, 1e9), st.floats(0, 10))
@examples(50)
def test_a_number_is_right_within_what_the_question_allows(value: float, within: float) -> None:
    posed = Posed(item(NumericAnswer(value, within, "")), 0, 1)
    assert posed.accepts(repr(value)) and posed.accepts(repr(value + within))
    assert not posed.accepts(repr(value + within + max(1, abs(value)) * 1e-3))


def test_the_answer_that_a_question_has_is_kept_right(library_items: list[BankItem]) -> None:
    for library_item in library_items:
        if isinstance(library_item.form, NumericAnswer):
            assert Posed(library_item, 0, 1).accepts(figure(parse_number(figure(library_item.form.value)))), (
                library_item.id
            )


@pytest.fixture(scope="module")
def library_items() -> list[BankItem]:

    return [item for track in read_courses().values() for item in track.items.values()]
