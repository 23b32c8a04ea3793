"""Which questions the notes cover, decided before anything is answered: covered, near or foreign.

A logistic regression on the numbers of `signs.py`, fitted by `python -m benchmarks.coverage --fit`, which writes
`coverage.json` (weights, thresholds, what they were fitted on and what they showed), and as vectors of
all-MiniLM-L6-v2 `strays.npy` (questions that notes on these subjects do not answer) and `carried.npy` (those that the
notes of the package answer, of which a shorter roadmap has few). By words alone a simple rule decides.
`docs/evaluation.md` has the curve.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np

from bot.answers.compose.coverage_features import LOOKED_AT, PASSAGES, SIGNS, KnownQuestions, held, setting, signs
from bot.answers.compose.own_notes import nearest, saying, together
from bot.answers.compose.values import Coverage, is_own
from bot.answers.index.retrieval import Hit, SearchResult
from bot.answers.index.words import content, overlap, stem
from bot.understanding import speech

NUMBERS = Path(__file__).with_name("coverage.json")
STRAYS = Path(__file__).with_name("strays.npy")
CARRIED = Path(__file__).with_name("carried.npy")
UNIT = 127
"""What 1 is in a kept vector: a byte a component moves a cosine by less than .01."""

WORDS_ONLY = 0.65
"""The share of a question, by rarity, that one of the best hits must name while there are no vectors. Of *tune* .81 of
the covered questions are answered and .81 of the foreign ones declined; by .75 in three hits together .79 and .76."""

SETTING_WEIGHT = 3.0
"""What a setting weighs by words alone, as in "in Java", however small the word."""

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
        covered: the log odds from which on a question is covered by as many passages as `PASSAGES` and more.
        in_part: those for next to none: what is asked may well be what fewer passages leave out.
        near: those from which on it is near.
    """

    terms: Mapping[str, tuple[float, float, float]]
    bias: float
    covered: float
    in_part: float
    near: float

    def odds(self, numbers: Mapping[str, float]) -> float:
        """Return the log odds that a question with these signs is covered; neither sort is the commoner."""
        return self.bias + sum((numbers[name] - mean) / sd * weight for name, (mean, sd, weight) in self.terms.items())

    def limit(self, passages: int) -> float:
        """Return the log odds from which on so many passages cover a question."""
        return self.covered + (self.in_part - self.covered) * max(0.0, 1 - passages / PASSAGES)

    def judge(self, odds: float, passages: int) -> Coverage:
        """Return what a question with these log odds is to so many passages."""
        return "covered" if odds >= self.limit(passages) else "near" if odds >= self.near else "foreign"


@cache
def model() -> CoverageModel:
    """Return the model that comes with the package."""
    kept = json.loads(NUMBERS.read_text(encoding="utf-8"))
    terms = {name: (float(mean), float(sd), float(weight)) for name, (mean, sd, weight) in kept["signs"].items()}
    if terms.keys() != SIGNS.keys():
        raise ValueError(f"{NUMBERS.name} is of other signs: fit anew.")
    return CoverageModel(terms, kept["bias"], kept["covered"], kept["in part"], kept["near"])


@cache
def known() -> KnownQuestions:
    """Return the questions that come with the package; their rows are of unit length but for rounding."""
    strays, carried = (np.load(file).astype(np.float32) / UNIT for file in (STRAYS, CARRIED))
    return KnownQuestions(strays, carried)


def judge(found: SearchResult, asked: str) -> Verdict:
    """Judge a search before anything is made of it.

    Args:
        asked: the question before slips were mended.
    """
    if not found.hits or not content(found.question):
        return Verdict("foreign", found.cosine)
    covers = _by_signs(found, asked)
    says_something = not speech.read(asked).is_manners
    own = saying(found) if says_something else ()
    if own and (covers != "covered" or is_own(found.hits[0].chunk.note)):
        return Verdict("covered", found.cosine, own)
    number, is_alone = nearest(found) if says_something else (None, False)
    if number is not None and is_alone and covers == "covered":
        return Verdict("covered", found.cosine, (number,))
    return Verdict("near" if number is not None and covers == "foreign" else covers, found.cosine)


def _by_signs(found: SearchResult, asked: str) -> Coverage:
    if found.vector is None:
        return "covered" if named(found) >= WORDS_ONLY and not speech.read(asked).is_manners else "foreign"
    return model().judge(odds(found, asked), found.words.passages)


def judge_follow_up(found: SearchResult, last: str, verdict: Verdict) -> Verdict:
    """Judge a turn that leans on earlier ones: what it brings of its own must be in the notes as well.

    Args:
        found: a search for the turn with what it leans on.
        last: the turn by itself.
        verdict: on `found`.
    """
    new = frozenset(stem(term) for term in content(found.speller.mend(last)) if not term.isdigit())
    known = held(found.hits)
    return verdict if not new or overlap(new, known) >= OWN_WORDS else replace(verdict, coverage="foreign")


def odds(found: SearchResult, asked: str) -> float:
    """Return the log odds that the notes cover a question, for searches with vectors."""
    return model().odds(signs(found, asked, known()))


def sureness(found: SearchResult, asked: str) -> float:
    """Return by how much a search passes what is asked of it; comparable between notes of different sizes."""
    if not found.hits:
        return -math.inf
    if found.vector is None:
        return named(found) - WORDS_ONLY
    return odds(found, asked) - model().limit(found.words.passages)


def named(found: SearchResult) -> float:
    """Measure how much of a question the best hit for it names, by rarity, 0 to 1."""
    where = setting(found.question)
    weights = {
        stem(term): found.words.rarity(stem(term)) * (SETTING_WEIGHT if term == where else 1)
        for term in content(found.question)
        if not term.isdigit()
    }
    total = sum(weights.values()) or 1.0
    return max((_named(hit, weights) / total for hit in found.hits[:LOOKED_AT]), default=0.0)


def _named(hit: Hit, weights: Mapping[str, float]) -> float:
    if is_own(hit.chunk.note):
        return together(hit.chunk, weights)
    return sum(weight for term, weight in weights.items() if term in hit.stems)
