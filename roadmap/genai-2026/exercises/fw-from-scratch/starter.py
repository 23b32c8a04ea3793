"""Write logistic regression, k nearest neighbours, a decision tree and k-means with only NumPy.

The checks compare your models with scikit-learn on its breast-cancer and wine data, standardised, on one fixed split.
Labels are whole numbers from 0. The tree and the neighbours must handle three classes, the logistic regression two.
It takes about four hours.

Check it: python check.py fw-from-scratch
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


def gini(labels: Array) -> float:
    """Gini impurity: one minus the sum of the squared class shares."""
    raise NotImplementedError("shares of the classes")


def best_split(x: Array, y: Array) -> tuple[int, float] | None:
    """The feature and threshold with the lowest weighted Gini; None if no split lowers it.

    Rows with x <= threshold go left. Thresholds lie midway between neighbouring values of a feature.
    """
    raise NotImplementedError("try each feature and each threshold")


def fit_tree(x: Array, y: Array, depth: int) -> Any:
    """A tree of at most `depth` questions one below the other, in a form that `predict_tree` reads."""
    raise NotImplementedError("split, then grow both sides; a leaf holds the most frequent label")


def predict_tree(tree: Any, x: Array) -> Array:
    """The label of each row."""
    raise NotImplementedError("follow the questions down to a leaf")


def kmeans(x: Array, k: int, starts: int = 20, seed: int = 0) -> tuple[Array, Array, float]:
    """Centres (k, d), the group of each row (n,) and the inertia of the best of several starts."""
    raise NotImplementedError("assign and average until nothing changes; keep the start with the lowest inertia")
