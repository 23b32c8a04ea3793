"""Split the test error of polynomial fits into bias, variance and noise, and write three regularisers.

You draw 500 noisy training sets at 30 evenly spaced points of one sine period and fit degrees 1 to 9.
Then you write weight decay, dropout and early stopping, and the table row that compares them over five seeds.
It takes about two hours.

Check it: python check.py ml-over-underfitting
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


def decay_step(w: Array, gradient: Array, rate: float, decay: float) -> Array:
    """The weights after one step of plain gradient descent with weight decay."""
    raise NotImplementedError("the usual step, and rate * decay * w taken away")


def dropout(x: Array, p: float, training: bool, rng: np.random.Generator) -> Array:
    """Inverted dropout: each entry is 0 with probability p in training, and the mean stays."""
    raise NotImplementedError("drop, rescale the survivors; do nothing outside training")


def stop_early(validation_losses: Sequence[float], patience: int) -> tuple[int, int]:
    """The epoch with the weights to keep and the epoch at which training stops, counted from 0.

    Training stops once `patience` epochs in a row brought no new lowest loss, or at the last epoch.
    """
    raise NotImplementedError("remember the lowest loss and its epoch")


def summarise(scores: Sequence[float]) -> tuple[float, float]:
    """Mean and sample standard deviation (dividing by n - 1) of the scores of several seeds."""
    raise NotImplementedError("mean and spread")
