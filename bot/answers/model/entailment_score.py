"""Score how well the notes support a sentence.

`along` lays each statement of the sentence along one sentence or table row of the notes. As many words as possible are
met, by the same word or by one of the same meaning, with as few steps back or across clauses as possible. `counted`
counts the words that are not met and the steps.

`bearing` scores these signs by a logistic regression, fitted by `python -m benchmarks.entailment_score --fit`. That
command writes `entailment_score.json` (weights, threshold, data and results). `docs/evaluation.md` has the table.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.answers.index.words import stem, stems
from bot.answers.model.claims import repeats_denied
from bot.answers.model.clauses import (
    AFTER,
    ALL,
    ANEW,
    BECAUSE,
    BY,
    FOR,
    IF,
    INSTEAD,
    LINKS,
    MUST,
    NOT,
    ONLY,
    SO,
    Clause,
    NotePlace,
    Token,
    clauses,
)
from bot.answers.model.evidence import in_common, tokens

_WRITTEN = """
fast faster fastest quick quicker quickly | slow slower slowest slowly
more larger bigger higher greater most largest highest large big high | less fewer smaller lower least fewest \
    smallest lowest small low few
increase increases increased increasing raise raises raised raising grow grows growing rise rises rising expand \
    expands gain gains | decrease decreases decreased decreasing reduce reduces reduced reducing lower lowers \
    lowered shrink shrinks shrinking fall falls falling cut cuts drop drops lose loses
always every all everything | sometimes rarely never none nothing seldom some
before earlier early first | after later late last
true right correct correctly | false wrong incorrect incorrectly
better best good well improve improves improved helps help | worse worst bad poor badly poorly worsen worsens hurts \
    hurt harms harm
easy easier easily simple simpler | hard harder difficult complex
cheap cheaper cheapest cheaply | expensive dear costly costlier
strong stronger strongly | weak weaker weakly
long longer longest | short shorter shortest
wide wider | narrow narrower
deep deeper | shallow shallower
with | without
maximum max maximise maximises maximize | minimum min minimise minimises minimize
same equal identical alike | different unequal distinct
shared shares share common | separate separately own
fixed constant static | variable varying dynamic changing changes
forward forwards | backward backwards
up above upper over top | down below lower under bottom
keep keeps kept preserve preserves retain retains store stores \
    | lose loses lost discard discards discarded drop drops dropped remove removes \
    removed
add adds added include includes | remove removes removed subtract subtracts exclude excludes
start starts begin begins beginning | end ends finish finishes stop stops
positive | negative
near nearer close closer | far farther apart
new newer newest | old older oldest
often frequently usually | rarely seldom
many several | few single one
inside within | outside
parallel simultaneously together once | sequential sequentially serially apart separately
cause causes allow allows let lets enable enables | prevent prevents avoid avoids block blocks forbid forbids \
    stop stops
save saves saving | cost costs waste wastes spend spends
encode encodes encoder | decode decodes decoder
compress compresses | decompress expand expands
read reads reading | write writes writing
exact exactly exhaustive | approximate approximately
local locally | global globally
accept accepts | reject rejects refuse refuses
succeed succeeds works | fail fails
converge converges | diverge diverges
freeze freezes frozen fixed | train trains trained trainable unfreeze update updates updated
sharp sharper sharpens sharpen peaked | flat flatter smooth smooths smoother
deterministic | random randomly stochastic
input inputs | output outputs
row rows | column columns
training | inference testing
sparse | dense
public | private
safe safer safely | dangerous risky unsafe
necessary needed required needs need | unnecessary optional needless
possible | impossible
rich | poor
heavy heavier | light lighter
lossless | lossy
needs requires require need | avoids spares
overfit overfits overfitting | underfit underfits underfitting
bias | variance
precision | recall
supervised labelled labeled | unsupervised unlabelled unlabeled
teacher | student
sender | receiver
mutable changeable | immutable fixed
numerator | denominator
horizontal | vertical
warm hot | cold
whole unsplit intact | split splits splitting
repeat repeats repeated | omit omits omitted leave leaves skip skips
linear linearly | quadratic quadratically exponential exponentially
independent independently | dependent depends depend
"""
"""Antonyms: words that say the opposite of each other."""

Pair = tuple[frozenset[str], frozenset[str]]

OPPOSITES: tuple[Pair, ...] = tuple(
    (frozenset(one.split()), frozenset(other.split()))
    for one, _, other in (line.partition("|") for line in _WRITTEN.strip().splitlines())
)


Word = tuple[Token, int, int]
"""A word that says something, how its clause begins where it is the first of it, and which block it was moved in."""

TokenPath = Sequence[int | None]
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
    row: Sequence[Word], path: TokenPath, place: NotePlace, known: frozenset[str], subject: frozenset[str]
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


def _count_steps(row: Sequence[Word], path: TokenPath, place: NotePlace, counts: Counter[str]) -> None:
    last = -1
    for i, k in enumerate(path):
        if k is not None:
            counts.update({name: int(n) for name, n in steps(row, i, last, k, place).items()})
            last = k


def _count_unmet(
    row: Sequence[Word], path: TokenPath, place: NotePlace, known: frozenset[str], counts: Counter[str]
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
        before, behind = (
            (path[i - 1] if i else None),
            next((met_at for met_at in path[i + 1 :] if met_at is not None), None),
        )
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


def _count_left(path: TokenPath, place: NotePlace, subject: frozenset[str], counts: Counter[str]) -> None:
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
    for left, right in OPPOSITES:
        for a, b in ((left, right), (right, left)):
            for word in a:
                out[stem(word)] |= {stem(against) for against in b}
    return {word: frozenset(against) for word, against in out.items()}


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


NUMBERS = Path(__file__).with_name("entailment_score.json")

MOST = 1 / 3
"""Share of a sentence's words that may be met nowhere, whatever its odds."""

_COUNTED = {
    "number": "a number that does not stand there",
    "turn": "a 'not', 'only', 'all' or 'must' that does not",
    "link": "an 'if', 'because', 'so' or 'by' that does not",
    "opposite": "the opposite of a word that does",
    "empty": "a word that says next to nothing and does not",
    "named": "a word that only the passage's name has",
    "known": "a word that only other sentences of the passages have",
    "new": "a word that none has",
    "unit": "what is counted, which does not stand behind the number",
    "instead": "a word in the place of another",
    "headless": "a statement entered without what it is about",
    "lost not": "a 'not' that was left out",
    "start": "a beginning that is none of the notes'",
    "midst": "a clause entered in its midst",
    "skip": "a clause left out",
    "near": "two neighbouring words the other way around",
    "back": "a step back",
    "cross": "a step into another statement",
    "carried": "a part that goes on with the subject of another",
}
SIGNS = {
    **{name: f"whether there is {what}" for name, what in _COUNTED.items()},
    "denied": "whether the notes say it only to deny it",
    "unmet": "share of its words that are not met where it stands",
    "all empty": "share of those that say next to nothing",
    "verbatim": "share of its words that are met by themselves",
    "in order": "share of its words that stand in this order there",
    "held": "share of its words, but for common ones, that stand there at all",
    "length": "logarithm of the number of its words",
    "clean": "whether it is all met in order and not denied",
}
"""Each number by its name, and what it is; all from 0 to 1 but for the length."""

_UNMET = ("number", "turn", "link", "opposite", "named", "known", "new")
_SPOILT = (*_UNMET, "empty", "cross", "back", "headless", "lost not")


@dataclass(frozen=True, slots=True)
class Bearing:
    """A sentence along the passages that were shown."""

    matches: tuple[Match, ...]
    signs: Mapping[str, float]

    @property
    def odds(self) -> float:
        """Return the log odds that the sentence is true to the notes."""
        return model().odds(self.signs)

    @property
    def is_enough(self) -> bool:
        """Say whether the sentence may be shown as it is: what repeats the notes in order may, whatever its odds."""
        return not barred(self.signs) and (bool(self.signs["clean"]) or self.odds >= model().limit)


def barred(signs: Mapping[str, float]) -> bool:
    """Say whether a sentence is never shown as it is: it may turn around, shuffle or add to what they say."""
    turns = any(signs[name] for name in ("turn", "opposite", "number", "lost not", "denied"))
    is_shuffled = signs["near"] > 0 and signs["verbatim"] == 1
    return turns or is_shuffled or signs["unmet"] + signs["all empty"] > MOST


@dataclass(frozen=True, slots=True)
class BearingModel:
    """A logistic regression on standardised signs.

    Args:
        terms: by sign, its mean, its standard deviation and its weight.
        limit: the log odds from which on a sentence is shown as it is.
    """

    terms: Mapping[str, tuple[float, float, float]]
    bias: float
    limit: float

    def odds(self, signs: Mapping[str, float]) -> float:
        """Return the log odds that a sentence with these signs is true to the notes."""
        return self.bias + sum((signs[name] - mean) / sd * weight for name, (mean, sd, weight) in self.terms.items())


@cache
def model() -> BearingModel:
    """Return the model that comes with the package."""
    kept = json.loads(NUMBERS.read_text(encoding="utf-8"))
    terms = {name: (float(mean), float(sd), float(weight)) for name, (mean, sd, weight) in kept["signs"].items()}
    if terms.keys() != SIGNS.keys():
        raise ValueError(f"{NUMBERS.name} is of other signs: fit again.")
    return BearingModel(terms, kept["bias"], kept["limit"])


def bearing(sentence: str, places: Sequence[NotePlace], allowed: Collection[float] = ()) -> Bearing | None:
    """Lay a sentence along the shown passages; None where it says nothing.

    Args:
        allowed: numbers that need not stand there.
    """
    matches = along(sentence, places, allowed)
    if not matches:
        return None
    counts: Counter[str] = sum((match.counts for match in matches), Counter())
    total, there = max(1, counts["said"]), " ".join(match.place.text for match in matches)
    own, wanted = tokens(sentence), stems(sentence)
    is_denied = repeats_denied(sentence, [place.text for place in places])
    signs = {
        **{name: float(counts[name] > 0) for name in _COUNTED},
        "denied": float(is_denied),
        "unmet": sum(counts[name] for name in _UNMET) / total,
        "all empty": counts["empty"] / total,
        "verbatim": counts["verbatim"] / total,
        "in order": in_common(own, tokens(there)) / max(1, len(own)),
        "held": len(wanted & stems(there)) / max(1, len(wanted)),
        "length": math.log(1 + total),
        "clean": float(not is_denied and not any(counts[name] for name in _SPOILT)),
    }
    return Bearing(tuple(matches), signs)
