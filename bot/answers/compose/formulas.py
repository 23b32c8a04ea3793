"""Compute what a question asks with numbers of its own, by the formulas of the passages that it brought."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.answers.index.chunks import Chunk
from bot.curriculum.formula_slots import (
    FilledFormula,
    calculate,
    change,
    counts,
    fill,
    find_asked,
    find_stated,
    has_factor,
    is_confidence,
    is_ignored,
    list_labels,
    list_ruling_out,
    vary,
)
from bot.curriculum.formulas import format_result
from bot.messages.numerals import counted
from bot.understanding.quantities import Quantity, Reading, read

MOST_LINES = 8
"""Results of one question; the last one says how many are left."""
MOST_QUANTITIES = 16
"""Numbers of a question; more would take long to match."""

FEWEST_NAMED = 3
NAMED = 0.3
"""The highest mean cost of numbers that stand next to the words of their variables."""

MOST_CARDS = 64

_BREAKS = frozenset({"?", ".", "what", "how", "which", "why", "does", "do", "would", "if", "is"})


_Found = tuple[Chunk, FilledFormula]


FEWEST_OWN = 2
"""Words by which a question asks for a further result from the same numbers."""

FULL_PRECISION = 4.0
"""Bytes of a number in formulas that have no variable for them."""

PERCENT = 100.0

_NEGATIVE, _NUMBER = re.compile(r"[-−]\d"), re.compile(r"\d[\d,]*(?:\.\d+)?")

LEAST_MEMORY = 1e6
"""Bytes that the weights of any model take."""

_PRICES: Mapping[str, str] = {
    "$": r"\$ ?\d|\d ?(?:\$|dollars?\b|usd\b|bucks?\b)",
    "€": r"€ ?\d|\d ?(?:€|euros?\b|eur\b)",
    "£": r"£ ?\d|\d ?(?:£|gbp\b|pounds?\b)",
}

_SEVERAL = re.compile(
    r"\b(?:pair|dual|twin|each|apiece|several|multiple|(?:two|three|four|six|eight|\d+)"
    r"(?: of (?:them|these|those)|x| \w+ (?:cards|gpus))|cards|gpus|a100s|h100s|[345]090s|l40s|t4s|v100s)\b",
    re.IGNORECASE,
)
"""Says that a limit may be that of one of several cards."""

_LIMITED = frozenset(
    {"fit", "enough", "into", "within", "under", "run", "card", "gpu", "vram", "ram", "budget", "over"}
)
"""Words of a question that compares a result with a limit."""


@dataclass(frozen=True, slots=True)
class ComputedLine:
    """A result that is computed, to be shown with the passage that states its formula.

    Args:
        text: the formula, its numbers and the result; plain text.
    """

    text: str
    chunk: Chunk

    @property
    def quote(self) -> str:
        """The quoted part of its passage: the gist or a sentence."""
        return self.chunk.gist or self.chunk.statements[0]


def compute(question: str, chunks: Sequence[Chunk], before: Sequence[str] = ()) -> list[ComputedLine]:
    """Return the lines computed from a question's own numbers; none if the calculation is ambiguous.

    Args:
        chunks: the question's passages, best first.
        before: its earlier turns, oldest first; each may change the calculation, as "and for 8 heads?" does.
    """
    reading = read(question)
    if len(reading.quantities) > MOST_QUANTITIES:
        return []
    lines = alone = _compute(reading, chunks) if reading.quantities else []
    if not alone and before:
        lines = _continue([*before, question], chunks)
    if not all(_is_possible(filled) for _, filled in lines):
        return []
    signs = _list_signs(" ".join((*before, question)))
    lines = [
        (chunk, filled)
        for chunk, filled in lines
        if not _is_tiny(filled) and not (filled.formula.unit == "$" and len(signs) > 1)
    ]
    is_changed = bool(before) and any(filled.used for _, filled in lines) and not alone
    limit, is_sure = None if is_changed else _find_limit(reading, [filled for _, filled in lines]), True
    if limit is not None:
        count = _find_count(reading, limit)
        is_sure = count is not None or not _SEVERAL.search(question)
        limit = replace(limit, value=limit.value * count.value) if count is not None else limit
    limit = limit if is_sure else None
    sign = signs[0] if signs else "$"
    computed = [ComputedLine(_write(filled, limit, sign), chunk) for chunk, filled in lines[:MOST_LINES]]
    if left := len(lines) - len(computed):
        text = f"{computed[-1].text} Ask again for the other {counted(left, 'result')}."
        computed[-1] = replace(computed[-1], text=text)
    return computed


def _continue(turns: Sequence[str], chunks: Sequence[Chunk]) -> list[_Found]:
    """Return the calculation that turns begin, as each later one changes it; none if one of them can't be followed.

    A turn that asks for all of it again begins a new calculation. Turns before the first calculation are read together
    with it.
    """
    found: list[_Found] = []
    for number, turn in enumerate(turns):
        reading, is_last = read(turn), number == len(turns) - 1
        if not found:
            joined = read(" ".join(reversed(turns[: number + 1])))
            if len(joined.quantities) <= MOST_QUANTITIES and reading.quantities:
                found = _compute(joined, chunks) if is_last else _fill(joined, chunks)
        elif is_last and _is_comparison(reading, found):
            return [(chunk, replace(filled, used={})) for chunk, filled in _choose(found)]
        elif is_last or reading.quantities or has_factor(reading):
            restarted = [] if is_last else _fill(reading, chunks)
            changed = ((chunk, change(filled, reading)) for chunk, filled in found)
            found = restarted or [(chunk, filled) for chunk, filled in changed if filled is not None]
            if not found:
                return []
    return _choose(found)


def _is_comparison(reading: Reading, found: Sequence[_Found]) -> bool:
    """Say whether a turn only asks how a result compares with a limit, as in "and does it fit into 8 GB?"."""
    limit = _find_limit(reading, [replace(filled, used={}) for _, filled in found])
    count = None if limit is None else _find_count(reading, limit)
    is_bare = all(quantity.is_weak or quantity in (limit, count) for quantity in reading.quantities)
    return limit is not None and is_bare and not has_factor(reading)


def _is_tiny(filled: FilledFormula) -> bool:
    """Say whether a model seems to take next to no memory: its number of parameters was misread."""
    if filled.formula.unit != "bytes" or all(value >= LEAST_MEMORY for value in filled.result.values):
        return False
    return any("parameters" in variable.words and not variable.unit for variable in filled.formula.variables)


def _list_signs(text: str) -> list[str]:
    return [sign for sign, prices in _PRICES.items() if re.search(prices, text, re.IGNORECASE)]


def _is_possible(filled: FilledFormula) -> bool:
    """Say whether numbers and result can be meant: neither is below zero, and no share is above one.

    A formula whose own example has such a number may have it too.
    """
    question, result = filled.formula.example
    is_signed = not filled.formula.unit or _NEGATIVE.search(f"{question} {result}") is not None
    given = [each for value in filled.values.values() for each in (value if isinstance(value, Sequence) else (value,))]
    if not is_signed and any(value < 0 for value in (*given, *filled.result.values)):
        return False
    shown = _NUMBER.search(result)
    is_share = filled.formula.unit == "%" and shown is not None and float(shown[0].replace(",", "")) <= PERCENT
    return not (is_share and any(value > 1.0 for value in filled.result.values))


def _compute(reading: Reading, chunks: Sequence[Chunk]) -> list[_Found]:
    found = _fill(reading, chunks)
    found = _choose(found, _find_further(reading, found)) or _find_implied(reading, chunks[:1])
    lines = [(chunk, each) for chunk, filled in found for each in (filled, *vary(filled, reading))]
    return [] if _leaves_out(reading, [filled for _, filled in lines]) else lines


def _fill(reading: Reading, chunks: Sequence[Chunk]) -> list[_Found]:
    return [
        (chunk, filled)
        for chunk in chunks
        for formula in chunk.formulas
        if (filled := calculate(formula, reading)) is not None
    ]


def _find_further(reading: Reading, found: Sequence[_Found]) -> list[_Found]:
    """Return what a question asks for in addition to another quantity, from further numbers or in words of its own.

    A formula for the bits of a filter is not meant if the hash functions are asked for, unless both are.
    """
    used = frozenset(index for _, filled in found for index in filled.used)
    further = []
    for chunk in dict.fromkeys(chunk for chunk, _ in found):
        asked = frozenset(word for place, filled in found if place == chunk for word in filled.asked)
        for formula in chunk.formulas:
            ruled_out = list_ruling_out(formula, reading)
            if ruled_out and all(asked.issuperset(phrase) for phrase in ruled_out):
                own = find_asked(formula, reading)
                filled = fill(formula, reading, own) if own else None
                if filled is not None and (not used.issuperset(filled.used) or len(own - asked) >= FEWEST_OWN):
                    further.append((chunk, filled))
    return further


def _find_implied(reading: Reading, chunks: Sequence[Chunk]) -> list[_Found]:
    """Return the only formula of a passage whose variables, three or more, a question names with their numbers."""
    implied = [
        (chunk, filled)
        for chunk in chunks
        for formula in chunk.formulas
        if len(formula.variables) >= FEWEST_NAMED and not list_ruling_out(formula, reading)
        if (filled := fill(formula, reading, frozenset())) is not None
        if _is_named(filled)
    ]
    return implied if len(implied) == 1 else []


def _choose(found: Sequence[_Found], further: Sequence[_Found] = ()) -> list[_Found]:
    """Choose the calculation that takes the most numbers, and those that answer further words of the question.

    They are of the same passage, or each of their numbers stands next to its words. For the same words a passage may
    have two, such as the ends of an interval.
    """
    ranked = sorted(found, key=lambda pair: (-len(pair[1].used), round(pair[1].cost), -len(pair[1].asked)))
    chosen = ranked[:1]
    for chunk, filled in (*ranked[1:], *(further if ranked else ())):
        (place, first), others = ranked[0], [other for _, other in chosen]
        if any(
            filled.formula.name == other.formula.name or filled.result.values == other.result.values for other in others
        ):
            continue
        words = filled.asked.difference(*(other.asked for other in others), list_labels(first))
        is_same = any(filled.used.keys() == other.used.keys() and filled.asked > other.asked for other in others)
        is_longer = (chunk, filled) in further and not filled.used.keys() <= first.used.keys()
        is_further = (words and not is_same and (first.assumed or not filled.assumed)) or is_longer
        is_pair = chunk == place and (first.asked, first.used) == (filled.asked, filled.used)
        if is_pair or (is_further and (chunk == place or _is_named(filled))):
            chosen.append((chunk, filled))
    return chosen


def _is_named(filled: FilledFormula) -> bool:
    """Say whether all numbers stand next to the words of their variables."""
    return not filled.assumed and filled.cost <= NAMED * len(filled.formula.variables)


def _leaves_out(reading: Reading, filled: Sequence[FilledFormula]) -> bool:
    """Say whether calculations leave out a number that may matter to them.

    A number in a clause after all that are used is another matter. The 95 % of an interval is part of its name, and the
    second side of a square is the first.
    """
    used = frozenset(index for each in filled for index in each.used)
    limit = _find_limit(reading, filled)
    count = None if limit is None else _find_count(reading, limit)
    last = max((reading.quantities[index].last for index in used), default=-1)
    for index, quantity in enumerate(reading.quantities):
        if index in used or quantity.is_weak or quantity in (limit, count) or is_confidence(quantity, reading):
            continue
        if quantity.label and all(_is_named(each) and not counts(each.formula, quantity.label) for each in filled):
            continue
        if any(quantity == find_stated(each.formula, reading) for each in filled):
            continue
        if any(is_ignored(each.formula, reading, quantity) for each in filled):
            continue
        if quantity.is_type and quantity.value == FULL_PRECISION and not any(map(_has_type, filled)):
            continue
        is_apart = quantity.first > last and not _BREAKS.isdisjoint(reading.tokens[last + 1 : quantity.first])
        sides = [other for at, other in enumerate(reading.quantities) if at in used and other.group == quantity.group]
        is_side = bool(quantity.place) and any(other.value == quantity.value for other in sides)
        if not is_side and not (is_apart and not any(each.assumed for each in filled)):
            return True
    return False


def _has_type(filled: FilledFormula) -> bool:
    return any(variable.unit == "bytes" for variable in filled.formula.variables)


def _find_limit(reading: Reading, filled: Sequence[FilledFormula]) -> Quantity | None:
    """Return what a question compares the result with, as in "does it fit into 8 GB?"."""
    used = frozenset(index for each in filled for index in each.used)
    units = {each.formula.unit for each in filled} & {"bytes", "$"}
    unused = (item for index, item in enumerate(reading.quantities) if index not in used)
    left = [item for item in unused if item.unit in units and not item.is_type]
    return left[0] if len(left) == 1 and not _LIMITED.isdisjoint(reading.tokens) else None


def _find_count(reading: Reading, limit: Quantity) -> Quantity | None:
    """Return the number directly before a limit that multiplies it, as in "two 24 GB cards" and "2x24GB"."""
    for quantity in reading.quantities:
        between = reading.tokens[quantity.last + 1 : limit.first]
        is_before = quantity.last < limit.first and between in ((), ("x",))
        if is_before and not quantity.unit and quantity.value in range(2, MOST_CARDS + 1):
            return quantity
    return None


def _write(filled: FilledFormula, limit: Quantity | None, sign: str) -> str:
    text = filled.result.text[:1].upper() + filled.result.text[1:]
    if limit is not None and limit.unit == filled.formula.unit and len(filled.result.values) == 1:
        relation = "more than" if filled.result.values[0] > limit.value else "within"
        text += f", {relation} {format_result(limit.value, limit.unit).partition(' (')[0]}"
    text = text.replace("$", sign) if filled.formula.unit == "$" else text
    return f"{text} (assuming {'; '.join(filled.assumed)})." if filled.assumed else f"{text}."
