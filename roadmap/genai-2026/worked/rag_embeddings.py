"""The numbers of the note on embeddings: cosine, pooling, InfoNCE, memory and the cost of a corpus."""

import math

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]


def cosine(x: Vector, y: Vector) -> float:
    """The cosine of the angle between two vectors."""
    return float(x @ y / np.linalg.norm(x) / np.linalg.norm(y))


def info_nce(similarities: list[float], temperature: float) -> float:
    """The loss of a question whose first candidate is the right one."""
    scaled = np.array(similarities) / temperature
    return float(-np.log(np.exp(scaled[0]) / np.exp(scaled).sum()))


def memory_gb(vectors: int, dimensions: int, bytes_each: float) -> float:
    """What the bare vectors take, in thousands of millions of bytes."""
    return vectors * dimensions * bytes_each / 1e9


A, B, D = (np.array(v, dtype=np.float64) for v in ([1, 2, 2], [2, 1, 2], [6, 0, 3]))
assert 1 * 2 + 2 * 1 + 2 * 2 == A @ B == 8
assert np.linalg.norm(A) == np.linalg.norm(B) == 3
assert round(cosine(A, B), 3) == 0.889
assert A @ D == 12
assert round(cosine(A, D), 3) == 0.596
GAP = np.linalg.norm(A / 3 - B / 3) ** 2
assert np.isclose(GAP, 2 - 2 * cosine(A, B))
assert round(GAP, 3) == 0.222

TOKENS, MASK = np.array([[1, 0], [3, 2], [5, 5.0]]), np.array([1, 1, 0])
assert np.allclose((TOKENS * MASK[:, None]).sum(0) / MASK.sum(), [2, 1])
assert np.allclose(TOKENS.mean(0), [3, 2.33], atol=5e-3)

assert round(info_nce([0.8, 0.6, 0.2], 0.05), 3) == 0.018
assert round(info_nce([0.8, 0.6, 0.2], 0.5), 3) == 0.679

assert round(memory_gb(1_000_000, 768, 4), 2) == 3.07
assert round(memory_gb(1_000_000, 768, 1), 2) == 0.77
assert round(memory_gb(1_000_000, 384, 4), 2) == 1.54
assert np.isclose(memory_gb(1_000_000, 768, 1 / 8), 96 / 1000)

CORPUS = 40_000 * 500
EMBEDDED = CORPUS * 400 / (400 - 50)
assert CORPUS == 20_000_000
assert (round(EMBEDDED / 1e6, 1), round(EMBEDDED / 1e6, 3)) == (22.9, 22.857)
assert round(EMBEDDED / 1e6 * 0.10, 2) == 2.29
assert round(EMBEDDED / 5_000) == 4_571
assert round(EMBEDDED / 5_000 / 60) == 76

# the answers to Check yourself
assert 1_000_000 * 768 * 4 == 3_072_000_000

# Check yourself
e, f = np.array([2, 3, 6]), np.array([6, 2, 3])
assert e @ f == 36 and round(e @ f / 49, 3) == 0.735
assert 500_000 * 1_024 * 4 == 2_048_000_000 and round(2_048_000_000 / 1e9, 2) == 2.05
loss = [round(math.log(1 + math.exp(-(0.9 - 0.7) / t)), 3) for t in (1, 0.1)]
assert loss == [0.598, 0.127]
assert 300 / 240 == 1.25 and 6 * 1.25 == 7.5
