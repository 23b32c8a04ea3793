"""The numbers of the note on normalisation layers."""

import numpy as np

EPS = 0.00001


def standardise(a: np.ndarray, axis: int, eps: float = EPS) -> np.ndarray:
    """Return the array with mean 0 and variance 1 along an axis."""
    return (a - a.mean(axis, keepdims=True)) / np.sqrt(a.var(axis, keepdims=True) + eps)


def rms(a: np.ndarray) -> np.ndarray:
    """Return each vector divided by its root mean square."""
    return a / np.sqrt((a**2).mean(-1, keepdims=True))


def running_mean(batch: float, steps: int, momentum: float = 0.1) -> float:
    """Return PyTorch's running mean after steps with one and the same batch mean, starting from 0."""
    mean = 0.0
    for _ in range(steps):
        mean = (1 - momentum) * mean + momentum * batch
    return mean


feature = np.array([2.0, 4, 4, 6])
assert (feature.mean(), feature.var()) == (4, 2)
assert round(np.sqrt(2), 3) == 1.414
assert np.allclose(standardise(feature, 0), [-1.414, 0, 0, 1.414], atol=1e-3)

x = np.array([1.0, 2, 3, 4])
assert (x.mean(), x.var()) == (2.5, 1.25)
assert ((x - 2.5) ** 2).tolist() == [2.25, 0.25, 0.25, 2.25]
assert round(np.sqrt(1.25), 3) == 1.118
assert np.allclose(standardise(x, 0), [-1.342, -0.447, 0.447, 1.342], atol=1e-3)
assert (x**2).mean() == 7.5
assert round(np.sqrt(7.5), 3) == 2.739
assert np.allclose(rms(x), [0.365, 0.730, 1.095, 1.461], atol=1e-3)

rng = np.random.default_rng(0)
X = 3 + 2 * rng.normal(size=(32, 10))
batch, layer = standardise(X, 0), standardise(X, 1)
assert np.allclose(batch.mean(0), 0)
assert np.allclose(batch.var(0), 1, atol=1e-3)
assert np.allclose(layer.mean(1), 0)
assert np.allclose(layer.var(1), 1, atol=1e-3)
assert not np.allclose(batch.mean(1), 0)
assert np.allclose(standardise(X[:1], 1), layer[:1])  # layer norm ignores the batch
assert np.allclose(standardise(X[:1], 0), 0)  # batch norm of one example: all zero

assert running_mean(5, 1) == 0.5
assert round(running_mean(5, 10), 2) == 3.26
assert round(1 - 0.1, 1) == 0.9

W, b = rng.normal(size=(10, 4)), rng.normal(size=4)
mu, var, gamma, beta = rng.normal(size=4), rng.uniform(1, 2, 4), rng.normal(size=4), rng.normal(size=4)
s = gamma / np.sqrt(var + EPS)
plain = gamma * (X @ W + b - mu) / np.sqrt(var + EPS) + beta
assert np.allclose(plain, X @ (W * s) + (b - mu) * s + beta)

# cited: batch sizes of 2 to 4 (Wu and He 2018)

# the answers to Check yourself
assert 0.9 * 0.5 + 0.1 * 5 == 0.95
assert (8 / 4, round(8 / 3, 3)) == (2, 2.667)

# Check yourself
numbers = (1, 1, 7, 7)
root = (sum(x * x for x in numbers) / 4) ** 0.5
assert root == 5 and [x / root for x in numbers] == [0.2, 0.2, 1.4, 1.4]
first = 0.9 * 0 + 0.1 * 8
assert round(first, 9) == 0.8 and round(0.9 * first + 0.1 * 8, 9) == 1.52
