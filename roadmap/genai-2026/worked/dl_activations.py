"""The numbers of the note on activation functions."""

import math
from collections.abc import Callable

import numpy as np


def sigmoid(z: float) -> float:
    """Return the logistic function."""
    return 1 / (1 + math.exp(-z))


def normal_below(z: float) -> float:
    """Return the probability that a standard normal variable is at most z."""
    return 0.5 * (1 + math.erf(z / math.sqrt(2)))


def relu(z: float) -> float:
    """Return the positive part."""
    return max(0.0, z)


def gelu(z: float) -> float:
    """Return the Gaussian error linear unit."""
    return z * normal_below(z)


def silu(z: float) -> float:
    """Return the sigmoid linear unit, Swish."""
    return z * sigmoid(z)


def slope(f: Callable[[float], float], z: float) -> float:
    """Return the slope by central differences."""
    return (f(z + 1e-6) - f(z - 1e-6)) / 2e-6


def spread(f: Callable[[np.ndarray], np.ndarray], variance: float, layers: int = 20, width: int = 100) -> float:
    """Return how far examples still differ after random layers."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(200, width))
    for _ in range(layers):
        x = f(x @ rng.normal(scale=variance**0.5, size=(width, width)))
    return float(x.std(axis=0).mean())


assert round(slope(sigmoid, 0), 4) == 0.25 == 0.5 * 0.5
assert round(slope(math.tanh, 0), 4) == 1.0
assert math.isclose(math.tanh(0.7), 2 * sigmoid(1.4) - 1)
assert round(sigmoid(5), 4) == 0.9933
assert round(slope(sigmoid, 5), 4) == 0.0066
assert round(sigmoid(10) * (1 - sigmoid(10)), 6) == 0.000045
assert 0.25**10 < 1e-6

assert [round(gelu(z), 4) for z in (1, -1)] == [0.8413, -0.1587]
assert [round(silu(z), 4) for z in (1, -1)] == [0.7311, -0.2689]
assert [round(slope(gelu, z), 3) for z in (0, 1)] == [0.5, 1.083]
assert [round(slope(silu, z), 3) for z in (0, 1)] == [0.5, 0.928]
assert slope(gelu, -2) < 0
assert slope(silu, -3) < 0
assert slope(silu, 3) > 1
for z in (-2.0, 0.3, 1.5):
    density = math.exp(-z * z / 2) / math.sqrt(2 * math.pi)
    s = sigmoid(z)
    assert abs(slope(gelu, z) - (normal_below(z) + z * density)) < 1e-8
    assert abs(slope(silu, z) - (s + z * s * (1 - s))) < 1e-8

grid = np.linspace(-3, 3, 6001)
g, s_ = np.array([gelu(z) for z in grid]), np.array([silu(z) for z in grid])
assert round(g.min(), 3) == -0.170
assert round(g.min(), 2) == -0.17
assert round(grid[g.argmin()], 2) == -0.75
assert round(s_.min(), 3) == -0.278
assert round(s_.min(), 2) == -0.28
assert round(grid[s_.argmin()], 2) == -1.28
assert round(max(slope(gelu, z) for z in grid), 2) == 1.13
assert round(max(slope(silu, z) for z in grid), 2) == 1.10
approximate = 0.5 * grid * (1 + np.tanh(np.sqrt(2 / np.pi) * (grid + 0.044715 * grid**3)))
assert np.abs(approximate - g).max() < 0.001

assert 2 * 768 * 3_072 == 3 * 768 * 2_048 == 4_718_592
assert spread(lambda z: 1 / (1 + np.exp(-z)), 1 / 100) < 1e-6
assert spread(lambda z: np.maximum(z, 0), 2 / 100) > 0.01
assert round(math.log(2), 3) == 0.693

# the answers to Check yourself
assert 1_536 * 2 / 3 == 1_024 and 2 * 1_536 == 3 * 1_024
