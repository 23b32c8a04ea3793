"""Which of the best passages an answer to a short question opens with: one that is on it. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.features.qa.answer.extract import is_summary
from bot.features.qa.answer.kinds import Kind, wish
from bot.features.qa.answer.values import is_own
from bot.features.qa.index.retrieval import Found, Hit
from bot.features.qa.index.words import content, stems

MOST_WORDS = 3
"""Words of a question which is looked at so: each is of its subject. Of the questions of newcomers .843 have a passage
that answers first with this and without, .814 if longer ones are looked at so as well."""

LOOKED_AT = 5
"""Passages that it may be: the best without summaries. With three .03 fewer of benchmarks/openings.yaml come first."""

HEADING_WEIGHT = 0.2
"""What it adds that a heading has all words of a question, by rarity: a passage that only uses them is beside it."""

SENTENCE_WEIGHT = 0.4
"""What the cosine of its nearest sentence adds."""

MANNER_WEIGHT = 0.1
"""What it adds that a heading asks in the manner of the question: "Why scores are divided" to a question with why."""

MUCH = re.compile(r"\bhow (?:much|many|big|large|long|often)\b", re.IGNORECASE)
SAYS_HOW_MUCH = re.compile(
    r"\bhow (?:much|many)\b|\b(?:costs?|numbers|counting|size|sizing|memory|choosing|rate)\b", re.IGNORECASE
)
MANNERS: dict[Kind, re.Pattern[str]] = {
    "why": re.compile(r"\b(?:why|reasons?)\b", re.IGNORECASE),
    "compare": re.compile(r"\b(?:vs|or|versus|against|choosing|difference)\b", re.IGNORECASE),
}


def opened(found: Found, question: str) -> Found:
    """Return a search with the passage first that an answer to a short question opens with, the others in their order.

    A group's own note is where `own_notes` has put it.

    Args:
        question: the last turn by itself; `found` may have been searched with more.
    """
    hits = found.hits
    if not hits or found.vector is None or is_own(hits[0].chunk.note) or len(content(found.question)) > MOST_WORDS:
        return found
    some = [n for n, hit in enumerate(hits) if not (is_summary(hit.chunk) or is_own(hit.chunk.note))][:LOOKED_AT]
    first = max(some, key=lambda number: _worth(hits[number], found, question), default=0)
    return replace(found, hits=_put_first(hits, first))


def _worth(hit: Hit, found: Found, question: str) -> float:
    heading, near = hit.chunk.heading, 0.0
    if hit.rows is not None and found.vector is not None and hit.chunk.sentences:
        near = float((hit.rows[: len(hit.chunk.sentences)] @ found.vector).max())
    named = found.words.share(found.question, stems(heading))
    return hit.score + HEADING_WEIGHT * named + SENTENCE_WEIGHT * near + MANNER_WEIGHT * _asks_alike(heading, question)


def _asks_alike(heading: str, question: str) -> bool:
    manner = SAYS_HOW_MUCH if MUCH.search(question) else MANNERS.get(wish(question).kind)
    return manner is not None and manner.search(heading) is not None


def _put_first(hits: Sequence[Hit], number: int) -> tuple[Hit, ...]:
    """Put a hit first, as good as the best."""
    first = replace(hits[number], score=max(hits[0].score, hits[number].score))
    return (first, *(hit for at, hit in enumerate(hits) if at != number))
