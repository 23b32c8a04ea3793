"""Compute what a question asks with numbers of its own, by the formulas of the passages that it brought."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.answers.index.chunks import Chunk
from bot.curriculum.formula_slots import FilledFormula, calculate, vary
from bot.understanding.quantities import Reading, read

MOST_LINES = 3

NEAREST = 8
"""Passages whose formulas are tried."""

MUCH_NEARER = 1.0
"""A difference in cost between two calculations from the same numbers by which one is meant."""

_NAMED = frozenset({"interval", "confidence", "ci"})
_BREAKS = frozenset({"?", ".", "what", "how", "which", "why", "does", "do", "would", "if", "is"})


@dataclass(frozen=True, slots=True)
class ComputedLine:
    """A result that is computed, to be shown with the passage that states its formula.

    Args:
        text: the formula, its numbers and the result; plain text.
    """

    text: str
    chunk: Chunk


def compute(question: str, chunks: Sequence[Chunk]) -> list[ComputedLine]:
    """Return what a question with numbers of its own comes to, at most three lines; none if that isn't plain.

    Args:
        chunks: the passages that the question brought, best first.
    """
    reading = read(question)
    if not reading.quantities:
        return []
    found = _choose(
        [
            (chunk, filled)
            for chunk in chunks[:NEAREST]
            for formula in chunk.formulas
            if (filled := calculate(formula, reading)) is not None
        ]
    )
    lines = [(chunk, each) for chunk, filled in found for each in (filled, *vary(filled, reading))]
    if _leaves_out(reading, [filled for _, filled in lines]):
        return []
    return [ComputedLine(_write(filled), chunk) for chunk, filled in lines[:MOST_LINES]]


_Found = tuple[Chunk, FilledFormula]


def _choose(found: Sequence[_Found]) -> list[_Found]:
    """Leave out what another calculation answers better, or what another passage answers as well."""
    left = [
        (chunk, filled)
        for chunk, filled in found
        if not any(_answers_better(other, filled, is_apart=place != chunk) for place, other in found)
    ]
    chosen: list[_Found] = []
    for chunk, filled in left:
        is_repeated = any(
            kept.used.keys() == filled.used.keys()
            and (kept.result.values == filled.result.values or (place != chunk and kept.asked == filled.asked))
            for place, kept in chosen
        )
        if not is_repeated and not any(_reads_otherwise(kept, filled) for _, kept in chosen):
            chosen.append((chunk, filled))
    return chosen


def _answers_better(other: FilledFormula, filled: FilledFormula, *, is_apart: bool) -> bool:
    """Say whether another calculation is asked for in more words, takes more of the numbers, or has them nearer.

    Args:
        is_apart: whether it is of another passage.
    """
    mine, others = filled.used.keys(), other.used.keys()
    if others == mine and abs(other.cost - filled.cost) > MUCH_NEARER:
        return other.cost < filled.cost
    if others > mine and is_apart and other.asked & filled.asked:
        return True
    is_more = other.asked > filled.asked or others > mine
    return is_more and other.asked >= filled.asked and others >= mine


def _reads_otherwise(kept: FilledFormula, filled: FilledFormula) -> bool:
    """Say whether two calculations from the same numbers take one of them for different things."""
    return kept.used.keys() == filled.used.keys() and kept.used != filled.used


def _leaves_out(reading: Reading, filled: Sequence[FilledFormula]) -> bool:
    """Say whether calculations leave out a number that may matter to them.

    A number in a clause after all that are used is another matter; the 95 % of an interval is part of its name.
    """
    used = frozenset(index for each in filled for index in each.used)
    last = max((reading.quantities[index].last for index in used), default=-1)
    for index, quantity in enumerate(reading.quantities):
        if index in used or quantity.is_weak:
            continue
        following = reading.tokens[quantity.last + 1 : quantity.last + 3]
        is_named = quantity.unit == "%" and not _NAMED.isdisjoint(following)
        is_apart = quantity.first > last and not _BREAKS.isdisjoint(reading.tokens[last + 1 : quantity.first])
        if not is_named and not (is_apart and not any(each.assumed for each in filled)):
            return True
    return False


def _write(filled: FilledFormula) -> str:
    assumed = f" (assuming {'; '.join(filled.assumed)})" if filled.assumed else ""
    return f"{filled.result.text[:1].upper()}{filled.result.text[1:]}{assumed}."
