"""Write sinusoidal, rotary (RoPE) and linear-bias (ALiBi) positions, and show why a learned table ends.

Positions count from 0. RoPE turns neighbouring entries (0 and 1, 2 and 3, ...) as pairs.
When you have trained your three models, put their nine losses into a CSV file that `read_losses` accepts.
The functions take about 90 minutes.

Check it: python check.py tf-positions
"""

from pathlib import Path

import numpy as np

Array = np.ndarray

SCHEMES = ("sinusoidal", "rope", "alibi")
LENGTHS = (128, 256, 512)


def attend(x: Array) -> Array:
    """Self-attention without mask and positions, for token vectors x (n, d)."""
    scores = x @ x.T / np.sqrt(x.shape[1])
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True) @ x


def order_effect(x: Array, positions: Array, order: Array) -> float:
    """How much the order of the tokens matters to `attend`.

    It is the largest difference between the outputs for shuffled tokens and the shuffled outputs, when `positions`
    (n, d), which stay in their places, are added to the tokens first.
    """
    raise NotImplementedError("attend(x[order] + positions) against attend(x + positions)[order]")


def sinusoidal(positions: Array, d: int) -> Array:
    """Vectors (n, d): entry 2i is sin(p / 10000^(2i/d)), entry 2i + 1 the cosine of the same angle."""
    raise NotImplementedError("an angle for each position and pair; sines and cosines take turns")


def rope(x: Array, positions: Array, base: float = 10_000.0, scale: float = 1.0) -> Array:
    """x (n, d) with pair i of each row turned by the angle scale * position * base^(-2i/d)."""
    raise NotImplementedError("(u cos a - v sin a, u sin a + v cos a) for each pair (u, v)")


def alibi_slopes(heads: int) -> Array:
    """The slope of each head: 2^(-8/heads), its square, its cube and so on; 1/2 to 1/256 for 8 heads."""
    raise NotImplementedError("powers of two")


def alibi_bias(heads: int, n: int) -> Array:
    """What is added to the scores, (heads, n, n): minus slope times distance, minus infinity for later keys."""
    raise NotImplementedError("distance of each query to each key, then the slopes")


def look_up(table: Array, positions: Array) -> Array:
    """The rows of a learned table; ValueError naming the first position that the table doesn't have."""
    raise NotImplementedError("compare the positions with the number of rows")


def read_losses(path: Path) -> dict[tuple[str, int], float]:
    """The losses of a CSV file with the columns scheme, length and loss, by scheme and length.

    ValueError if one of the nine is missing, appears twice or is no positive number; its sentence names both keys.
    """
    raise NotImplementedError("csv.DictReader, then look for each of SCHEMES and LENGTHS")
