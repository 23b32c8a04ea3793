"""Decide whether the notes cover a question, before anything is answered: covered, near or foreign.

The signs (`SIGNS`) are numbers of a search and of the question's words. A logistic regression on them is fitted by
`python -m benchmarks.coverage --fit`, which writes `coverage.json` (weights, thresholds, what they were fitted on and
what they showed). It also writes two files of vectors of all-MiniLM-L6-v2: `strays.npy` (questions that notes on these
subjects do not answer) and `carried.npy` (those that the notes of the package answer, of which a shorter roadmap has
few). Without vectors, a simple rule decides. `docs/evaluation.md` has the curve.

For a group's own notes, only the words decide. The signs were fitted on the shipped notes and don't fit short notes: by
them, a line on the wifi password is as far from its question as small talk.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np

from bot.answers.compose.question_types import sorts
from bot.answers.compose.values import Coverage, is_own
from bot.answers.index.chunks import Chunk
from bot.answers.index.lexical import LexicalLeg, identifiers
from bot.answers.index.retrieval import Hit, SearchResult
from bot.answers.index.words import content, overlap, stem, stems, words
from bot.llm.base import Matrix, Vector
from bot.understanding import free_text

ENOUGH = 0.75
"""The share of a question's words, by rarity, that a passage must have; the others only frame it, as "name" does."""

SAME_QUESTION = 0.7
"""The share of all their words that a question has in common with one that a note was written for."""

OWN_NEAR, OWN_AS_WELL, OWN_ALONE = 0.38, 0.15, 0.12
"""How near by meaning a passage of the group's own is that may answer in other words than a question's. It may be so
much further than the roadmap's best, which is of the same words by chance; so much nearer, it is meant alone."""

FRAME = stems("here there group just exactly")
"""Words that only place a question. If one other word is left, it is the subject."""

BEFORE = 2
"""Statements before one that it may go on with: who "she" is stands there."""


def find_own_notes(chunks: Iterable[Chunk], question: str) -> list[Chunk]:
    """List the passages of a group's own notes that were written for a question: by what was asked, or their title."""
    own = (chunk for chunk in chunks if is_own(chunk.note))
    return [c for c in own if any(_is_same(question, it) for it in (*c.questions, c.title.partition(": ")[2]))]


def put_first(result: SearchResult, wanted: Sequence[Chunk]) -> SearchResult:
    """Return a search with these passages before all others, whether it brought them or not."""
    known = {hit.chunk: hit for hit in result.hits}
    first = [known.get(chunk) or Hit(chunk, 1.0, None, stems(f"{chunk.title} {chunk.text}"), None) for chunk in wanted]
    others = (hit for hit in result.hits if hit.chunk not in wanted)
    return replace(result, hits=(*first, *others))


def find_nearest_own(result: SearchResult) -> tuple[int | None, bool]:
    """Return the nearest hit of the group's own, if it is about as near as any by meaning, and whether it alone is."""
    cosines = [(hit.cosine or 0.0, number) for number, hit in enumerate(result.hits)]
    own = max((cosine for cosine in cosines if is_own(result.hits[cosine[1]].chunk.note)), default=(0.0, 0))
    other = max((cosine for cosine in cosines if not is_own(result.hits[cosine[1]].chunk.note)), default=(0.0, 0))
    if own[0] < max(OWN_NEAR, other[0] - OWN_AS_WELL):
        return None, False
    return own[1], own[0] >= other[0] + OWN_ALONE


def find_own_answers(result: SearchResult) -> tuple[int, ...]:
    """Return which hits are of the group's own and say what is asked, those alone that say most of it."""
    rarity = {stem(term): result.words.rarity(stem(term)) for term in list_terms(result.question)}
    total = sum(rarity.values())
    shares = {
        number: weigh_together(hit.chunk, rarity) / total
        for number, hit in enumerate(result.hits)
        if total > 0 and is_own(hit.chunk.note)
    }
    best = max(shares.values(), default=0.0)
    return tuple(number for number, share in shares.items() if share >= max(best, ENOUGH))


def weigh_together(chunk: Chunk, rarity: Mapping[str, float]) -> float:
    """Return how much of a question stands together in a passage; whose note it is says nothing."""
    name = stems(f"{chunk.title.partition(': ')[2] or chunk.title} {chunk.heading.partition(': ')[2] or chunk.heading}")
    statements = [stems(statement) for statement in chunk.statements]
    places = (name.union(*statements[max(0, at - BEFORE) : at + 1]) for at in range(len(statements)))
    return max((sum(weight for term, weight in rarity.items() if term in held) for held in places), default=0.0)


def _is_same(question: str, other: str) -> bool:
    """Say whether two questions are one, but for a word that frames it; with another number they are not."""
    if words(question) == words(other):
        return any(map(str.isalnum, question))
    mine, theirs = stems(question) - FRAME, stems(other) - FRAME
    if any(word.isdigit() for word in mine ^ theirs):
        return False
    is_enough = len(mine & theirs) > 1 or (bool(mine) and words(question)[:1] == words(other)[:1])
    return is_enough and len(mine & theirs) >= SAME_QUESTION * len(mine | theirs)


SIGNS = {
    "nearest": "cosine of the nearest passage of all, as if there were `PASSAGES`",
    "third": "cosine of the third hit, likewise",
    "margin": "by how much its nearest row is nearer than the nearest question that notes do not answer",
    "beside": "by how much it is further than the nearest question of carried notes that these do not answer",
    "match": "how well the words of the best passage match",
    "length": "words that say something, up to `LONGEST`",
    "share": "share of them, by rarity, in the one of the first three hits that has most",
    "rarest": "rarity of the rarest word that the first three hits lack",
    "names": "capitalised words inside the question that the notes have nowhere, up to two",
    "identifiers": "whether a name in code stands nowhere in the notes",
    "elsewhere": "whether it ends with a setting that the notes hardly know, as in 'in Java'",
    "sort": "whether notes answer none of its sort, whatever it is about: `question_types.sorts`",
}
"""Each number by its name, and what it is."""

MOST_AGAINST = 2.0
"""Log odds that one sign may say against a question at most, so that none alone vetoes what all others speak for."""

LOOKED_AT = 3
"""Hits that an answer draws on."""

PASSAGES = 1000
PER_SIZE = 0.07
"""With e times fewer passages than these the nearest is so much less near by chance."""

ANSWERED = 0.75
"""Cosine from which on a row says what a question of carried notes asks; from .6 to .9 none is better."""

ASKED = 30
"""Questions of carried notes that are looked at, the nearest."""

LONGEST = 10
HIGHEST_MATCH = 3.0
SETTING_RARE = 5
"""A setting that fewer passages speak of is none of theirs."""

CHAT = frozenset(
    words(
        "wat wats ppl eli5 tldr lol lmao haha ugh omg wtf wth idk tbh imo btw bro bruh dude guys cuz coz asap"
        " suddenly n r y 2 4 quick quickly explained dummies meaning pls plain"
    )
)
"""Words of chat that say nothing about a subject and that no note has."""

SETTING = re.compile(r"\b(?:in|with|using|on|of|for)\s+(?:(?:an?|the) )?([\w+#.]+)\W*$", re.IGNORECASE)
NAMED = re.compile(r"(?<=[a-z0-9,:(] )[\"'(]?([A-Z][\w+]*(?:-[A-Z][\w+]*)*)")


@dataclass(frozen=True, slots=True)
class KnownQuestions:
    """Questions that a question is compared with; each float32 [n, dim], rows of unit length.

    Args:
        strays: those that notes like these do not answer.
        carried: those that the notes which come with the package answer; a roadmap has some of these notes, or none.
    """

    strays: Matrix
    carried: Matrix


def measure_signs(result: SearchResult, asked: str, known: KnownQuestions) -> dict[str, float]:
    """Return every number of `SIGNS` for a search with vectors.

    Args:
        asked: the question before its spelling was corrected, for names.
    """
    values = {**_measure_nearness(result, known), **_measure_words(result), **_measure_names(asked, result.words)}
    return {**values, "elsewhere": float(is_elsewhere(result)), "sort": float(bool(sorts(asked)))}


def list_terms(question: str) -> list[str]:
    """List the words of a question that say what it is about; numbers and words of chat are none."""
    return [term for term in content(question) if not term.isdigit() and term not in CHAT]


def collect_stems(hits: Iterable[Hit]) -> frozenset[str]:
    """Return every stem that some hits have."""
    return frozenset[str]().union(*(hit.stems for hit in hits))


def is_elsewhere(result: SearchResult) -> bool:
    """Say whether a question ends with a setting that the notes hardly know."""
    where = stem(find_setting(result.question))
    first = collect_stems(result.hits[:LOOKED_AT])
    return bool(where) and where not in first and result.words.holders(where) < SETTING_RARE


def names_rarest_word(result: SearchResult, asked: str) -> bool:
    """Say whether the first hits have the rarest word of a question, as it was typed: what it is about."""
    rarest = max(map(stem, list_terms(asked)), key=result.words.rarity, default="")
    return rarest in collect_stems(result.hits[:LOOKED_AT])


def find_setting(question: str) -> str:
    """Return the last word of a question that ends with "in Java" or the like."""
    match = SETTING.search(question)
    return match[1].lower() if match else ""


def _measure_nearness(result: SearchResult, known: KnownQuestions) -> dict[str, float]:
    if result.vector is None:
        raise ValueError("Signs are of a search with vectors.")
    fewer = PER_SIZE * math.log(PASSAGES / max(1, result.words.passages))
    third = result.hits[LOOKED_AT - 1].cosine if len(result.hits) >= LOOKED_AT else None
    some = [hit.rows for hit in result.hits if hit.rows is not None]
    rows = np.concatenate(some) if some else np.zeros((1, len(result.vector)), dtype=np.float32)
    row = float((rows @ result.vector).max())
    stray = float((known.strays @ result.vector).max(initial=0.0))
    return {
        "nearest": (result.cosine or 0.0) + fewer,
        "third": (third or 0.0) + fewer,
        "margin": row - stray,
        "beside": max(0.0, _find_beside(result.vector, rows, known.carried) - row),
    }


def _find_beside(question: Vector, rows: Matrix, carried: Matrix) -> float:
    """Return how near the nearest question of carried notes is that these rows do not answer; 0 where they do."""
    near = carried @ question
    first = np.argsort(-near)[:ASKED]
    is_answered = (carried[first] @ rows.T).max(axis=1) >= ANSWERED
    return float(near[first[~is_answered]].max(initial=0.0))


def _measure_words(result: SearchResult) -> dict[str, float]:
    asked = list_terms(result.question)
    highest = result.words.rarity("")
    rarities = {stem(term): result.words.rarity(stem(term)) / highest for term in asked} if highest > 0 else {}
    total = sum(rarities.values()) or 1.0
    hits = result.hits[:LOOKED_AT]
    first = collect_stems(hits)
    shares = (sum(rarities[term] for term in rarities if term in hit.stems) / total for hit in hits)
    return {
        "match": min(result.match, HIGHEST_MATCH),
        "length": min(len(asked), LONGEST),
        "share": max(shares, default=0.0),
        "rarest": max((rarity for term, rarity in rarities.items() if term not in first), default=0.0),
    }


def _measure_names(asked: str, known: LexicalLeg) -> dict[str, float]:
    named = [word for name in NAMED.findall(asked) for word in words(name)]
    strange = identifiers(asked) - known.identifiers - known.vocabulary
    return {"names": min(2, sum(not known.holders(stem(word)) for word in named)), "identifiers": float(bool(strange))}


NUMBERS = Path(__file__).with_name("coverage.json")
STRAYS = Path(__file__).with_name("strays.npy")
CARRIED = Path(__file__).with_name("carried.npy")
UNIT = 127
"""The scale of stored vectors, one byte a component; it changes a cosine by less than .01."""

WORDS_ONLY = 0.65
"""The share of a question, by rarity, that one of the best hits must name while there are no vectors. Of *tune* .81 of
the covered questions are answered and .81 of the foreign ones declined; by .75 in three hits together .79 and .76."""

SETTING_WEIGHT = 3.0
"""The weight of a setting's word, as in "in Java"; the word may be common."""

OWN_WORDS = 0.5
"""The share of a follow-up's own words that must be in the notes: it has few, and one of two may be small talk."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the notes cover a question.

    Args:
        cosine: of the best hit; None while the dense leg is missing.
        own: hits of the group's own notes that answer it alone; empty where it is no matter for those.
    """

    coverage: Coverage
    cosine: float | None
    own: tuple[int, ...] = ()

    @property
    def is_covered(self) -> bool:
        """Say whether an answer may be claimed."""
        return self.coverage == "covered"


@dataclass(frozen=True, slots=True)
class CoverageModel:
    """A logistic regression on standardised signs.

    Args:
        terms: by sign, its mean, its standard deviation and its weight.
        covered: the log odds from which on a question is covered.
        near: those from which on it is near.
    """

    terms: Mapping[str, tuple[float, float, float]]
    bias: float
    covered: float
    near: float

    def odds(self, numbers: Mapping[str, float]) -> float:
        """Return the log odds that a question with these signs is covered; neither sort is the commoner."""
        each = ((numbers[name] - mean) / sd * weight for name, (mean, sd, weight) in self.terms.items())
        return self.bias + sum(max(-MOST_AGAINST, term) for term in each)

    def judge(self, odds: float) -> Coverage:
        """Return what a question with these log odds is."""
        return "covered" if odds >= self.covered else "near" if odds >= self.near else "foreign"


@cache
def load_model() -> CoverageModel:
    """Return the model that comes with the package."""
    kept = json.loads(NUMBERS.read_text(encoding="utf-8"))
    terms = {name: (float(mean), float(sd), float(weight)) for name, (mean, sd, weight) in kept["signs"].items()}
    if terms.keys() != SIGNS.keys():
        raise ValueError(f"{NUMBERS.name} is of other signs: fit again.")
    return CoverageModel(terms, kept["bias"], kept["covered"], kept["near"])


@cache
def load_known_questions() -> KnownQuestions:
    """Return the questions that come with the package; their rows are of unit length but for rounding."""
    strays, carried = (np.load(file).astype(np.float32) / UNIT for file in (STRAYS, CARRIED))
    return KnownQuestions(strays, carried)


def judge(result: SearchResult, asked: str) -> Verdict:
    """Judge a search before anything is made of it.

    Args:
        asked: the question before its spelling was corrected.
    """
    if not result.hits or not content(result.question):
        return Verdict("foreign", result.cosine)
    covers = _judge_by_signs(result, asked)
    says_something = not free_text.read(asked).is_manners
    own = find_own_answers(result) if says_something else ()
    if own and (covers != "covered" or is_own(result.hits[0].chunk.note)):
        return Verdict("covered", result.cosine, own)
    number, is_alone = find_nearest_own(result) if says_something else (None, False)
    if number is not None and is_alone and covers == "covered":
        return Verdict("covered", result.cosine, (number,))
    return Verdict("near" if number is not None and covers == "foreign" else covers, result.cosine)


def _judge_by_signs(result: SearchResult, asked: str) -> Coverage:
    if result.vector is None:
        is_named = measure_named_share(result) >= WORDS_ONLY
        return "covered" if is_named and not free_text.read(asked).is_manners else "foreign"
    return load_model().judge(compute_odds(result, asked))


def judge_follow_up(result: SearchResult, last: str, verdict: Verdict, *, is_leaning: bool, stays: bool) -> Verdict:
    """Judge a follow-up by its own words, because the signs were fitted on whole questions.

    Args:
        result: a search for the turn with its earlier turns.
        last: the turn by itself.
        verdict: on `result`, by its signs.
        is_leaning: whether it needs the earlier turns; then few or unknown words make it near at most.
        stays: whether the best passage is from a note that the last answer has shown.

    A short turn is covered if the best passage is of such a note, or if its heading has all words of the turn.
    """
    new = frozenset(stem(term) for term in content(result.speller.correct(last)) if not term.isdigit())
    if new and overlap(new, collect_stems(result.hits)) < OWN_WORDS:
        return replace(verdict, coverage="near" if is_leaning else "foreign")
    if is_leaning and not verdict.is_covered:
        is_named = bool(new) and any(new <= stems(hit.chunk.heading) for hit in result.hits[:1])
        return replace(verdict, coverage="covered" if (stays or is_named) and not sorts(last) else "near")
    return verdict


def compute_odds(result: SearchResult, asked: str) -> float:
    """Return the log odds that the notes cover a question, for searches with vectors."""
    return load_model().odds(measure_signs(result, asked, load_known_questions()))


def sureness(result: SearchResult, asked: str) -> float:
    """Return by how much a search passes what is asked of it."""
    if not result.hits:
        return -math.inf
    if result.vector is None:
        return measure_named_share(result) - WORDS_ONLY
    return compute_odds(result, asked) - load_model().covered


def measure_named_share(result: SearchResult) -> float:
    """Measure how much of a question the best hit for it names, by rarity, 0 to 1."""
    where = find_setting(result.question)
    weights = {
        stem(term): result.words.rarity(stem(term)) * (SETTING_WEIGHT if term == where else 1)
        for term in content(result.question)
        if not term.isdigit()
    }
    total = sum(weights.values()) or 1.0
    return max((_weigh_named(hit, weights) / total for hit in result.hits[:LOOKED_AT]), default=0.0)


def _weigh_named(hit: Hit, weights: Mapping[str, float]) -> float:
    if is_own(hit.chunk.note):
        return weigh_together(hit.chunk, weights)
    return sum(weight for term, weight in weights.items() if term in hit.stems)
