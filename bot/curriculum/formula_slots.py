"""Fill the variables of a formula with the numbers of a question.

A number goes to the variable whose words stand nearest and whose unit fits. Nothing is filled if a variable stays
empty, or if another assignment is about as near and gives another result.
"""

# ruff: noqa: SIM905 - a list of words reads best as words

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from bot.curriculum.formulas import Formula, Result, Value, Variable, compute
from bot.understanding.quantities import Quantity, Reading, reduce_words


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


FARTHEST = 3
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

FARTHEST_FROM_DEFAULT = 64.0
"""The largest ratio between a number without words of its variable and the variable's default."""

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

_CONFIDENCE = frozenset({"interval", "confidence", "ci"})
_STOPS = frozenset(", ; . ? ! ( ) and but per vs versus".split())


class _Candidate(NamedTuple):
    """A value for a variable.

    Args:
        cost: how far its number stands from the words of the variable.
        taken: the quantities that it takes; a default takes none.
        by: the phrase next to it; none if its unit alone fits, or if it is a default.
    """

    cost: float
    value: Value
    taken: tuple[int, ...] = ()
    by: tuple[str, ...] = ()


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
    wanted = (_merge_synonyms(phrase) for phrase in formula.asks)
    asked = max((words for words in wanted if words <= held), key=len, default=frozenset[str]())
    name = _merge_synonyms(" ".join(word for word in reduce_words(formula.name) if word not in _FILLERS))
    return name if not asked and len(name) > 1 and name <= held else asked


@lru_cache(maxsize=10_000)
def _merge_synonyms(phrase: str) -> frozenset[str]:
    return frozenset(_stem(_SYNONYMS.get(word, word)) for word in reduce_words(phrase.replace("@k", "")))


@lru_cache(maxsize=10_000)
def _stem(word: str) -> str:
    """Cut an ending, so that "scaled" asks as "scale" does."""
    stem = _ENDING.sub("", word)
    return stem if len(stem) >= SHORTEST_STEM else word


def list_ruling_out(formula: Formula, reading: Reading) -> list[frozenset[str]]:
    """List the phrases of a question that rule a formula out, as the words that `find_asked` returns."""
    ruling_out = []
    for phrase in formula.unless:
        places = reading.find_phrase(reduce_words(phrase))
        if any(at == 0 or reading.tokens[at - 1] not in _DENIALS for at in places):
            counted = " ".join(word for word in reduce_words(phrase) if word not in _COUNTING)
            ruling_out.append(_merge_synonyms(counted))
    return ruling_out


def calculate(formula: Formula, reading: Reading) -> FilledFormula | None:
    """Compute a formula with a question's numbers; None if it isn't asked for or they don't fill it plainly."""
    asked = ask(formula, reading)
    return fill(formula, reading, asked) if asked else None


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

    If they differ in one variable, with one noun beside its several numbers, the first number comes first.
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
_AS_MUCH = (("as", "many"), ("as", "much"), ("as", "long"))
VARIATION = 1.05
"""The highest cost of a further value of a variable."""


def vary(filled: FilledFormula, reading: Reading) -> Iterator[FilledFormula]:
    """Yield a calculation with the further values that a question gives one of its variables.

    Such a value has the words of the variable, as in "at temperature 1 and at temperature 0.5", or none, as in
    "and 20?", or is a change, as in "and if I double the context?" or "among twice as many?".
    """
    variables = [variable for variable in filled.formula.variables if not variable.is_list]
    for index, quantity in enumerate(reading.quantities):
        if index in filled.used:
            continue
        named = [
            (variable, candidate.value)
            for variable in variables
            for candidate in _find_numbers(variable, reading)
            if candidate.taken == (index,) and candidate.by[-1:] == filled.by.get(variable.name, ())[-1:]
            if candidate.cost <= VARIATION or not candidate.by
        ]
        if not named and index - 1 in filled.used and _is_elliptic(quantity, reading):
            before = reading.quantities[index - 1]
            named = [
                (variable, value)
                for variable in variables
                if filled.values[variable.name] == _convert(before, variable.unit)
                if (value := _convert(_as_before(quantity, before), variable.unit)) is not None
            ]
        if len(named) == 1:
            yield from _recompute(filled, named[0][0].name, named[0][1], {index: named[0][0].name})
    for at, token in enumerate(reading.tokens):
        if token in _FACTORS and at not in reading.numbers:
            changed = [variable for variable in variables if _is_named(variable, reading, at + 1, at + 4)]
            if not changed and reading.tokens[at + 1 : at + 3] in _AS_MUCH:
                changed = [variable for variable in variables if variable.default is None]
            held = filled.values[changed[0].name] if len(changed) == 1 else ()
            if not isinstance(held, tuple):
                yield from _recompute(filled, changed[0].name, held * _FACTORS[token], {})


def change(filled: FilledFormula, reading: Reading) -> FilledFormula | None:
    """Compute a formula again with the numbers of a turn that goes on with it; None if they don't fit plainly.

    Such a turn has new numbers for some variables, as in "and with 8 heads?", or changes one, as in "if I double the
    context?".
    """
    variables = [variable for variable in filled.formula.variables if not variable.is_list]
    values = dict(filled.values)
    for index, quantity in enumerate(reading.quantities):
        named = [
            (candidate.cost, variable.name, candidate.value)
            for variable in variables
            for candidate in _find_numbers(variable, reading)
            if candidate.taken == (index,)
        ]
        nearest = [(name, value) for cost, name, value in named if cost <= min(named)[0] + MARGIN]
        if not nearest and _is_elliptic(quantity, reading):
            fitting = [(variable.name, _convert(quantity, variable.unit)) for variable in variables]
            nearest = [(name, value) for name, value in fitting if value is not None]
        if len(nearest) == 1:
            values[nearest[0][0]] = nearest[0][1]
        elif not quantity.is_weak:
            return None
    for at, token in enumerate(reading.tokens):
        if token in _FACTORS and at not in reading.numbers:
            changed = [variable for variable in variables if _is_named(variable, reading, at + 1, at + 4)]
            held = values[changed[0].name] if len(changed) == 1 else ()
            if isinstance(held, tuple):
                return None
            values[changed[0].name] = held * _FACTORS[token]
    result = compute(filled.formula, values)
    if result is None or values == filled.values:
        return None
    kept = {variable.assume for variable in variables if values[variable.name] == filled.values[variable.name]}
    assumed = tuple(assume for assume in filled.assumed if assume in kept)
    return replace(filled, values=values, result=result, assumed=assumed)


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

    def extend(chosen: list[_Candidate], taken: frozenset[int]) -> Iterator[tuple[float, list[_Candidate]]]:
        nonlocal left
        if len(chosen) == len(candidates):
            left -= 1
            yield sum(candidate.cost for candidate in chosen), chosen
            return
        for candidate in candidates[len(chosen)]:
            if left > 0 and taken.isdisjoint(candidate.taken):
                yield from extend([*chosen, candidate], taken.union(candidate.taken))

    yield from extend([], frozenset())


def _list_candidates(formula: Formula, reading: Reading) -> list[list[_Candidate]]:
    """Return the values that each variable may have, nearest first."""
    lists = [variable.name for variable in formula.variables if variable.is_list]
    candidates = []
    for variable in formula.variables:
        if variable.is_list:
            found = [*_find_lists(variable, reading, lists.index(variable.name))]
        else:
            found = [*_find_numbers(variable, reading)]
        if variable.default is not None:
            found.append(_Candidate(DEFAULT, variable.default))
        candidates.append(sorted(found, key=lambda candidate: (candidate.cost, candidate.taken)))
    return candidates


_Cost = tuple[float, tuple[str, ...]]
"""A cost, and the phrase that it is for."""


def _find_numbers(variable: Variable, reading: Reading) -> Iterator[_Candidate]:
    for index, quantity in enumerate(reading.quantities):
        value = _convert(quantity, variable.unit)
        if value is None or (is_confidence(quantity, reading) and not _is_of_confidence(variable)):
            continue
        is_count = not variable.unit and "parameters" in variable.words
        if (is_count and quantity.is_version) or (
            variable.unit == "bytes" and _is_precision(quantity) and "weights" in variable.words
        ):
            continue
        costs: list[_Cost] = [(UNIT_ALONE, ())] if quantity.unit and _is_likely(value, variable) else []
        if is_count and quantity.is_size:
            costs.append((LINK_ALONE, ("parameter",)))
        leads = variable.unit == "$" and _leads_list(quantity, reading)
        for phrase, place in _phrases(variable):
            if leads and _is_of_number_before(phrase, reading, quantity.first):
                continue  # the "out" of "900 in and 80 out at $1 and $2" is beside both prices
            if place == 0:
                costs += _distances(phrase, reading, quantity.first, quantity.last)
            elif place == quantity.place:
                members = [other for other in reading.quantities if other.group == quantity.group]
                costs += _distances(phrase, reading, members[0].first, members[-1].last)
        if costs:
            cost, by = min(costs)
            yield _Candidate(cost, value, (index,), by)


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
    return quantity.unit == "%" and not _CONFIDENCE.isdisjoint(following)


def _is_of_confidence(variable: Variable) -> bool:
    return any(not _CONFIDENCE.isdisjoint(phrase) for phrase, _ in _phrases(variable))


def _is_likely(value: float, variable: Variable) -> bool:
    """Say whether a number of the right unit may be a variable's without its words: about as large as the default."""
    if not variable.default:
        return True
    return 1 / FARTHEST_FROM_DEFAULT <= value / variable.default <= FARTHEST_FROM_DEFAULT


def _find_lists(variable: Variable, reading: Reading, nth: int) -> Iterator[_Candidate]:
    """Yield runs of numbers; without words beside them they are taken in the order of the variables.

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
            if any(cost <= LEFT for cost, _ in _distances(phrase, reading, quantity.first, quantity.last))
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


@lru_cache(maxsize=2000)
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
    while 0 <= at < len(tokens) and distance <= FARTHEST:
        begin = at if step > 0 else at - len(wanted) + 1
        is_phrase = begin >= 0 and tokens[begin : begin + len(wanted)] == wanted
        if is_phrase and reading.numbers.isdisjoint(range(begin, begin + len(wanted))):
            return distance
        if at in reading.numbers or (tokens[at] in _STOPS and not (step < 0 and tokens[at] == "(")):
            return None
        distance += tokens[at] not in _LINKS
        at += step
    return None
