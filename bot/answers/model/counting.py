"""What is counted of a part of a sentence that lies along a place of the notes: its steps, and what was not met."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import cache

from bot.answers.index.words import stem
from bot.answers.model.opposites import OPPOSITES
from bot.answers.model.places import LINKS, NotePlace
from bot.answers.model.reading import AFTER, ALL, ANEW, BY, INSTEAD, MUST, NOT, ONLY, Token

Word = tuple[Token, int, int]
"""A word that says something, how its clause begins where it is the first of it, and which block it was moved in."""

Path = Sequence[int | None]
"""Which token of a place each word is met by; None where it is not met."""

TURNS = frozenset({NOT, ONLY, ALL, MUST})
_STIFF = TURNS | LINKS | {BY}

_EMPTY = frozenset(
    map(
        stem,
        (
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
        ),
    )
)
"""Words that say next to nothing by themselves."""


def counted(
    row: Sequence[Word], path: Path, place: NotePlace, known: frozenset[str], subject: frozenset[str]
) -> Counter[str]:
    """Count the words of a part, those that are not met by their kinds, and the steps.

    Args:
        path: where each word is met.
        known: the words of all places.
        subject: what the sentence is about, where the part does not say so itself.
    """
    counts: Counter[str] = Counter(said=len(row))
    _count_steps(row, path, place, counts)
    _count_unmet(row, path, place, known, counts)
    _count_left(path, place, subject, counts)
    counts["row"] = int(place.is_row)
    return counts


def steps(row: Sequence[Word], i: int, j: int, k: int, place: NotePlace) -> dict[str, float]:
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


def _count_steps(row: Sequence[Word], path: Path, place: NotePlace, counts: Counter[str]) -> None:
    last = -1
    for i, k in enumerate(path):
        if k is not None:
            counts.update({name: int(n) for name, n in steps(row, i, last, k, place).items()})
            last = k


def _count_unmet(
    row: Sequence[Word], path: Path, place: NotePlace, known: frozenset[str], counts: Counter[str]
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


def _unmet(token: Token, place: NotePlace, known: frozenset[str], free: frozenset[str]) -> str:
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


def _count_left(path: Path, place: NotePlace, subject: frozenset[str], counts: Counter[str]) -> None:
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
