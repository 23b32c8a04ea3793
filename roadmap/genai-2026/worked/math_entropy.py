"""The numbers of the note on likelihood, entropy and KL divergence."""

import math

import numpy as np


def entropy(p, q=None, base=2.0):
    """Entropy of p, or the cross-entropy of p under q, in bits unless another base is named."""
    p, q = np.asarray(p), np.asarray(p if q is None else q)
    keep = p > 0
    return float(-(p[keep] * np.log(q[keep])).sum() / math.log(base))


def kl(p, q):
    """KL divergence in bits."""
    return entropy(p, q) - entropy(p)


def coin(points=101):
    """Chances of heads and the entropy of the coin in bits."""
    chances = np.linspace(0, 1, points)
    return chances, np.array([entropy([c, 1 - c]) for c in chances])


def log_likelihood(p, heads, tails):
    return heads * np.log(p) + tails * np.log(1 - p)


grid = np.linspace(0.001, 0.999, 999)
assert np.isclose(grid[log_likelihood(grid, 7, 3).argmax()], 0.7)
assert round(math.log(0.7), 3) == -0.357 and round(math.log(0.3), 3) == -1.204
assert round(log_likelihood(0.7, 7, 3), 2) == -6.11 and round(10 * math.log(0.5), 2) == -6.93
assert np.isclose(grid[log_likelihood(grid, 8, 4).argmax()], 0.667, atol=1e-3)  # Beta(2, 2) prior
assert np.isclose(grid[log_likelihood(grid, 4, 1).argmax()], 0.8) and 4 / 5 == 0.8 and round(8 / 12, 3) == 0.667
draws = np.random.default_rng(0).normal(size=(100_000, 5))
assert np.isclose(draws.var(axis=1).mean(), 4 / 5, atol=0.01)  # (n - 1) / n for n = 5

assert 0.1**1000 == 0.0 and round(math.log(0.1), 4) == -2.3026
assert round(1_000 * math.log(0.1), 1) == -2_302.6

p, q = [0.5, 0.25, 0.25], [0.25, 0.25, 0.5]
assert (entropy(p), entropy(p, q), kl(p, q)) == (1.5, 1.75, 0.25)
assert coin()[1].max() == 1 and coin()[1][0] == coin()[1][-1] == 0
assert np.isclose(entropy([0.25] * 4), 2) and entropy([1.0, 0.0]) == 0
assert round(-math.log(0.8), 3) == 0.223 and round(-math.log(0.01), 3) == 4.605
fair, bent = [0.5, 0.5], [0.9, 0.1]
assert round(kl(fair, bent), 3) == 0.737 and round(kl(bent, fair), 3) == 0.531

assert round(math.exp(2.0), 3) == 7.389
assert np.isclose(math.exp(entropy([1 / 50_000] * 50_000, base=math.e)), 50_000)
assert round(1 / math.log(2), 4) == 1.4427 and round(2.0 / math.log(2), 3) == 2.885
assert np.isclose(2 ** entropy(p), math.exp(entropy(p, base=math.e)))

twice = np.exp([1, 0, 0, 0]) / np.exp([1, 0, 0, 0]).sum()
assert twice.round(3).tolist() == [0.475, 0.175, 0.175, 0.175]
assert round(-math.log(twice[0]), 3) == 0.744 > 0.74

# Check yourself
assert 3 / 5 == 0.6 and round(3 * math.log(0.6) + 2 * math.log(0.4), 2) == -3.37
assert round(5 * math.log(0.5), 2) == -3.47
assert round(-math.log2(0.75), 3) == 0.415
bits = 0.25 * 2 - 0.75 * math.log2(0.75)
assert round(bits, 2) == 0.81 and round(1 - 0.81, 2) == 0.19
assert round(math.exp(3.0), 2) == 20.09 and round(20.09, 1) == 20.1
top = 1 / (1 + math.exp(-1))
assert (round(top, 3), round(1 - top, 3), round(-math.log(top), 3)) == (0.731, 0.269, 0.313)
