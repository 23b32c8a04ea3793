"""Whether a group's own notes say what is asked, told by its words: the signs were fitted on notes that are carried.

Those are written to be asked about. Somebody's line on the wifi password is a private matter to the signs, and as far
from its question as small talk.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.features.qa.answer.signs import terms
from bot.features.qa.answer.values import is_own
from bot.features.qa.index.chunks import Chunk
from bot.features.qa.index.retrieval import Found
from bot.features.qa.index.words import stem, stems

ENOUGH = 0.75
"""The share of a question's words, by rarity, that stand together: what is lacking only frames it, as "name" does."""

BEFORE = 2
"""Statements before one that it may go on with: who "she" is stands there."""


def saying(found: Found) -> tuple[int, ...]:
    """Return which hits are of the group's own and say what is asked, those alone that say most of it."""
    rarity = {stem(term): found.words.rarity(stem(term)) for term in terms(found.question)}
    total = sum(rarity.values())
    shares = {
        number: together(hit.chunk, rarity) / total
        for number, hit in enumerate(found.hits)
        if total > 0 and is_own(hit.chunk.note)
    }
    best = max(shares.values(), default=0.0)
    return tuple(number for number, share in shares.items() if share >= max(best, ENOUGH))


def together(chunk: Chunk, rarity: Mapping[str, float]) -> float:
    """Return how much of a question stands together in a passage; whose note it is says nothing."""
    name = stems(f"{chunk.title.partition(': ')[2] or chunk.title} {chunk.heading.partition(': ')[2] or chunk.heading}")
    said = [stems(statement) for statement in chunk.statements]
    places = (name.union(*said[max(0, at - BEFORE) : at + 1]) for at in range(len(said)))
    return max((sum(weight for term, weight in rarity.items() if term in held) for held in places), default=0.0)
