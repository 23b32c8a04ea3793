"""The numbers of the note on attention."""

import math

import numpy as np


def softmax(scores):
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def attention(q, k, v):
    """Return the output and the weights of scaled dot-product attention."""
    w = softmax(q @ k.T / np.sqrt(k.shape[-1]))
    return w @ v, w


def it_and_trophy(scale=1.0):
    """Words that "it" looks at, raw dot products, scores, weights and the mixed value."""
    words = ("trophy", "case", "fit")
    q = scale * np.array([[2.0, 0, 2, 0]])
    k = np.array([[1.0, 0, 1, 0], [0, 1, 1, 0], [0, 1, 0, 1]])
    v = np.array([[10.0, 0], [0, 10], [5, 5]])
    out, w = attention(q, k, v)
    return words, (q @ k.T)[0], (q @ k.T / 2)[0], w[0], out[0]


def largest_weight(width=512, keys=16, queries=1000):
    """Mean largest weight of random queries without and with the division by the root of the width."""
    rng = np.random.default_rng(0)
    scores = rng.normal(size=(queries, width)) @ rng.normal(size=(keys, width)).T
    unscaled, scaled = softmax(scores), softmax(scores / np.sqrt(width))
    return scores.std(), unscaled.max(axis=1).mean(), scaled.max(axis=1).mean()


def one_query(width=512, keys=16):
    """Weights of one random query without and with the division by the root of the width."""
    rng = np.random.default_rng(0)
    scores = rng.normal(size=width) @ rng.normal(size=(keys, width)).T
    return softmax(scores), softmax(scores / np.sqrt(width))


def score_bytes(tokens, heads, size=2):
    """Memory of one layer's stored attention scores for one sequence."""
    return tokens**2 * heads * size


def operations(tokens, width):
    """Operations of the scores with the weighted sum, and of the four projections."""
    return 4 * tokens**2 * width, 8 * tokens * width**2


_, dots, scores, weights, mixed = it_and_trophy()
assert dots.tolist() == [4, 2, 0] and scores.tolist() == [2, 1, 0]
assert weights.round(3).tolist() == [0.665, 0.245, 0.090] and np.isclose(weights.sum(), 1)
assert np.allclose(mixed, [7.10, 2.90], atol=0.005)
assert it_and_trophy(2)[3].round(3).tolist() == [0.867, 0.117, 0.016]

spread, unscaled, scaled = largest_weight()
assert abs(spread - np.sqrt(512)) < 0.3 and round(np.sqrt(512), 1) == 22.6
assert round(unscaled, 2) == 0.95 and round(scaled, 2) == 0.25

assert [round(w.max(), 2) for w in one_query()] == [1.00, 0.27]  # one of the thousand

rng = np.random.default_rng(0)
for keys, width, agree in ((3, 3, True), (5, 3, False)):
    q, k = rng.normal(size=(2, width)), rng.normal(size=(keys, width))
    wrong = softmax(q @ k.T / np.sqrt(len(k)))  # the number of keys instead of their length
    assert np.allclose(wrong, attention(q, k, k)[1]) == agree

assert (10_000 / 1_000) ** 2 == 100
assert round(score_bytes(8192, 32) / 1e9, 2) == 4.29
assert score_bytes(4096, 32) * 4 == score_bytes(8192, 32)
quadratic, projections = operations(8_192, 4_096)
assert quadratic == projections and 8_192 == 2 * 4_096

# cited: 28.4 BLEU, 65 million parameters (Vaswani et al. 2017)

# the answers to Check yourself
assert (round(math.e**2, 3), round(math.e, 3), round(math.e**2 + math.e + 1, 3)) == (7.389, 2.718, 11.107)

# Check yourself
three = [math.exp(1), 1, 1]
assert round(sum(three), 3) == 4.718 and [round(x / sum(three), 3) for x in three] == [0.576, 0.212, 0.212]
assert 400**0.5 == 20 and 2 * 2_048 == 4_096
