"""Split the test error of polynomial fits into bias, variance and noise.

You draw 500 noisy training sets at 30 evenly spaced points of one sine period and fit degrees 1 to 9.
It takes about 90 minutes.

Check it: python check.py ml-bias-variance
"""

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
    raise NotImplementedError("np.polynomial.Polynomial.fit for each row")


def split_error(predictions: Array) -> tuple[float, float, float]:
    """Squared bias, variance and noise, each a mean over X. Predictions have the shape (sets, 30)."""
    raise NotImplementedError("average over the sets first")


def measure_test_error(predictions: Array, fresh: Array) -> float:
    """The mean squared error against fresh noisy targets of the same shape."""
    raise NotImplementedError("mean squared difference")


def name_fit(train_error: float, validation_error: float, noise: float) -> str:
    """Return "under", "over" or "about right", from mean squared errors and the noise variance.

    Under: the training error is above 1.5 times the noise. Over: the validation error is above 1.5 times the
    training error, and the fit is not under.
    """
    raise NotImplementedError("two comparisons, the training error first")
