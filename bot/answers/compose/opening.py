"""Which of the best passages an answer to a short question opens with: one that is on it. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.answers.compose.extract import is_summary
from bot.answers.compose.question_types import Kind, wish
from bot.answers.compose.values import is_own
from bot.answers.index.retrieval import Hit, SearchResult
from bot.answers.index.words import content, stem, stems, words

MOST_WORDS = 3
"""Words of a question which is looked at so: each is of its subject. Of the questions of newcomers .843 have a passage
that answers first with this and without, .814 if longer ones are looked at so as well."""

LOOKED_AT = 5
"""Passages that may open an answer: the best ones without summaries.

With three, .03 fewer answers to benchmarks/questions/openings.yaml open with the right one."""

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

ASKS_WHAT = re.compile(r"^what\b.*\b(?:is|are|does|do)$", re.IGNORECASE)
"""A heading that asks so is of what it names; others that name it are beside it: "Cleaning up inside a generator"."""


def opened(found: SearchResult, question: str) -> SearchResult:
    """Return a search with the passage first that an answer to a short question opens with, the others in their order.

    A group's own note is where `coverage.put_first` has put it.

    Args:
        question: the last turn by itself; `found` may have been searched with more.
    """
    hits = found.hits
    if not hits or found.vector is None or is_own(hits[0].chunk.note) or len(content(found.question)) > MOST_WORDS:
        return found
    some = [n for n, hit in enumerate(hits) if not (is_summary(hit.chunk) or is_own(hit.chunk.note))][:LOOKED_AT]
    first = max(some, key=lambda number: _worth(hits[number], found, question), default=0)
    return replace(found, hits=_put_first(hits, first))


def _worth(hit: Hit, found: SearchResult, question: str) -> float:
    heading, near = hit.chunk.heading, 0.0
    if hit.rows is not None and found.vector is not None and hit.chunk.sentences:
        near = float((hit.rows[: len(hit.chunk.sentences)] @ found.vector).max())
    named = found.words.share(found.question, stems(heading))
    return hit.score + HEADING_WEIGHT * named + SENTENCE_WEIGHT * near + MANNER_WEIGHT * _asks_alike(heading, question)


def _asks_alike(heading: str, question: str) -> bool:
    kind = wish(question).kind
    manner = SAYS_HOW_MUCH if MUCH.search(question) else MANNERS.get(kind)
    return (
        begins_with(heading, question) if kind == "what" else manner is not None and manner.search(heading) is not None
    )


def begins_with(heading: str, question: str) -> bool:
    """Say whether a heading begins with what a question asks for, or asks what that is."""
    asked = [stem(word) for word in content(question)]
    titled = [stem(word) for word in words(heading) if word not in {"a", "an", "the"}]
    if MANNERS["compare"].search(heading):
        return False
    is_of_it = ASKS_WHAT.search(heading) is not None and set(asked) <= set(titled)
    return bool(asked) and (titled[: len(asked)] == asked or is_of_it)


def _put_first(hits: Sequence[Hit], number: int) -> tuple[Hit, ...]:
    """Put a hit first, as good as the best."""
    first = replace(hits[number], score=max(hits[0].score, hits[number].score))
    return (first, *(hit for at, hit in enumerate(hits) if at != number))
