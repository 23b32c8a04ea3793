"""Sums that a model asks for, computed here: a model writes the expression, never the result."""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Callable

from bot.answers.index.numbers import rounded

LONGEST = 200
"""Characters of an expression."""

MOST_PARTS = 60
HIGHEST_POWER = 64
LARGEST = 1e30

_OPERATORS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
_KNOWN = (ast.Expression, ast.Constant, ast.BinOp, ast.UnaryOp, ast.operator, ast.unaryop)
_WRITTEN = re.compile(r"(?:[0-9.,_()+*/^×·÷−– -]|(?<=[0-9.])[eE](?=[+-]?[0-9]))+")
"""All that may stand in an expression: it is shown, and a parser passes over comments and line breaks."""

_SEPARATED = re.compile(r"(?<=\d)[,_](?=\d{3}(?!\d))")
_PLAIN = str.maketrans({"×": "*", "·": "*", "÷": "/", "−": "-", "–": "-"})
_POWER_OF_TEN = re.compile(r"(\d+(?:\.\d+)?)e\+?(\d+)", re.IGNORECASE)


class NoSum(ValueError):
    """An expression is more than numbers, + - * / ** and parentheses, or its result is out of bounds."""


def evaluate(expression: str) -> float:
    """Compute an expression.

    Raises:
        NoSum: it cannot or must not be computed.
    """
    try:
        return _bounded(_value(_tree(expression).body))
    except (ArithmeticError, RecursionError) as error:
        raise NoSum(type(error).__name__) from None


def _tree(expression: str) -> ast.Expression:
    try:
        tree = ast.parse(_plain(expression), mode="eval")
    except (SyntaxError, RecursionError, MemoryError, ValueError) as error:
        raise NoSum(type(error).__name__) from None
    if sum(1 for _ in ast.walk(tree)) > MOST_PARTS or any(not isinstance(one, _KNOWN) for one in ast.walk(tree)):
        raise NoSum("too many parts, or others than numbers and signs")
    return tree


def _plain(expression: str) -> str:
    """Return an expression in the signs of Python."""
    if len(expression) > LONGEST or not _WRITTEN.fullmatch(expression):
        raise NoSum("no expression, one that is too long, or other characters than those of numbers and signs")
    return _SEPARATED.sub("", expression.translate(_PLAIN).replace("^", "**")).strip()


def _value(node: ast.expr) -> float:
    match node:
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            return _bounded(float(value))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            one, other = _value(left), _value(right)
            if isinstance(op, ast.Pow) and abs(other) > HIGHEST_POWER:
                raise NoSum("too high a power")
            return _bounded(_OPERATORS[type(op)](one, other))
    raise NoSum("not a number")


def _bounded(value: float) -> float:
    if not isinstance(value, float) or not math.isfinite(value) or abs(value) > LARGEST:
        raise NoSum("out of bounds")
    return value


def operands(expression: str) -> frozenset[float]:
    """Return the numbers that an expression is made of, but for powers of ten, which change units.

    Raises:
        NoSum: it cannot be computed.
    """
    nodes = (node.value for node in ast.walk(_tree(expression)) if isinstance(node, ast.Constant))
    every = {float(value) for value in nodes if isinstance(value, int | float)}
    return frozenset(rounded(value) for value in every if math.log10(abs(value) or 1) % 1)


def is_sum(expression: str) -> bool:
    """Say whether an expression computes anything: a number alone is a claim."""
    return re.search(r"[\d)]\s*[-+*/^×·÷−–]", expression) is not None


def told(value: float) -> str:
    """Write a result for people: four significant figures, thousands apart."""
    if value == 0:
        return "0"
    rounded = float(f"{value:.4g}")
    if abs(rounded) >= 1e15 or abs(rounded) < 1e-4:
        return f"{rounded:.3g}"
    exact = value if float(value).is_integer() else rounded
    return f"{int(exact):,}" if float(exact).is_integer() else f"{exact:,.10f}".rstrip("0").rstrip(".")


def written(expression: str) -> str:
    """Write an expression for people: signs of multiplication, powers and thousands as in print.

    Raises:
        NoSum: it holds anything else than numbers, signs and parentheses.
    """
    text = _POWER_OF_TEN.sub(lambda found: told(float(found[0])), _plain(expression))
    text = re.sub(r"(?<![\d.])\d{5,}(?![\d.])", lambda found: f"{int(found[0]):,}", text)
    text = re.sub(r"\s*\*\*\s*", "^", text)
    return " ".join(re.sub(r"\s*([-+*/])\s*", r" \1 ", text).replace("*", "×").split())
