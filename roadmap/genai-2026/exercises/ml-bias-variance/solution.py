"""Bias, variance and noise of polynomial fits."""

from collections.abc import Sequence

import numpy as np

Array = np.ndarray

NOISE = 0.5  # standard deviation of the noise on each point

X = np.linspace(0, 1, 30)

TRUTH = np.sin(2 * np.pi * X)


def draw_training_sets(sets: int, rng: np.random.Generator) -> Array:
    """Noisy targets at X, shape (sets, 30)."""
    return TRUTH + rng.normal(0, NOISE, (sets, X.size))


def fit_all(targets: Array, degree: int) -> Array:
    """The predictions at X of one polynomial fit to each row of `targets`, shape (sets, 30)."""
    return np.array([np.polynomial.Polynomial.fit(X, row, degree)(X) for row in targets])


def split_error(predictions: Array) -> tuple[float, float, float]:
    """Squared bias, variance and noise, each a mean over X. Predictions have the shape (sets, 30)."""
    bias2 = np.mean((predictions.mean(axis=0) - TRUTH) ** 2)
    variance = predictions.var(axis=0).mean()
    return float(bias2), float(variance), NOISE**2


def measure_test_error(predictions: Array, fresh: Array) -> float:
    """The mean squared error against fresh noisy targets of the same shape."""
    return float(np.mean((predictions - fresh) ** 2))


def name_fit(train_error: float, validation_error: float, noise: float) -> str:
    """Return "under", "over" or "about right", from mean squared errors and the noise variance."""
    if train_error > 1.5 * noise:
        return "under"
    if validation_error > 1.5 * train_error:
        return "over"
    return "about right"
