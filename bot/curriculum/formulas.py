"""Formulas of a note: what they hold, what they come to, and how that is written.

An expression has numbers, variables, + - * / **, parentheses and functions. Lists work item by item. With its numbers
it is unrolled to plain expressions, which `arithmetic` computes.
"""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce

from bot.base import arithmetic

Value = float | tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable of a formula.

    Args:
        words: phrases that stand beside its number; "matrix #2" is the second number of a shape beside "matrix".
        unit: the unit in which it enters the expression, one of `quantities.UNITS`; it may be empty.
        is_list: whether it takes a run of numbers.
        default: its value if a question gives none.
        assume: how that is shown.
    """

    name: str
    words: tuple[str, ...]
    unit: str = ""
    is_list: bool = False
    default: float | None = None
    assume: str = ""


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula of a section.

    Args:
        name: what it computes.
        asks: sets of words; a question that has all words of one asks for it.
        unit: of the result: one of `quantities.UNITS`, any other text, or empty.
        unless: phrases; a question that has one asks for something else.
        ignore: phrases that stand beside numbers that may be given and don't matter.
        example: a question and its result, which the course's check computes.
    """

    name: str
    asks: tuple[str, ...]
    expression: str
    variables: tuple[Variable, ...]
    unit: str = ""
    unless: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    example: tuple[str, str] = ("", "")


class BadExpression(ValueError):
    """An expression can't be computed. The message is a sentence."""


_LIST_FUNCTIONS = frozenset({"sum", "product", "mean", "count", "max", "min", "head", "tail"})
_ITEMWISE = arithmetic.FUNCTIONS - _LIST_FUNCTIONS
FUNCTIONS = _ITEMWISE | _LIST_FUNCTIONS

_Expanded = ast.expr | list[ast.expr]


@lru_cache(maxsize=2000)
def parse(expression: str) -> ast.expr:
    """Return the tree of an expression.

    Raises:
        BadExpression: it isn't one.
    """
    try:
        return ast.parse(expression.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise BadExpression("The expression can't be read.") from None


def list_names(expression: str) -> frozenset[str]:
    """Return the names in an expression that aren't functions.

    Raises:
        BadExpression: it isn't one.
    """
    nodes = [*ast.walk(parse(expression))]
    called = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
    return frozenset(node.id for node in nodes if isinstance(node, ast.Name) and id(node) not in called)


def unroll(expression: str, values: Mapping[str, Value]) -> list[str]:
    """Return the plain expressions that an expression comes to: one, or one for each item of a list.

    Raises:
        BadExpression: it isn't one.
    """
    expanded = _expand(parse(expression), values)
    return [ast.unparse(node) for node in (expanded if isinstance(expanded, list) else [expanded])]


def _expand(node: ast.expr, values: Mapping[str, Value]) -> _Expanded:
    """Put values in the place of variables, and write out what is computed of lists."""
    match node:
        case ast.Constant(value=int() | float() as number):
            return _write_number(float(number))
        case ast.Name(id=name) if name in values:
            value = values[name]
            return [*map(_write_number, value)] if isinstance(value, tuple) else _write_number(value)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return _apply(lambda items: _negate(items[0]), [_expand(operand, values)])
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() | ast.Mult() | ast.Div() | ast.Pow() as op, right=right):
            operands = [_expand(left, values), _expand(right, values)]
            return _apply(lambda items: ast.BinOp(items[0], op, items[1]), operands)
        case ast.Call(func=ast.Name(id=name), args=[_, *_] as arguments, keywords=[]) if name in FUNCTIONS:
            return _call(name, [_expand(argument, values) for argument in arguments])
        case ast.Call(func=ast.Name(id=name)):
            raise BadExpression(f"There is no function “{name}” for an expression.")
        case ast.Name(id=name):
            raise BadExpression(f"The expression has the unknown name “{name}”.")
    raise BadExpression("An expression has only numbers, variables, + - * / **, parentheses and functions.")


def _negate(node: ast.expr) -> ast.expr:
    """Return a node with the other sign: -(-2) as 2, since "--2" can't be read."""
    match node:
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return operand
    return ast.UnaryOp(ast.USub(), node)


def _write_number(value: float) -> ast.expr:
    number = ast.Constant(int(abs(value)) if float(value).is_integer() else float(f"{abs(value):.12g}"))
    return ast.UnaryOp(ast.USub(), number) if value < 0 else number


def _apply(join: Callable[[Sequence[ast.expr]], ast.expr], operands: Sequence[_Expanded]) -> _Expanded:
    """Join operands, item by item if one is a list."""
    lengths = {len(operand) for operand in operands if isinstance(operand, list)}
    if not lengths:
        return join([operand for operand in operands if isinstance(operand, ast.expr)])
    if len(lengths) > 1:
        raise BadExpression("The lists have different lengths.")
    rows = zip(
        *(operand if isinstance(operand, list) else [operand] * max(lengths) for operand in operands), strict=True
    )
    return [join(row) for row in rows]


def _call(name: str, arguments: Sequence[_Expanded]) -> _Expanded:
    if name in _ITEMWISE:
        if len(arguments) > 1:
            raise BadExpression(f"The function “{name}” takes one argument.")
        return _apply(lambda items: _name_call(name, items), arguments)
    items = [item for argument in arguments for item in (argument if isinstance(argument, list) else [argument])]
    match name:
        case "head" | "tail":
            return items[:-1] if name == "head" else items[1:]
        case "count":
            return ast.Constant(len(items))
        case _ if not items:
            raise BadExpression("A list is empty.")
        case "max" | "min":
            return _name_call(name, items)
        case "product":
            return reduce(lambda left, right: ast.BinOp(left, ast.Mult(), right), items)
    total = reduce(lambda left, right: ast.BinOp(left, ast.Add(), right), items)
    return ast.BinOp(total, ast.Div(), ast.Constant(len(items))) if name == "mean" else total


def _name_call(name: str, arguments: Sequence[ast.expr]) -> ast.expr:
    return ast.Call(ast.Name(name, ast.Load()), [*arguments], [])


@dataclass(frozen=True, slots=True)
class Result:
    """What a formula comes to.

    Args:
        values: one, or the items of a list.
        text: the formula, the same with its numbers, and the result, in one line.
    """

    values: tuple[float, ...]
    text: str


LONGEST_FORMULA = 90
"""Characters of an expression in variables that is shown beside the one in numbers."""


def compute(formula: Formula, values: Mapping[str, Value]) -> Result | None:
    """Compute a formula; None if its result is out of bounds, as after a division by zero."""
    try:
        plain = unroll(formula.expression, values)
        results = tuple(map(arithmetic.evaluate, plain))
        worked = [format_expression(expression) for expression in plain]
    except (BadExpression, arithmetic.NoSum):
        return None
    shown = ", ".join(format_result(result, formula.unit) for result in results)
    sides = [formula.name]
    if len(general := format_expression(formula.expression)) <= LONGEST_FORMULA:
        sides.append(general)
    if len(worked) == 1:
        sides.append(worked[0])
    return Result(results, " = ".join([*sides, shown]))


def format_expression(expression: str) -> str:
    """Write an expression for people: signs as in print, names with blanks, "rounded up" for ceil."""
    text = arithmetic.format_expression(expression).replace("3.141592653589793", "π").replace("3.14159265359", "π")
    text = re.sub(r"(?<=[a-z0-9])_(?=[a-z0-9])", " ", text)
    for name, words in (("ceil", "rounded up"), ("floor", "rounded down")):
        text = re.sub(rf"\b{name}\(((?:[^()]|\([^()]*\))*)\)", rf"(\1 {words})", text)
    whole = re.fullmatch(r"\(([^()]* rounded (?:up|down))\)", text)
    return whole[1] if whole else text


def _format_share(value: float) -> str:
    """Write a share in per cent; one just below 1 with all its nines."""
    if not 0.999 < value < 1 - 1e-12:
        return arithmetic.format_number(100 * value)
    return f"{100 * value:.{math.ceil(-math.log10(1 - value))}f}".rstrip("0")


_DECIMAL = (("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("kB", 1e3))
_BINARY = (("TiB", 2.0**40), ("GiB", 2.0**30), ("MiB", 2.0**20), ("KiB", 2.0**10))
_TIMES = (("days", 86_400.0), ("h", 3600.0), ("min", 60.0), ("s", 1.0), ("ms", 1e-3), ("µs", 1e-6), ("ns", 1e-9))
_FEWEST = {"days": 3.0, "h": 2.0, "min": 3.0}


def format_result(value: float, unit: str) -> str:
    """Write a result for people, in a fitting scale of its unit."""
    number = arithmetic.format_number
    match unit:
        case "bytes" | "bytes/s":
            per = unit.removeprefix("bytes")
            name, scale = next((pair for pair in _DECIMAL if abs(value) >= pair[1]), (unit.removesuffix(per), 1.0))
            binary = next((pair for pair in _BINARY if abs(value) >= pair[1]), None)
            if per or binary is None:
                return f"{number(value / scale)} {name}{per}"
            exact = f"{number(value)} bytes, " if value < 1e7 and float(value).is_integer() else ""
            return f"{exact}{number(value / scale)} {name} ({number(value / binary[1])} {binary[0]})"
        case "s":
            name, scale = next(
                (pair for pair in _TIMES if abs(value) >= _FEWEST.get(pair[0], 1.0) * pair[1]), ("s", 1.0)
            )
            return f"{number(value / scale)} {name}"
        case "%":
            return f"{_format_share(value)}%"
        case "$":
            return f"${number(value)}"
        case "/s":
            return f"{number(value)} per second"
    return f"{number(value)} {unit}".strip()
