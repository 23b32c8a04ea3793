"""Write scaling, logistic regression and k nearest neighbours with only NumPy.

The checks compare your models with scikit-learn on its breast-cancer and wine data, standardised, on one fixed split.
Labels are whole numbers from 0. The neighbours must handle three classes, the logistic regression two.
It takes about two hours.

Check it: python check.py fw-linear-scratch
"""

from typing import Any

import numpy as np

Array = np.ndarray


def standardise(train: Array, other: Array) -> tuple[Array, Array]:
    """Both parts, scaled by the mean and standard deviation of `train`."""
    raise NotImplementedError("subtract the mean of each column and divide by its standard deviation")


def logistic_gradient(x: Array, y: Array, w: Array, b: float) -> tuple[Array, float]:
    """The gradients of the mean cross-entropy for w (d,) and b, with x (n, d) and labels y of 0 and 1."""
    raise NotImplementedError("error times input, averaged over the rows")


def fit_logistic(x: Array, y: Array, steps: int = 500, rate: float = 0.5) -> tuple[Array, float]:
    """w and b after gradient descent from zero."""
    raise NotImplementedError("subtract rate times the gradient, `steps` times")


def predict_logistic(x: Array, w: Array, b: float) -> Array:
    """The class, 0 or 1, of each row."""
    raise NotImplementedError("1 where the weighted sum is above 0")


def predict_knn(train: Array, labels: Array, x: Array, k: int) -> Array:
    """The majority label among the k nearest training rows; the lowest label wins a tie."""
    raise NotImplementedError("Euclidean distances from each row to all training rows, then the vote")
