"""What a model wrote, held against all passages that it was shown. A sentence that fails gives way to the notes' own.

A sentence may be refused though it is true: what then stands in its place says the same in the words of the notes. How
many of either kind there are prints `python -m benchmarks.checker`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.features.qa.answer import claims, comparing, denials
from bot.features.qa.answer.arithmetic import NoSum, evaluate, is_sum, operands, told, written
from bot.features.qa.answer.evidence import Evidence, Ground, Unit
from bot.features.qa.answer.numbers import numbers, values
from bot.features.qa.answer.reply import Calculation, Said
from bot.features.qa.index.retrieval import Hit, Index
from bot.features.qa.index.words import overlap, stem, stems, words

CLOSE = 0.60
"""Cosine of a sentence with its evidence, from which on they may mean the same ..."""

HELD = 0.5
"""... where this share of its words stands there."""

HELD_ALONE = 0.75
"""Share of its words that must stand there where the cosine is smaller or there are no vectors."""

HELD_TOGETHER = 0.6
"""Share of its words that must stand in two places together, if it joins two."""

RELATED = 0.40
"""Cosine with something that the notes say, below which nothing is near enough to say instead."""

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
        self._given = frozenset(numbers(question))
        self._said = frozenset(map(stem, words(" ".join((question, *(unit.text for unit in self._evidence.units))))))

    def check(self, said: Said) -> Shown | None:
        """Return a sentence that holds with what holds it, or None."""
        text = _without_lead(said.text)
        if not stems(text) and said.calculation is None:
            return None
        cited = [number - 1 for number in said.passages]
        ground = self._evidence.ground(text, cited)
        if ground is None:
            return None
        computed = self._computed(said.calculation)
        if said.calculation is not None and computed is None and POINTS.search(text):
            return None
        if computed is not None and said.calculation is not None:
            return self._with_sum(text, ground, said.calculation, computed)
        if not self._is_supported(text, ground):
            return None
        if self._is_faithful(text, ground, ()) or self._adds_up(text, ground):
            return Shown(text, _quotes(ground))
        return None

    def instead(self, said: Said) -> list[Shown]:
        """Return what the notes say in the place of a sentence that failed: the nearest of their own, at most two."""
        ground = self._evidence.ground(_without_lead(said.text), [number - 1 for number in said.passages])
        if ground is None or ground.windows[0].cosine < RELATED:
            return []
        wanted = stems(said.text)
        quotable = [unit for unit in ground.units if unit.is_quotable]
        first = max(quotable, key=lambda unit: overlap(wanted, unit.stems), default=None)
        if first is None:
            return []
        rest = max(
            (unit for unit in quotable if unit is not first),
            key=lambda unit: len((wanted & unit.stems) - first.stems),
            default=None,
        )
        chosen = [first]
        if rest is not None and len((wanted & rest.stems) - first.stems) >= 2:
            chosen.append(rest)
        chosen.sort(key=lambda unit: (unit.hit != first.hit, unit.place))
        return [Shown(unit.text, ((unit.hit, unit.text),), is_own=False) for unit in chosen]

    def _is_supported(self, text: str, ground: Ground) -> bool:
        wanted, best = stems(text), ground.windows[0]
        held = overlap(wanted, ground.stems)
        if best.cosine >= CLOSE and held >= HELD:
            return True
        return held >= (HELD_TOGETHER if len(ground.windows) > 1 and best.cosine >= CLOSE - 0.1 else HELD_ALONE)

    def _is_faithful(self, text: str, ground: Ground, computed: Sequence[float]) -> bool:
        passage = " ".join(f"{self._hits[unit.hit].chunk.text} {ground.names}" for unit in ground.units)
        return not (
            claims.adds_number(text, ground, computed)
            or claims.adds_name(text, ground, passage)
            or claims.adds_clause(text, passage)
            or claims.contradicts(text, ground)
            or claims.is_sweeping(text, ground)
            or claims.loses_limit(text, ground)
            or comparing.compares_unsaid(text, ground)
            or comparing.crosses(text, ground)
            or comparing.is_rival(text, ground)
            or comparing.adds_setting(text, self._said)
            or denials.repeats_denied(text, self._evidence.units)
        )

    def _computed(self, asked: Calculation | None) -> float | None:
        """Compute a sum of numbers that the passages or the question have, or return None."""
        if asked is None or not is_sum(asked.expression):
            return None
        try:
            known = self._evidence.numbers | self._given | HANDY
            return evaluate(asked.expression) if operands(asked.expression) <= known else None
        except NoSum:
            return None

    def _with_sum(self, text: str, ground: Ground, asked: Calculation, result: float) -> Shown:
        """Show a sentence with its sum, or the sum alone where the sentence says anything else than it comes to."""
        known = [*self._given, *self._evidence.numbers, *(one for one in values(text) if _is_about(one, result))]
        sum_ = f"{written(asked.expression)} = {told(result)} {self._safe_unit(asked.unit)}".strip()
        if self._is_faithful(text, ground, known):
            return Shown(f"{text.rstrip('.')} ({sum_}).", _quotes(ground))
        return Shown(f"{sum_}.", _quotes(ground), is_bare=True)

    def _safe_unit(self, unit: str) -> str:
        """Return a unit of up to three words that are known or that the question or the passages use, or nothing."""
        parts = re.split(r"[\s/·-]+", unit.lower().strip("²³ "))
        is_safe = re.fullmatch(r"[A-Za-z%°µ/· ²³-]{1,24}", unit) is not None and len(parts) <= 3
        return unit if is_safe and all(self._is_unit(part.strip("²³")) for part in parts) else ""

    def _is_unit(self, part: str) -> bool:
        return part in UNITS or (words(part) == [part] and stem(part) in self._said)

    def _adds_up(self, text: str, ground: Ground) -> bool:
        """Say whether a sentence holds but for a sum that it works out itself, and rightly."""
        equation = EQUATION.search(text)
        if equation is None:
            return False
        computed = self._computed(Calculation(equation[1].strip(), ""))
        stated = numbers(equation[2])
        if computed is None or not any(_is_about(one, computed) for one in stated):
            return False
        return self._is_faithful(text, ground, [*stated, *numbers(equation[1])])


def restricts(said: Said, before: Said) -> bool:
    """Say whether a sentence takes back or limits the one before it."""
    if RESTRICTS.match(said.text):
        return True
    is_negated = bool(set(words(said.text)) & claims.NEGATIONS)
    return is_negated and overlap(stems(before.text), stems(said.text)) >= HELD


def _quotes(ground: Ground) -> tuple[tuple[int, str], ...]:
    """Return the best unit of each window."""
    return tuple(dict.fromkeys((window.units[0].hit, _best(window.units).text) for window in ground.windows))


def _best(units: Sequence[Unit]) -> Unit:
    return next((unit for unit in units if unit.is_quotable), units[0])


def _without_lead(text: str) -> str:
    """Drop a "yes" or "no" that nothing in the notes says: the rest answers by itself."""
    bare = LEAD.sub("", text)
    return bare[:1].upper() + bare[1:] if bare != text else text


def _is_about(value: float, result: float) -> bool:
    scaled = (result, result * 100, *(result / 10.0**power for power in (3, 6, 9, 12)))
    return any(abs(value - one) <= OFF * abs(one) for one in scaled)
