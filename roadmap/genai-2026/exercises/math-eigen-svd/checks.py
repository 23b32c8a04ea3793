"""Checks of the exercise math-eigen-svd."""

from types import ModuleType
from unittest import mock

import numpy as np

MINUTES = 75


def make_matrix(rows: int, columns: int, values: list[float]) -> np.ndarray:
    """A random matrix with the given singular values."""
    rng = np.random.default_rng(3)
    U = np.linalg.qr(rng.normal(size=(rows, len(values))))[0]
    V = np.linalg.qr(rng.normal(size=(columns, len(values))))[0]
    return U * values @ V.T


def check_power_iteration(exercise: ModuleType) -> None:
    """Power iteration matches `np.linalg.svd` to 1e-6 for tall, wide and square matrices."""
    matrices = {
        "with rows (3, 0) and (4, 5)": np.array([[3.0, 0.0], [4.0, 5.0]]),
        "of 30 rows and 12 columns": make_matrix(30, 12, [9.0, 8.0, 3.0, 1.0]),
        "of 5 rows and 40 columns": make_matrix(5, 40, [0.4, 0.3, 0.2]),
    }
    for name, A in matrices.items():
        expected = np.linalg.svd(A, compute_uv=False)[0]
        value = exercise.largest_singular_value(A)
        assert abs(value - expected) < 1e-6, (
            f"For a matrix {name} the largest singular value is {expected:.6f} and you returned {value:.6f}"
            + ("; that is its square, so take the root" if abs(value - expected**2) < 1e-6 else "")
            + ("." if np.isfinite(value) else "; rescale the vector to length 1 in each step.")
        )


def check_own_iteration(exercise: ModuleType) -> None:
    """Power iteration multiplies by hand and calls no decomposition of NumPy."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("`largest_singular_value` calls a decomposition of NumPy; use matrix products only.")

    A = make_matrix(8, 6, [5.0, 1.0])
    names = ("svd", "svdvals", "eig", "eigh", "eigvals", "eigvalsh")
    patches = [mock.patch.object(np.linalg, name, refuse) for name in names if hasattr(np.linalg, name)]
    for patch in patches:
        patch.start()
    try:
        value = exercise.largest_singular_value(A)
    finally:
        for patch in patches:
            patch.stop()
    assert abs(value - 5) < 1e-6, f"A matrix with singular values 5 and 1 gave {value:.6f}; expected 5."


def check_long_iteration(exercise: ModuleType) -> None:
    """Power iteration rescales its vector, so that large and small matrices work."""
    for factor in (1e6, 1e-6):
        A = factor * make_matrix(8, 6, [5.0, 1.0])
        with np.errstate(all="ignore"):
            value = exercise.largest_singular_value(A)
        assert np.isclose(value, 5 * factor, rtol=1e-6), (
            f"A matrix with the largest singular value {5 * factor:g} gave {value:g}; "
            "rescale the vector to length 1 in each step."
        )


def check_compression(exercise: ModuleType) -> None:
    """The compressed image has the shape of the original and the rank that was asked for."""
    image = exercise.make_image()
    for rank in (5, 20, 50):
        approximation = np.asarray(exercise.compress(image, rank))
        assert approximation.shape == image.shape, (
            f"The image of shape {image.shape} came back with shape {approximation.shape} at rank {rank}."
        )
        measured = int(np.linalg.matrix_rank(approximation, tol=1e-6))
        assert measured == rank, f"`compress(image, {rank})` has rank {measured}; keep exactly {rank} layers."


def check_errors(exercise: ModuleType) -> None:
    """Each error at ranks 5, 20 and 50 equals the root of the sum of squared discarded values."""
    image = exercise.make_image()
    values = np.linalg.svd(image, compute_uv=False)
    for rank in (5, 20, 50):
        best = float(np.sqrt((values[rank:] ** 2).sum()))
        predicted = exercise.predict_error(values, rank)
        assert np.isclose(predicted, best), (
            f"At rank {rank} you predict the error {predicted:.6f}; "
            f"the root of the sum of the squared discarded values is {best:.6f}."
        )
        error = float(np.linalg.norm(image - exercise.compress(image, rank)))
        assert np.isclose(error, best), (
            f"At rank {rank} the Frobenius error is {error:.6f} and can be {best:.6f}; "
            "keep the layers with the largest singular values, with rows of Vt that belong to them."
        )


def check_chosen_rank(exercise: ModuleType) -> None:
    """The rank for a given error is the smallest that keeps it."""
    values = np.array([4.0, 3.0, 2.0, 1.0])
    for error, expected in ((6.0, 0), (2.5, 2), (np.sqrt(5) - 1e-9, 3), (0.0, 4)):
        rank = exercise.choose_rank(values, float(error))
        assert rank == expected, (
            f"For singular values 4, 3, 2, 1 and an error of at most {error:.4f} you chose rank {rank}; "
            f"expected {expected}."
        )


def check_count(exercise: ModuleType) -> None:
    """The count of stored numbers covers columns, values and rows."""
    count = exercise.count_numbers((120, 160), 5)
    assert count == 1405, (
        f"Rank 5 of a 120×160 image stores {count} numbers by your count; expected 5 × (120 + 160 + 1) = 1405."
    )
