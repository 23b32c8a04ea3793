"""A decision tree and k-means with only NumPy."""

from typing import Any

import numpy as np

Array = np.ndarray


def gini(labels: Array) -> float:
    """Gini impurity: one minus the sum of the squared class shares."""
    shares = np.bincount(labels) / len(labels)
    return float(1 - (shares**2).sum())


def best_split(x: Array, y: Array) -> tuple[int, float] | None:
    """The feature and threshold with the lowest weighted Gini; None if no split lowers it.

    Rows with x <= threshold go left. Thresholds lie midway between neighbouring values of a feature.
    """
    lowest, best = gini(y) - 1e-12, None
    for feature in range(x.shape[1]):
        values = np.unique(x[:, feature])
        for threshold in (values[:-1] + values[1:]) / 2:
            left = x[:, feature] <= threshold
            impurity = left.mean() * gini(y[left]) + (~left).mean() * gini(y[~left])
            if impurity < lowest:
                lowest, best = impurity, (feature, float(threshold))
    return best


def fit_tree(x: Array, y: Array, depth: int) -> Any:
    """A leaf is a label; a question is (feature, threshold, left tree, right tree)."""
    split = best_split(x, y) if depth > 0 else None
    if split is None:
        return int(np.bincount(y).argmax())
    feature, threshold = split
    left = x[:, feature] <= threshold
    return feature, threshold, fit_tree(x[left], y[left], depth - 1), fit_tree(x[~left], y[~left], depth - 1)


def predict_tree(tree: Any, x: Array) -> Array:
    """The label of each row."""
    labels = []
    for row in x:
        node = tree
        while not isinstance(node, int):
            feature, threshold, left, right = node
            node = left if row[feature] <= threshold else right
        labels.append(node)
    return np.array(labels)


def kmeans(x: Array, k: int, starts: int = 20, seed: int = 0) -> tuple[Array, Array, float]:
    """Centres (k, d), the group of each row (n,) and the inertia of the best of several starts."""
    rng = np.random.default_rng(seed)
    best: tuple[Array, Array, float] | None = None
    for _ in range(starts):
        centres = x[rng.choice(len(x), k, replace=False)]
        while True:
            distance = ((x[:, None] - centres[None]) ** 2).sum(axis=2)
            group = distance.argmin(axis=1)
            moved = np.array([x[group == g].mean(axis=0) if np.any(group == g) else centres[g] for g in range(k)])
            if np.allclose(moved, centres):
                break
            centres = moved
        inertia = float(distance.min(axis=1).sum())
        if best is None or inertia < best[2]:
            best = centres, group, inertia
    assert best is not None
    return best
