"""Read the numbers of a text by value, and compute the sums that a model asks for.

A number may be written as "10,000", "7B", "half", "50 %" or "2^10". A model writes a sum's expression, never its
result.
"""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Callable

_COUNTED = {
    word: float(number)
    for number, word in enumerate(
        ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"), 2
    )
} | {
    "twice": 2.0,
    "double": 2.0,
    "doubles": 2.0,
    "doubled": 2.0,
    "triple": 3.0,
    "triples": 3.0,
    "thrice": 3.0,
    "twenty": 20.0,
    "thirty": 30.0,
    "fifty": 50.0,
    "hundred": 100.0,
    "half": 0.5,
    "halves": 0.5,
    "halve": 0.5,
    "halved": 0.5,
    "quarter": 0.25,
    "third": 1 / 3,
    "thousand": 1e3,
    "million": 1e6,
    "billion": 1e9,
    "trillion": 1e12,
    "dozen": 12.0,
}
_SCALES = {"k": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6, "b": 1e9, "bn": 1e9, "billion": 1e9, "trillion": 1e12}
_NUMBER = re.compile(
    r"(?<![\d.])(?P<whole>\d{1,3}(?:[,_\u202f\u2009]\d{3})+(?!\d)|\d{1,24})(?P<rest>\.\d{1,24})?"
    r"(?:e\+?(?P<e>-?\d{1,2})(?!\w))?"
    r"(?:\s?(?:×|x|\*|times)\s?10\s?(?:\^|\*\*)\s?(?P<ten>-?\d{1,2}))?"
    r"(?P<power>(?:\^|\*\*)-?\d{1,2})?(?P<per>\s?(?:%|per ?cent\b))?"
    r"(?:[ -]?(?P<scale>k|thousand|m|million|bn?|billion|trillion)\b)?",
    re.IGNORECASE,
)
_WORD = re.compile(r"[a-z]+", re.IGNORECASE)
_ORDINAL_LIST = re.compile(r"^\s*\d{1,2}[.)]\s")
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_POWERS = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+")


def numbers(text: str) -> set[float]:
    """Return every number of a text by its value; a share in per cent also as a fraction."""
    return set(values(text))


def values(text: str) -> dict[float, str]:
    """Return every number of a text by its value, with how it is written."""
    text = _POWERS.sub(lambda match: "^" + match[0].translate(_RAISED), _ORDINAL_LIST.sub("", text))
    by_value: dict[float, str] = {}
    for match in _NUMBER.finditer(text):
        for value in _read_number(match):
            by_value[rounded(value)] = match[0]
    for word in _WORD.findall(text):
        if word.lower() in _COUNTED:
            by_value.setdefault(rounded(_COUNTED[word.lower()]), word)
    return by_value


def rounded(value: float) -> float:
    """Return a number to nine significant figures, so that two ways to one value meet."""
    return float(f"{value:.9g}")


def _read_number(match: re.Match[str]) -> list[float]:
    value = float(re.sub(r"\D", "", match["whole"]) + (match["rest"] or ""))
    for power in (match["e"], match["ten"]):
        value *= 10.0 ** int(power or 0)
    if match["power"]:
        raised = int(match["power"].lstrip("^*"))
        return [value, float(raised), value**raised] if 0 < value < 1000 and abs(raised) <= 40 else [value]
    if match["per"]:
        return [value, value / 100]
    return [value * _SCALES[match["scale"].lower()]] if match["scale"] else [value]


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
    if sum(1 for _ in ast.walk(tree)) > MOST_PARTS or any(not isinstance(node, _KNOWN) for node in ast.walk(tree)):
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
            base, other = _value(left), _value(right)
            if isinstance(op, ast.Pow) and abs(other) > HIGHEST_POWER:
                raise NoSum("too high a power")
            return _bounded(_OPERATORS[type(op)](base, other))
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
    text = _POWER_OF_TEN.sub(lambda match: told(float(match[0])), _plain(expression))
    text = re.sub(r"(?<![\d.])\d{5,}(?![\d.])", lambda match: f"{int(match[0]):,}", text)
    text = re.sub(r"\s*\*\*\s*", "^", text)
    return " ".join(re.sub(r"\s*([-+*/])\s*", r" \1 ", text).replace("*", "×").split())
