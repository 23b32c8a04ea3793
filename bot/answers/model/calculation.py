"""Calculations that a model asks for: their numbers must be known, and we compute them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from bot.answers.index.words import stem, words
from bot.answers.model.replies import Calculation
from bot.base.arithmetic import (
    NoSum,
    evaluate,
    format_expression,
    format_number,
    is_calculation,
    operands,
    read_numbers,
    round_value,
)

OFF = 0.02
"""By how much a number may differ from the computed one: people round."""

HANDY = frozenset({0.5, 1.0, 2.0, 3.0, 4.0, 8.0, 24.0, 60.0, 1024.0, 3600.0})
"""Numbers that a calculation may use though nobody named them: units and halves."""

_UNITS = """
    % ° °c °f µs ns ms s sec min h d bit bits byte bytes b kb mb gb tb kib mib gib tib k m hz khz mhz ghz flop flops
    gflops tflops w kw kwh wh usd eur token tokens parameter parameters step steps item items operation operations
    second seconds minute minutes hour hours day days week weeks year years per times percent point points
"""
UNITS = frozenset(_UNITS.split())
"""Units of a result that need not stand in the question or the passages, in lower case."""

EQUATION = re.compile(
    r"(?<![\d\s.,_()+*/×·÷^−-])[\s.,_)+*/×·÷^−-]*+"
    r"([\d(][\d\s.,_()]*+[-+*/×·÷^−][\d\s.,_()+*/×·÷^−-]*+)=\s*+(?:about |≈ ?)?(\d[\d,]*(?:\.\d+)?)"
)
"""A calculation in a sentence and its result. It is tried once for each run of signs and numbers, in linear time."""

POINTS = re.compile(
    r"\b(?:this|that|so) (?:many|much)\b|\b(?:as follows|the following|like this|this (?:number|count|amount|sum))\b",
    re.IGNORECASE,
)
"""Says that a calculation follows: without it the sentence says nothing."""


@dataclass(frozen=True, slots=True)
class Computation:
    """A computed calculation.

    Args:
        text: as people read it: "10,000 / 32 = 312.5 steps"; "" if the sentence states it itself.
        numbers: that it is made of, and its result.
    """

    text: str
    numbers: frozenset[float]
    result: float

    def holds(self, number: float) -> bool:
        """Say whether a sentence may state a number because of it.

        Such numbers are operands, the result, rounded or scaled, and a count of some of the operands.
        """
        scaled = (self.result, self.result * 100, *(self.result / 10.0**power for power in (3, 6, 9, 12)))
        is_count = number % 1 == 0 and 1 < number <= len(self.numbers)
        return is_count or number in self.numbers or any(abs(number - value) <= OFF * abs(value) for value in scaled)


def compute(asked: Calculation, known: Collection[float], known_words: Iterable[str]) -> Computation | None:
    """Compute a calculation; None if it can't be computed, or a number comes from nowhere.

    Args:
        known: the numbers of the passages, the question and earlier results.
        known_words: stems of the words of the passages and the question; a unit may be one of them.
    """
    try:
        used = operands(asked.expression)
        allowed = {*known, *HANDY, *(value / 100 for value in known if 0 < value < 100)}  # "at 95" may be a share
        if not is_calculation(asked.expression) or not used <= allowed:
            return None
        result = evaluate(asked.expression)
        expression = format_expression(asked.expression)
    except NoSum:
        return None
    text = f"{expression} = {format_number(result)} {_safe_unit(asked.unit, frozenset(known_words))}".strip()
    return Computation(text, used | {round_value(result), *read_numbers(format_number(result))}, result)


def compute_equation(text: str, known: Collection[float]) -> Computation | None:
    """Compute the equation that a sentence states itself; None if there is none, or it's wrong."""
    equation = EQUATION.search(text)
    line = compute(Calculation(equation[1].strip(), ""), known, ()) if equation else None
    is_right = equation is not None and line is not None and any(map(line.holds, read_numbers(equation[2])))
    return replace(line, text="") if line is not None and is_right else None


def _safe_unit(unit: str, known_words: Collection[str]) -> str:
    """Return a unit of up to three words that are known or that the question or the passages use, or nothing."""
    parts = re.split(r"[\s/·-]+", unit.lower().strip("²³ "))
    is_safe = re.fullmatch(r"[A-Za-z%°µ/· ²³-]{1,24}", unit) is not None and len(parts) <= 3
    return unit if is_safe and all(_is_unit(part.strip("²³"), known_words) for part in parts) else ""


def _is_unit(part: str, known_words: Collection[str]) -> bool:
    return part in UNITS or (words(part) == [part] and stem(part) in known_words)
