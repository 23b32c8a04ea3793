"""Calculations that a model asks for."""

from __future__ import annotations

import time

import pytest

from bot.answers.model.calculation import EQUATION, compute, compute_equation
from bot.answers.model.replies import Calculation

KNOWN = {10_000.0, 32.0, 7e9}


def text(expression: str, unit: str = "", words: tuple[str, ...] = ("quokka", "item")) -> str | None:
    line = compute(Calculation(expression, unit), KNOWN, words)
    return line.text if line is not None else None


def test_a_calculation_is_computed_and_shown_with_its_numbers() -> None:
    assert text("10,000 * 2", "steps") == "10,000 × 2 = 20,000 steps"
    assert text("ceil(10000 / 32) * 3", "steps") == "ceil(10,000 / 32) × 3 = 939 steps"
    assert text("7e9 * 2 / 1e9", "GB") == "7,000,000,000 × 2 / 1,000,000,000 = 14 GB"


def test_a_number_of_the_question_may_be_a_share() -> None:
    line = compute(Calculation("0.95 * 2 + (1 - 0.95) * 80", "ms"), {95.0, 2.0, 80.0}, ())
    assert line is not None and line.text == "0.95 × 2 + (1 - 0.95) × 80 = 5.9 ms"


@pytest.mark.parametrize("expression", ["7919 * 2", "10000 ** 10000", "__import__('os')", "10000", "1 / 0", "x * 2"])
def test_numbers_from_nowhere_or_anything_else_are_not_computed(expression: str) -> None:
    assert text(expression) is None


def test_a_result_may_be_stated_rounded_or_in_another_scale() -> None:
    line = compute(Calculation("7e9 * 2", "bytes"), KNOWN, ())
    assert line is not None
    assert line.holds(2) and not line.holds(8)
    assert line.holds(14e9) and line.holds(14) and line.holds(14.1) and not line.holds(15) and line.holds(7e9)


@pytest.mark.parametrize("unit", ["@everyone", "you are all stupid", "free nitro", "evil/com", "list of items need"])
def test_a_unit_is_no_way_in(unit: str) -> None:
    assert text("10,000 * 2", unit) == "10,000 × 2 = 20,000"


@pytest.mark.parametrize("unit", ["GB", "GB/s", "%", "m²", "items", "quokkas", "items per second"])
def test_a_unit_is_a_known_one_or_a_word_of_question_or_passages(unit: str) -> None:
    assert text("10,000 * 2", unit) == f"10,000 × 2 = 20,000 {unit}"


def test_an_equation_that_a_sentence_states_holds_if_it_is_right() -> None:
    right = compute_equation("That makes 10,000 / 32 = 312.5 steps.", KNOWN)
    assert right is not None and right.text == "" and right.holds(312.5)
    assert compute_equation("That makes 10,000 / 32 = 400 steps.", KNOWN) is None
    assert compute_equation("That makes 9,999 / 32 = 312 steps.", KNOWN) is None


@pytest.mark.parametrize(
    ("sentence", "expression", "result"),
    [
        ("It has 3 * 4 = 12 weights.", "3 * 4 ", "12"),
        ("So - (2 + 3) × 4 = about 20.5 MB.", "(2 + 3) × 4 ", "20.5"),
        ("First 5 = five, then 7-2=5.", "7-2", "5"),
    ],
)
def test_an_equation_in_a_sentence_is_found(sentence: str, expression: str, result: str) -> None:
    match = EQUATION.search(sentence)
    assert match is not None and match.groups() == (expression, result)


@pytest.mark.parametrize("part", ["7+", "7 ", "(", "+", "7+7=", "1,"])
def test_an_equation_is_sought_in_time_that_grows_with_the_length(part: str) -> None:
    begun = time.perf_counter()
    assert EQUATION.search(part * (100_000 // len(part)) + "x") is None or "=" in part
    assert time.perf_counter() - begun < 1
