"""Build an answer of the notes' own sentences, and number its citations.

The weights were set on the golden questions while no passage had a gist. Their comments say what each was worth then:
in answers that quote a passage that answers, 278 of 312, and in those that quote no other passage, 165.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.answers.compose.question_types import AnswerWish, wish
from bot.answers.compose.values import Citation, Passage
from bot.answers.index.chunks import Chunk
from bot.answers.index.retrieval import Hit, Index, SearchResult
from bot.answers.index.sentences import without_links
from bot.answers.index.words import overlap, stems
from bot.llm.base import Matrix, Vector

MOST_CHUNKS = 3
"""Passages that one answer draws on. With one 250 hit, each on nothing else; five hit no more and stray in six."""

NEAR_SCORE = 0.6
"""A further chunk is drawn on if its fused score reaches this share of the best: a hint of company, which binds where
there are no vectors."""

NEAR_COSINE = 0.15
"""... and its cosine comes this close to the best: .05 hits 266, .5 hits two more and strays in ten."""

FEWEST, MOST = 2, 4
"""Sentences: one seldom says why, and five do not fit a phone's screen with their sources."""

WORTH = 0.72
"""A third and fourth sentence must reach this share of the best one's score: .5 quotes 1,209 sentences instead of 1,063
and hits nothing more ..."""

WORTH_ELSEWHERE = 0.85
"""... and any sentence of another passage this one, or it only distracts: .72 hits 7 more and strays in 43."""

WORDS_WEIGHT = 0.25
"""The question's own words decide between sentences that are equally near; more of it prefers those that repeat it."""

PLACE_WEIGHT = 0.80
"""What the rank of its passage adds to a sentence: without it 268 hit, for single sentences of far passages sound
right."""

SOUND_BONUS = 0.10
"""A sentence that sounds like a definition, a reason or a step, as was asked; without it five more stray."""

LEAD_BONUS = 0.05
"""The first sentence under a heading usually carries its idea."""

SUMMARY = frozenset({"in one minute"})
SUMMARY_COST = 0.12
"""A summary says less than the passage that it sums up; without this four more stray."""

LEANING = re.compile(
    r"^(?:this|that|these|those|it(?! is (?:\w+ ){1,3}(?:to|that)\b)|its|they|them|their|he|she|such|however|but"
    r"|so|and|or|nor|yet|then|also|otherwise|here|instead|both|neither|either"
    r"|likewise|similarly|conversely|thus|therefore|hence|again|another"
    r"|in contrast|for example|for instance|(?:in|by|with|at|after|from|for|to|without) (?:this|that|these|those|both)"
    r"|the (?:former|latter|same|other|others|following|above|warning|symptom|example))\b",
    re.IGNORECASE,
)
"""How a sentence begins whose subject stands before it."""
POINTER = re.compile(r":\s*\[[^\[\]]+\]\([^()\s]*\)[.\s]*$|\b(?:the following|as follows|see below)\W*$", re.IGNORECASE)
"""How one ends that only says where something stands."""
MOST_BEFORE = 2
"""Sentences that come along before one that leans; what leans on more is left out."""
LEANING_COST = 0.12
"""A sentence that leans on the one before it reads badly alone; which passages are quoted hardly depends on it."""

SAME = 0.88
"""Cosine from which on two sentences say the same: a lower one drops sentences that only share their subject."""


@dataclass(frozen=True, slots=True)
class NoteQuote:
    """A statement of a note, verbatim, the hit it comes from, and its place in `Chunk.statements`."""

    hit: int
    position: int
    text: str


@dataclass(frozen=True, slots=True)
class QuoteCandidate:
    """A statement that an answer may be made of, and how well it fits the question."""

    quote: NoteQuote
    score: float
    stems: frozenset[str]
    vector: Vector | None


class Extractor:
    """Chooses two to four sentences that answer a question, where passages have no gists."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def choose(self, found: SearchResult, question: str, fewest: int = FEWEST) -> list[NoteQuote]:
        """Choose sentences from what was found, ordered so that they read as an answer.

        Args:
            question: the last turn by itself; `found` may have been searched with more.
            fewest: of the best passage, however much the second falls behind.
        """
        wanted = wish(question)
        candidates = self.candidates(found, wanted, question)
        if not candidates:
            return []
        best = candidates[0]
        chosen: list[QuoteCandidate] = []
        for candidate in candidates:
            is_here = candidate.quote.hit == best.quote.hit
            share = WORTH_ELSEWHERE if not is_here else WORTH if len(chosen) >= fewest else 0.0
            group = [member for member in _with_subject(candidate, candidates, found) if member not in chosen]
            is_worth = bool(group) and candidate.score >= best.score * share
            if is_worth and len(chosen) + len(group) <= MOST and not _is_told(candidate, chosen):
                chosen += group
        chosen = chosen or [best]  # where all lean on something, the name of the passage has to do
        if wanted.sides:
            chosen = _both_sides(chosen, candidates, wanted)
        return _ordered(chosen)

    def candidates(
        self, found: SearchResult, wanted: AnswerWish, question: str, hits: Sequence[Hit] = ()
    ) -> list[QuoteCandidate]:
        """Score every sentence of the first hits, or of those that are worth drawing on, best first."""
        vectors = self._asked(found, question)
        asked = stems(found.question)
        out = []
        numbered = enumerate(hits) if hits else ((n, found.hits[n]) for n in _near(found))
        for number, hit in numbered:
            cosines = None
            if vectors is not None and hit.rows is not None:
                cosines = (hit.rows[: len(hit.chunk.sentences)] @ vectors.T).max(axis=1)
            for position, text in enumerate(hit.chunk.sentences):
                if POINTER.search(text):
                    continue
                held = stems(text)
                score = WORDS_WEIGHT * overlap(asked, held) + hit.score * PLACE_WEIGHT
                score += float(cosines[position]) if cosines is not None else overlap(asked, held)
                score += _bonus(hit, position, text, wanted)
                if wanted.sides:
                    score += 0.06 * sum(not side.isdisjoint(held) for side in wanted.sides)
                vector = hit.rows[position] if hit.rows is not None else None
                out.append(QuoteCandidate(NoteQuote(number, position, text), score, held, vector))
        return sorted(out, key=lambda c: -c.score)

    def _asked(self, found: SearchResult, question: str) -> Matrix | None:
        """Return the vectors of what was searched and, where that is something else, of the last turn by itself."""
        if found.vector is None:
            return None
        own = self._index.vectors([question]) if question != found.question else None
        return found.vector[None] if own is None else np.vstack([found.vector, own])


def near_hits(found: SearchResult) -> list[Hit]:
    """List the hits that an answer may draw on: the best, and others that come near it."""
    return [found.hits[number] for number in _near(found)]


def _near(found: SearchResult) -> list[int]:
    if not found.hits:
        return []
    best = found.hits[0]
    near = [0]
    for number, hit in enumerate(found.hits[1:MOST_CHUNKS], 1):
        is_near = hit.cosine is None or best.cosine is None or hit.cosine >= best.cosine - NEAR_COSINE
        if is_near and hit.score >= best.score * NEAR_SCORE:
            near.append(number)
    return near


def is_summary(chunk: Chunk) -> bool:
    """Say whether a chunk sums up its note and says nothing of its own."""
    return chunk.heading.casefold() in SUMMARY


def _bonus(hit: Hit, position: int, text: str, wanted: AnswerWish) -> float:
    """Add what the place and the sound of a sentence say."""
    bonus = SOUND_BONUS if wanted.sounds(text) else 0.0
    bonus += LEAD_BONUS if position == 0 else 0.0
    bonus -= SUMMARY_COST if is_summary(hit.chunk) else 0.0
    return bonus - (LEANING_COST if LEANING.match(text) else 0.0)


def _is_told(candidate: QuoteCandidate, chosen: Sequence[QuoteCandidate]) -> bool:
    return any(says_the_same(candidate, other) for other in chosen)


def _with_subject(
    candidate: QuoteCandidate, candidates: Sequence[QuoteCandidate], found: SearchResult
) -> list[QuoteCandidate]:
    """Return a sentence behind those that it leans on; nothing where these cannot be shown."""
    at = {(other.quote.hit, other.quote.position): other for other in candidates}
    sentences = [candidate]
    while LEANING.match(sentences[0].quote.text):
        before = at.get((candidate.quote.hit, sentences[0].quote.position - 1))
        text = " ".join(found.hits[candidate.quote.hit].chunk.text.split())
        if (
            before is None
            or len(sentences) > MOST_BEFORE
            or f"{before.quote.text} {sentences[0].quote.text}" not in text
        ):
            return []
        sentences.insert(0, before)
    return sentences


def says_the_same(candidate: QuoteCandidate, other: QuoteCandidate) -> bool:
    """Say whether one of two statements is enough."""
    if candidate.vector is not None and other.vector is not None:
        return float(np.dot(candidate.vector, other.vector)) >= SAME
    return overlap(candidate.stems, other.stems) >= SAME


def _both_sides(
    chosen: list[QuoteCandidate], candidates: Sequence[QuoteCandidate], wanted: AnswerWish
) -> list[QuoteCandidate]:
    """See to it that each side of a comparison is spoken of, if any candidate speaks of it."""
    for side in wanted.sides:
        if any(not side.isdisjoint(c.stems) for c in chosen):
            continue
        speaks = next((c for c in candidates if not side.isdisjoint(c.stems)), None)
        if speaks is not None:
            chosen = [*chosen[: MOST - 1], speaks]
    return chosen


def _ordered(chosen: Sequence[QuoteCandidate]) -> list[NoteQuote]:
    """Put sentences of one passage together and in its order; the passage of the best sentence comes first."""
    passages = list(dict.fromkeys(c.quote.hit for c in chosen))
    return sorted((c.quote for c in chosen), key=lambda q: (passages.index(q.hit), q.position))


LOOKED_AT = 5
"""Passages that are named beside an answer."""

NEAREST = 3
NEAREST_COSINE = 0.40
"""A declined question is shown so many passages from this cosine on; foreign ones mostly lie below."""

Quotes = tuple[tuple[int, str], ...]
"""What holds a sentence: (number of the hit, the note's words)."""


def numbered(parts: Sequence[tuple[str, Quotes]], hits: Sequence[Hit]) -> tuple[str, tuple[Citation, ...]]:
    """Follow each sentence by its marks; citations are numbered by first use."""
    citations: dict[Citation, int] = {}
    sentences = []
    for text, quotes in parts:
        marks = []
        for number, quote in quotes:
            chunk = hits[number].chunk
            citation = Citation(chunk.note, chunk.title, chunk.heading, quote)
            marks.append(f"[{citations.setdefault(citation, len(citations) + 1)}]")
        sentences.append(f"{without_links(text)} {''.join(dict.fromkeys(marks))}")
    return " ".join(sentences), tuple(citations)


def near(hits: Sequence[Hit], citations: Sequence[Citation]) -> tuple[Passage, ...]:
    """List the first passages that are not cited; summaries are none."""
    cited = {(citation.note, citation.heading) for citation in citations}
    chunks = (hit.chunk for hit in hits[:LOOKED_AT] if not is_summary(hit.chunk))
    passages = (Passage(chunk.note, chunk.title, chunk.heading) for chunk in chunks)
    return tuple(passage for passage in passages if (passage.note, passage.heading) not in cited)


def nearest(hits: Sequence[Hit]) -> tuple[Passage, ...]:
    """List the passages that come nearest to a question that none answers, if any comes near."""
    return near([hit for hit in hits[:LOOKED_AT] if (hit.cosine or 0.0) >= NEAREST_COSINE], ())[:NEAREST]
