"""The numbers of the note on neural networks."""

import math
from itertools import pairwise

import numpy as np


def dense(inputs: int, outputs: int) -> int:
    """Return how many parameters a dense layer has."""
    return inputs * outputs + outputs


def perceptron(*widths: int) -> int:
    """Return how many parameters a stack of dense layers has."""
    return sum(dense(a, b) for a, b in pairwise(widths))


def convolution(kernel: int, channels_in: int, channels_out: int) -> int:
    """Return how many parameters a convolution with bias has."""
    return (kernel * kernel * channels_in + 1) * channels_out


def relu(z: np.ndarray) -> np.ndarray:
    """Return the positive part."""
    return np.maximum(z, 0)


def softmax(z: np.ndarray) -> np.ndarray:
    """Return probabilities along the last axis."""
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


hidden = relu(np.array([1, 2]) @ np.array([[1, -1], [1, 1]]) + np.array([0, -3]))
assert hidden.tolist() == [3, 0]
assert (hidden @ np.array([[2], [5]]) + 1).item() == 7

assert perceptron(3, 4, 2) == 26
assert perceptron(64, 32, 10) == 2_410
assert perceptron(784, 128, 10) == 101_770
assert 2_410 * 4 == 9_640
assert round(50_000 / 128, 1) == 390.6
assert math.ceil(50_000 / 128) == 391
assert 10 * 391 == 3_910
assert math.ceil(50_000 / 256) == 196
assert convolution(3, 3, 16) == 448
assert (32 + 2 * 1 - 3) // 1 + 1 == 32
assert dense(32 * 32 * 3, 32 * 32 * 16) == 50_348_032

rng = np.random.default_rng(0)
X = rng.normal(size=(5, 64))
W1, b1 = rng.normal(size=(64, 32)), rng.normal(size=32)
W2, b2 = rng.normal(size=(32, 10)), rng.normal(size=10)
assert np.allclose((X @ W1 + b1) @ W2 + b2, X @ (W1 @ W2) + (b1 @ W2 + b2))

pairs = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
assert (relu(pairs.sum(1)) - 2 * relu(pairs.sum(1) - 1)).tolist() == [0, 1, 1, 0]

logits = np.array([2.0, 1.0, 0.1])
assert np.exp(logits).round(3).tolist() == [7.389, 2.718, 1.105]
assert round(np.exp(logits).sum(), 3) == 11.213
assert softmax(logits).round(3).tolist() == [0.659, 0.242, 0.099]
assert round(-math.log(softmax(logits)[0]), 3) == 0.417
assert round(math.log(10), 2) == 2.30
assert round(-math.log(softmax(np.eye(10)[0])[0]), 2) == 1.46  # softmax twice, at best

small = relu(X @ (W1 * 0.01)) @ (W2 * 0.01)  # small random weights
assert abs(-np.log(softmax(small)[:, 3]).mean() - math.log(10)) < 0.05

# cited: tables of about 10,000 rows (Grinsztajn et al. 2022)
# cited: 56 layers worse than 20, on the training data too (He et al. 2015)

# the answers to Check yourself
assert (20 * 50 + 50, 50 * 3 + 3, 1_050 + 153) == (1_050, 153, 1_203)
assert (round(math.log(100), 3), round(math.log(100), 2)) == (4.605, 4.61)

# Check yourself
assert 30 * 40 + 40 == 1_240 and 40 * 5 + 5 == 205 and 1_240 + 205 == 1_445
assert (3 * 3 * 8 + 1) * 16 == 1_168
