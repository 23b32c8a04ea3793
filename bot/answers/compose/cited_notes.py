"""What the answer before a follow-up has shown: which passages, and what that says of others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache

from bot.answers.index.chunks import Chunk
from bot.answers.index.retrieval import HITS, Hit, SearchResult
from bot.answers.index.sentences import without_links
from bot.answers.index.words import words

OPENING_WORDS = 8
"""Words by which a sentence is known again: what is kept of an answer may end within one."""

LOOKED_AT = 60
"""Passages of which those of the shown notes come up."""

COMPANY_WEIGHT = 0.3
"""What a passage gains if the last answer has shown its note; .2 to .4 find the same, .1 less."""

MORE = re.compile(r"^explain$|\b(?:more|else|others?|another)\b", re.IGNORECASE)
"""Asks for what was not said yet, or for the same in other words: nothing that was told is told again."""


def shown(chunks: Iterable[Chunk], answered: str) -> list[Chunk]:
    """Return the passages whose gists an answer has shown, in its order."""
    answer = " ".join(words(answered))
    places = {chunk: answer.find(_opening(chunk.gist)) for chunk in chunks if chunk.gist} if answer else {}
    return sorted((chunk for chunk, place in places.items() if place >= 0), key=lambda chunk: places[chunk])


def is_of_notes(hits: Sequence[Hit], before: Sequence[Chunk]) -> bool:
    """Say whether the best hit is of a note of these passages."""
    return any((hit.chunk.source, hit.chunk.note) == (chunk.source, chunk.note) for hit in hits[:1] for chunk in before)


def raise_notes(found: SearchResult, before: Sequence[Chunk]) -> SearchResult:
    """Return a search with passages of the notes of these passages further up, cut to the hits of any search."""
    notes = {(chunk.source, chunk.note) for chunk in before}

    def score(hit: Hit) -> float:
        is_of_them = (hit.chunk.source, hit.chunk.note) in notes
        return (hit.score + COMPANY_WEIGHT * is_of_them) / (1 + COMPANY_WEIGHT)

    hits = sorted((replace(hit, score=score(hit)) for hit in found.hits), key=lambda hit: -hit.score)
    return replace(found, hits=tuple(hits[:HITS]))


def is_told(text: str, told: str) -> bool:
    """Say whether an answer has said a sentence, by its first words."""
    return bool(text) and _opening(text) in _join_words(told)


@lru_cache(maxsize=16)
def _join_words(text: str) -> str:
    return " ".join(words(text))


@lru_cache(maxsize=4096)
def _opening(text: str) -> str:
    return " ".join(words(without_links(text))[:OPENING_WORDS])
