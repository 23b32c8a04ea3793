"""Write exact search, an IVF index, a search along a graph and metadata filters, and measure recall at 10.

Vectors have length 1, so the nearest vector is the one with the largest dot product. An id is a row number.
The checks use clustered random vectors; use the same functions next to FAISS on your own sentences.
It takes about two hours.

Check it: python check.py rag-vector-databases
"""

from collections.abc import Sequence

import numpy as np

Array = np.ndarray


def normalise(vectors: Array) -> Array:
    """The rows, scaled to length 1; a row of zeros stays."""
    raise NotImplementedError("divide each row by its length, but not by 0")


def search_flat(vectors: Array, query: Array, k: int) -> list[int]:
    """The ids of the k nearest vectors, nearest first."""
    raise NotImplementedError("one matrix product, then the largest scores")


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
    raise NotImplementedError("the nearest centre of each vector")


def search_ivf(
    vectors: Array, centres: Array, lists: Sequence[Array], query: Array, k: int, nprobe: int
) -> tuple[list[int], int]:
    """The ids of the k nearest vectors in the nprobe nearest clusters, and the number of comparisons.

    Comparisons count the centres and the vectors that were looked at. Missing neighbours have the id -1.
    """
    raise NotImplementedError("rank the centres, gather their lists, rank those vectors, fill up with -1")


def recall_at(exact: Sequence[int], answer: Sequence[int]) -> float:
    """The share of the exact ids that the answer has; the order doesn't matter, and -1 is no id."""
    raise NotImplementedError("a set of each")


def link_neighbours(vectors: Array, m: int) -> list[list[int]]:
    """For each vector the ids of its m nearest other vectors, and each link also the other way round."""
    raise NotImplementedError("exact neighbours without the vector itself, then the links back")


def search_graph(
    vectors: Array, links: Sequence[Sequence[int]], query: Array, k: int, ef: int, start: int
) -> list[int]:
    """The k nearest ids found by walking along the links, as in the bottom layer of HNSW.

    Keep the ef nearest vectors seen so far. Expand the nearest of them that is not expanded yet, and stop when all are.
    """
    raise NotImplementedError("a list of candidates, a set of seen ids and a set of expanded ids")


def search_filtered(vectors: Array, query: Array, k: int, allowed: Array) -> list[int]:
    """The k nearest ids among those where the Boolean array `allowed` is True; fewer if fewer are allowed."""
    raise NotImplementedError("filter before you rank")


def hnsw_bytes(count: int, d: int, m: int) -> int:
    """Bytes of an HNSW index of float32 vectors with up to 2M links of 4 bytes each in the bottom layer."""
    raise NotImplementedError("numbers and links of each vector")
