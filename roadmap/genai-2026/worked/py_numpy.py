"""The numbers of the note on NumPy: memory, strides, shapes, the column that met a row, and the types of NumPy 2."""

import numpy as np


def refuses(a: tuple[int, ...], b: tuple[int, ...]) -> bool:
    """Whether two shapes cannot be broadcast together."""
    try:
        np.broadcast_shapes(a, b)
    except ValueError:
        return True
    return False


assert 1_000 * 1_000 * 4 == 4_000_000 == np.zeros((1_000, 1_000), np.float32).nbytes
assert np.zeros((1_000, 1_000), np.float64).nbytes == 8_000_000

A = np.arange(12, dtype=np.float64).reshape(3, 4)
assert A.strides == (32, 8)
assert A.T.strides == (8, 32)
assert 2 * 32 + 1 * 8 == 72
assert A[2, 1] == A.ravel()[72 // 8] == 9
assert np.where(A > 5, 0, A).max() <= 5
assert A.max() == 11  # where made a new array
A[A > 5] = 0
assert A.max() == 5  # written through the mask
assert A.reshape(-1, 4).shape == (3, 4)

assert np.broadcast_shapes((3, 4), (4,)) == (3, 4)
assert np.broadcast_shapes((3, 1), (4,)) == (3, 4)
assert np.broadcast_shapes((8, 1, 6), (7, 1)) == (8, 7, 6)
assert refuses((3, 4), (3,))
assert np.arange(3)[:, None].shape == (3, 1)

SQUARE = np.array([[1, 2], [3, 4]])
assert (SQUARE * SQUARE).tolist() == [[1, 4], [9, 16]]
assert (SQUARE @ SQUARE).tolist() == [[7, 10], [15, 22]]

X = np.array([[1, 10], [2, 20], [3, 30]], dtype=float)
Z = (X - X.mean(axis=0)) / X.std(axis=0)
assert np.allclose(X.mean(axis=0), [2, 20])
assert np.allclose(X.std(axis=0), [0.8165, 8.165], atol=1e-4)
assert np.allclose(Z[:, 0], [-1.2247, 0, 1.2247], atol=1e-4)
assert np.allclose(Z[:, 0], Z[:, 1])
assert X.mean(axis=1, keepdims=True).shape == (3, 1)
assert np.allclose(((X / np.linalg.norm(X, axis=1, keepdims=True)) ** 2).sum(axis=1), 1)

Y = np.array([1.0, 2.0, 3.0])
assert (Y.reshape(3, 1) - Y).shape == (3, 3)
assert round(float(((Y.reshape(3, 1) - Y) ** 2).mean()), 4) == 1.3333

assert 1_000 * 1_000 * 64 * 4 == 256_000_000
assert 2_000 * 500 * 32 * 4 == 128_000_000  # "Check yourself"
RNG = np.random.default_rng(0)
P, Q = RNG.normal(size=(5, 3)), RNG.normal(size=(4, 3))
DIRECT = ((P[:, None, :] - Q[None, :, :]) ** 2).sum(axis=-1)
BY_IDENTITY = (P**2).sum(1)[:, None] + (Q**2).sum(1)[None, :] - 2 * P @ Q.T
assert DIRECT.shape == (5, 4)
assert np.allclose(DIRECT, np.maximum(BY_IDENTITY, 0))
assert np.array_equal(P, np.random.default_rng(0).normal(size=(5, 3)))

assert (np.array([255], dtype=np.uint8) + 1)[0] == 0  # wraps silently
assert np.float32(16_777_217) == np.float32(16_777_216)
assert np.isnan(np.mean([1, np.nan, 3]))
assert np.nanmean([1, np.nan, 3]) == 2
assert 0.1 + 0.2 != 0.3
assert np.isclose(0.1 + 0.2, 0.3)

# versions: NumPy 2.0 changed promotion and removed np.float_; np.trapz is gone in 2.4; scalars print as np.float64(3.0)
assert (np.ones(2, np.float32) + 3.0).dtype == np.float32
assert (np.ones(2, np.float32) + np.float64(3)).dtype == np.float64
try:
    np.zeros(2, np.uint8) + 300
except OverflowError:
    FITS = False
assert not FITS
assert not hasattr(np, "float_")
assert repr(np.float64(3)) == "np.float64(3.0)"
