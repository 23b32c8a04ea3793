"""Read the numbers of a text by value, and compute expressions that a model or a note writes.

A number may be written as "10,000", "7B", "half", "50 %" or "2^10". An expression is parsed, never run: it holds
numbers, + - * / **, parentheses, `FUNCTIONS` and variables.
"""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

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
_SCALED_WORD = re.compile(rf"\b({'|'.join(_COUNTED)})(?=[ -](?:thousand|million|billion|trillion)\b)", re.IGNORECASE)
_ORDINAL_LIST = re.compile(r"^\s*\d{1,2}[.)]\s")
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_POWERS = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+")


def read_numbers(text: str) -> set[float]:
    """Return every number of a text by its value; a share in per cent also as a fraction."""
    return set(read_values(text))


def read_values(text: str) -> dict[float, str]:
    """Return every number of a text by its value, with how it is written."""
    text = _POWERS.sub(lambda match: "^" + match[0].translate(_RAISED), _ORDINAL_LIST.sub("", text))
    text = _SCALED_WORD.sub(lambda match: f"{_COUNTED[match[1].lower()]:g}", text)
    by_value: dict[float, str] = {}
    for match in _NUMBER.finditer(text):
        for value in _read_number(match):
            by_value[round_value(value)] = match[0]
    for word in _WORD.findall(_NUMBER.sub(" ", text)):
        if word.lower() in _COUNTED:
            by_value.setdefault(round_value(_COUNTED[word.lower()]), word)
    return by_value


def round_value(value: float) -> float:
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

MOST_PARTS = 120
HIGHEST_POWER = 64
LARGEST = 1e30

_OPERATORS: Mapping[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
_OF_ONE: Mapping[str, Callable[[float], float]] = {
    "ln": math.log,
    "exp": math.exp,
    "log2": math.log2,
    "log10": math.log10,
    "sqrt": math.sqrt,
    "sin": math.sin,
    "cos": math.cos,
    "ceil": math.ceil,
    "floor": math.floor,
    "abs": abs,
}
_OF_SEVERAL: Mapping[str, Callable[[Sequence[float]], float]] = {"max": max, "min": min, "sum": math.fsum}
FUNCTIONS = frozenset({*_OF_ONE, *_OF_SEVERAL})
"""Functions of an expression: those of one number, and max, min and sum of several."""

NO_VARIABLES: Mapping[str, float] = MappingProxyType({})

_KNOWN = (
    ast.Expression,
    ast.Constant,
    ast.BinOp,
    ast.UnaryOp,
    ast.operator,
    ast.unaryop,
    ast.Call,
    ast.Name,
    ast.expr_context,
)
_WRITTEN = re.compile(
    r"(?:[0-9.,_()+*/^×·÷−– -]|(?<=[0-9.])[eE](?=[+-]?[0-9])|(?<![\w.])[A-Za-z][A-Za-z0-9_]*(?!\w))+",
    re.ASCII,
)
"""All that may stand in an expression: it is shown, and a parser passes over comments and line breaks."""

_SEPARATED = re.compile(r"(?<=\d)[,_](?=\d{3}(?!\d))")
_SEVERAL = re.compile(r"\b(?:max|min|sum)\b")
_PLAIN = str.maketrans({"×": "*", "·": "*", "÷": "/", "−": "-", "–": "-"})
_POWER_OF_TEN = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?)e\+?(\d+)", re.IGNORECASE)


class NoSum(ValueError):
    """An expression isn't numbers, + - * / **, parentheses and `FUNCTIONS`, or its result is out of bounds."""


def evaluate(expression: str, variables: Mapping[str, float] = NO_VARIABLES) -> float:
    """Compute an expression.

    Args:
        variables: values of the names that it may hold, in ASCII letters, digits and underscores.

    Raises:
        NoSum: it cannot or must not be computed.
    """
    try:
        return _bounded(_compute(_parse(expression).body, variables))
    except NoSum:
        raise
    except (ArithmeticError, ValueError, RecursionError) as error:
        raise NoSum(type(error).__name__) from None


def _parse(expression: str) -> ast.Expression:
    try:
        tree = ast.parse(_plain(expression), mode="eval")
    except NoSum:
        raise
    except (SyntaxError, RecursionError, MemoryError, ValueError) as error:
        raise NoSum(type(error).__name__) from None
    if sum(1 for _ in ast.walk(tree)) > MOST_PARTS or any(not isinstance(node, _KNOWN) for node in ast.walk(tree)):
        raise NoSum("too many parts, or others than numbers, signs and functions")
    return tree


def _plain(expression: str) -> str:
    if len(expression) > LONGEST or not _WRITTEN.fullmatch(expression):
        raise NoSum("no expression, one that is too long, or other characters than those of numbers and signs")
    text = expression.translate(_PLAIN).replace("^", "**").strip()
    if _SEVERAL.search(text) and "," in _SEPARATED.findall(text):
        raise NoSum("a comma that separates thousands, or arguments")
    return _SEPARATED.sub("", text)


def _compute(node: ast.expr, variables: Mapping[str, float]) -> float:
    match node:
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            return _bounded(float(value))
        case ast.Name(id=name) if name in variables:
            return _bounded(float(variables[name]))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_compute(operand, variables)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            base, other = _compute(left, variables), _compute(right, variables)
            if isinstance(op, ast.Pow) and abs(other) > HIGHEST_POWER:
                raise NoSum("too high a power")
            return _bounded(_OPERATORS[type(op)](base, other))
        case ast.Call(func=ast.Name(id=name), args=[argument], keywords=[]) if name in _OF_ONE:
            return _bounded(float(_OF_ONE[name](_compute(argument, variables))))
        case ast.Call(func=ast.Name(id=name), args=[_, *_] as arguments, keywords=[]) if name in _OF_SEVERAL:
            return _bounded(float(_OF_SEVERAL[name]([_compute(argument, variables) for argument in arguments])))
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
    nodes = [*ast.walk(_parse(expression))]
    exponents = {id(node.right) for node in nodes if isinstance(node, ast.BinOp) and _is_power_of_ten(node)}
    constants = (node for node in nodes if isinstance(node, ast.Constant) and id(node) not in exponents)
    every = {float(node.value) for node in constants if isinstance(node.value, int | float)}
    return frozenset(round_value(value) for value in every if math.log10(abs(value) or 1) % 1)


def _is_power_of_ten(node: ast.BinOp) -> bool:
    return isinstance(node.op, ast.Pow) and isinstance(node.left, ast.Constant) and node.left.value == 10


def names(expression: str) -> frozenset[str]:
    """Return the variables of an expression.

    Raises:
        NoSum: it cannot be computed with any values.
    """
    nodes = [*ast.walk(_parse(expression))]
    called = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
    return frozenset(node.id for node in nodes if isinstance(node, ast.Name) and id(node) not in called)


def is_calculation(expression: str) -> bool:
    """Say whether an expression computes anything: a number alone is a claim."""
    try:
        return any(isinstance(node, ast.BinOp | ast.Call) for node in ast.walk(_parse(expression)))
    except NoSum:
        return False


def format_number(value: float) -> str:
    """Write a result for people: four significant figures, thousands apart."""
    if value == 0:
        return "0"
    rounded = float(f"{value:.4g}")
    if abs(rounded) >= 1e15 or abs(rounded) < 1e-4:
        return f"{rounded:.3g}"
    exact = value if float(value).is_integer() else rounded
    return f"{int(exact):,}" if float(exact).is_integer() else f"{exact:,.10f}".rstrip("0").rstrip(".")


def format_expression(expression: str) -> str:
    """Write an expression for people: signs of multiplication, powers and thousands as in print.

    Raises:
        NoSum: it cannot be computed with any values.
    """
    _parse(expression)
    text = _POWER_OF_TEN.sub(lambda match: format_number(float(match[0])), _plain(expression))
    text = re.sub(r"(?<![\w.])\d{5,}(?![\w.])", lambda match: f"{int(match[0]):,}", text)
    text = re.sub(r"\s*\*\*\s*", "^", text)
    text = re.sub(r"\s*([+*/])\s*|(?<=[\w)])\s*(-)\s*", lambda match: f" {match[1] or match[2]} ", text)
    return " ".join(text.replace("*", "×").split())
