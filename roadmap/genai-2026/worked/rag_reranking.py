"""The numbers of the note on reranking: time per pair, MaxSim, MMR, checked quotes and the order of passages."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def mmr(relevance: Floats, similarity: Floats, n: int, lam: float) -> list[int]:
    """Pick n passages, weighing relevance against likeness to those already picked."""
    chosen = [int(np.argmax(relevance))]
    while len(chosen) < n:
        score = lam * relevance - (1 - lam) * similarity[:, chosen].max(axis=1)
        score[chosen] = -np.inf
        chosen.append(int(np.argmax(score)))
    return chosen


def ends_first(ranked: list[int]) -> list[int]:
    """Best passages at both ends, weakest in the middle."""
    return ranked[::2] + ranked[1::2][::-1]


assert round(50 * 0.005, 2) == 0.25
assert 100_000 * 0.005 == 500

PAIRS = np.array([[0.9, 0.2, 0.1], [0.3, 0.8, 0.4]])
assert np.isclose(PAIRS.max(axis=1).sum(), 1.7)
assert 200 * 128 * 2 == 51_200
assert 768 * 4 == 3_072
assert round(51_200 / 3_072) == 17

RELEVANCE = np.array([0.9, 0.85, 0.7])
LIKENESS = np.array([[1, 0.95, 0.2], [0.95, 1, 0.3], [0.2, 0.3, 1]])
assert np.allclose(0.5 * RELEVANCE[1:], [0.425, 0.35])
assert np.allclose(0.5 * LIKENESS[0, 1:], [0.475, 0.10])
assert np.allclose(0.5 * RELEVANCE[1:] - 0.5 * LIKENESS[0, 1:], [-0.05, 0.25])
assert np.allclose(0.9 * RELEVANCE[1:] - 0.1 * LIKENESS[0, 1:], [0.67, 0.61])
assert mmr(RELEVANCE, LIKENESS, 2, 0.5) == [0, 2]
assert mmr(RELEVANCE, LIKENESS, 2, 0.9) == [0, 1]

assert ends_first([1, 2, 3, 4, 5]) == [1, 3, 5, 4, 2]

# Check yourself
assert round(max(0.7, 0.4, 0.6) + max(0.2, 0.5, 0.3), 1) == 1.2
assert round(0.6 * 0.8 - 0.4 * 0.9, 2) == 0.12 and round(0.6 * 0.6 - 0.4 * 0.1, 2) == 0.32
