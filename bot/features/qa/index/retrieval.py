"""The index of the notes: two legs, fused."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from bot.features.qa.index import dense
from bot.features.qa.index.chunks import Chunk, cut
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
        rows: float32 [n, dim], unit vectors of the chunk, first those of its sentences; None as above.
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
        cosine: the best of any chunk, over all notes; None while the dense leg is missing.
        match: how well the words of the best chunk match, bm25 over the rarity of the question's words; 0 for no match.
    """

    question: str
    hits: tuple[Hit, ...]
    cosine: float | None
    match: float


@dataclass(frozen=True, slots=True)
class _Corpus:
    """Everything that belongs to one state of the notes; replaced as a whole."""

    chunks: tuple[Chunk, ...]
    lexical: LexicalLeg
    speller: Speller
    dense: DenseLeg | None = None


def _corpus(notes: Iterable[Note], ordinary: Collection[str]) -> _Corpus:
    chunks = tuple(chunk for note in notes for chunk in cut(note))
    lexical = LexicalLeg(chunks)
    return _Corpus(chunks, lexical, Speller(lexical.vocabulary, ordinary, lexical.prose))


class Index:
    """Finds chunks for a question. A function of the notes: what they do not hold cannot be found.

    Every method may be called from several threads; all of them but the properties are CPU work.

    Args:
        ordinary: words that are never taken for a slip of spelling, such as a list of English words.
    """

    def __init__(
        self, notes: Iterable[Note] = (), embedder: Embedder | None = None, ordinary: Collection[str] = frozenset()
    ) -> None:
        self._embedder = embedder
        self._ordinary = ordinary
        self._swap = threading.Lock()
        self._corpus = _corpus(notes, ordinary)

    def replace(self, notes: Iterable[Note]) -> None:
        """Answer from these notes and no others, by words alone until `embed` has run."""
        corpus = _corpus(notes, self._ordinary)
        with self._swap:
            self._corpus = corpus

    def embed(self, store: VectorStore, progress: Progress | None = None) -> int:
        """Add the dense leg, embedding only what the store does not have; returns how many rows that were.

        Searches go on meanwhile. If the notes are replaced meanwhile, the work is kept in the store and
        the new notes wait for their own call.
        """
        corpus = self._corpus
        if self._embedder is None:
            return 0
        leg, computed = dense.build(corpus.chunks, self._embedder, store, progress)
        with self._swap:
            if self._corpus is corpus:
                self._corpus = _Corpus(corpus.chunks, corpus.lexical, corpus.speller, leg)
        return computed

    @property
    def chunks(self) -> tuple[Chunk, ...]:
        """Return the chunks in the order of the notes."""
        return self._corpus.chunks

    @property
    def is_dense(self) -> bool:
        """Say whether meaning is searched too."""
        return self._corpus.dense is not None

    def search(self, question: str, limit: int = HITS) -> Found:
        """Find the chunks that fit a question best."""
        corpus = self._corpus
        question = corpus.speller.mend(question)
        lexical = dict(corpus.lexical.search(question, LEG_LIMIT))
        cosines: dict[int, float] | None = None
        if corpus.dense is not None and self._embedder is not None:
            cosines = dict(corpus.dense.search(self._embedder.embed([question])[0], LEG_LIMIT))
        weight = DENSE_WEIGHT if len(content(question)) > 1 else DENSE_WEIGHT_OF_ONE_WORD
        ranked = in_company(fuse(lexical, cosines, weight), [chunk.note for chunk in corpus.chunks])
        hits = tuple(
            Hit(
                corpus.chunks[i],
                score,
                cosines.get(i) if cosines is not None else None,
                corpus.lexical.held(i),
                corpus.dense.rows(i) if corpus.dense is not None else None,
            )
            for i, score in ranked[:limit]
        )
        best = max(cosines.values(), default=None) if cosines is not None else None
        return Found(question, hits, best, corpus.lexical.match(question, max(lexical.values(), default=0.0)))

    def vectors(self, texts: Sequence[str]) -> Matrix | None:
        """Embed texts as the notes were: float32 [n, dim], unit rows; None while the dense leg is missing."""
        if self._embedder is None or not self.is_dense:
            return None
        return self._embedder.embed(texts)

    def rarity(self, stem: str) -> float:
        """Weigh a stem by how few chunks hold it; one that none holds weighs most."""
        return self._corpus.lexical.rarity(stem)

    def holders(self, stem: str) -> int:
        """Count the chunks that hold a stem."""
        return self._corpus.lexical.holders(stem)


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


def in_company(ranked: Sequence[tuple[int, float]], notes: Sequence[str]) -> list[tuple[int, float]]:
    """Rank chunks anew with what the best of their note add; best first, scores still 0 to 1.

    Args:
        ranked: (chunk number, score), best first.
        notes: the note of each chunk.
    """
    of_note: defaultdict[str, list[float]] = defaultdict(list)
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
