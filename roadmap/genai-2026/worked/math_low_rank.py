"""The numbers of the note on low-rank approximation."""

import numpy as np


def truncated(a, k):
    """The best approximation of rank k, and all singular values."""
    u, s, vt = np.linalg.svd(a, full_matrices=False)
    return u[:, :k] * s[:k] @ vt[:k], s


def energy(singular_values):
    """The share of the squared singular values that each rank keeps."""
    squares = np.asarray(singular_values, dtype=float) ** 2
    return squares.cumsum() / squares.sum()


def four_points():
    """Centred points, principal directions as rows, and the variances along them."""
    x = np.array([[2, 1], [1, 2], [-1, -2], [-2, -1]], dtype=float)
    _, s, vt = np.linalg.svd(x, full_matrices=False)
    return x, vt, s**2 / (len(x) - 1)


def stored(m, n, k):
    """Numbers in the two factors of a matrix of rank k."""
    return k * (m + n)


A = np.array([[3.0, 0.0], [4.0, 5.0]])
A1, s = truncated(A, 1)
assert np.allclose(s**2, [45, 5]) and np.isclose(np.sqrt(45 / 20), 1.5)
assert np.allclose(A1, [[1.5, 1.5], [4.5, 4.5]]) and np.allclose(A1, 1.5 * np.array([[1, 1], [3, 3]]))
assert np.allclose(A - A1, [[1.5, -1.5], [-0.5, 0.5]]) and np.isclose(((A - A1) ** 2).sum(), 5)
assert np.isclose(np.linalg.norm(A - A1, 2), s[1])  # spectral error

sv = np.array([10, 5, 2, 1])
assert (sv**2).tolist() == [100, 25, 4, 1] and (sv**2).sum() == 130
assert round(100 * energy(sv)[1], 1) == 96.2 and round(np.sqrt((sv[2:] ** 2).sum()), 3) == 2.236

assert 1_000 * 800 == 800_000 and stored(1_000, 800, 20) == 36_000
assert round(100 * 36_000 / 800_000, 1) == 4.5 and 444 < 800_000 / 1_800 < 445
assert 4_096 * 4_096 == 16_777_216 and stored(4_096, 4_096, 8) == 65_536
assert round(100 * 65_536 / 16_777_216, 2) == 0.39

X, directions, variances = four_points()
assert (X.mean(axis=0) == 0).all() and (X.T @ X).tolist() == [[10, 8], [8, 10]]
assert np.allclose(np.linalg.eigvalsh(X.T @ X), [2, 18])
assert variances.round(3).tolist() == [6, 0.667] and np.allclose(np.abs(directions[0]), 1 / np.sqrt(2))
assert np.isclose(variances[0] / variances.sum(), 0.9)
assert np.allclose(np.linalg.eigvalsh(np.cov(X.T))[::-1], variances)
assert 100 * energy(np.linalg.svd(X + 100, compute_uv=False))[0] > 99.9  # the mean, not the spread

M, y = np.array([[1, 1], [1, 2], [1, 3.0]]), np.array([1, 2, 2.0])
line = np.linalg.pinv(M) @ y
assert np.allclose(line, [2 / 3, 0.5]) and np.allclose(line, np.linalg.lstsq(M, y, rcond=None)[0])
assert np.allclose(energy(np.ones(10)), np.arange(1, 11) / 10)  # the identity cannot be compressed

# Check yourself
assert round(100 * 64 / 89, 1) == 71.9
assert 10 * (500 + 300) == 8_000 and 500 * 300 == 150_000 and round(100 * 8_000 / 150_000, 1) == 5.3
