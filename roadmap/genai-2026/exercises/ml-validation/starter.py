"""Show leakage on random labels: choose features before cross-validation, then inside it.

No honest method beats 50% on random labels, so each score far above 50% is leakage.
`fit_logistic` is given; you write the selection, the folds, the two scores and a split that keeps copies together.
It takes about 90 minutes.

Check it: python check.py ml-validation
"""

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
    raise NotImplementedError("correlate each column with the labels")


def make_folds(n: int, k: int, rng: np.random.Generator) -> list[Array]:
    """The row numbers 0 to n - 1, shuffled and cut into k folds whose sizes differ by at most one."""
    raise NotImplementedError("shuffle, then np.array_split")


def score_fold(x: Array, y: Array, test: Array) -> float:
    """The accuracy on the rows `test` of a logistic regression fitted on all other rows."""
    raise NotImplementedError("fit without the test rows, then count right answers")


def score_outside(x: Array, y: Array, folds: Sequence[Array], k: int = 20) -> float:
    """The mean accuracy when the k features are chosen once, on all rows (the mistake)."""
    raise NotImplementedError("select on all rows, then score each fold")


def score_inside(x: Array, y: Array, folds: Sequence[Array], k: int = 20) -> float:
    """The mean accuracy when the k features are chosen for each fold, on its training rows."""
    raise NotImplementedError("select again for each fold, without its test rows")


def split_groups(groups: Array, share: float, rng: np.random.Generator) -> tuple[Array, Array]:
    """Training and test row numbers; the test part gets about `share` of the groups, and no group is in both."""
    raise NotImplementedError("draw groups, not rows")


def score_nearest(x: Array, y: Array, train: Array, test: Array) -> float:
    """The accuracy of 1-nearest-neighbour (Euclidean) on the rows `test`, with `train` as its memory."""
    raise NotImplementedError("the label of the closest training row")
