"""Sinusoidal, rotary and linear-bias positions, and the table that compares them."""

import csv
import math
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
    """How much the order of the tokens matters to `attend`."""
    return float(np.abs(attend(x[order] + positions) - attend(x + positions)[order]).max())


def sinusoidal(positions: Array, d: int) -> Array:
    """Vectors (n, d): entry 2i is sin(p / 10000^(2i/d)), entry 2i + 1 the cosine of the same angle."""
    angles = positions[:, None] * 10_000.0 ** (-np.arange(0, d, 2) / d)
    return np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape(len(positions), d)


def rope(x: Array, positions: Array, base: float = 10_000.0, scale: float = 1.0) -> Array:
    """x (n, d) with pair i of each row turned by the angle scale * position * base^(-2i/d)."""
    d = x.shape[1]
    a = scale * positions[:, None] * base ** (-np.arange(0, d, 2) / d)
    u, v = x[:, 0::2], x[:, 1::2]
    turned = np.stack([u * np.cos(a) - v * np.sin(a), u * np.sin(a) + v * np.cos(a)], axis=-1)
    return turned.reshape(x.shape)


def alibi_slopes(heads: int) -> Array:
    """The slope of each head: 2^(-8/heads), its square, its cube and so on; 1/2 to 1/256 for 8 heads."""
    return 2.0 ** (-8 * np.arange(1, heads + 1) / heads)


def alibi_bias(heads: int, n: int) -> Array:
    """What is added to the scores, (heads, n, n): minus slope times distance, minus infinity for later keys."""
    distance = np.arange(n)[:, None] - np.arange(n)
    bias = -alibi_slopes(heads)[:, None, None] * distance
    return np.where(distance < 0, -np.inf, bias)


def look_up(table: Array, positions: Array) -> Array:
    """The rows of a learned table; ValueError naming the first position that the table doesn't have."""
    for position in positions:
        if position >= len(table):
            raise ValueError(f"The table ends at position {len(table) - 1}, so position {position} has no vector.")
    return table[positions]


def read_losses(path: Path) -> dict[tuple[str, int], float]:
    """The losses of a CSV file with the columns scheme, length and loss, by scheme and length."""
    losses: dict[tuple[str, int], float] = {}
    with path.open(newline="") as file:
        for row in csv.DictReader(file):
            key, loss = (row["scheme"], int(row["length"])), float(row["loss"])
            if key in losses:
                raise ValueError(f"{key[0]} at length {key[1]} appears twice.")
            if not (loss > 0 and math.isfinite(loss)):
                raise ValueError(f"{key[0]} at length {key[1]} has the loss {loss}.")
            losses[key] = loss
    for scheme in SCHEMES:
        for length in LENGTHS:
            if (scheme, length) not in losses:
                raise ValueError(f"{scheme} at length {length} is missing.")
    return losses
