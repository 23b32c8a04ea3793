"""The absolute floor: which questions the notes cover at all, decided before anything is answered.

A cosine alone does not separate: near-domain questions ("how to declare a list in Java", .48) score like colloquial
covered ones ("split a list in chunks of 100", .52). So a question must also be named by what was found: the lower
the cosine, the larger the share of the question's meaning that the passages must hold word by word.

Tuned for all-MiniLM-L6-v2 on the six notes of the first six units (75 passages), with 90 covered questions (short,
misspelt, colloquial, comparing) and 85 foreign ones, half of them near-domain: 83 are answered and 82 declined.
On 35 + 35 questions written afterwards: 33 answered, all citing the right passage, and 34 declined. By words alone:
63 and 81, then 26 and 33. Another model needs other numbers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np

from bot.features.qa.retrieval import Found, Index
from bot.features.qa.words import content, overlap, stem

LOOKED_AT = 3
"""Hits that count as covering: an answer draws on no more."""

LINE = ((0.42, 0.70), (0.55, 0.70), (0.65, 0.66), (0.80, 0.60), (0.95, 0.50))
"""(cosine, share of the question that the best hits must name there); below the first cosine all is declined."""

WORDS_ONLY = 0.75
"""The share that must be named while there are no vectors."""

MEANT_FROM = 0.60
"""From this cosine on, a word that the hits do not name counts as meant if leaving it out takes the question away."""

OWN_WORDS = 0.5
"""The share of a follow-up's own words that must be in the notes."""

SETTING = re.compile(r"\b(?:in|with|using|on|of|for)\s+([\w+#.]+)\W*$", re.IGNORECASE)
SETTING_WEIGHT = 3.0
"""A question that ends with "in Java" is about Java, however small the word."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the notes cover a question, and why.

    Args:
        named: the share of the question's meaning that the best hits name, 0 to 1.
        cosine: of the best hit; None while the dense leg is missing.
    """

    is_covered: bool
    named: float
    cosine: float | None


class Floor:
    """Declines what the notes do not hold."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def judge(self, found: Found) -> Verdict:
        """Judge a search before anything is made of it."""
        named = self.named(found)
        if not found.hits:
            return Verdict(False, named, found.cosine)
        if found.cosine is None:
            return Verdict(named >= WORDS_ONLY, named, None)
        cosines, shares = zip(*LINE, strict=True)
        is_covered = found.cosine >= cosines[0] and named >= float(np.interp(found.cosine, cosines, shares))
        return Verdict(is_covered, named, found.cosine)

    def judge_follow_up(self, own: Found, found: Found, verdict: Verdict) -> Verdict:
        """Judge a turn that leans on earlier ones: what it brings of its own must be in the notes as well.

        Args:
            own: a search for the turn by itself.
            found: a search for the turn with what it leans on.
            verdict: on `found`.
        """
        new = frozenset(stem(term) for term in content(own.question) if not term.isdigit())
        held = frozenset[str]().union(*(hit.stems for hit in (*found.hits[:LOOKED_AT], *own.hits[:LOOKED_AT])))
        return verdict if not new or overlap(new, held) >= OWN_WORDS else replace(verdict, is_covered=False)

    def named(self, found: Found) -> float:
        """Measure how much of a question its best hits name, 0 to 1.

        A word weighs as much as the question's vector moves without it, or as it is rare while there are no vectors.
        """
        terms = [term for term in content(found.question) if not term.isdigit()]
        hits = found.hits[:LOOKED_AT]
        held = frozenset[str]().union(*(hit.stems for hit in hits))
        setting = _setting(found.question)
        named = {term for term in terms if stem(term) in held and not (term == setting and len(term) == 1)}
        vectors = self._index.vectors([found.question, *(without(found.question, term) for term in terms)])
        if vectors is None or found.cosine is None:
            weights = {term: self._index.rarity(stem(term)) for term in terms}
        else:
            weights = dict(zip(terms, np.maximum(0.0, 1.0 - vectors[1:] @ vectors[0]).tolist(), strict=True))
            if found.cosine >= MEANT_FROM:
                rows = np.vstack([hit.rows for hit in hits if hit.rows is not None])
                near = (rows @ vectors.T).max(axis=0)
                named |= {term for term, without_it in zip(terms, near[1:], strict=True) if without_it < near[0]}
        if setting in weights and setting not in named:
            weights[setting] *= SETTING_WEIGHT
        total = sum(weights.values())
        return sum(weights[term] for term in named) / total if total else 0.0


def _setting(question: str) -> str:
    """Return the last word of a question that ends with "in Java" or the like."""
    found = SETTING.search(question)
    return found[1].lower() if found else ""


def without(question: str, term: str) -> str:
    """Take every occurrence of a word out of a question."""
    closed = question.replace("'", "").replace("’", "")
    return re.sub(rf"(?<!\w){re.escape(term)}(?!\w)", " ", closed, flags=re.IGNORECASE)
