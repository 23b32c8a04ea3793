"""Compute all Euclidean distances between two sets of points in three ways, and compare seconds and peak megabytes.

A has shape (n, d) and B has shape (m, d); each function returns an array of shape (n, m). `measure` gives the two
numbers of one table row. Run this file for 1,000 and 800 points in 64 dimensions, and write down why the rows differ.

It takes about 75 minutes.
Check it: python check.py py-numpy
"""

import time
import tracemalloc
from collections.abc import Callable

import numpy as np


def loop_distances(A: np.ndarray, B: np.ndarray) -> np.ndarray:
    """Distances of shape (n, m) by two nested loops over the points."""
    distances = np.empty((len(A), len(B)))
    for i, a in enumerate(A):
        for j, b in enumerate(B):
            distances[i, j] = np.sqrt(((a - b) ** 2).sum())
    return distances


def broadcast_distances(A: np.ndarray, B: np.ndarray) -> np.ndarray:
    """Distances of shape (n, m) by one array of differences of shape (n, m, d)."""
    differences = A[:, None, :] - B[None, :, :]
    return np.sqrt((differences**2).sum(axis=2))


def identity_distances(A: np.ndarray, B: np.ndarray) -> np.ndarray:
    """Distances of shape (n, m) by |a|² + |b|² - 2a·b under the root; rounding below 0 counts as 0."""
    squares = (A**2).sum(axis=1)[:, None] + (B**2).sum(axis=1)[None, :] - 2 * A @ B.T
    return np.sqrt(np.maximum(squares, 0))


def measure(function: Callable[..., object], *arguments: object) -> tuple[float, float]:
    """Seconds of one call, and the peak megabytes (1e6 bytes) of a second call under tracemalloc.

    Two calls, because tracemalloc slows down what it watches.
    """
    start = time.perf_counter()
    function(*arguments)
    seconds = time.perf_counter() - start
    tracemalloc.start()
    function(*arguments)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return seconds, peak / 1e6


if __name__ == "__main__":
    rng = np.random.default_rng(0)
    points, others = rng.normal(size=(1000, 64)), rng.normal(size=(800, 64))
    for way in (loop_distances, broadcast_distances, identity_distances):
        seconds, megabytes = measure(way, points, others)
        print(f"{way.__name__:22} {seconds:8.3f} s {megabytes:8.1f} MB")
