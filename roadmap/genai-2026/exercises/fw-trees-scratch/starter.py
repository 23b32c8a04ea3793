"""Write a decision tree and k-means with only NumPy.

The checks compare your models with scikit-learn on its breast-cancer and wine data, standardised, on one fixed split.
Labels are whole numbers from 0. The tree must handle three classes. It takes about two hours.

Check it: python check.py fw-trees-scratch
"""

from typing import Any

import numpy as np

Array = np.ndarray


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
