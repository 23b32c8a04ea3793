"""The index of the notes: lexical and dense retrieval, fused; with a cache for the next start."""

from __future__ import annotations

import threading
from collections import OrderedDict, defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from bot.answers.index import dense
from bot.answers.index.chunks import Chunk, SourceId, cut, row_hash
from bot.answers.index.dense import DenseScorer, Laid, Progress, VectorStore
from bot.answers.index.lexical import LexicalLeg
from bot.answers.index.spelling import Speller
from bot.answers.index.words import content
from bot.curriculum.note import Note
from bot.llm.base import Embedder, EmbeddingFailed, Matrix, Vector

DENSE_WEIGHT = 0.5
"""The best of .4 to .8 for the facts in answers: `docs/evaluation.md`."""

DENSE_WEIGHT_OF_ONE_WORD = 0.75
"""A single word matches wherever it occurs; meaning decides then."""

COMPANY = 3
COMPANY_WEIGHT = 0.2
"""The bonus of a chunk from the best chunks of its note, because a note on the subject has several near chunks. Four
times as much finds more neighbours of the answer than answers."""


def fuse(
    lexical: dict[int, float],
    cosines: dict[int, float] | None,
    weight: float = DENSE_WEIGHT,
    waiting: Collection[int] = (),
) -> list[tuple[int, float]]:
    """Join the legs by a convex combination of their scaled scores; best first. None means no dense leg.

    Args:
        waiting: chunks without vectors yet; only their words count.
    """
    words = _scale(lexical)
    if cosines is None:
        joint = words
    else:
        meaning = _scale(cosines)
        known = {i: weight * meaning.get(i, 0.0) + (1 - weight) * words.get(i, 0.0) for i in {**meaning, **words}}
        joint = {**known, **{i: words[i] for i in waiting if i in words}}
    return sorted(joint.items(), key=lambda item: (-item[1], item[0]))


def in_company(ranked: Sequence[tuple[int, float]], notes: Sequence[Hashable]) -> list[tuple[int, float]]:
    """Rank chunks again with what the best of their note add; best first, scores still 0 to 1.

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


def _scale(scores: dict[int, float]) -> dict[int, float]:
    """Scale scores to 0 for the worst and 1 for the best; equal scores are all best."""
    if not scores:
        return {}
    low, high = min(scores.values()), max(scores.values())
    return {i: (score - low) / (high - low) if high > low else 1.0 for i, score in scores.items()}


@dataclass(frozen=True, slots=True)
class IndexedSource:
    """The chunks of one source.

    Args:
        leg: its embedded rows; None until they are embedded.
    """

    chunks: tuple[Chunk, ...]
    leg: DenseScorer | None = None


@dataclass(frozen=True, slots=True)
class SourceVocabulary:
    """The lexical index and the speller of some sources.

    Args:
        notes: the note of each chunk.
    """

    chunks: tuple[Chunk, ...]
    notes: tuple[tuple[SourceId, str], ...]
    lexical: LexicalLeg
    speller: Speller


@dataclass(frozen=True, slots=True)
class Made:
    """The cacheable index of one source.

    Args:
        laid: the positions of its packed rows; None if they aren't packed.
    """

    words: SourceVocabulary
    laid: Laid | None


Kept = Mapping[SourceId, Made]

"""The cacheable index of each initial source."""


def words_of(chunks: Sequence[Chunk], ordinary: Collection[str]) -> SourceVocabulary:
    """Build the lexical index and speller of chunks.

    Args:
        ordinary: words that are never typos.
    """
    lexical = LexicalLeg(chunks)
    notes = tuple((chunk.source, chunk.note) for chunk in chunks)
    speller = Speller(lexical.vocabulary, ordinary)
    return SourceVocabulary(tuple(chunks), notes, lexical, speller)


class IndexingState:
    """Counts running indexing jobs; while one runs, searches may find less."""

    def __init__(self) -> None:
        self._lock, self._count = threading.Lock(), 0

    @property
    def is_on(self) -> bool:
        """Whether indexing is running."""
        return self._count > 0

    @contextmanager
    def on(self) -> Iterator[None]:
        """Count the body as indexing; it may end on another thread."""
        with self._lock:
            self._count += 1
        try:
            yield
        finally:
            with self._lock:
                self._count -= 1


MOST = 2000

"""Vectors in the LRU cache: 3 MB."""


class Remembered:
    """An LRU cache of vectors for repeated texts, such as open questions; stores no text."""

    def __init__(self) -> None:
        self._held: OrderedDict[str, Vector] = OrderedDict()
        self._lock = threading.Lock()

    def embed(self, texts: Sequence[str], embedder: Embedder) -> Matrix:
        """Embed texts, cached: float32 [n, dim], unit rows."""
        keys = [row_hash(text) for text in texts]
        with self._lock:
            vectors = {key: self._held[key] for key in keys if key in self._held}
        if new := {key: text for key, text in zip(keys, texts, strict=True) if key not in vectors}:
            vectors.update(zip(new, embedder.embed([*new.values()]), strict=True))
        with self._lock:
            for key in keys:
                self._held[key] = vectors[key]
                self._held.move_to_end(key)
            while len(self._held) > MOST:
                self._held.popitem(last=False)
        return np.stack([vectors[key] for key in keys])


HITS = 10

"""Chunks of a search result; answers use the first few, measurements all."""

LEG_LIMIT = 100

"""Chunks of each leg that are fused, with scores scaled between the best and the worst."""

LEANING_WEIGHT = 0.5

"""The weight of each earlier turn of a follow-up question, lexical and dense."""

JOINED = 16

"""Cached vocabularies of several sources together; each copies all words."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A found chunk.

    Args:
        score: fused score, 0 to 1, comparable within one search only.
        cosine: its similarity by `dense.cosine`; None until it is embedded.
        stems: all stems of the chunk, including its questions and code.
        rows: float32 [n, dim], unit vectors of the chunk, statements first; None until embedded.
    """

    chunk: Chunk
    score: float
    cosine: float | None
    stems: frozenset[str]
    rows: Matrix | None


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The result of a search.

    Args:
        question: the searched question, with corrected spelling and its earlier turns.
        hits: best first.
        cosine: the best of all hits; None without a dense leg.
        match: the best BM25 score divided by the rarity of the question's words; 0 for no match.
        words: the lexical index of the searched sources.
        speller: the speller of the searched sources.
        vector: float32 [dim], the question's unit vector; None without a dense leg.
    """

    question: str
    hits: tuple[Hit, ...]
    cosine: float | None
    match: float
    words: LexicalLeg
    speller: Speller
    vector: Vector | None


class Index:
    """Finds chunks for a question in the given sources.

    Word rarity, spelling and similarity depend only on these sources, so a change of one source doesn't affect others.
    Thread-safe; all methods except `is_dense` are CPU work.

    Args:
        notes: the notes of each initial source.
        ordinary: words that are never typos, such as a list of English words.
        kept: a cached result of `made` for the same notes, program and words.
    """

    def __init__(
        self,
        notes: Mapping[SourceId, Iterable[Note]],
        embedder: Embedder | None = None,
        ordinary: Collection[str] = frozenset(),
        kept: Kept | None = None,
    ) -> None:
        self.embedder = embedder
        self._ordinary = ordinary
        self._kept = kept if kept is not None and kept.keys() == notes.keys() else {}
        first = {s: self._kept[s].words.chunks if s in self._kept else _cut_notes(s, some) for s, some in notes.items()}
        self._sources = {source: IndexedSource(chunks) for source, chunks in first.items()}
        self._lasting = frozenset(self._sources)
        self._is_dense, self.reading = False, IndexingState()
        self._shelves = OrderedDict((frozenset([s]), made.words) for s, made in self._kept.items())
        for vocabulary in self._shelves.values():
            vocabulary.speller.knowing(ordinary)
        self._remembered = Remembered()
        self._lock, self._building = threading.Lock(), threading.Lock()

    @property
    def is_reading(self) -> bool:
        """Whether indexing is running, so that searches may find less."""
        return self.reading.is_on

    def assemble(self) -> None:
        """Build the vocabularies of the initial sources."""
        for source in self._lasting:
            self._get_shelf([source])

    def embed(self, store: VectorStore, progress: Progress | None = None) -> int:
        """Embed the initial sources; returns the number of rows that the store lacked.

        Searches work meanwhile, by words only. Sources from `put` are never in the store: their rows come by `settle`.
        """
        if self.embedder is None:
            return 0
        with self._lock:
            lasting = {source: held for source, held in self._sources.items() if source in self._lasting}
        waiting = {source: held.chunks for source, held in lasting.items() if held.leg is None}
        for source, chunks in [*waiting.items()]:
            whole = self._restore_leg(source, chunks, store) or dense.find(chunks, self.embedder.name, store)
            if whole is not None:
                self.settle(source, chunks, whole)
                del waiting[source]
        leg, computed = dense.build([c for some in waiting.values() for c in some], self.embedder, store, progress)
        ends = [*accumulate(map(len, waiting.values()), initial=0)]
        with self._lock:
            for place, (source, chunks) in enumerate(waiting.items()):
                self._settle(source, chunks, leg.part(*ends[place : place + 2]))
            self._is_dense, self._kept = True, {}
        return computed

    def made(self) -> Kept | None:
        """Return the cacheable index of the initial sources, for `kept`; None until it is complete."""
        model = self.embedder.name if self.embedder is not None else ""
        with self._lock:
            words = {source: self._shelves.get(frozenset([source])) for source in self._lasting}
            legs = {source: self._sources[source].leg for source in self._lasting if source in self._sources}
        made = {
            s: Made(vocabulary, dense.laid(legs.get(s), model))
            for s, vocabulary in words.items()
            if vocabulary is not None
        }
        return made if len(made) == len(words) else None

    def _restore_leg(self, source: SourceId, chunks: tuple[Chunk, ...], store: VectorStore) -> DenseScorer | None:
        """Return the cached leg of a source, or None."""
        stored = self._kept.get(source)
        if stored is None or stored.laid is None or self.embedder is None or stored.laid.model != self.embedder.name:
            return None
        return stored.laid.leg(store) if stored.words.chunks is chunks else None

    def put(self, source: SourceId, notes: Iterable[Note], leg: DenseScorer | None = None) -> tuple[Chunk, ...]:
        """Add or replace a source; it is found by words at once. Returns its chunks.

        Args:
            leg: the embedded rows of its chunks, if available; else `settle` adds them.
        """
        chunks = _cut_notes(source, notes)
        with self._lock:
            self._sources[source] = IndexedSource(chunks, leg)
            self._forget(source)
        return chunks

    def add(self, source: SourceId, notes: Iterable[Note]) -> None:
        """Add or replace an initial source; `embed` then embeds it."""
        self.put(source, notes)
        with self._lock:
            self._lasting |= {source}

    def settle(self, source: SourceId, chunks: tuple[Chunk, ...], leg: DenseScorer) -> bool:
        """Add the embedded rows of chunks from `put`; False if the source has changed or gone."""
        with self._lock:
            return self._settle(source, chunks, leg)

    def drop(self, source: SourceId) -> None:
        """Remove a source."""
        with self._lock:
            self._sources.pop(source, None)
            self._forget(source)

    def _settle(self, source: SourceId, chunks: tuple[Chunk, ...], leg: DenseScorer) -> bool:
        held = self._sources.get(source)
        if held is None or held.chunks is not chunks:
            return False
        self._sources[source] = IndexedSource(chunks, leg)
        return True

    def _forget(self, source: SourceId) -> None:
        for key in [key for key in self._shelves if source in key]:
            del self._shelves[key]

    @property
    def is_dense(self) -> bool:
        """Whether dense retrieval is available."""
        return self._is_dense

    def chunks(self, sources: Collection[SourceId]) -> tuple[Chunk, ...]:
        """Return the chunks of some sources, in the order of their notes; an unknown source has none."""
        return self._get_shelf(sources)[0].chunks

    def search(
        self,
        question: str,
        sources: Collection[SourceId],
        limit: int = HITS,
        *,
        before: Sequence[str] = (),
    ) -> SearchResult:
        """Find the best chunks of these sources for a question.

        Args:
            before: earlier turns that this one goes on with.
        """
        shelf, leg = self._get_shelf(sources)
        turns = [shelf.speller.correct(turn) for turn in (question, *before)]
        vector = None
        if leg is not None and (rows := self.remembered(turns)) is not None:
            vector = dense.leaning(rows, LEANING_WEIGHT)
        else:
            leg = None
        ranked, match, waiting = _rank(shelf, leg, turns, vector)
        hits = []
        for i, score in ranked[:limit]:
            held = leg.rows(i) if leg is not None and i not in waiting else None
            cosine = dense.cosine(held, vector) if held is not None and vector is not None else None
            hits.append(Hit(shelf.chunks[i], score, cosine, shelf.lexical.held(i), held))
        best = max((hit.cosine for hit in hits if hit.cosine is not None), default=None)
        return SearchResult(" ".join(turns), tuple(hits), best, match, shelf.lexical, shelf.speller, vector)

    def vectors(self, texts: Sequence[str]) -> Matrix | None:
        """Embed texts with the same model as the notes: float32 [n, dim], unit rows; None if unavailable."""
        if self.embedder is None or not self.is_dense:
            return None
        with suppress(EmbeddingFailed):
            return self.embedder.embed(texts)
        return None

    def remembered(self, texts: Sequence[str]) -> Matrix | None:
        """Embed texts with a cache, for repeated texts; None if unavailable."""
        if self.embedder is None or not self.is_dense or not texts:
            return None
        with suppress(EmbeddingFailed):
            return self._remembered.embed(texts, self.embedder)
        return None

    def _get_shelf(self, sources: Collection[SourceId]) -> tuple[SourceVocabulary, DenseScorer | None]:
        """Return the vocabulary and leg of these sources, built at first use."""
        held, shelf = self._find_shelf(sources)
        if shelf is None:
            with self._building:  # two at once would take each twice as long
                held, shelf = self._find_shelf(sources)
                shelf = shelf or self._put_together(frozenset(held), held)
        return shelf, self._join_legs(held.values())

    def _find_shelf(
        self, sources: Collection[SourceId]
    ) -> tuple[Mapping[SourceId, IndexedSource], SourceVocabulary | None]:
        with self._lock:
            held = {source: content for source, content in self._sources.items() if source in sources}
            key = frozenset(held)
            if (shelf := self._shelves.get(key)) is not None:
                self._shelves.move_to_end(key)
        return held, shelf

    def _put_together(self, key: frozenset[SourceId], held: Mapping[SourceId, IndexedSource]) -> SourceVocabulary:
        parts = [content.chunks for content in held.values()]
        chunks = parts[0] if len(parts) == 1 else tuple(chunk for part in parts for chunk in part)
        shelf = words_of(chunks, self._ordinary)
        with self._lock:
            if all(source in self._sources and self._sources[source].chunks is held[source].chunks for source in key):
                self._shelves[key] = shelf
            several = [shelve for shelve in self._shelves if len(shelve) > 1]
            for oldest in several[:-JOINED]:
                del self._shelves[oldest]
        return shelf

    def _join_legs(self, held: Collection[IndexedSource]) -> DenseScorer | None:
        """Join the legs of some sources; unembedded chunks have the lowest similarity."""
        if self.embedder is None or not self._is_dense or all(source.leg is None for source in held):
            return None
        return dense.joined([source.leg or dense.blank(source.chunks, self.embedder.dim) for source in held])


def _cut_notes(source: SourceId, notes: Iterable[Note]) -> tuple[Chunk, ...]:
    return tuple(chunk for note in notes for chunk in cut(note, source))


def _rank(
    shelf: SourceVocabulary, leg: DenseScorer | None, turns: Sequence[str], vector: Vector | None
) -> tuple[list[tuple[int, float]], float, frozenset[int]]:
    """Rank chunks by both legs; return the ranking, the best lexical match, and the unembedded chunks."""
    lexical, match = _score_words(shelf.lexical, turns)
    near, waiting = None, frozenset[int]()
    if leg is not None and vector is not None:
        nearness = leg.nearness(vector)
        near = dict(dense.nearest(nearness, LEG_LIMIT))
        waiting = frozenset(map(int, np.flatnonzero(nearness == 0)))
    weight = DENSE_WEIGHT if len(content(" ".join(turns))) > 1 else DENSE_WEIGHT_OF_ONE_WORD
    ranked = in_company(fuse(lexical, near, weight, waiting), shelf.notes)
    return ranked, match, waiting


def _score_words(leg: LexicalLeg, turns: Sequence[str]) -> tuple[dict[int, float], float]:
    """Score chunks by the words of the turns, last turn first; return the scores and the best match."""
    scores: defaultdict[int, float] = defaultdict(float)
    rarity = 0.0
    for turn, weight in zip(turns, (1.0, *[LEANING_WEIGHT] * (len(turns) - 1)), strict=True):
        rarity += weight * leg.rarity_of(turn)
        for number, score in leg.search(turn, LEG_LIMIT):
            scores[number] += weight * score
    best = dict(sorted(scores.items(), key=lambda item: (-item[1], item[0]))[:LEG_LIMIT])
    return best, max(best.values(), default=0.0) / rarity if rarity > 0 else 0.0
