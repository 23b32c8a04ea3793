"""How a sentence runs along what the notes say: clause by clause, in order, word by word.

A part of a sentence, which is a statement of its own, is laid along one place of the notes, a sentence or a row of a
table, so that as many of its words as can be are met by themselves or by words of the same meaning, with as few steps
back or across clauses as can be. What is told of it is counted: what was not met, and which steps it took.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from bot.answers.model.counting import Word, counted, steps
from bot.answers.model.places import LINKS, NotePlace
from bot.answers.model.reading import AFTER, ANEW, BECAUSE, FOR, IF, NOT, ONLY, SO, Clause, Token, clauses

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

_TURNED = {SO: BECAUSE, BECAUSE: SO}
_OPENING = re.compile(r"^\W*(?:so|hence)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Match:
    """A part of a sentence along a place.

    Args:
        counts: of its words, of those that are not met, and of the steps.
    """

    place: NotePlace
    cost: float
    counts: Counter[str]


def along(sentence: str, places: Sequence[NotePlace], allowed: Collection[float] = ()) -> list[Match]:
    """Lay a sentence along the places that it fits best; nothing where it says nothing.

    Args:
        allowed: numbers that need not be met.
    """
    every = [clause for clause in clauses(_OPENING.sub("", sentence)) if clause.said]
    if not every or not places:
        return []
    known = frozenset[str]().union(*(place.where.keys() for place in places))
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
    places: Sequence[NotePlace],
    allowed: Collection[float],
    subject: frozenset[str],
    known: frozenset[str],
) -> Match:
    said = [token for clause in part for token in clause.said]
    ranked = sorted(places, key=lambda place: -sum(map(place.has, said)))[:LOOKED_AT]
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
    order: Sequence[Word], place: NotePlace, allowed: Collection[float], subject: frozenset[str], known: frozenset[str]
) -> Match:
    row = [word for word in order if word[0].number is None or word[0].number not in allowed]
    cost, path = _path(row, place)
    return Match(place, cost, counted(row, path, place, known, subject))


def _path(row: Sequence[Word], place: NotePlace) -> tuple[float, tuple[int | None, ...]]:
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
                whole += sum(STEPS[name] * n for name, n in steps(row, i, j, k, place).items())
                if k not in new or new[k][0] > whole:
                    new[k] = (whole, (*path, k))
        states = dict(sorted(new.items(), key=lambda state: state[1][0])[:PATHS])
    return min(states.values(), key=lambda state: state[0])


def _may_follow(row: Sequence[Word], i: int, path: Sequence[int | None], k: int, place: NotePlace) -> bool:
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
