"""Fill the variables of a formula with the numbers of a question.

A number goes to the variable whose words stand nearest and whose unit fits. Nothing is filled if a variable stays
empty, or if another assignment is about as near and gives another result.
"""

# ruff: noqa: SIM905 - a list of words reads best as words

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from bot.curriculum.formulas import Formula, Result, Value, Variable, compute
from bot.understanding.quantities import UNITS, Quantity, Reading, reduce_words


@dataclass(frozen=True, slots=True)
class FilledFormula:
    """A formula computed with the numbers of a question.

    Args:
        values: of its variables by name.
        assumed: the defaults in use, as they are shown.
        used: the variable of each of the question's quantities that it takes, by index.
        asked: the words by which the question asks for it.
        cost: how far its numbers stand from the words of their variables.
        by: the phrase next to the number of each variable; none if the unit alone fits.
    """

    formula: Formula
    result: Result
    values: Mapping[str, Value]
    assumed: tuple[str, ...]
    used: Mapping[int, str]
    asked: frozenset[str]
    cost: float
    by: Mapping[str, tuple[str, ...]]


FARTHEST_WORDS = 3
"""Most words between a number and the words of its variable."""

UNIT_ALONE = 3.0
"""The cost of a number that has only the unit of its variable."""

UNNAMED_LIST = 2.0
DEFAULT = 4.0
LEFT = 0.1
"""What words before a number cost more than words after it."""

LINK_ALONE = 1.0
"""The cost of a phrase such as "of" or "to", directly before a number."""

PER_WORD = 0.1
"""What each further word of a phrase makes nearer."""

FARTHEST = 64.0
"""The largest ratio between a number without words of its variable and another value of it, such as its default."""

MARGIN = 0.35
"""Assignments within this cost of the best must give the same result."""

MOST_BITS = 64
"""Bits of the largest number."""

MOST_ASSIGNMENTS = 100
MOST_NEAR = 12
"""Assignments about as good as the best; more are a muddle."""

_LINKS = frozenset("of is are was = : equals about at to a an the roughly around approx ~".split()) | frozenset(
    "size has have only just with - number our my in".split()
)
"""Words and marks that don't count between a number and the words of its variable."""

_DIRECTIONS = frozenset({"to"})
COUNTED_BY = 86_400.0
"""Seconds from which on a rate is also a plain number."""

_CONFIDENCE = frozenset({"interval", "confidence", "ci", "level"})
CONFIDENT = 0.9
"""The lowest confidence of an interval."""

_STOPS = frozenset(", ; . ? ! ( ) and but per vs versus".split())
_STOPS_BEFORE, _STOPS_AFTER = _STOPS - {"("}, _STOPS | {":", "="}
"""What ends the reach of a word before a number, and of one after it."""


class _Candidate(NamedTuple):
    """A value for a variable.

    Args:
        cost: how far its number stands from the words of the variable.
        taken: the quantities that it takes; a default takes none.
        by: the phrase next to it; none if its unit alone fits, or if it is a default.
        shape: the group of numbers that it has a place in.
    """

    cost: float
    value: Value
    taken: tuple[int, ...] = ()
    by: tuple[str, ...] = ()
    shape: int = 0


_SYNONYMS: Mapping[str, str] = {
    word: words[0]
    for words in (
        "memory ram vram space storage footprint gb mb".split(),
        "cost price bill pay spend".split(),
        "share fraction percentage percent proportion".split(),
        "chance probability likely likelihood odds risk".split(),
        "parameter weight".split(),
        "fast speed quick".split(),
        "long time duration".split(),
    )
    for word in words
}
"""Words that ask for the same quantity, by the first of each list."""

_DENIALS = frozenset("no not without ignoring ignore excluding".split())
"""What stands before a word that a question leaves out, as in "no biases"."""

_STATING = frozenset("of is are was = :".split())
"""What stands between a name and its number."""

_MEASURES = frozenset({"per", "/", "every"})
_ONE = frozenset("one a an single per each".split())

_OFF = frozenset("off false disabled".split())
"""What stands after it, as in "drop_last=False"."""

_COUNTING = frozenset({"how", "many", "much"})
_ENDING = re.compile(r"(?:ations?|ings?|ions?|edly|ed|es|e|ers?|ly)$")
SHORTEST_STEM = 3
_FILLERS = frozenset("a an and at by for from in is of on one or the to with".split())


def ask(formula: Formula, reading: Reading) -> frozenset[str]:
    """Return the words by which a question asks for a formula, most words first; none if it doesn't."""
    return frozenset() if list_ruling_out(formula, reading) else find_asked(formula, reading)


def find_asked(formula: Formula, reading: Reading) -> frozenset[str]:
    """Return the words by which a question asks for a formula, whatever else it asks for.

    Its name asks only if none of its `asks` does, and if it has two words.
    """
    held = frozenset(_stem(_SYNONYMS.get(token, token)) for token in reading.tokens)
    wanted = (_merge_synonyms(phrase) for phrase in formula.asks if not _is_denied(reduce_words(phrase), reading))
    asked = max((words for words in wanted if words <= held), key=len, default=frozenset[str]())
    name = _merge_synonyms(" ".join(word for word in reduce_words(formula.name) if word not in _FILLERS))
    is_denied = any(_is_denied(reduce_words(phrase), reading) for phrase in formula.asks)
    return name if not asked and not is_denied and len(name) > 1 and name <= held else asked


@lru_cache(maxsize=10_000)
def _merge_synonyms(phrase: str) -> frozenset[str]:
    return frozenset(_stem(_SYNONYMS.get(word, word)) for word in reduce_words(phrase.replace("@k", "")))


@lru_cache(maxsize=10_000)
def _stem(word: str) -> str:
    """Cut an ending, so that "scaled" asks as "scale" does."""
    stem = _ENDING.sub("", word)
    return stem if len(stem) >= SHORTEST_STEM else word


def list_labels(filled: FilledFormula) -> frozenset[str]:
    """List the words next to the numbers of a calculation, as `find_asked` returns words."""
    return frozenset(word for phrase in filled.by.values() for word in _merge_synonyms(" ".join(phrase)))


def list_ruling_out(formula: Formula, reading: Reading) -> list[frozenset[str]]:
    """List the phrases of a question that rule a formula out, as the words that `find_asked` returns."""
    ruling_out = []
    for phrase in formula.unless:
        words = reduce_words(phrase)
        if reading.has_phrase(words) and not _is_denied(words, reading):
            counted = " ".join(word for word in reduce_words(phrase) if word not in _COUNTING)
            ruling_out.append(_merge_synonyms(counted))
    return ruling_out


def _is_denied(phrase: Sequence[str], reading: Reading) -> bool:
    """Say whether a question leaves out a phrase wherever it has it, as in "no biases" and "drop_last is off"."""
    places = [*reading.find_phrase(phrase)]
    return bool(places) and all(_is_left_out(reading, at, at + len(phrase)) for at in places)


def _is_left_out(reading: Reading, begin: int, end: int) -> bool:
    before = [token for token in reading.tokens[max(begin - 2, 0) : begin] if token not in _LINKS]
    after = [token for token in reading.tokens[end : end + 3] if token not in _LINKS]
    return not (_DENIALS.isdisjoint(before[-1:]) and _OFF.isdisjoint(after[:1]))


def calculate(formula: Formula, reading: Reading) -> FilledFormula | None:
    """Compute a formula with a question's numbers; None if it isn't asked for or they don't fill it plainly.

    A question that states the result asks whether it is right.
    """
    asked, stated = find_asked(formula, reading), find_stated(formula, reading)
    if (not asked and stated is None) or list_ruling_out(formula, reading):
        return None
    if not asked and stated is not None:
        filled = fill(formula, reading, frozenset(reading.tokens[stated.last + 1 : stated.last + 2]))
        return filled if filled is not None and not filled.assumed else None
    return fill(formula, reading, asked) if asked else None


def find_stated(formula: Formula, reading: Reading) -> Quantity | None:
    """Return the number that a question gives as a formula's result, such as "939 steps" or "perplexity 20"."""
    unit = formula.unit if formula.unit in UNITS else ""
    names = [name for name in _list_result_names(formula) if reading.has_phrase(name)]
    names = [name for name in names if not reading.has_phrase(("many", *name))]
    if not names:
        return None
    of_variables = [phrase for variable in formula.variables for phrase, _ in _phrases(variable)]
    for quantity in reading.quantities:
        is_plain = not (quantity.place or _is_precision(quantity) or quantity.label or quantity.is_version)
        if is_plain and _convert(quantity, unit) is not None:
            is_next_to_result = any(_is_result(name, reading, quantity) for name in names)
            if is_next_to_result and _find_nearest(of_variables, reading, quantity) > LEFT:
                return quantity
    return None


@lru_cache(maxsize=10_000)
def _list_result_names(formula: Formula) -> tuple[tuple[str, ...], ...]:
    """List what names a formula's result: its name, the noun in its unit, and single words that ask for it."""
    asks = (tuple(word for word in reduce_words(phrase) if word not in _COUNTING) for phrase in formula.asks)
    unit = "" if formula.unit in UNITS else formula.unit
    names = (reduce_words(formula.name), reduce_words(unit), *(name for name in asks if len(name) == 1))
    return tuple(name for name in names if name)


def _is_result(name: tuple[str, ...], reading: Reading, quantity: Quantity) -> bool:
    """Say whether a name stands directly next to a number, as in "939 steps" and "a perplexity of 20"."""
    tokens, first = reading.tokens, quantity.first
    while first and tokens[first - 1] in _STATING:
        first -= 1
    is_after = tokens[quantity.last + 1 : quantity.last + 1 + len(name)] == name
    return tokens[max(first - len(name), 0) : first] == name or (is_after and tokens[first - 1] not in _MEASURES)


def _find_nearest(phrases: Iterable[tuple[str, ...]], reading: Reading, quantity: Quantity) -> float:
    """Return the lowest cost of these phrases for a number; infinity if none is in reach."""
    costs = (_distances(phrase, reading, quantity.first, quantity.last) for phrase in phrases)
    return min((cost for several in costs for cost, _ in several), default=math.inf)


def fill(formula: Formula, reading: Reading, asked: frozenset[str]) -> FilledFormula | None:
    """Compute a formula with a question's numbers, asked for or not; None if they don't fill it plainly."""
    ranked = sorted(_assign(formula, reading), key=lambda assignment: assignment[0])
    near = [chosen for cost, chosen in ranked if cost <= ranked[0][0] + MARGIN]
    if len(near) > MOST_NEAR:
        return None
    results = [compute(formula, _value_of(formula, chosen)) for chosen in near]
    is_one = len({result and result.values for result in results}) == 1
    first = near[0] if is_one else _take_first(near)
    result = None if first is None else results[near.index(first)]
    if first is None or result is None:
        return None
    pairs = [*zip(formula.variables, first, strict=True)]
    used = {index: variable.name for variable, candidate in pairs for index in candidate.taken}
    assumed = tuple(variable.assume for variable, candidate in pairs if not candidate.taken)
    cost = sum(candidate.cost for candidate in first)
    by = {variable.name: candidate.by for variable, candidate in pairs if candidate.taken}
    return FilledFormula(formula, result, _value_of(formula, first), assumed, used, asked, cost, by)


def _value_of(formula: Formula, chosen: Sequence[_Candidate]) -> dict[str, Value]:
    return {variable.name: candidate.value for variable, candidate in zip(formula.variables, chosen, strict=True)}


def _take_first(assignments: Sequence[list[_Candidate]]) -> list[_Candidate] | None:
    """Return the one of about equally good assignments that is meant; None if that isn't plain.

    If they differ in one variable, with one noun next to its several numbers, the first number comes first.
    """
    differing = {
        (place, candidate.by[-1:])
        for assignment in assignments
        for place, (candidate, other) in enumerate(zip(assignment, assignments[0], strict=True))
        if candidate.value != other.value
    }
    places = {place for place, _ in differing}
    phrases = {by for _, by in differing} | {assignments[0][place].by[-1:] for place in places}
    if len(places) != 1 or len(phrases) != 1:
        return None
    return min(assignments, key=lambda assignment: [candidate.taken for candidate in assignment])


_FACTORS: Mapping[str, float] = {
    **dict.fromkeys(("double", "doubled", "doubling", "twice"), 2.0),
    **dict.fromkeys(("triple", "tripled"), 3.0),
    **dict.fromkeys(("halve", "halved", "halving", "half"), 0.5),
}
_OF_ALL = frozenset({("as", "many"), ("as", "much"), ("as", "long"), ("it",), ("that",), ("this",)})
"""What follows a factor of the only variable, as in "twice as many" and "double it"."""

VARIATION = 1.05
"""The highest cost of a number that may be given and doesn't matter."""


def vary(filled: FilledFormula, reading: Reading) -> Iterator[FilledFormula]:
    """Yield a calculation with the further values that a question gives one of its variables.

    Such a value has the words of the variable, as in "at temperature 1 and at temperature 0.5", or none, as in
    "and 20?", or is a change, as in "and if I double the context?" or "among twice as many?".
    """
    for index, quantity in enumerate(reading.quantities):
        if index not in filled.used and not is_confidence(quantity, reading):
            candidates = [
                (name, candidate)
                for name, candidate in _list_new(filled, reading, index)
                if candidate.by[-1:] == filled.by.get(name, ())[-1:] and (candidate.cost <= LEFT or not candidate.by)
            ]
            if (changed := _take_change(filled, reading, index, candidates, filled.used)) is not None:
                yield from _recompute(filled, *changed, {index: changed[0]})
    for factored in _list_factored(filled, filled.values, reading):
        if factored is not None:
            yield from _recompute(filled, *factored, {})


def change(filled: FilledFormula, reading: Reading) -> FilledFormula | None:
    """Compute a formula again with the numbers of a turn that goes on with it; None if they don't fit plainly.

    Such a turn has new numbers for some variables, as in "and with 8 heads?", or changes one, as in "if I double the
    context?".
    """
    values = dict(filled.values)
    for index, quantity in enumerate(reading.quantities):
        named = [*_list_new(filled, reading, index)]
        nearest = [pair for pair in named if pair[1].cost <= min(other.cost for _, other in named) + MARGIN]
        if (changed := _take_change(filled, reading, index, nearest, {})) is not None:
            values[changed[0]] = changed[1]
        elif not quantity.is_weak:
            return None
    for factored in _list_factored(filled, values, reading):
        if factored is None:
            return None
        values[factored[0]] = factored[1]
    result = compute(filled.formula, values)
    if result is None or values == filled.values:
        return None
    kept = {each.assume for each in filled.formula.variables if values[each.name] == filled.values[each.name]}
    assumed = tuple(assume for assume in filled.assumed if assume in kept)
    return replace(filled, values=values, result=result, assumed=assumed)


def _list_new(filled: FilledFormula, reading: Reading, index: int) -> Iterator[tuple[str, _Candidate]]:
    """Yield the variables that a number may be a new value of, by the words next to it or by its unit."""
    for variable in filled.formula.variables:
        if not variable.is_list:
            candidates = _find_numbers(variable, reading)
            yield from ((variable.name, candidate) for candidate in candidates if candidate.taken == (index,))


def _take_change(
    filled: FilledFormula,
    reading: Reading,
    index: int,
    candidates: Sequence[tuple[str, _Candidate]],
    used: Mapping[int, str],
) -> tuple[str, Value] | None:
    """Return the only variable that a number changes, with its value; by its unit if it stands alone, as in "and 20?".

    Args:
        used: the variables of the numbers before it; "and 20?" goes on with the last one.
    """
    changes: list[tuple[str, Value]] = [(name, candidate.value) for name, candidate in candidates]
    quantity = reading.quantities[index]
    if not changes and _is_elliptic(quantity, reading) and (not used or index - 1 in used):
        if used:
            quantity = _as_before(quantity, reading.quantities[index - 1])
        changes = [
            (variable.name, value)
            for variable in filled.formula.variables
            if not variable.is_list and (value := _convert(quantity, variable.unit)) is not None
            if not used or (used[index - 1] == variable.name and _is_near(value, filled.values[variable.name]))
        ]
    return changes[0] if len(changes) == 1 else None


def _list_factored(
    filled: FilledFormula, values: Mapping[str, Value], reading: Reading
) -> Iterator[tuple[str, Value] | None]:
    """Yield the variable that each word such as "double" changes, with its new value; None if that isn't plain."""
    variables = [variable for variable in filled.formula.variables if not variable.is_list]
    for at, token in enumerate(reading.tokens):
        if token in _FACTORS and at not in reading.numbers:
            changed = [variable for variable in variables if _is_named(variable, reading, at + 1, at + 4)]
            if not changed and not _OF_ALL.isdisjoint(
                (reading.tokens[at + 1 : at + 2], reading.tokens[at + 1 : at + 3])
            ):
                changed = [variable for variable in variables if variable.default is None]
            value = values[changed[0].name] if len(changed) == 1 else ()
            yield None if isinstance(value, tuple) else (changed[0].name, value * _FACTORS[token])


def has_factor(reading: Reading) -> bool:
    """Say whether a turn has a word that changes a number, such as "double"."""
    return any(token in _FACTORS and at not in reading.numbers for at, token in enumerate(reading.tokens))


def _is_named(variable: Variable, reading: Reading, begin: int, end: int) -> bool:
    """Say whether a phrase of a variable begins between two tokens."""
    return any(at in range(begin, end) for phrase, _ in _phrases(variable) for at in reading.find_phrase(phrase))


def _is_elliptic(quantity: Quantity, reading: Reading) -> bool:
    """Say whether a number stands alone at the end of a question, as in "and 20?"."""
    before = reading.tokens[quantity.first - 1] if quantity.first else ""
    after = reading.tokens[quantity.last + 1] if quantity.last + 1 < len(reading.tokens) else "?"
    return before in {"and", "or", "at", "for", "with", "to"} and after == "?"


def _as_before(quantity: Quantity, before: Quantity) -> Quantity:
    """Return a number without a unit in the one of the number before it: 95 after "90 %" is 0.95."""
    if quantity.unit or before.unit != "%":
        return quantity
    return replace(quantity, unit="%", value=quantity.value / 100)


def _recompute(filled: FilledFormula, name: str, value: Value, used: Mapping[int, str]) -> Iterator[FilledFormula]:
    values = {**filled.values, name: value}
    result = compute(filled.formula, values)
    if result is not None and value != filled.values[name]:
        yield replace(filled, values=values, result=result, used={**filled.used, **used})


def list_empty(formula: Formula, reading: Reading) -> list[str]:
    """List the variables for which a question has no number at all."""
    return [
        variable.name
        for variable, candidates in zip(formula.variables, _list_candidates(formula, reading), strict=True)
        if not candidates
    ]


def _assign(formula: Formula, reading: Reading) -> Iterator[tuple[float, list[_Candidate]]]:
    """Yield the assignments of quantities to variables with their costs; no quantity is taken twice."""
    candidates = _list_candidates(formula, reading)
    if not all(candidates):
        return
    left = MOST_ASSIGNMENTS
    placed = [{phrase for phrase, place in _phrases(variable) if place} for variable in formula.variables]
    # the variables before each that are sides of the same shape
    partners = [[at for at in range(number) if placed[at] & placed[number]] for number in range(len(placed))]

    def extend(chosen: list[_Candidate], taken: frozenset[int]) -> Iterator[tuple[float, list[_Candidate]]]:
        nonlocal left
        if len(chosen) == len(candidates):
            left -= 1
            yield sum(candidate.cost for candidate in chosen), chosen
            return
        for candidate in candidates[len(chosen)]:
            shapes = {other.shape for place, other in enumerate(chosen) if place in partners[len(chosen)]}
            if (
                left > 0
                and taken.isdisjoint(candidate.taken)
                and (not candidate.shape or shapes <= {0, candidate.shape})
            ):
                yield from extend([*chosen, candidate], taken.union(candidate.taken))

    yield from extend([], frozenset())


def _list_candidates(formula: Formula, reading: Reading) -> list[list[_Candidate]]:
    """Return the values that each variable may have, nearest first."""
    lists = [variable.name for variable in formula.variables if variable.is_list]
    candidates = []
    stated = find_stated(formula, reading)
    for variable in formula.variables:
        if variable.is_list:
            found = [*_find_lists(variable, reading, lists.index(variable.name))]
        else:
            found = [item for item in _find_numbers(variable, reading) if reading.quantities[item.taken[0]] != stated]
        if variable.default is not None and not _is_open(variable, formula, reading):
            found.append(_Candidate(DEFAULT, variable.default))
        candidates.append(sorted(found, key=lambda candidate: (candidate.cost, candidate.taken)))
    return candidates


def _is_open(variable: Variable, formula: Formula, reading: Reading) -> bool:
    """Say whether a question speaks of a variable and gives no number for it, so that a default may be wrong.

    "One sequence" gives a number.
    """
    names = _LINKS.union(*map(reduce_words, (formula.name, *formula.asks)))
    phrases = (phrase for phrase, place in _phrases(variable) if not place and not names.issuperset(phrase))
    places = (at for phrase in phrases if not _is_denied(phrase, reading) for at in reading.find_phrase(phrase))
    return any(reading.tokens[max(at - 1, 0)] not in _ONE for at in places)


_Cost = tuple[float, tuple[str, ...]]
"""A cost, and the phrase that it is for."""


def _find_numbers(variable: Variable, reading: Reading) -> Iterator[_Candidate]:
    has_shares = any(quantity.unit == "%" for quantity in reading.quantities)
    for index, quantity in enumerate(reading.quantities):
        value = _convert(quantity, variable.unit)
        if value is None or is_confidence(quantity, reading):
            continue
        if (quantity.label and not _takes_label(variable, quantity.label)) or (
            variable.unit == "bytes" and _is_precision(quantity) and "weights" in variable.words
        ):
            continue
        is_share = variable.unit == "%" and variable.default is not None and quantity.value % 1 > 0 and not has_shares
        is_fitting = (quantity.unit or is_share) and _is_near(value, variable.default)
        costs: list[_Cost] = [(UNIT_ALONE, ())] if is_fitting else []
        if quantity.is_size and not variable.unit and "parameters" in variable.words:
            costs.append((LINK_ALONE, ("parameter",)))
        leads = variable.unit == "$" and _leads_list(quantity, reading)
        for phrase, place in _phrases(variable):
            if leads and _is_of_number_before(phrase, reading, quantity.first):
                continue  # the "out" of "900 in and 80 out at $1 and $2" is next to both prices
            if place == 0:
                costs += _distances(phrase, reading, quantity.first, quantity.last)
            elif place == quantity.place:
                members = [other for other in reading.quantities if other.group == quantity.group]
                costs += _distances(phrase, reading, members[0].first, members[-1].last)
        if quantity.is_version:  # only a word directly before it, as in "Batch 32", makes it more than a name
            tokens = reading.tokens[: quantity.first]
            costs = [(cost, by) for cost, by in costs if by and by == tokens[-len(by) :]]
        if costs:
            cost, by = min(costs)
            is_placed = any(phrase == by and place for phrase, place in _phrases(variable))
            yield _Candidate(cost, value, (index,), by, quantity.group if is_placed and quantity.place else 0)


def counts(formula: Formula, label: str) -> bool:
    """Say whether a formula has a variable for the number of such things."""
    return any((label,) == phrase for variable in formula.variables for phrase, _ in _phrases(variable))


def _takes_label(variable: Variable, label: str) -> bool:
    """Say whether a variable says which one of several is meant, such as the step of a schedule, and not how many."""
    written = {word.lower() for word in variable.words}
    return f"at {label}" in written or (label in written and f"{label}s" not in written)


def _is_precision(quantity: Quantity) -> bool:
    """Say whether a number is the size of one number, such as "4 bits" or "fp16", and no amount of memory."""
    return quantity.is_type or (quantity.unit == "bits" and quantity.value <= MOST_BITS)


def _leads_list(quantity: Quantity, reading: Reading) -> bool:
    """Say whether a number is the first of several that stand together."""
    members = [other for other in reading.quantities if other.group == quantity.group]
    return len(members) > 1 and members[0] == quantity


def _is_of_number_before(phrase: tuple[str, ...], reading: Reading, first: int) -> bool:
    """Say whether a word is the noun of a number, and "at" with the number at `first` follows it."""
    at = first - 2
    if reading.tokens[max(at + 1, 0)] != "at":
        return False
    return at > 0 and reading.tokens[at : at + 1] == phrase and not reading.numbers.isdisjoint((at - 1, at - 2))


def is_ignored(formula: Formula, reading: Reading, quantity: Quantity) -> bool:
    """Say whether a number may be given and doesn't matter to a formula."""
    phrases = map(reduce_words, formula.ignore)
    return any(
        cost <= VARIATION
        for phrase in phrases
        for cost, _ in _distances(phrase, reading, quantity.first, quantity.last)
    )


def is_confidence(quantity: Quantity, reading: Reading) -> bool:
    """Say whether a number names an interval, as in "a 95 % interval"."""
    following = reading.tokens[quantity.last + 1 : quantity.last + 3]
    is_after = reading.tokens[quantity.first - 1] == "at" and quantity.value >= CONFIDENT
    is_level = (is_after and "margin" in reading.tokens) or not _CONFIDENCE.isdisjoint(following)
    return quantity.unit == "%" and is_level


def _is_near(value: float, other: Value | None) -> bool:
    """Say whether a number may be of the same thing as another, by its size; true if there is no other."""
    return not other or isinstance(other, tuple) or 1 / FARTHEST <= value / other <= FARTHEST


def _find_lists(variable: Variable, reading: Reading, nth: int) -> Iterator[_Candidate]:
    """Yield runs of numbers; without words next to them they are taken in the order of the variables.

    Args:
        nth: the variable's place among the lists of its formula.
    """
    groups: dict[int, list[int]] = {}
    for index, quantity in enumerate(reading.quantities):
        groups.setdefault(quantity.group, []).append(index)
    order = 0
    for indexes in groups.values():
        members = [reading.quantities[index] for index in indexes]
        values = [_convert(member, variable.unit) for member in members]
        if len(members) < 2 or any(value is None for value in values):
            continue
        costs: list[_Cost] = [(UNNAMED_LIST + abs(order - nth), ())]
        order += 1
        for phrase, _ in _phrases(variable):
            costs += _distances(phrase, reading, members[0].first, members[-1].last)
        cost, by = min(costs)
        yield _Candidate(cost, tuple(value for value in values if value is not None), tuple(indexes), by)
    for phrase, _ in _phrases(variable):  # as in "rank 2 and rank 5"
        single = [
            (index, value)
            for index, quantity in enumerate(reading.quantities)
            if (value := _convert(quantity, variable.unit)) is not None and not quantity.is_weak
            if _walk(phrase, reading, quantity.first - 1, -1) == 0
        ]
        if len(single) > 1:
            taken = tuple(index for index, _ in single)
            yield _Candidate(LEFT * len(single), tuple(value for _, value in single), taken, phrase)


def _convert(quantity: Quantity, unit: str) -> float | None:
    """Return a quantity in a variable's unit; None if it has another."""
    if quantity.unit == unit:
        return quantity.value
    match quantity.unit, unit:
        case "bits", "bytes":
            return quantity.value / 8
        case "bytes", "bits":
            return quantity.value * 8
        case "bits/s", "bytes/s":
            return quantity.value / 8
        case "/s", "" if quantity.seconds >= COUNTED_BY:  # "5,000 requests a day" are counted by the day
            return quantity.value * quantity.seconds
        case "", "%" if 0 <= quantity.value <= 1:
            return quantity.value
        case "", "$":
            return quantity.value
    return None


@lru_cache(maxsize=10_000)
def _phrases(variable: Variable) -> tuple[tuple[tuple[str, ...], int], ...]:
    """Return the phrases of a variable, reduced, each with the place that it names in a shape, or 0."""
    split = (word.partition("#") for word in variable.words)
    return tuple((reduce_words(phrase), int(place or 0)) for phrase, _, place in split)


def _distances(phrase: tuple[str, ...], reading: Reading, first: int, last: int) -> list[_Cost]:
    """Return the costs of a phrase after and before the tokens from `first` to `last`, as far as it stands there."""
    if (_LINKS - _DIRECTIONS).issuperset(phrase):
        return [(LINK_ALONE, phrase)] if _is_led(phrase, reading, first, last) else []
    bonus = PER_WORD * (len(phrase) - 1)
    costs = []
    if (after := _walk(phrase, reading, last + 1, 1)) is not None:
        costs.append((after - bonus, phrase))
    if (before := _walk(phrase, reading, first - 1, -1)) is not None:
        costs.append((before + LEFT - bonus, phrase))
    return costs


def _is_led(phrase: Sequence[str], reading: Reading, first: int, last: int) -> bool:
    """Say whether a phrase such as "of" stands directly before a number that counts nothing else: "of 5 tags" does.

    Or directly after it, at the end of a clause, as in "3,000 in and 700 out".
    """
    tokens, length = reading.tokens, len(phrase)
    if tokens[max(first - length, 0) : first] == tuple(phrase):
        return not _is_noun(tokens, last + 1)
    return tokens[last + 1 : last + 1 + length] == tuple(phrase) and not _is_noun(tokens, last + 1 + length)


def _is_noun(tokens: Sequence[str], at: int) -> bool:
    return at < len(tokens) and (tokens[at][0].isalnum() and tokens[at] not in _LINKS and tokens[at] not in _STOPS)


def _walk(phrase: Sequence[str], reading: Reading, start: int, step: int) -> int | None:
    """Return how many words stand between a number and a phrase; None if it isn't in reach."""
    tokens, wanted, distance, at = reading.tokens, tuple(phrase), 0, start
    while 0 <= at < len(tokens) and distance <= FARTHEST_WORDS:
        begin = at if step > 0 else at - len(wanted) + 1
        is_phrase = begin >= 0 and tokens[begin : begin + len(wanted)] == wanted
        is_denied = reading.tokens[max(begin - 1, 0)] in _DENIALS
        if is_phrase and not is_denied and reading.numbers.isdisjoint(range(begin, begin + len(wanted))):
            return distance
        stops = _STOPS_AFTER if step > 0 else _STOPS_BEFORE
        if at in reading.numbers or tokens[at] in stops:
            return None
        distance += tokens[at] not in _LINKS and at not in reading.labels
        at += step
    return None
