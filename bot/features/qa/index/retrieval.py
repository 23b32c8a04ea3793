"""The index of the notes: two legs, fused."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from bot.features.qa.index import dense
from bot.features.qa.index.chunks import Chunk, SourceId, cut
from bot.features.qa.index.dense import DenseLeg, Progress, VectorStore
from bot.features.qa.index.lexical import LexicalLeg
from bot.features.qa.index.spelling import Speller
from bot.features.qa.index.words import content
from bot.features.roadmap.note import Note
from bot.llm.base import Embedder, Matrix

HITS = 10
"""Chunks that a search brings; answers draw on the first few, and measurements look at them all."""

LEG_LIMIT = 100
"""Chunks of each leg that are fused; scores are scaled between its best and its worst."""

DENSE_WEIGHT = 0.6
"""Of .4 to .8 the best on long questions in everyday words, and no worse on others: `trailmate eval`."""

DENSE_WEIGHT_OF_ONE_WORD = 0.75
"""A single word matches wherever it occurs; meaning decides then."""

COMPANY = 3
COMPANY_WEIGHT = 0.8
"""What the best chunks of its note add to a chunk: a note on the subject is near with more than one of them."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk that was found.

    Args:
        score: fused, 0 to 1, comparable within one search only.
        cosine: of the chunk's nearest rows, as `DenseLeg.search` has it; None while the dense leg is missing.
        stems: every stem of the chunk, its questions and code included.
        rows: float32 [n, dim], unit vectors of the chunk, first those of its statements; None as above.
    """

    chunk: Chunk
    score: float
    cosine: float | None
    stems: frozenset[str]
    rows: Matrix | None


@dataclass(frozen=True, slots=True)
class Found:
    """What a search brought.

    Args:
        question: as searched, slips of spelling mended.
        hits: best first.
        cosine: the best of any chunk, over all that was searched; None while the dense leg is missing.
        match: how well the words of the best chunk match, bm25 over the rarity of the question's words; 0 for no match.
        words: what the sources that were searched know of words; no other source counts.
        speller: how those sources spell them.
    """

    question: str
    hits: tuple[Hit, ...]
    cosine: float | None
    match: float
    words: LexicalLeg
    speller: Speller


@dataclass(frozen=True, slots=True)
class _Shelf:
    """Everything that is known of some sources and of nothing else."""

    chunks: tuple[Chunk, ...]
    lexical: LexicalLeg
    speller: Speller
    dense: DenseLeg | None


class Index:
    """Finds chunks for a question in the sources that are named. A function of the notes.

    What words are rare, how they are spelt and what is near is told from those sources alone, so one that is added or
    changed moves nothing in another. Every method may be called from several threads; all but `is_dense` are CPU work.

    Args:
        notes: those of each source.
        ordinary: words that are never taken for a slip of spelling, such as a list of English words.
    """

    def __init__(
        self,
        notes: Mapping[SourceId, Iterable[Note]],
        embedder: Embedder | None = None,
        ordinary: Collection[str] = frozenset(),
    ) -> None:
        self._embedder = embedder
        self._ordinary = ordinary
        self._chunks = {
            source: tuple(chunk for note in some for chunk in cut(note, source)) for source, some in notes.items()
        }
        self._legs: Mapping[SourceId, DenseLeg] | None = None
        self._shelves: dict[frozenset[SourceId], _Shelf] = {}
        self._lock = threading.Lock()

    def embed(self, store: VectorStore, progress: Progress | None = None) -> int:
        """Add the dense leg, embedding only what the store does not have; returns how many rows that were.

        Searches go on meanwhile, by words alone.
        """
        if self._embedder is None:
            return 0
        every = [chunk for chunks in self._chunks.values() for chunk in chunks]
        leg, computed = dense.build(every, self._embedder, store, progress)
        ends = [*accumulate(map(len, self._chunks.values()), initial=0)]
        legs = {source: leg.part(*ends[place : place + 2]) for place, source in enumerate(self._chunks)}
        with self._lock:
            self._legs = legs
            self._shelves = {key: replace(shelf, dense=self._leg(key)) for key, shelf in self._shelves.items()}
        return computed

    @property
    def is_dense(self) -> bool:
        """Say whether meaning is searched too."""
        return self._legs is not None

    def chunks(self, sources: Collection[SourceId]) -> tuple[Chunk, ...]:
        """Return the chunks of some sources, each in the order of its notes; a source that is not there has none."""
        return self._shelf(sources).chunks

    def search(self, question: str, sources: Collection[SourceId], limit: int = HITS) -> Found:
        """Find the chunks of these sources that fit a question best."""
        shelf = self._shelf(sources)
        question = shelf.speller.mend(question)
        lexical = dict(shelf.lexical.search(question, LEG_LIMIT))
        cosines: dict[int, float] | None = None
        if shelf.dense is not None and self._embedder is not None:
            cosines = dict(shelf.dense.search(self._embedder.embed([question])[0], LEG_LIMIT))
        weight = DENSE_WEIGHT if len(content(question)) > 1 else DENSE_WEIGHT_OF_ONE_WORD
        notes = [(chunk.source, chunk.note) for chunk in shelf.chunks]
        ranked = in_company(fuse(lexical, cosines, weight), notes)
        hits = tuple(
            Hit(
                shelf.chunks[i],
                score,
                cosines.get(i) if cosines is not None else None,
                shelf.lexical.held(i),
                shelf.dense.rows(i) if shelf.dense is not None else None,
            )
            for i, score in ranked[:limit]
        )
        best = max(cosines.values(), default=None) if cosines is not None else None
        match = shelf.lexical.match(question, max(lexical.values(), default=0.0))
        return Found(question, hits, best, match, shelf.lexical, shelf.speller)

    def vectors(self, texts: Sequence[str]) -> Matrix | None:
        """Embed texts as the notes were: float32 [n, dim], unit rows; None while the dense leg is missing."""
        if self._embedder is None or not self.is_dense:
            return None
        return self._embedder.embed(texts)

    def _shelf(self, sources: Collection[SourceId]) -> _Shelf:
        """Return what is known of these sources, put together when they are first asked for."""
        key = frozenset(self._chunks).intersection(sources)
        with self._lock:
            if key not in self._shelves:
                chunks = tuple(chunk for source, some in self._chunks.items() if source in key for chunk in some)
                lexical = LexicalLeg(chunks)
                speller = Speller(lexical.vocabulary, self._ordinary, lexical.prose)
                self._shelves[key] = _Shelf(chunks, lexical, speller, self._leg(key))
            return self._shelves[key]

    def _leg(self, key: Collection[SourceId]) -> DenseLeg | None:
        legs = [leg for source, leg in (self._legs or {}).items() if source in key]
        return dense.joined(legs) if legs else None


def fuse(
    lexical: dict[int, float], cosines: dict[int, float] | None, weight: float = DENSE_WEIGHT
) -> list[tuple[int, float]]:
    """Join the legs by a convex combination of their scaled scores; best first. None: there is no dense leg."""
    words = _scaled(lexical)
    if cosines is None:
        joint = words
    else:
        meaning = _scaled(cosines)
        joint = {i: weight * meaning.get(i, 0.0) + (1 - weight) * words.get(i, 0.0) for i in {**meaning, **words}}
    return sorted(joint.items(), key=lambda item: (-item[1], item[0]))


def in_company(ranked: Sequence[tuple[int, float]], notes: Sequence[Hashable]) -> list[tuple[int, float]]:
    """Rank chunks anew with what the best of their note add; best first, scores still 0 to 1.

    Args:
        ranked: (chunk number, score), best first.
        notes: the note of each chunk.
    """
    of_note: defaultdict[Hashable, list[float]] = defaultdict(list)
    for i, score in ranked:
        if len(of_note[notes[i]]) < COMPANY:
            of_note[notes[i]].append(score)
    joint = [
        (i, (score + COMPANY_WEIGHT * sum(of_note[notes[i]]) / COMPANY) / (1 + COMPANY_WEIGHT)) for i, score in ranked
    ]
    return sorted(joint, key=lambda item: (-item[1], item[0]))


def _scaled(scores: dict[int, float]) -> dict[int, float]:
    """Scale scores to 0 for the worst and 1 for the best; equal scores are all best."""
    if not scores:
        return {}
    low, high = min(scores.values()), max(scores.values())
    return {i: (score - low) / (high - low) if high > low else 1.0 for i, score in scores.items()}
