"""How a sentence runs along what the notes say: clause by clause, in order, word by word.

A part of a sentence, which is a statement of its own, is laid along one place of the notes, a sentence or a row of a
table, so that as many of its words as can be are met by themselves or by words of the same meaning, with as few steps
back or across clauses as can be. What is told of it is counted: what was not met, and which steps it took.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from bot.features.qa.answer.opposites import OPPOSITES
from bot.features.qa.answer.places import LINKS, Place
from bot.features.qa.answer.reading import (
    AFTER,
    ALL,
    ANEW,
    BECAUSE,
    BY,
    FOR,
    IF,
    INSTEAD,
    MUST,
    NOT,
    ONLY,
    SO,
    Clause,
    Token,
    clauses,
)
from bot.features.qa.index.words import stem

LOOKED_AT = 5
"""Places that a part is laid along: those that have most of its words."""

PATHS = 10
"""Ways of meeting the words so far that are followed up."""

UNMET = 1.5
"""What a word that is not met costs, as much as a few steps ..."""

STEPS = {"start": 0.3, "midst": 0.4, "skip": 0.3, "near": 0.3, "back": 0.7, "cross": 0.8}
"""... each of which costs so much: to begin elsewhere than with a statement, to enter a clause in its midst, to leave
one out, to go back by one word or two, or further, or to another statement where the sentence has none."""

FURTHER = 0.005
"""What each word costs that is stepped over: of two places that meet a word alike the nearer one does."""

PART = 0.4
"""What another part costs."""

SUBJECT = 3
"""Words at the beginning of a sentence that its later parts may be about."""

TURNS = frozenset({NOT, ONLY, ALL, MUST})
_TURNED = {SO: BECAUSE, BECAUSE: SO}
_STIFF = TURNS | LINKS | {BY}

_OPENING = re.compile(r"^\W*(?:so|hence)\b", re.IGNORECASE)

_EMPTY = frozenset(
    stem(word)
    for word in [
        "many",
        "much",
        "out",
        "up",
        "down",
        "off",
        "away",
        "part",
        "kind",
        "sort",
        "thing",
        "make",
        "tell",
        "lie",
        "come",
        "go",
        "put",
        "look",
        "known",
        "just",
        "especially",
        "mainly",
        "largely",
        "actually",
        "truly",
        "several",
        "here",
        "idea",
        "role",
        "overall",
        "turn",
        "give",
        "result",
        "case",
        "point",
    ]
)
"""Words that say next to nothing by themselves."""


@dataclass(frozen=True, slots=True)
class Match:
    """A part of a sentence along a place.

    Args:
        counts: of its words, of those that are not met, and of the steps.
    """

    place: Place
    cost: float
    counts: Counter[str]


Word = tuple[Token, int, int]
"""A word that says something, how its clause begins where it is the first of it, and which block it was moved in."""


def along(sentence: str, places: Sequence[Place], allowed: Collection[float] = ()) -> list[Match]:
    """Lay a sentence along the places that it fits best; nothing where it says nothing.

    Args:
        allowed: numbers that need not be met.
    """
    every = [clause for clause in clauses(_OPENING.sub("", sentence)) if clause.said]
    if not every or not places:
        return []
    known = frozenset[str]().union(*(one.where.keys() for one in places))
    subject = frozenset[str]().union(*(token.forms for token in every[0].said[:SUBJECT]))
    starts = [n for n, clause in enumerate(every) if n == 0 or clause.begins >= AFTER]
    ends = [*starts[1:], len(every)]
    best: list[tuple[float, list[Match]] | None] = [(0.0, []), *(None for _ in starts)]
    for i, start in enumerate(starts):
        before = best[i]
        if before is None:
            continue
        for j in range(i, len(starts)):
            part = every[start : ends[j]]
            if sum(len(clause.said) for clause in part) < 2 and (i, j) != (0, len(starts) - 1):
                continue
            match = _best(part, places, allowed, subject if i else frozenset(), known)
            cost = before[0] + match.cost + PART
            kept = best[j + 1]
            if kept is None or cost < kept[0]:
                best[j + 1] = (cost, [*before[1], match])
    last = best[-1]
    return last[1] if last is not None else []


def _best(
    part: Sequence[Clause],
    places: Sequence[Place],
    allowed: Collection[float],
    subject: frozenset[str],
    known: frozenset[str],
) -> Match:
    said = [token for clause in part for token in clause.said]
    ranked = sorted(places, key=lambda one: -sum(map(one.has, said)))[:LOOKED_AT]
    orders = list(_orders(part))
    every = (_match(order, one, allowed, subject, known) for one in ranked for order in orders)
    match = min(every, key=lambda one: one.cost)
    if subject and part[0].begins != ANEW:
        match.counts["carried"] += 1
    return match


def _orders(part: Sequence[Clause]) -> Iterator[list[Word]]:
    """Yield the words of a part as they stand, and with a clause moved that stands before or behind its main one."""
    yield _words(part)
    for k in range(1, len(part)):
        signs = part[k].tokens[0].forms & (LINKS | {FOR})
        if not signs or part[k].begins == ANEW:
            continue
        yield _words(part[k:], part[:k])
        turned = _TURNED.get(next(iter(signs)))
        if turned is not None:
            bare = [Clause(part[k].tokens[1:], 0), *part[k + 1 :]]
            sign = (Token(turned, frozenset({turned})), 0, 1)
            yield [*_words(bare), sign, *((token, begins, 1) for token, begins, _ in _words(part[:k]))]
    if part[0].tokens[0].forms & (LINKS | {FOR}):
        for k in range(2, len(part) + 1):
            yield _words(part[1:k], part[:1], part[k:])


def _words(*blocks: Sequence[Clause]) -> list[Word]:
    return [
        (token, clause.begins if first == 0 else -1, block)
        for block, row in enumerate(blocks)
        for clause in row
        for first, token in enumerate(clause.said)
    ]


def _match(
    order: Sequence[Word], place: Place, allowed: Collection[float], subject: frozenset[str], known: frozenset[str]
) -> Match:
    row = [word for word in order if word[0].number is None or word[0].number not in allowed]
    cost, path = _path(row, place)
    counts: Counter[str] = Counter(said=len(row))
    _count_steps(row, path, place, counts)
    _count_unmet(row, path, place, known, counts)
    _count_left(path, place, subject, counts)
    counts["row"] = int(place.is_row)
    return Match(place, cost, counts)


def _path(row: Sequence[Word], place: Place) -> tuple[float, tuple[int | None, ...]]:
    """Find the cheapest way through a place that meets the words in turn: its cost, and where each is met."""
    states: dict[int, tuple[float, tuple[int | None, ...]]] = {-1: (0.0, ())}
    for i, (token, *_) in enumerate(row):
        new: dict[int, tuple[float, tuple[int | None, ...]]] = {}
        there = {k for form in token.forms for k in place.where.get(form, ())}
        if IF in token.forms:
            there.update(place.where.get(FOR, ()))
        for j, (cost, path) in states.items():
            if j not in new or new[j][0] > cost + UNMET:
                new[j] = (cost + UNMET, (*path, None))
            for k in there:
                if k in path or not _may_follow(row, i, path, k, place):
                    continue
                whole = cost + FURTHER * max(0, k - j - 1)
                whole += sum(STEPS[name] * n for name, n in _steps(row, i, j, k, place).items())
                if k not in new or new[k][0] > whole:
                    new[k] = (whole, (*path, k))
        states = dict(sorted(new.items(), key=lambda state: state[1][0])[:PATHS])
    return min(states.values(), key=lambda state: state[0])


def _may_follow(row: Sequence[Word], i: int, path: Sequence[int | None], k: int, place: Place) -> bool:
    """Say whether a word can be met at k: what is counted stands behind its number, what is denied behind the "not"."""
    last, before = (row[i - 1][0], path[-1]) if i else (None, None)
    if last is None or before is None:
        return True
    between = sum(not token.is_free for token in place.tokens[before + 1 : k])
    if last.number is not None and row[i][0].number is None:
        return k > before and between == 0
    if last.forms & {NOT, ONLY} and not place.is_row:
        return k > before and between <= 2 and place.of[k] == place.of[before]
    return True


def _steps(row: Sequence[Word], i: int, j: int, k: int, place: Place) -> dict[str, float]:
    """Name what a step from the token j to k does, for the word i."""
    into = place.of[k]
    is_head = k <= place.heads[into]
    if j < 0:
        return {"start": 0 if is_head and place.clauses[into].begins == ANEW else 1 if is_head else 2}
    if place.is_row:
        return {}
    out = place.of[j]
    token = row[i][0]
    is_stiff = token.number is not None or len(token.word) < 2 or bool(token.forms & _STIFF)
    if out == into:
        return {} if k > j else {"near": 1} if j - k <= 2 and not is_stiff else {"back": 1}
    between = range(min(out, into) + 1, max(out, into) + 1)
    is_other = any(place.clauses[n].begins == ANEW for n in between)
    goes_on = row[i][1] >= AFTER and row[i][2] == row[i - 1][2]
    left = [n for n in between[:-1] if place.clauses[n].said and not place.clauses[n].is_aside] if into > out else []
    steps: dict[str, float] = {"midst": int(not is_head), "skip": min(3, len(left)), "back": int(into < out)}
    if is_other and (not goes_on or any(place.clauses[n].begins == ANEW for n in left) or into < out or not is_head):
        steps["cross"] = 1
    return steps


def _count_steps(row: Sequence[Word], path: Sequence[int | None], place: Place, counts: Counter[str]) -> None:
    last = -1
    for i, k in enumerate(path):
        if k is not None:
            counts.update({name: int(n) for name, n in _steps(row, i, last, k, place).items()})
            last = k


def _count_unmet(
    row: Sequence[Word], path: Sequence[int | None], place: Place, known: frozenset[str], counts: Counter[str]
) -> None:
    met = {k for k in path if k is not None}
    free = frozenset[str]().union(
        *(token.forms for k, token in enumerate(place.tokens) if k not in met and not token.is_free)
    )
    for i, ((token, *_), k) in enumerate(zip(row, path, strict=True)):
        if k is not None:
            counts["verbatim"] += stem(token.word) == stem(place.tokens[k].word)
            continue
        counts[_unmet(token, place, known, free)] += 1
        counts["unit"] += bool(i) and row[i - 1][0].number is not None
        before, behind = (path[i - 1] if i else None), next((one for one in path[i + 1 :] if one is not None), None)
        if before is not None and behind is not None and before < behind:
            between = range(before + 1, behind)
            counts["instead"] += any(not place.tokens[n].is_free for n in between) and behind - before < 5


def _unmet(token: Token, place: Place, known: frozenset[str], free: frozenset[str]) -> str:
    """Name the kind of a word that is not met."""
    if token.number is not None:
        return "number"
    if token.forms & TURNS:
        return "turn"
    if token.forms & (LINKS | {BY}):
        return "link"
    if any(_opposites().get(form, frozenset()) & free for form in token.forms):
        return "opposite"
    if token.forms & _EMPTY:
        return "empty"
    return "named" if token.forms & place.named else "known" if token.forms & known else "new"


def _count_left(path: Sequence[int | None], place: Place, subject: frozenset[str], counts: Counter[str]) -> None:
    """Count what the place says and the part leaves out: a "not", and what a statement is about."""
    met = {k for k in path if k is not None}
    if place.is_row:
        counts["headless"] += not any(place.of[k] == 0 for k in met)
        return
    for n in {place.of[k] for k in met}:
        clause, head = place.clauses[n], place.heads[n]
        start = place.of.index(n)
        inside = range(start, start + len(clause.tokens))
        last = max(k for k in inside if k in met)
        for k in inside:
            may_go = k > last and place.tokens[k].word == INSTEAD
            counts["lost not"] += NOT in place.tokens[k].forms and k not in met and not may_go
        is_headed = head in met or head >= len(place.tokens) or bool(place.tokens[head].forms & subject)
        counts["headless"] += clause.begins == ANEW and not is_headed


@cache
def _opposites() -> Mapping[str, frozenset[str]]:
    out: defaultdict[str, set[str]] = defaultdict(set)
    for one, other in OPPOSITES:
        for a, b in ((one, other), (other, one)):
            for word in a:
                out[stem(word)] |= {stem(against) for against in b}
    return {word: frozenset(against) for word, against in out.items()}
