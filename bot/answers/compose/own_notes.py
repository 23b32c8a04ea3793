"""Whether a group's own notes say what is asked, told by its words: the signs were fitted on notes that are carried.

Those are written to be asked about. Somebody's line on the wifi password is a private matter to the signs, and as far
from its question as small talk.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from bot.answers.compose.coverage_features import terms
from bot.answers.compose.values import is_own
from bot.answers.index.chunks import Chunk
from bot.answers.index.retrieval import Hit, SearchResult
from bot.answers.index.words import stem, stems, words

ENOUGH = 0.75
"""The share of a question's words, by rarity, that stand together: what is lacking only frames it, as "name" does."""

SAME = 0.7
"""The share of all their words that a question has in common with one that a note was written for."""

NEAR, AS_WELL, ALONE = 0.38, 0.15, 0.12
"""How near by meaning a passage of the group's own is that may answer in other words than a question's. It may be so
much further than the roadmap's best, which is of the same words by chance; so much nearer, it is meant alone."""

FRAME = stems("here there group just exactly")
"""Words that only place a question. One word beside them is a subject, and its questions differ by how they begin."""

BEFORE = 2
"""Statements before one that it may go on with: who "she" is stands there."""


def written(chunks: Iterable[Chunk], question: str) -> list[Chunk]:
    """List the passages of a group's own notes that were written for a question: by what was asked, or their title."""
    own = (chunk for chunk in chunks if is_own(chunk.note))
    return [one for one in own if any(_is_same(question, it) for it in (*one.questions, one.title.partition(": ")[2]))]


def put_first(found: SearchResult, wanted: Sequence[Chunk]) -> SearchResult:
    """Return a search with these passages before all others, whether it brought them or not."""
    known = {hit.chunk: hit for hit in found.hits}
    first = [known.get(one) or Hit(one, 1.0, None, stems(f"{one.title} {one.text}"), None) for one in wanted]
    others = (hit for hit in found.hits if hit.chunk not in wanted)
    return replace(found, hits=(*first, *others))


def nearest(found: SearchResult) -> tuple[int | None, bool]:
    """Return the nearest hit of the group's own, if it is about as near as any by meaning, and whether it alone is."""
    cosines = [(hit.cosine or 0.0, number) for number, hit in enumerate(found.hits)]
    own = max((cosine for cosine in cosines if is_own(found.hits[cosine[1]].chunk.note)), default=(0.0, 0))
    other = max((cosine for cosine in cosines if not is_own(found.hits[cosine[1]].chunk.note)), default=(0.0, 0))
    if own[0] < max(NEAR, other[0] - AS_WELL):
        return None, False
    return own[1], own[0] >= other[0] + ALONE


def saying(found: SearchResult) -> tuple[int, ...]:
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


def _is_same(question: str, other: str) -> bool:
    """Say whether two questions are one, but for a word that frames it; with another number they are not."""
    if words(question) == words(other):
        return any(map(str.isalnum, question))
    mine, theirs = stems(question) - FRAME, stems(other) - FRAME
    if any(one.isdigit() for one in mine ^ theirs):
        return False
    is_enough = len(mine & theirs) > 1 or (bool(mine) and words(question)[:1] == words(other)[:1])
    return is_enough and len(mine & theirs) >= SAME * len(mine | theirs)
