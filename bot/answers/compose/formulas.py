"""Compute what a question asks with numbers of its own, by the formulas of the passages that it brought."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.answers.index.chunks import Chunk
from bot.curriculum.formula_slots import FilledFormula, calculate, vary
from bot.understanding.quantities import Quantity, Reading, read

MOST_LINES = 3

NEAREST = 5
"""Passages whose formulas are tried first."""


@dataclass(frozen=True, slots=True)
class ComputedLine:
    """A result that is computed, to be shown with the passage that states its formula.

    Args:
        text: the formula, its numbers and the result; plain text.
    """

    text: str
    chunk: Chunk


def compute(question: str, hits: Sequence[Chunk], others: Iterable[Chunk] = ()) -> list[ComputedLine]:
    """Return what a question with numbers of its own comes to, at most three lines; none if that isn't plain.

    Args:
        hits: passages that the question brought, best first.
        others: further passages, whose formulas count only if they take every number of the question.
    """
    reading = read(question)
    if not reading.quantities:
        return []
    found = _choose([*_calculate(reading, hits[:NEAREST])])
    if not found:
        found = _choose([*_calculate(reading, others)])
        if _list_unused(reading, found):
            return []
    lines = [(chunk, each) for chunk, calculation in found for each in (calculation, *vary(calculation, reading))]
    return [ComputedLine(_write(calculation), chunk) for chunk, calculation in lines[:MOST_LINES]]


_Found = tuple[Chunk, FilledFormula]


def _calculate(reading: Reading, chunks: Iterable[Chunk]) -> Iterator[_Found]:
    for chunk in chunks:
        for formula in chunk.formulas:
            if (calculation := calculate(formula, reading)) is not None:
                yield chunk, calculation


def _choose(found: Sequence[_Found]) -> list[_Found]:
    """Leave out what another calculation answers better: asked for in more words, or from more of the numbers."""
    chosen: list[_Found] = []
    for at, (chunk, calculation) in enumerate(found):
        others = [other for place, (_, other) in enumerate(found) if place != at]
        is_same = any(kept.asked == calculation.asked and kept.used == calculation.used for _, kept in chosen)
        if not is_same and not any(_answers_better(other, calculation) for other in others):
            chosen.append((chunk, calculation))
    return chosen


def _answers_better(other: FilledFormula, calculation: FilledFormula) -> bool:
    is_as_asked, is_as_full = other.asked >= calculation.asked, other.used >= calculation.used
    is_more = other.asked > calculation.asked or other.used > calculation.used
    return is_as_asked and is_as_full and is_more


def _list_unused(reading: Reading, found: Sequence[_Found]) -> list[Quantity]:
    """List the numbers of a question that no calculation takes."""
    used = frozenset(index for _, calculation in found for index in calculation.used)
    return [item for index, item in enumerate(reading.quantities) if index not in used and not item.is_weak]


def _write(calculation: FilledFormula) -> str:
    assumed = f" (assuming {'; '.join(calculation.assumed)})" if calculation.assumed else ""
    return f"{calculation.result.text[:1].upper()}{calculation.result.text[1:]}{assumed}."
