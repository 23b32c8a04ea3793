"""Works the numbers of the note on validation, cross-validation and leakage."""

import numpy as np

# cited: 17 fields, 294 papers (Kapoor and Narayanan 2023)
rng = np.random.default_rng(0)


def standard_error(p, n):
    """How far an accuracy on n independent rows strays by chance."""
    return np.sqrt(p * (1 - p) / n)


def folds(n, k):
    """The rows of each fold of a shuffled dataset."""
    return np.array_split(rng.permutation(n), k)


def best_features(X, y, k=20):
    """The columns whose class means differ most."""
    gap = X[y == 1].mean(axis=0) - X[y == 0].mean(axis=0)
    return np.argsort(-np.abs(gap))[:k]


def centroid_accuracy(X, y, Xv, yv):
    """Answer with the class whose mean is nearer."""
    a, b = X[y == 0].mean(axis=0), X[y == 1].mean(axis=0)
    guess = ((Xv - b) ** 2).sum(axis=1) < ((Xv - a) ** 2).sum(axis=1)
    return np.mean(guess == yv)


def cross_validate(X, y, inside, k=5):
    """Mean accuracy with features selected on the training folds, or wrongly on all rows."""
    chosen, scores = best_features(X, y), []
    for fold in folds(len(y), k):
        train = np.setdiff1d(np.arange(len(y)), fold)
        if inside:
            chosen = best_features(X[train], y[train])  # sees training rows only
        A = X[:, chosen]
        scores.append(centroid_accuracy(A[train], y[train], A[fold], y[fold]))
    return np.mean(scores)


def nearest_label(X, y, queries):
    """1-nearest-neighbour."""
    return y[((queries[:, None] - X[None]) ** 2).sum(axis=2).argmin(axis=1)]


# the noise of a test score
assert round(standard_error(0.9, 200), 3) == 0.021 and round(standard_error(0.9, 20_000), 3) == 0.002
assert round(100 * standard_error(0.9, 200), 1) == 2.1
assert round(0.09 / 200, 5) == 0.00045 and round(np.sqrt(0.00045), 3) == 0.021

# k-fold arithmetic
assert [len(fold) for fold in folds(100, 5)] == [20] * 5 and 100 * 4 / 5 == 80
assert sorted(np.concatenate(folds(100, 5))) == list(range(100))
scores = np.array([0.80, 0.84, 0.78, 0.82, 0.86])
assert np.isclose(scores.sum(), 4.10) and np.isclose(scores.mean(), 0.82)
assert round(scores.std(ddof=1), 3) == 0.032
assert 10 * 5 + 1 == 51
assert 0.05 * 100 == 5

# random labels: selection outside and inside the loop
outside, inside = [], []
for _ in range(30):
    X, y = rng.normal(size=(60, 2000)), rng.permutation(np.repeat([0, 1], 30))
    outside.append(cross_validate(X, y, inside=False))
    inside.append(cross_validate(X, y, inside=True))
assert np.mean(outside) > 0.8 and abs(np.mean(inside) - 0.5) < 0.1

# copied rows: each of 300 rows twice, split in half
copied = []
for _ in range(30):
    X, y = np.tile(rng.normal(size=(300, 5)), (2, 1)), np.tile(rng.integers(0, 2, 300), 2)
    order = rng.permutation(600)
    train, test = order[:300], order[300:]
    copied.append(np.mean(nearest_label(X[train], y[train], X[test]) == y[test]))
assert abs(np.mean(copied) - 0.75) < 0.02 and round(300 / 599, 2) == 0.5
assert 0.5 + (1 - 0.5) * 0.5 == 0.75
assert np.isclose(0.1 + (1 - 0.1) * 0.8, 0.82)

# search and nesting
assert 5**4 == 625 and round(1 - 0.95**60, 3) == 0.954 and round(100 * (1 - 0.95**60), 1) == 95.4
assert round(0.95**60, 3) == 0.046
assert 5 * (10 * 4 + 1) == 205
lucky = rng.binomial(100, 0.5, size=(2000, 50)).max(axis=1).mean() / 100
assert abs(lucky - 0.61) < 0.005  # the best of 50 guessers on 100 rows
