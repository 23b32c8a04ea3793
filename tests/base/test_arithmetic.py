"""Sums that a model asks for."""

from __future__ import annotations

import pytest

from bot.base.arithmetic import (
    NoSum,
    evaluate,
    format_expression,
    format_number,
    is_calculation,
    names,
    operands,
)


@pytest.mark.parametrize(
    ("expression", "shown", "result"),
    [
        ("7e9 * 2 / 1e9", "7,000,000,000 × 2 / 1,000,000,000", "14"),
        ("(1 + 2) * 3", "(1 + 2) × 3", "9"),
        ("2**10", "2^10", "1,024"),
        ("10 ** -3 * 5", "10^-3 × 5", "0.005"),
        ("10,000*3", "10,000 × 3", "30,000"),
        ("512 ÷ 8", "512 / 8", "64"),
        ("91/6 - 3.5^2", "91 / 6 - 3.5^2", "2.917"),
        ("0.1 * 3", "0.1 × 3", "0.3"),
        ("2 ** 0.5", "2^0.5", "1.414"),
        ("ceil(10,000 / 32) * 3", "ceil(10,000 / 32) × 3", "939"),
        ("floor(7 / 2) + ceil(-0.5)", "floor(7 / 2) + ceil(-0.5)", "3"),
        ("-ln(0.25)", "-ln(0.25)", "1.386"),
        ("exp(2) / (exp(2) + exp(1) + exp(0.1))", "exp(2) / (exp(2) + exp(1) + exp(0.1))", "0.659"),
        ("log2(1024)", "log2(1024)", "10"),
        ("sqrt(3^2 + 4^2)", "sqrt(3^2 + 4^2)", "5"),
        ("sin(0) + cos(0)", "sin(0) + cos(0)", "1"),
        ("max(0, -3) + min(4, 2)", "max(0, -3) + min(4, 2)", "2"),
        ("sum(12000, 34000, 0.5) / 3", "sum(12,000, 34,000, 0.5) / 3", "15,330"),
        ("3 + 4 * 2 ** 3 - 6 / 3", "3 + 4 × 2^3 - 6 / 3", "33"),
    ],
)
def test_a_sum_is_computed_and_written_for_people(expression: str, shown: str, result: str) -> None:
    assert format_expression(expression) == shown
    assert format_number(evaluate(expression)) == result


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
        "ln(0)",
        "sqrt(-1)",
        "exp(1000)",
        "exp(exp(exp(9)))",
        "ceil(1, 2)",
        "max()",
        "max(*(1, 2))",
        "sum(x for x in y)",
        "sum([1, 2])",
        "max(1,200)",
        "pow(2, 3)",
        "ln",
        "ln.__class__",
        "(ln)(2) + eval(3)",
        "max(1, 2, key=ln)",
        "sin(9)(9)",
    ],
)
def test_anything_else_is_refused_at_once(expression: str) -> None:
    with pytest.raises(NoSum):
        evaluate(expression)


@pytest.mark.parametrize("expression", ["2*3 # FREE NITRO evil.example", "2*3\n", "2*3 e", "7+" * 150 + "7"])
def test_nothing_but_a_sum_is_ever_written(expression: str) -> None:
    with pytest.raises(NoSum):
        format_expression(expression)


def test_a_note_names_variables_and_gives_them_values() -> None:
    steps = "ceil(examples / batch) * epochs"
    assert names(steps) == {"examples", "batch", "epochs"}
    assert evaluate(steps, {"examples": 10_000, "batch": 32, "epochs": 3}) == 939
    with pytest.raises(NoSum):
        evaluate(steps, {"examples": 10_000, "batch": 32})


def test_its_numbers_are_known_but_for_powers_of_ten() -> None:
    assert operands("7e9 * 2 / 1e9 + 0.5") == {7e9, 2.0, 0.5}
    assert operands("7 * 10**9 / 2**9") == {7.0, 2.0, 9.0}


@pytest.mark.parametrize(("expression", "is_one"), [("2 * 3", True), ("sqrt(16)", True), ("14", False), ("-14", False)])
def test_a_number_alone_is_no_sum(expression: str, is_one: bool) -> None:
    assert is_calculation(expression) is is_one
