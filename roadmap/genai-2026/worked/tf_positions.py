"""The numbers of the note on positional encodings."""

import math

import numpy as np


def sinusoidal(p, d):
    f = 10_000.0 ** (-np.arange(0, d, 2) / d)
    return np.stack([np.sin(p * f), np.cos(p * f)], axis=-1).ravel()


def rope(x, m, theta):
    """Turn each pair of neighbouring entries by its angle times the position."""
    a = m * np.asarray(theta)
    u, v = x[0::2], x[1::2]
    return np.stack([u * np.cos(a) - v * np.sin(a), u * np.sin(a) + v * np.cos(a)], -1).ravel()


def turned(query_at, key_at, degrees=30):
    """The turned query (2, 0) and key (1, 1) of the worked example, and their score."""
    theta = [np.radians(degrees)]
    q, k = rope(np.array([2.0, 0]), query_at, theta), rope(np.array([1.0, 1]), key_at, theta)
    return q, k, q @ k


def alibi_weights(tokens=4, slope=0.5):
    """Weights of a token with equal content scores, itself first."""
    w = np.exp(-slope * np.arange(tokens))
    return w / w.sum()


def attend(x):
    """Self-attention without positions or mask."""
    s = np.exp(x @ x.T)
    return s / s.sum(axis=1, keepdims=True) @ x


assert sinusoidal(3, 4).round(3).tolist() == [0.141, -0.990, 0.030, 1.000]
assert np.allclose(sinusoidal(3, 4), [np.sin(3), np.cos(3), np.sin(0.03), np.cos(0.03)])
assert round(sinusoidal(3, 4) @ sinusoidal(5, 4), 3) == 0.584
assert round(sinusoidal(100, 4) @ sinusoidal(102, 4), 3) == 0.584
assert 512 * 768 == 393_216

q, k, score = turned(3, 1)
assert np.allclose(q, [0, 2]) and np.allclose(k, [0.366, 1.366], atol=1e-3) and round(score, 3) == 2.732
q, k, score = turned(53, 51)
assert np.allclose(q, [-1.732, 1], atol=1e-3) and np.allclose(k, [-1, 1]) and round(score, 3) == 2.732
assert 53 * 30 == 1_590 and 51 * 30 == 1_530
assert np.isclose(turned(7, 7)[2], 2) and round(turned(1, 3)[2], 3) == -0.732

theta = 10_000.0 ** (-np.arange(0, 8, 2) / 8)
assert np.allclose(theta, [1, 0.1, 0.01, 0.001])
rng = np.random.default_rng(0)
q8, k8 = rng.normal(size=8), rng.normal(size=8)
one, two = (rope(q8, 9 + s, theta) @ rope(k8, 4 + s, theta) for s in (0, 50))
assert abs(one - two) < 1e-4
assert np.isclose(np.linalg.norm(rope(q8, 9, theta)), np.linalg.norm(q8))

assert alibi_weights().round(3).tolist() == [0.455, 0.276, 0.167, 0.102]
assert (0.5 * np.arange(4)).tolist() == [0, 0.5, 1, 1.5]
assert [2.0 ** -(i + 1) for i in range(8)][::7] == [1 / 2, 1 / 256]
assert 2_048 / 8_192 == 0.25 and 6_000 * 0.25 == 1_500

x, order = rng.normal(size=(5, 3)), [3, 0, 4, 1, 2]
assert np.allclose(attend(x[order]), attend(x)[order])  # permutation equivariance

# cited: GPT-2 has 1,024 learned positions; base 500,000 (Llama 3, Grattafiori et al. 2024)

# the answers to Check yourself
exponentials = [round(math.exp(-distance / 2), 3) for distance in range(4)]
assert exponentials == [1, 0.607, 0.368, 0.223]
assert abs(sum(exponentials) - 2.197) < 0.002

# Check yourself
half_turn = math.radians(3 * 60)
rotated = (2 * math.cos(half_turn), 2 * math.sin(half_turn))
assert round(rotated[0] * 1 + rotated[1] * 4, 9) == -2
fading = [math.exp(-distance) for distance in range(3)]
assert [round(x, 3) for x in fading] == [1, 0.368, 0.135] and round(sum(fading), 3) == 1.503
assert [round(x / sum(fading), 3) for x in fading] == [0.665, 0.245, 0.090]
assert 4_096 / 32_768 == 0.125 and 20_000 * 0.125 == 2_500
