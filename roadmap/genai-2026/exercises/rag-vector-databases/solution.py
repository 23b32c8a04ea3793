"""Exact search, IVF, a graph search and metadata filters."""

from collections.abc import Sequence

import numpy as np

Array = np.ndarray


def normalise(vectors: Array) -> Array:
    """The rows, scaled to length 1; a row of zeros stays."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / np.where(lengths > 0, lengths, 1)


def search_flat(vectors: Array, query: Array, k: int) -> list[int]:
    """The ids of the k nearest vectors, nearest first."""
    return np.argsort(-(vectors @ query), kind="stable")[:k].tolist()


def train_centres(vectors: Array, nlist: int, rng: np.random.Generator, rounds: int = 10) -> Array:
    """The nlist cluster centres of k-means, started at random vectors (given)."""
    centres = vectors[rng.choice(len(vectors), nlist, replace=False)]
    for _ in range(rounds):
        nearest = (vectors @ centres.T).argmax(axis=1)
        sums = np.zeros_like(centres)
        np.add.at(sums, nearest, vectors)
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        centres = np.where(lengths > 0, sums / np.maximum(lengths, 1e-12), centres)
    return centres


def build_lists(vectors: Array, centres: Array) -> list[Array]:
    """For each centre the ids of the vectors that it is nearest to."""
    nearest = (vectors @ centres.T).argmax(axis=1)
    return [np.flatnonzero(nearest == cluster) for cluster in range(len(centres))]


def search_ivf(
    vectors: Array, centres: Array, lists: Sequence[Array], query: Array, k: int, nprobe: int
) -> tuple[list[int], int]:
    """The ids of the k nearest vectors in the nprobe nearest clusters, and the number of comparisons.

    Comparisons count the centres and the vectors that were looked at. Missing neighbours have the id -1.
    """
    clusters = search_flat(centres, query, nprobe)
    ids = np.concatenate([lists[cluster] for cluster in clusters])
    best = ids[search_flat(vectors[ids], query, k)].tolist()
    return best + [-1] * (k - len(best)), len(centres) + len(ids)


def recall_at(exact: Sequence[int], answer: Sequence[int]) -> float:
    """The share of the exact ids that the answer has; the order doesn't matter, and -1 is no id."""
    return len(set(exact) & set(answer)) / len(set(exact))


def link_neighbours(vectors: Array, m: int) -> list[list[int]]:
    """For each vector the ids of its m nearest other vectors, and each link also the other way round."""
    scores = vectors @ vectors.T
    np.fill_diagonal(scores, -np.inf)
    links: list[set[int]] = [set(row.tolist()) for row in np.argsort(-scores, axis=1)[:, :m]]
    for number, neighbours in enumerate([set(row) for row in links]):
        for neighbour in neighbours:
            links[neighbour].add(number)
    return [sorted(row) for row in links]


def search_graph(
    vectors: Array, links: Sequence[Sequence[int]], query: Array, k: int, ef: int, start: int
) -> list[int]:
    """The k nearest ids found by walking along the links, as in the bottom layer of HNSW.

    Keep the ef nearest vectors seen so far. Expand the nearest of them that is not expanded yet, and stop when all are.
    """
    best, seen, expanded = [start], {start}, set[int]()
    while waiting := [number for number in best if number not in expanded]:
        expanded.add(waiting[0])
        new = [number for number in links[waiting[0]] if number not in seen]
        seen.update(new)
        ids = np.array(best + new)
        best = ids[search_flat(vectors[ids], query, ef)].tolist()
    return best[:k]


def search_filtered(vectors: Array, query: Array, k: int, allowed: Array) -> list[int]:
    """The k nearest ids among those where the Boolean array `allowed` is True; fewer if fewer are allowed."""
    ids = np.flatnonzero(allowed)
    return ids[search_flat(vectors[ids], query, k)].tolist()


def hnsw_bytes(count: int, d: int, m: int) -> int:
    """Bytes of an HNSW index of float32 vectors with up to 2M links of 4 bytes each in the bottom layer."""
    return count * (4 * d + 4 * 2 * m)
