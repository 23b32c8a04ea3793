"""The numbers of the note on vectors."""

import numpy as np


def cosine(a, b):
    return a @ b / (np.linalg.norm(a) * np.linalg.norm(b))


def unit(m):
    return m / np.linalg.norm(m, axis=-1, keepdims=True)


def two_arrows():
    """Two vectors, the projection of the first onto the second and the remainder."""
    a, b = np.array([3.0, 4.0]), np.array([4.0, 3.0])
    p = (a @ b) / (b @ b) * b
    return a, b, p, a - p


def three_measures():
    """A query, three candidates and their dot products, cosines and distances."""
    q = np.array([2.0, 1.0])
    docs = np.array([[10, 0], [1, 0.5], [2, 0.5]])
    return q, docs, docs @ q, unit(docs) @ unit(q), np.linalg.norm(docs - q, axis=1)


def random_cosines(width, pairs=1000):
    """The cosines between two crowds of random directions."""
    x = unit(np.random.default_rng(0).normal(size=(2 * pairs, width)))
    return x[:pairs] @ x[pairs:].T


a, b, p, rest = two_arrows()
assert a @ b == 24 and np.linalg.norm(a) == np.linalg.norm(b) == 5 and b @ b == 25
assert np.isclose(cosine(a, b), 0.96) and round(np.degrees(np.arccos(cosine(a, b)))) == 16
c, d = np.array([1, 2, 2]), np.array([2, 0, 1])
assert c @ d == 4 and np.linalg.norm(c) == 3 and round(np.sqrt(5), 3) == 2.236
assert round(cosine(c, d), 3) == 0.596

assert np.isclose((a @ b) / (b @ b), 0.96)
assert np.allclose(p, [3.84, 2.88]) and np.allclose(rest, [-0.84, 1.12])
assert np.isclose(np.linalg.norm(p), 4.8) and np.isclose(np.linalg.norm(rest), 1.4)
assert np.isclose(rest @ b, 0) and np.isclose(4.8**2 + 1.4**2, 25)

e = np.array([3.0, -4.0])
assert [np.linalg.norm(e, k) for k in (1, 2, np.inf)] == [7, 5, 4]
assert np.zeros((32, 3, 64, 64)).ndim == 4 and np.zeros(768).ndim == 1
assert (3 * np.array([1, 0]) + 4 * np.array([0, 1])).tolist() == [3, 4]
u, v = np.array([1.0, 0, 5]), np.array([2.0, 1, 0])
assert np.linalg.matrix_rank(np.c_[u, v]) == np.linalg.matrix_rank(np.c_[u, v, 2 * u + 3 * v]) == 2

q, docs, dots, cos, dist = three_measures()
assert dots.tolist() == [20.0, 2.5, 4.5] and dots.argmax() == 0
assert cos.argmax() == 1 and np.isclose(cos[1], 1)
assert dist.argmin() == 2 and dist[2] == 0.5
d2 = ((unit(docs) - unit(q)) ** 2).sum(axis=1)
assert np.allclose(d2, 2 - 2 * cos) and (np.argsort(d2) == np.argsort(-cos)).all()
assert np.isclose(2 * 0.96, 1.92) and round(np.sqrt(2 - 1.92), 3) == 0.283
assert np.isclose(np.linalg.norm(unit(a) - unit(b)), np.sqrt(2 - 1.92))

sims = random_cosines(768)
assert round(1 / np.sqrt(768), 3) == 0.036
assert abs(sims.mean()) < 0.001 and abs(sims.std() - 0.036) < 0.001 and np.abs(sims).max() < 0.3
# cited: unrelated texts share a cosine of 0.5 or more with some embedding models (their model cards)

# Check yourself
c, d = np.array([1, 2]), np.array([4, 3])
assert c @ d == 10 and round(np.linalg.norm(c) * np.linalg.norm(d), 2) == 11.18
assert round(c @ d / np.linalg.norm(c) / np.linalg.norm(d), 3) == 0.894
assert np.allclose(c @ d / (d @ d) * d, [1.6, 1.2])
query, long, short = np.array([1, 3]), np.array([0, 20]), np.array([0.5, 1.5])
assert query @ long == 60 and query @ short == 5 and np.allclose(short * 2, query)
assert 1 / 400**0.5 == 0.05
