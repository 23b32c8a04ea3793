"""What speaks for and against a question being covered: numbers of a search and of the question's words, pure."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from bot.answers.compose.question_types import SORTS, sorts
from bot.answers.index.lexical import LexicalLeg, identifiers
from bot.answers.index.retrieval import Hit, SearchResult
from bot.answers.index.words import STOP_WORDS, content, stem, words
from bot.llm.base import Matrix, Vector

SIGNS = {
    "nearest": "cosine of the nearest passage of all, as if there were `PASSAGES`",
    "third": "cosine of the third hit, likewise",
    "margin": "by how much its nearest row is nearer than the nearest question that notes do not answer",
    "stray": "cosine of that question",
    "beside": "by how much it is further than the nearest question of carried notes that these do not answer",
    "match": "how well the words of the best passage match",
    "length": "words that say something, up to `LONGEST`",
    "share": "share of them, by rarity, in the one of the first three hits that has most",
    "rarest": "rarity of the rarest word that the first three hits lack",
    "lacking": "whether no hit at all has one of them",
    "unknown": "words that the notes have nowhere, up to three",
    "unknown share": "share of them among those that say something",
    "names": "capitalised words inside the question that the notes have nowhere, up to two",
    "identifiers": "whether a name in code stands nowhere in the notes",
    "new pairs": "neighbouring words that no hit has side by side, up to three",
    "new pairs' share": "share of them among the pairs",
    "elsewhere": "whether it ends with a setting that the notes hardly know, as in 'in Java'",
    **{f"sort {name}": f"whether it is of the sort {name}: `sorts.py`" for name in SORTS},
}
"""Each number by its name, and what it is."""

LOOKED_AT = 3
"""Hits that an answer draws on."""

PASSAGES = 1000
PER_SIZE = 0.035
"""With e times fewer passages than these the nearest is so much less near by chance."""

ANSWERED = 0.75
"""Cosine from which on a row says what a question of carried notes asks; from .6 to .9 none is better."""

ASKED = 30
"""Questions of carried notes that are looked at, the nearest."""

LONGEST = 10
HIGHEST_MATCH = 3.0
SETTING_RARE = 5
"""A setting that fewer passages speak of is none of theirs."""

SHORTEST_HALF = 4
"""Letters of each half of a word written as one, such as "layernorm"."""

CHAT = frozenset(
    words(
        "wat wats ppl eli5 tldr lol lmao haha ugh omg wtf wth idk tbh imo btw bro bruh dude guys cuz coz asap"
        " suddenly n r y 2 4 quick quickly explained dummies meaning pls plain"
    )
)
"""Words of chat that say nothing about a subject and that no note has."""

SETTING = re.compile(r"\b(?:in|with|using|on|of|for)\s+(?:(?:an?|the) )?([\w+#.]+)\W*$", re.IGNORECASE)
NAMED = re.compile(r"(?<=[a-z0-9,:(] )[\"'(]?([A-Z][\w+]*(?:-[A-Z][\w+]*)*)")


Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class KnownQuestions:
    """Questions that a question is compared with; each float32 [n, dim], rows of unit length.

    Args:
        strays: those that notes like these do not answer.
        carried: those that the notes which come with the package answer; a roadmap has some of these notes, or none.
    """

    strays: Matrix
    carried: Matrix


def signs(found: SearchResult, asked: str, known: KnownQuestions) -> dict[str, float]:
    """Return every number of `SIGNS` for a search with vectors.

    Args:
        asked: the question before slips were mended, for names.
    """
    of = sorts(asked)
    pairs, new = _pairs(found)
    parted = len(new & _parted(found, asked))
    told = {**_nearness(found, known), **_of_words(found, parted), **_of_names(asked, found.words)}
    told |= {"new pairs": min(3, len(new)), "new pairs' share": len(new) / max(1, len(pairs))}
    return {**told, "elsewhere": float(is_elsewhere(found)), **{f"sort {name}": float(name in of) for name in SORTS}}


def terms(question: str) -> list[str]:
    """List the words of a question that say what it is about; numbers and words of chat are none."""
    return [term for term in content(question) if not term.isdigit() and term not in CHAT]


def held(hits: Iterable[Hit]) -> frozenset[str]:
    """Return every stem that some hits have."""
    return frozenset[str]().union(*(hit.stems for hit in hits))


def is_elsewhere(found: SearchResult) -> bool:
    """Say whether a question ends with a setting that the notes hardly know."""
    where = stem(setting(found.question))
    first = held(found.hits[:LOOKED_AT])
    return bool(where) and where not in first and found.words.holders(where) < SETTING_RARE


def setting(question: str) -> str:
    """Return the last word of a question that ends with "in Java" or the like."""
    match = SETTING.search(question)
    return match[1].lower() if match else ""


def _nearness(found: SearchResult, known: KnownQuestions) -> dict[str, float]:
    if found.vector is None:
        raise ValueError("Signs are of a search with vectors.")
    fewer = PER_SIZE * math.log(PASSAGES / max(1, found.words.passages))
    third = found.hits[LOOKED_AT - 1].cosine if len(found.hits) >= LOOKED_AT else None
    some = [hit.rows for hit in found.hits if hit.rows is not None]
    rows = np.concatenate(some) if some else np.zeros((1, len(found.vector)), dtype=np.float32)
    row = float((rows @ found.vector).max())
    stray = float((known.strays @ found.vector).max(initial=0.0))
    return {
        "nearest": (found.cosine or 0.0) + fewer,
        "third": (third or 0.0) + fewer,
        "margin": row - stray,
        "stray": stray,
        "beside": max(0.0, _beside(found.vector, rows, known.carried) - row),
    }


def _beside(question: Vector, rows: Matrix, carried: Matrix) -> float:
    """Return how near the nearest question of carried notes is that these rows do not answer; 0 where they do."""
    near = carried @ question
    first = np.argsort(-near)[:ASKED]
    is_answered = (carried[first] @ rows.T).max(axis=1) >= ANSWERED
    return float(near[first[~is_answered]].max(initial=0.0))


def _of_words(found: SearchResult, parted: int) -> dict[str, float]:
    """Return the signs of single words.

    Args:
        parted: unknown words that were taken for two known ones.
    """
    said = terms(found.question)
    known = found.words
    highest = known.rarity("")
    rarities = {stem(term): known.rarity(stem(term)) / highest for term in said} if highest > 0 else {}
    total = sum(rarities.values()) or 1.0
    first, every = held(found.hits[:LOOKED_AT]), held(found.hits)
    shares = (sum(rarities[term] for term in rarities if term in hit.stems) / total for hit in found.hits[:LOOKED_AT])
    unknown = parted + sum(not _is_known(term, known) for term in said)
    return {
        "match": min(found.match, HIGHEST_MATCH),
        "length": min(len(said), LONGEST),
        "share": max(shares, default=0.0),
        "rarest": max((rarity for term, rarity in rarities.items() if term not in first), default=0.0),
        "lacking": float(not every.issuperset(rarities)),
        "unknown": min(unknown, 3),
        "unknown share": unknown / max(1, len(said)),
    }


def _is_known(word: str, known: LexicalLeg) -> bool:
    """Say whether the notes have a word, or both halves of it, each of which says something."""
    halves = ({word[:at], word[at:]} for at in range(SHORTEST_HALF, min(len(word), 30) - SHORTEST_HALF + 1))
    has = known.vocabulary
    return known.holders(stem(word)) > 0 or any(has >= two and STOP_WORDS.isdisjoint(two) for two in halves)


def _of_names(asked: str, known: LexicalLeg) -> dict[str, float]:
    named = [word for name in NAMED.findall(asked) for word in words(name)]
    strange = identifiers(asked) - known.identifiers - known.vocabulary
    return {"names": min(2, sum(not known.holders(stem(word)) for word in named)), "identifiers": float(bool(strange))}


def _pairs(found: SearchResult) -> tuple[set[Pair], set[Pair]]:
    """Return the neighbouring words of a question that say something, as stems, and those that no hit has so."""
    said, subject = words(found.question), frozenset(terms(found.question))
    pairs = {(stem(a), stem(b)) for a, b in pairwise(said) if a in subject and b in subject}
    new = set(pairs)
    for hit in found.hits:
        if any(hit.stems.issuperset(pair) for pair in new):
            chunk = hit.chunk
            said = words("\n".join((chunk.title, chunk.heading, chunk.text, *chunk.questions)))
            new.difference_update(pairwise(map(stem, said)))
    return pairs, new


def _parted(found: SearchResult, asked: str) -> set[Pair]:
    """Return the words that a question has as one and its search as two."""
    typed = frozenset(words(asked))
    return {(stem(a), stem(b)) for a, b in pairwise(words(found.question)) if a + b in typed}
