"""Scaled dot-product attention with an optional mask."""

import numpy as np

Array = np.ndarray


def softmax(scores: Array) -> Array:
    """Positive weights that sum to 1 over the last axis; large scores must not overflow."""
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def attend(q: Array, k: Array, v: Array, mask: Array | None = None, scaled: bool = True) -> tuple[Array, Array]:
    """The output (..., n, d_v) and the weights (..., n, m)."""
    scores = q @ np.swapaxes(k, -1, -2)
    if scaled:
        scores = scores / np.sqrt(q.shape[-1])
    if mask is None:
        weights = softmax(scores)
    else:
        mask = np.broadcast_to(mask, scores.shape)
        blind = ~mask.any(axis=-1, keepdims=True)
        weights = softmax(np.where(mask | blind, scores, -np.inf)) * ~blind
    return weights @ v, weights


def mean_largest_weight(d_k: int, scaled: bool, rng: np.random.Generator, keys: int = 16, queries: int = 500) -> float:
    """The largest weight of a query, averaged over random normal queries that share random normal keys."""
    q, k = rng.normal(size=(queries, d_k)), rng.normal(size=(keys, d_k))
    return float(attend(q, k, k, scaled=scaled)[1].max(axis=-1).mean())


def score_bytes(tokens: int, heads: int, size: int) -> int:
    """Bytes of the attention scores of one layer and one sequence, with `size` bytes per score."""
    return tokens**2 * heads * size


def count_operations(tokens: int, d: int) -> tuple[int, int]:
    """Operations of one layer: scores with weighted sum, and the four projections."""
    return 4 * tokens**2 * d, 8 * tokens * d**2
