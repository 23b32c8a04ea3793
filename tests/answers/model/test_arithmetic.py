"""Sums that a model asks for."""

from __future__ import annotations

import pytest

from bot.answers.model.arithmetic import NoSum, evaluate, is_sum, operands, told, written


@pytest.mark.parametrize(
    ("expression", "shown", "result"),
    [
        ("7e9 * 2 / 1e9", "7,000,000,000 × 2 / 1,000,000,000", "14"),
        ("(1 + 2) * 3", "(1 + 2) × 3", "9"),
        ("2**10", "2^10", "1,024"),
        ("10,000*3", "10,000 × 3", "30,000"),
        ("512 ÷ 8", "512 / 8", "64"),
        ("91/6 - 3.5^2", "91 / 6 - 3.5^2", "2.917"),
        ("0.1 * 3", "0.1 × 3", "0.3"),
        ("2 ** 0.5", "2^0.5", "1.414"),
    ],
)
def test_a_sum_is_computed_and_written_for_people(expression: str, shown: str, result: str) -> None:
    assert written(expression) == shown
    assert told(evaluate(expression)) == result


@pytest.mark.parametrize(
    "expression",
    [
        "",
        "x + 1",
        "__import__('os').system('true')",
        "(lambda: 1)()",
        "[1][0]",
        "1 if 1 else 2",
        "True + 1",
        "'a' * 3",
        "1 // 2",
        "1 / 0",
        "9 ** 9 ** 9",
        "10 ** 65",
        "10.0 ** 40",
        "(-8) ** 0.5",
        "1" * 201,
        "1" + "+1" * 60,
        "2*3 # FREE NITRO evil.example",
        "(2*3\n# visit evil.example\n)",
        "2 *\t3",
        "2e * 3",
        "0x10 * 2",
        "٣ * 2",
        " " * 200 + "2 * 3",
        "(" * 100 + "1" + ")" * 100,
    ],
)
def test_anything_else_is_refused_at_once(expression: str) -> None:
    with pytest.raises(NoSum):
        evaluate(expression)


@pytest.mark.parametrize("expression", ["2*3 # FREE NITRO evil.example", "2*3\n", "2*3 e", "7+" * 150 + "7"])
def test_nothing_but_a_sum_is_ever_written(expression: str) -> None:
    with pytest.raises(NoSum):
        written(expression)


def test_its_numbers_are_known_but_for_powers_of_ten() -> None:
    assert operands("7e9 * 2 / 1e9 + 0.5") == {7e9, 2.0, 0.5}


@pytest.mark.parametrize(("expression", "is_one"), [("2 * 3", True), ("14", False), ("-14", False)])
def test_a_number_alone_is_no_sum(expression: str, is_one: bool) -> None:
    assert is_sum(expression) is is_one
