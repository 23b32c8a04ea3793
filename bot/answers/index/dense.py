"""Dense retrieval: exact cosine similarity over embedded rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt

from bot.answers.index.chunks import Chunk, row_hash, rows
from bot.answers.index.vectors import Packed
from bot.llm.base import Embedder, Matrix, Vector

Scores = npt.NDArray[np.floating]
Rows = npt.NDArray[np.intp]
"""Row indices."""

Progress = Callable[[int, int], None]
"""Called with (rows done, rows in all), first with the rows that exist already."""

NEAREST = 3
"""The number of nearest rows of a chunk that are averaged. One row may be near by chance of wording. Two, four and five
found slightly less in measurements."""

FARTHEST = -1.0

SECOND_WEIGHT = 0.25
"""The weight of the second-nearest row in the similarity of a single chunk."""

BATCH_ROWS = 32
"""Rows embedded between two progress calls, about half a second."""


class VectorStore(Protocol):
    """Stores vectors by the hash of their text. Called from the building thread."""

    def get(self, hashes: Sequence[str], model: str) -> Mapping[str, Vector]:
        """Return the stored vectors by row hash."""

    def find(self, hashes: Sequence[str], model: str) -> Packed | None:
        """Return the packed rows of hashes if all are packed; else None, then use `get`."""

    def put(self, vectors: Mapping[str, Vector], model: str) -> None:
        """Store vectors by row hash; existing ones may stay."""

    def at(self, places: Rows, model: str) -> Packed | None:
        """Return the packed rows at places from `find`; None if they don't exist."""


class DenseScorer(Protocol):
    """Computes the similarity of chunks to a question, in the order of the chunks."""

    def nearness(self, question: Vector) -> Scores:
        """Return float [n_chunks]: the mean cosine of a chunk's nearest rows."""

    def rows(self, number: int) -> Matrix:
        """Return the rows of one chunk, in the order of `chunks.rows`."""

    def __len__(self) -> int:
        """Count the chunks."""


@dataclass(frozen=True, slots=True)
class DenseLeg:
    """Ranks chunks by the mean cosine of their nearest rows.

    Args:
        matrix: float32 [n_rows, dim], packed or not, unit rows grouped by chunk, in the order of the chunks.
        starts: the first row of each chunk.
        asked: the rows of members' questions, in order. Only the nearest of a chunk counts, because they are variants
            of each other.
    """

    matrix: Matrix | Packed
    starts: Rows
    asked: Rows = field(default_factory=lambda: np.zeros(0, dtype=np.intp))

    def nearness(self, question: Vector) -> Scores:
        """Return float [n_chunks]: the mean cosine of a chunk's nearest rows."""
        cosines = self.matrix @ question
        cosines[_find_further(cosines, self.starts, self.asked)] = FARTHEST
        return by_chunk(cosines, self.starts)

    def __len__(self) -> int:
        """Count the chunks."""
        return len(self.starts)

    def part(self, first: int, last: int) -> DenseLeg:
        """Return a view of the chunks from `first` up to `last`."""
        bounds = [*self.starts, len(self.matrix)]
        begin, end = bounds[first], bounds[last]
        asked = self.asked[(self.asked >= begin) & (self.asked < end)] - begin
        return DenseLeg(self.matrix[begin:end], self.starts[first:last] - begin, asked)

    def rows(self, number: int) -> Matrix:
        """Return the rows of one chunk, in the order of `chunks.rows`."""
        end = self.starts[number + 1] if number + 1 < len(self.starts) else len(self.matrix)
        return self.matrix[self.starts[number] : end]


@dataclass(frozen=True, slots=True)
class Laid:
    """The positions of a leg's rows in the packed file, as int32 bytes; see `DenseLeg`.

    Args:
        model: the embedding model.
    """

    model: str
    at: bytes
    starts: bytes
    asked: bytes

    def leg(self, store: VectorStore) -> DenseLeg | None:
        """Return the leg, None if its rows don't exist."""
        at, starts, asked = (
            np.frombuffer(array, np.int32).astype(np.intp) for array in (self.at, self.starts, self.asked)
        )
        packed = store.at(at, self.model)
        return None if packed is None else DenseLeg(packed, starts, asked)


def laid(leg: DenseScorer | None, model: str) -> Laid | None:
    """Return the positions of a leg's rows; None if they aren't packed."""
    if not isinstance(leg, DenseLeg) or not isinstance(leg.matrix, Packed):
        return None
    return Laid(model, *(array.astype(np.int32).tobytes() for array in (leg.matrix.at, leg.starts, leg.asked)))


@dataclass(frozen=True, slots=True)
class JoinedLeg:
    """A concatenation of legs without copying."""

    legs: tuple[DenseScorer, ...]

    def nearness(self, question: Vector) -> Scores:
        """Return float [n_chunks], as each leg has it."""
        return np.concatenate([leg.nearness(question) for leg in self.legs])

    def rows(self, number: int) -> Matrix:
        """Return the rows of one chunk."""
        for leg in self.legs:
            if number < len(leg):
                return leg.rows(number)
            number -= len(leg)
        raise IndexError(number)

    def __len__(self) -> int:
        """Count the chunks."""
        return sum(map(len, self.legs))


def joined(legs: Sequence[DenseScorer]) -> DenseScorer:
    """Concatenate legs."""
    return legs[0] if len(legs) == 1 else JoinedLeg(tuple(legs))


def blank(chunks: Sequence[Chunk], dim: int) -> DenseLeg:
    """Return the leg of chunks that aren't embedded yet; its similarity is the lowest."""
    starts, count = _count_starts([rows(chunk) for chunk in chunks])
    return DenseLeg(np.broadcast_to(np.zeros(dim, dtype=np.float32), (count, dim)), starts)


def search(leg: DenseScorer, question: Vector, limit: int) -> list[tuple[int, float]]:
    """List (chunk number, nearness), best first."""
    return nearest(leg.nearness(question), limit)


def nearest(near: Scores, limit: int) -> list[tuple[int, float]]:
    """List (chunk number, similarity), best first."""
    return [(int(i), float(near[i])) for i in np.argsort(-near, kind="stable")[:limit]]


def by_chunk(cosines: Scores, starts: Rows) -> Scores:
    """Return the similarity of each chunk from the cosines of its rows; `starts` as in `DenseLeg`."""
    if not len(starts):
        return np.zeros(0, dtype=np.float32)
    counts = np.diff([*starts, len(cosines)])
    ranked = cosines[np.lexsort((-cosines, np.repeat(np.arange(len(starts)), counts)))]
    places = np.arange(NEAREST)
    is_there = places < counts[:, None]
    nearest = ranked[np.minimum(starts[:, None] + places, len(ranked) - 1)]
    near: Scores = np.where(is_there, nearest, 0.0).sum(axis=1) / is_there.sum(axis=1)
    return near


def _find_further(cosines: Scores, starts: Rows, asked: Rows) -> Rows:
    """Return the question rows that aren't the nearest of their chunk."""
    chunks = np.searchsorted(starts, asked, side="right")
    order = np.lexsort((-cosines[asked], chunks))
    is_further = np.diff(chunks[order], prepend=-1) == 0
    further: Rows = asked[order][is_further]
    return further


def cosine(rows: Matrix, question: Vector) -> float:
    """Return the similarity of one chunk: its nearest row, with a small weight for the second."""
    first, *others = sorted((rows @ question).tolist(), reverse=True)
    near: float = (1 - SECOND_WEIGHT) * first + SECOND_WEIGHT * others[0] if others else first
    return near


def build(
    chunks: Sequence[Chunk], embedder: Embedder, store: VectorStore, progress: Progress | None = None
) -> tuple[DenseLeg, int]:
    """Build the leg and embed rows missing in the store; returns the leg and the number of embedded rows."""
    texts = [rows(chunk) for chunk in chunks]
    flat = {row_hash(text): text for group in texts for text in group}
    vectors = {
        key: vector for key, vector in store.get(list(flat), embedder.name).items() if vector.shape == (embedder.dim,)
    }
    missing = [key for key in flat if key not in vectors]
    if progress:
        progress(len(flat) - len(missing), len(flat))
    for at in range(0, len(missing), BATCH_ROWS):
        batch = missing[at : at + BATCH_ROWS]
        made = dict(zip(batch, embedder.embed([flat[key] for key in batch]), strict=True))
        store.put(made, embedder.name)
        vectors.update(made)
        if progress:
            progress(len(vectors), len(flat))
    ordered = [vectors[row_hash(text)] for group in texts for text in group]
    matrix = np.stack(ordered).astype(np.float32) if ordered else np.zeros((0, embedder.dim), dtype=np.float32)
    return _make_leg(chunks, texts, matrix), len(missing)


def find(chunks: Sequence[Chunk], model: str, store: VectorStore) -> DenseLeg | None:
    """Return the leg if all rows are packed in the store, else None."""
    texts = [rows(chunk) for chunk in chunks]
    packed = store.find([row_hash(text) for group in texts for text in group], model)
    return None if packed is None else _make_leg(chunks, texts, packed)


def _make_leg(chunks: Sequence[Chunk], texts: Sequence[Sequence[str]], matrix: Matrix | Packed) -> DenseLeg:
    starts, count = _count_starts(texts)
    ends = [*starts, count][1:]
    asked = [row for chunk, end in zip(chunks, ends, strict=True) for row in range(end - len(chunk.questions), end)]
    return DenseLeg(matrix, starts, np.array(asked, dtype=np.intp))


def _count_starts(texts: Sequence[Sequence[str]]) -> tuple[Rows, int]:
    """Return the first row of each chunk, and the total number of rows."""
    ends = np.cumsum([0, *map(len, texts)]).astype(np.intp)
    return ends[:-1], int(ends[-1])


def leaning(turns: Matrix, weight: float) -> Vector:
    """Combine the vector of the last turn (first row) with those of earlier turns: float32 [dim], unit length."""
    joined: Vector = turns[0] + np.float32(weight) * turns[1:].sum(axis=0)
    joined /= np.linalg.norm(joined)
    return joined
