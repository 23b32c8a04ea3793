"""What the answer before a follow-up has shown: which passages, what that says of others, and what gives way to new."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from functools import lru_cache

from bot.answers.index.chunks import Chunk, SourceId
from bot.answers.index.retrieval import HITS, Hit, SearchResult
from bot.answers.index.sentences import without_links
from bot.answers.index.words import STOP_WORDS, stem, words

NoteOf = tuple[SourceId, str]
"""A note of a source."""

OPENING_WORDS = 8
"""Words by which a sentence is known again: what is kept of an answer may end within one."""

LOOKED_AT = 60
"""Passages of which those of the shown notes come up."""

COMPANY_WEIGHT = 0.2
"""What a passage gains whose note was shown before a turn that leans on it; .15 to .3 show the same facts, .1 fewer."""

BEST_BY_FAR = 1.25
"""Times the score of the best new passage from which on one that was told stays first; answers show the same facts."""

MORE = re.compile(r"^explain$|\b(?:more|else|others?|another)\b", re.IGNORECASE)
"""Asks for what was not said yet, or for the same in other words: nothing that was told is told again."""


def shown(chunks: Iterable[Chunk], answered: str) -> list[Chunk]:
    """Return the passages whose gists an answer has shown, in its order."""
    answer = " ".join(words(answered))
    places = {chunk: answer.find(_opening(chunk.gist)) for chunk in chunks if chunk.gist} if answer else {}
    return sorted((chunk for chunk, place in places.items() if place >= 0), key=lambda chunk: places[chunk])


def notes(chunks: Collection[Chunk], answers: Iterable[str]) -> list[list[NoteOf]]:
    """Return of which notes each of these answers has shown passages, in its order."""
    return [[(chunk.source, chunk.note) for chunk in shown(chunks, answer)] if answer else [] for answer in answers]


def in_company(found: SearchResult, before: Sequence[Chunk]) -> SearchResult:
    """Return a search with what is of the notes of these passages further up, cut to the hits of any search."""
    notes = {(chunk.source, chunk.note) for chunk in before}

    def raised(hit: Hit) -> Hit:
        is_of_them = (hit.chunk.source, hit.chunk.note) in notes
        return replace(hit, score=min(1.0, hit.score + COMPANY_WEIGHT)) if is_of_them else hit

    hits = sorted(map(raised, found.hits), key=lambda hit: -hit.score)
    return replace(found, hits=tuple(hits[:HITS]))


def of_subject(found: SearchResult, subject: str) -> SearchResult:
    """Return a search in which nothing of another note counts that does not name the subject, where the best names it.

    What is asked of mode collapse is not answered by a remedy of another collapse.
    """
    own, first = _stems(subject), found.hits[0].chunk if found.hits else None
    if not own or first is None or not _names(first, own):
        return found
    of_it = (
        hit if hit.chunk.note == first.note or _names(hit.chunk, own) else replace(hit, score=0.0) for hit in found.hits
    )
    return replace(found, hits=tuple(of_it))


def _names(chunk: Chunk, subject: str) -> bool:
    """Say whether a passage has the words of a subject side by side, whatever fills the space between them."""
    return subject in _stems("\n".join((chunk.title, chunk.heading, chunk.gist, chunk.text, *chunk.questions)))


def _stems(text: str) -> str:
    said = " ".join(stem(word) for word in words(text) if word not in STOP_WORDS)
    return f" {said} " if said else ""


def new_first(speaking: Sequence[int], hits: Sequence[Hit], told: str) -> list[int]:
    """Put what was not told before what was: of that one passage may speak, second where it is not the best by far.

    Args:
        speaking: numbers of hits, the best first.
    """
    old = [number for number in speaking if is_told(hits[number].chunk.gist, told)]
    new = [number for number in speaking if number not in old]
    is_best = bool(new and old) and hits[old[0]].score >= BEST_BY_FAR * hits[new[0]].score
    return [*old[:1], *new, *old[1:]] if is_best else [*new[:1], *old[:1], *new[1:], *old[1:]]


def beyond(hits: Collection[Hit], told: str) -> tuple[Hit, ...]:
    """Return hits that have no gist any more where that was told."""
    return tuple(replace(h, chunk=replace(h.chunk, gist="")) if is_told(h.chunk.gist, told) else h for h in hits)


def is_told(text: str, told: str) -> bool:
    """Say whether an answer has said a sentence, by its first words."""
    return bool(text) and _opening(text) in " ".join(words(told))


@lru_cache(maxsize=4096)
def _opening(text: str) -> str:
    return " ".join(words(without_links(text))[:OPENING_WORDS])
