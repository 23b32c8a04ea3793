"""Numbers by their value, however they are written."""

from __future__ import annotations

import pytest

from bot.base.arithmetic import read_numbers


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("10,000 items", {10_000.0}),
        ("10000 items", {10_000.0}),
        ("a 7B model", {7e9}),
        ("7 billion parameters", {7e9}),
        ("seven billion, half a million", {7e9, 0.5, 1e6}),
        ("50 %", {50.0, 0.5}),
        ("half of them, twice", {0.5, 2.0}),
        ("2^10", {2.0, 10.0, 1024.0}),
        ("10⁻³", {10.0, 3.0, -3.0, 0.001}),
        ("6 × 10^9", {6e9}),
        ("1e-3", {0.001}),
        ("version 3.11", {3.11}),
        ("no number at all", set()),
        ("GPT-2", {2.0}),
        ("1. first of a list", set()),
    ],
)
def test_a_number_has_its_value(text: str, held: set[float]) -> None:
    assert read_numbers(text) <= held and (not held or read_numbers(text))
