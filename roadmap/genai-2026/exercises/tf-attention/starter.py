"""Write scaled dot-product attention with an optional mask, and see what the scaling is for.

Queries have the shape (..., n, d_k), keys (..., m, d_k) and values (..., m, d_v); "..." stands for any batch axes.
In a mask, True means that the query may see the key. If you have PyTorch, compare your function with
`torch.nn.functional.scaled_dot_product_attention` as well. It takes about 75 minutes.

Check it: python check.py tf-attention
"""

import numpy as np

Array = np.ndarray


def softmax(scores: Array) -> Array:
    """Positive weights that sum to 1 over the last axis; large scores must not overflow."""
    raise NotImplementedError("subtract the largest score of each row before the exponential")


def attend(q: Array, k: Array, v: Array, mask: Array | None = None, scaled: bool = True) -> tuple[Array, Array]:
    """The output (..., n, d_v) and the weights (..., n, m).

    A query that may see no key gets weights and an output of zeros. `scaled=False` leaves out the division.
    """
    raise NotImplementedError("scores, division, mask, softmax, weighted average")


def mean_largest_weight(d_k: int, scaled: bool, rng: np.random.Generator, keys: int = 16, queries: int = 500) -> float:
    """The largest weight of a query, averaged over random normal queries that share random normal keys."""
    raise NotImplementedError("draw queries and keys, attend, take the largest weight of each row")


def score_bytes(tokens: int, heads: int, size: int) -> int:
    """Bytes of the attention scores of one layer and one sequence, with `size` bytes per score."""
    raise NotImplementedError("one score for each pair of tokens and each head")


def count_operations(tokens: int, d: int) -> tuple[int, int]:
    """Operations of one layer: scores with weighted sum, and the four projections.

    A product of an (a, b) and a (b, c) matrix counts as 2 * a * b * c operations.
    """
    raise NotImplementedError("two products of each n by d size for the first, four d by d projections for the second")
