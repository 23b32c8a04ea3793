"""The absolute floor: which questions the notes cover at all, decided before anything is answered.

A cosine alone does not separate: near-domain questions score like colloquial covered ones. Three things together do:
how near the hits are in meaning, the best and the first three; how well the words of the best one match; and how long
the question is, because a long one in everyday words is never as near to a passage as its two-word form. The more
passages there are, the nearer the nearest is by chance, so the floor rises with their number. `docs/evaluation.md` has
the figures; the numbers are for all-MiniLM-L6-v2, and another model needs others. What each is worth is told in covered
questions that are declined, now 4 of 312, and foreign ones that are answered, now 21 of 185, by
`python -m benchmarks.answers`.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from statistics import fmean

from bot.features.qa.answer.values import Coverage
from bot.features.qa.index.retrieval import Found
from bot.features.qa.index.words import content, overlap, stem

LOOKED_AT = 3
"""Hits that count as covering: an answer draws on no more. One alone lets 28 foreign pass, five decline 7 covered."""

LEAST = 0.81
"""What nearness, words and length must come to among `PASSAGES`: .79 lets 23 foreign pass, .83 declines 5 covered."""

PASSAGES = 1000
"""About what the shipped roadmap has, with which the others were found."""

PER_SIZE = 0.035
LOWEST = 0.68
"""With e times fewer passages so much less will do, as their nearest is less near by chance; yet a handful of notes
would let anything through without a lowest."""

PER_WORD = 0.046
LONGEST = 10
"""A word that says something makes up for so much nearness: .03 declines 20 covered, long ones in everyday words, and
.06 lets 46 foreign through. Words beyond so many change nothing."""

PER_MATCH = 0.20
"""A perfect match of words makes up for about so much: .1 declines 26 covered, .3 lets 42 foreign through."""

NEVER_BELOW = 0.30
"""No length and no match make up for a cosine below this one. No golden question needs it: it is for lines of many
words that the notes have and that mean nothing together."""

NEAR = 0.06
"""A question that misses the floor by less than this is near to what the notes cover."""

WORDS_ONLY = 0.75
"""The share of a question, by rarity, that the best hits must name while there are no vectors: one word of four may be
a slip, two are another subject."""

OWN_WORDS = 0.5
"""The share of a follow-up's own words that must be in the notes: it has few, and one of two may be small talk."""

SETTING = re.compile(r"\b(?:in|with|using|on|of|for)\s+([\w+#.]+)\W*$", re.IGNORECASE)
SETTING_COST = 0.15
SETTING_WEIGHT = 3.0
SETTING_RARE = 5
"""A question that ends with "in Java" is about Java, however small the word, where fewer than five passages speak of
it: without this cost 25 foreign pass, and twice the cost keeps no more out. By words alone it weighs as three words."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the notes cover a question.

    Args:
        cosine: of the best hit; None while the dense leg is missing.
    """

    coverage: Coverage
    cosine: float | None

    @property
    def is_covered(self) -> bool:
        """Say whether an answer may be claimed."""
        return self.coverage == "covered"


def judge(found: Found) -> Verdict:
    """Judge a search before anything is made of it."""
    if not found.hits:
        return Verdict("foreign", found.cosine)
    if found.cosine is None:
        return Verdict("covered" if named(found) >= WORDS_ONLY else "foreign", None)
    if found.cosine < NEVER_BELOW:
        return Verdict("foreign", found.cosine)
    sure = sureness(found)
    return Verdict("covered" if sure >= 0 else "near" if sure >= -NEAR else "foreign", found.cosine)


def judge_follow_up(own: Found, found: Found, verdict: Verdict) -> Verdict:
    """Judge a turn that leans on earlier ones: what it brings of its own must be in the notes as well.

    Args:
        own: a search for the turn by itself.
        found: a search for the turn with what it leans on.
        verdict: on `found`.
    """
    new = frozenset(stem(term) for term in content(own.question) if not term.isdigit())
    held = frozenset[str]().union(*(hit.stems for hit in (*found.hits[:LOOKED_AT], *own.hits[:LOOKED_AT])))
    return verdict if not new or overlap(new, held) >= OWN_WORDS else replace(verdict, coverage="foreign")


def named(found: Found) -> float:
    """Measure how much of a question its best hits name, by rarity, 0 to 1."""
    terms = [term for term in content(found.question) if not term.isdigit()]
    held, setting = _held(found), _setting(found.question)
    weights = {term: found.words.rarity(stem(term)) * (SETTING_WEIGHT if term == setting else 1) for term in terms}
    total = sum(weights.values())
    return sum(weight for term, weight in weights.items() if stem(term) in held) / total if total else 0.0


def least(passages: int) -> float:
    """Return the certainty that so many passages ask for."""
    return max(LOWEST, LEAST - PER_SIZE * math.log(PASSAGES / max(1, passages)))


def certainty(found: Found) -> float:
    """Add up what speaks for a question being covered; comparable between questions, for searches with vectors."""
    near = ((found.cosine or 0.0) + fmean(hit.cosine or 0.0 for hit in found.hits[:LOOKED_AT])) / 2
    length = min(len(content(found.question)), LONGEST)
    return near + PER_WORD * length + PER_MATCH * found.match - (SETTING_COST if _is_elsewhere(found) else 0.0)


def sureness(found: Found) -> float:
    """Return by how much a search passes what its notes ask for; comparable between notes of different sizes."""
    if found.cosine is None:
        return named(found) - WORDS_ONLY
    return certainty(found) - least(found.words.passages)


def _is_elsewhere(found: Found) -> bool:
    """Say whether a question ends with a setting that the notes hardly know."""
    setting = stem(_setting(found.question))
    return bool(setting) and setting not in _held(found) and found.words.holders(setting) < SETTING_RARE


def _held(found: Found) -> frozenset[str]:
    return frozenset[str]().union(*(hit.stems for hit in found.hits[:LOOKED_AT]))


def _setting(question: str) -> str:
    """Return the last word of a question that ends with "in Java" or the like."""
    found = SETTING.search(question)
    return found[1].lower() if found else ""
