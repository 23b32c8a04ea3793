"""What a model wrote, held against all passages that it was shown. A sentence that fails gives way to the notes' own.

A sentence may be refused though it is true: what then stands in its place says the same in the words of the notes. How
many of either kind there are prints `python -m benchmarks.checker`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.answers.compose.extract import Quotes
from bot.answers.index.retrieval import Hit, Index
from bot.answers.index.words import overlap, stem, stems, words
from bot.answers.model import claims
from bot.answers.model.entailment_score import Match, bearing
from bot.answers.model.evidence import Evidence, EvidenceUnit
from bot.answers.model.reply import Calculation, ReplySentence
from bot.base.arithmetic import (
    NoSum,
    evaluate,
    format_expression,
    format_number,
    is_calculation,
    operands,
    read_numbers,
    read_values,
)

RELATED = 0.40
"""Cosine with something that the notes say, below which nothing is near enough to say instead."""

SAME_CODE, NEAREST = 0.4, 0.2
"""What a name in code that both have, and being of what is nearest by meaning, weigh beside the share of words that a
sentence of the notes has, when it is to stand in the place of one."""

ADDED = 2
"""Words that a second sentence must add to stand beside it; a name in code counts as so many."""

REPEATED = 0.5
"""Share of a sentence's words that stand in the one before it, from which on it is about the same."""

OFF = 0.02
"""By how much a number may differ from the computed one: people round."""

HANDY = frozenset({0.5, 1.0, 2.0, 3.0, 4.0, 8.0, 24.0, 60.0, 1024.0, 3600.0})
"""Numbers that a sum may use though nobody named them: units and halves."""

_UNITS = """
    % ° °c °f µs ns ms s sec min h d bit bits byte bytes b kb mb gb tb kib mib gib tib k m hz khz mhz ghz flop flops
    gflops tflops w kw kwh wh usd eur token tokens parameter parameters step steps item items operation operations
    second seconds minute minutes hour hours day days week weeks year years per times percent point points
"""
UNITS = frozenset(_UNITS.split())
"""Units of a result that need not stand in the question or the passages, in lower case."""

LEAD = re.compile(r"^(?:yes|no|nope|yep|correct|right|exactly|true|false|indeed|wrong)\b[\s,.:;!]*", re.IGNORECASE)
EQUATION = re.compile(
    r"(?<![\d\s.,_()+*/×·÷^−-])[\s.,_)+*/×·÷^−-]*+"
    r"([\d(][\d\s.,_()]*+[-+*/×·÷^−][\d\s.,_()+*/×·÷^−-]*+)=\s*+(?:about |≈ ?)?(\d[\d,]*(?:\.\d+)?)"
)
"""A sum and what it comes to. It is tried once for each run of signs and numbers, which keeps the time linear."""
CODE = re.compile(r"`([^`]+)`")
POINTS = re.compile(
    r"\b(?:this|that|so) (?:many|much)\b|\b(?:as follows|the following|like this|this (?:number|count|amount|sum))\b",
    re.I,
)
"""Says that a sum follows: without it the sentence says nothing."""

RESTRICTS = re.compile(
    r"^\W*(?:but|however|only|unless|except|though|although|yet|still|not|nor|never|that (?:does|is)|this (?:does|is)"
    r"|(?:it|they) (?:do|does|is|are|can|will) ?not|(?:it|they) (?:never|only|cannot)|otherwise|then again"
    r"|on the other hand)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A sentence fit to be shown, and what holds it: (number of the hit, the note's words, verbatim).

    Args:
        is_own: it is the model's; otherwise it is the notes', put in the place of one that failed.
        is_bare: it is a sum alone, whose sentence did not hold.
    """

    text: str
    quotes: tuple[tuple[int, str], ...]
    is_own: bool = True
    is_bare: bool = False


class Checker:
    """Holds a reply's sentences against the passages that were shown.

    Args:
        question: the person's own words, whose numbers a sum may use.
    """

    def __init__(self, index: Index, hits: Sequence[Hit], question: str = "") -> None:
        self._hits = hits
        self._evidence = Evidence(index, hits)
        self.places = self._evidence.places()
        self._given = frozenset(read_numbers(question))
        self._said = frozenset(map(stem, words(" ".join((question, *(unit.text for unit in self._evidence.units))))))

    def check(self, said: ReplySentence) -> Shown | None:
        """Return a sentence that holds with what holds it, or None."""
        text = _without_lead(said.text)
        if not stems(text) and said.calculation is None:
            return None
        computed = self._computed(said.calculation)
        if said.calculation is not None and computed is None and POINTS.search(text):
            return None
        if computed is not None and said.calculation is not None:
            return self._with_sum(said, text, said.calculation, computed)
        quotes = self._borne(text) or self._borne(text, self._summed(text))
        return Shown(text, quotes) if quotes else None

    def instead(self, said: ReplySentence) -> list[Shown]:
        """Return what the notes say in the place of a sentence that failed: the nearest of their own, at most two."""
        ground = self._evidence.ground(_without_lead(said.text), [number - 1 for number in said.passages])
        if ground is None or ground.windows[0].cosine < RELATED:
            return []
        wanted = stems(said.text)
        quotable, code = [unit for unit in self._evidence.units if unit.is_quotable], CODE.findall(said.text)

        def has_code(unit: EvidenceUnit) -> bool:
            return any(name in unit.text for name in code)

        def likeness(unit: EvidenceUnit) -> float:
            return overlap(wanted, unit.stems) + SAME_CODE * has_code(unit) + NEAREST * (unit in ground.units)

        first = max(quotable, key=likeness, default=None)
        if first is None:
            return []

        def adds(unit: EvidenceUnit) -> int:
            lacks_code = bool(code) and not has_code(first) and has_code(unit)
            return len((wanted & unit.stems) - first.stems) + ADDED * lacks_code

        rest = max(
            (unit for unit in quotable if unit is not first),
            key=lambda unit: (adds(unit), likeness(unit)),
            default=None,
        )
        chosen = [first] if rest is None or adds(rest) < ADDED else [first, rest]
        chosen.sort(key=lambda unit: (unit.hit != first.hit, unit.place))
        return [Shown(unit.text, ((unit.hit, unit.text),), is_own=False) for unit in chosen]

    def _borne(self, text: str, allowed: Collection[float] | None = ()) -> Quotes:
        """Return what bears a sentence out, or nothing.

        Args:
            allowed: numbers that need not stand there; None where there is no such reason to look.
        """
        found = bearing(text, self.places, allowed) if allowed is not None else None
        if found is None or not found.is_enough:
            return ()
        places, quotes = [match.place for match in found.matches], tuple(dict.fromkeys(map(self._quote, found.matches)))
        there = " ".join(f"{place.text} {place.names}" for place in places)
        passages = " ".join(self._hits[number].chunk.text for number, _ in quotes)
        if claims.links_elsewhere(text, f"{there} {passages}") or claims.adds_number(text, there, allowed or ()):
            return ()
        return () if claims.loses_limit(text, [place.text for place in places]) else quotes

    def _quote(self, match: Match) -> tuple[int, str]:
        """Return the note's words at a match: the sentence, or the whole gist of which it is one."""
        return next((unit.hit, unit.text) for unit in self._evidence.units if match.place.text in unit.text)

    def _computed(self, asked: Calculation | None) -> float | None:
        """Compute a sum of numbers that the passages or the question have, or return None."""
        if asked is None or not is_calculation(asked.expression):
            return None
        try:
            known = self._evidence.numbers | self._given | HANDY
            return evaluate(asked.expression) if operands(asked.expression) <= known else None
        except NoSum:
            return None

    def _with_sum(self, said: ReplySentence, text: str, asked: Calculation, result: float) -> Shown | None:
        """Show a sentence with its sum, or the sum alone where the sentence says anything else than it comes to."""
        known = [
            *self._given,
            *self._evidence.numbers,
            *(value for value in read_values(text) if _is_about(value, result)),
        ]
        sum_ = f"{format_expression(asked.expression)} = {format_number(result)} {self._safe_unit(asked.unit)}".strip()
        if quotes := self._borne(text, known):
            return Shown(f"{text.rstrip('.')} ({sum_}).", quotes)
        ground = self._evidence.ground(text, [number - 1 for number in said.passages])
        return Shown(f"{sum_}.", ground.quotes, is_bare=True) if ground is not None else None

    def _safe_unit(self, unit: str) -> str:
        """Return a unit of up to three words that are known or that the question or the passages use, or nothing."""
        parts = re.split(r"[\s/·-]+", unit.lower().strip("²³ "))
        is_safe = re.fullmatch(r"[A-Za-z%°µ/· ²³-]{1,24}", unit) is not None and len(parts) <= 3
        return unit if is_safe and all(self._is_unit(part.strip("²³")) for part in parts) else ""

    def _is_unit(self, part: str) -> bool:
        return part in UNITS or (words(part) == [part] and stem(part) in self._said)

    def _summed(self, text: str) -> Collection[float] | None:
        """Return the numbers of a sum that a sentence works out itself, and rightly, or None."""
        equation = EQUATION.search(text)
        if equation is None:
            return None
        computed = self._computed(Calculation(equation[1].strip(), ""))
        stated = read_numbers(equation[2])
        if computed is None or not any(_is_about(one, computed) for one in stated):
            return None
        return [*stated, *read_numbers(equation[1])]


def restricts(said: ReplySentence, before: ReplySentence) -> bool:
    """Say whether a sentence takes back or limits the one before it."""
    if RESTRICTS.match(said.text):
        return True
    is_negated = bool(set(words(said.text)) & claims.NEGATIONS)
    return is_negated and overlap(stems(before.text), stems(said.text)) >= REPEATED


def _without_lead(text: str) -> str:
    """Drop a "yes" or "no" that nothing in the notes says: the rest answers by itself."""
    bare = LEAD.sub("", text)
    return bare[:1].upper() + bare[1:] if bare != text else text


def _is_about(value: float, result: float) -> bool:
    scaled = (result, result * 100, *(result / 10.0**power for power in (3, 6, 9, 12)))
    return any(abs(value - one) <= OFF * abs(one) for one in scaled)
