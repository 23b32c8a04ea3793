"""Leakage on random labels: selection before and inside cross-validation."""

from collections.abc import Sequence

import numpy as np

Array = np.ndarray


def make_random_data(seed: int, rows: int = 100, features: int = 5000) -> tuple[Array, Array]:
    """Random features (rows, features) and random labels of 0 and 1 (rows,)."""
    rng = np.random.default_rng(seed)
    return rng.normal(size=(rows, features)), rng.integers(0, 2, rows)


def fit_logistic(x: Array, y: Array, steps: int = 200, rate: float = 0.5) -> tuple[Array, float]:
    """Weights and bias of a logistic regression after gradient descent; it predicts 1 where x @ w + b > 0."""
    w, b = np.zeros(x.shape[1]), 0.0
    for _ in range(steps):
        error = 1 / (1 + np.exp(-(x @ w + b))) - y
        w, b = w - rate * x.T @ error / len(y), b - rate * error.mean()
    return w, b


def select_features(x: Array, y: Array, k: int) -> Array:
    """The indices of the k columns with the largest absolute correlation with y, best first."""
    centred = x - x.mean(axis=0)
    correlation = centred.T @ (y - y.mean()) / np.linalg.norm(centred, axis=0)
    return np.argsort(-np.abs(correlation), kind="stable")[:k]


def make_folds(n: int, k: int, rng: np.random.Generator) -> list[Array]:
    """The row numbers 0 to n - 1, shuffled and cut into k folds whose sizes differ by at most one."""
    return np.array_split(rng.permutation(n), k)


def score_fold(x: Array, y: Array, test: Array) -> float:
    """The accuracy on the rows `test` of a logistic regression fitted on all other rows."""
    train = np.setdiff1d(np.arange(len(y)), test)
    w, b = fit_logistic(x[train], y[train])
    return float(np.mean((x[test] @ w + b > 0) == y[test]))


def score_outside(x: Array, y: Array, folds: Sequence[Array], k: int = 20) -> float:
    """The mean accuracy when the k features are chosen once, on all rows (the mistake)."""
    columns = select_features(x, y, k)
    return float(np.mean([score_fold(x[:, columns], y, test) for test in folds]))


def score_inside(x: Array, y: Array, folds: Sequence[Array], k: int = 20) -> float:
    """The mean accuracy when the k features are chosen for each fold, on its training rows."""
    scores = []
    for test in folds:
        train = np.setdiff1d(np.arange(len(y)), test)
        columns = select_features(x[train], y[train], k)
        scores.append(score_fold(x[:, columns], y, test))
    return float(np.mean(scores))


def split_groups(groups: Array, share: float, rng: np.random.Generator) -> tuple[Array, Array]:
    """Training and test row numbers; the test part gets about `share` of the groups, and no group is in both."""
    names = rng.permutation(np.unique(groups))
    held_out = np.isin(groups, names[: round(share * len(names))])
    return np.flatnonzero(~held_out), np.flatnonzero(held_out)


def score_nearest(x: Array, y: Array, train: Array, test: Array) -> float:
    """The accuracy of 1-nearest-neighbour (Euclidean) on the rows `test`, with `train` as its memory."""
    distance = ((x[test, None] - x[None, train]) ** 2).sum(axis=2)
    return float(np.mean(y[train][distance.argmin(axis=1)] == y[test]))
