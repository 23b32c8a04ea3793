"""Works the numbers of the note on trees, forests and boosting."""

import numpy as np

# invented: incomes of 30,000
# cited: about 10,000 rows (Grinsztajn et al. 2022; Hollmann et al. 2025)


def gini(y):
    """The chance that two draws with the shares of the classes differ."""
    p = np.bincount(y) / len(y)
    return 1 - (p**2).sum()


def entropy(y):
    """Entropy in bits."""
    p = np.bincount(y) / len(y)
    return -(p[p > 0] * np.log2(p[p > 0])).sum()


def weighted_gini(x, y, threshold):
    """The impurity that a split leaves."""
    low = x <= threshold
    return low.mean() * gini(y[low]) + (~low).mean() * gini(y[~low])


def best_split(X, y):
    """The lowest weighted impurity, with its feature and threshold."""
    best = (np.inf, 0, 0.0)
    for j in range(X.shape[1]):
        v = np.unique(X[:, j])
        for t in (v[:-1] + v[1:]) / 2:
            best = min(best, (weighted_gini(X[:, j], y, t), j, t))
    return best


def grow(X, y, depth):
    """A tree as nested tuples, a leaf as its class."""
    if depth == 0 or gini(y) == 0 or len(np.unique(X, axis=0)) == 1:
        return int(np.bincount(y).argmax())
    _, j, t = best_split(X, y)
    m = X[:, j] <= t
    return j, t, grow(X[m], y[m], depth - 1), grow(X[~m], y[~m], depth - 1)


def predict(tree, row):
    """Follow the questions to a leaf."""
    while isinstance(tree, tuple):
        j, t, low, high = tree
        tree = low if row[j] <= t else high
    return tree


def boost(target, steps, lr):
    """Predictions of stumps that split in the middle, from the mean on."""
    f, half = np.full(len(target), target.mean()), len(target) // 2
    yield f
    for _ in range(steps):
        r = target - f  # residuals are what the next stump learns
        f = f + lr * np.repeat([r[:half].mean(), r[half:].mean()], half)
        yield f


# one node by hand
even, one = np.array([0] * 5 + [1] * 5), np.array([0] * 4 + [1])
assert gini(even) == 0.5 and entropy(even) == 1
assert np.isclose(gini(one), 1 - 0.8**2 - 0.2**2) and np.isclose(gini(one), 0.32) and np.isclose(0.5 - 0.32, 0.18)
assert round(entropy(one), 3) == 0.722 and round(1 - entropy(one), 3) == 0.278

# the best split of 0, 0, 1, 1, 0, 1
x, y = np.arange(1, 7).astype(float), np.array([0, 0, 1, 1, 0, 1])
found = [weighted_gini(x, y, t) for t in (1.5, 2.5, 3.5, 4.5, 5.5)]
assert gini(y) == 0.5 and np.round(found, 3).tolist() == [0.4, 0.25, 0.444, 0.5, 0.4]
assert best_split(x[:, None], y)[2] == 2.5
assert (3 / 4, 1 / 4) == (0.75, 0.25)
assert gini(y[2:]) == 1 - (3 / 4) ** 2 - (1 / 4) ** 2 == 0.375 and np.isclose(2 / 6 * 0 + 4 / 6 * 0.375, 0.25)

# exclusive or: no gain at first, perfect at depth two
xor, label = np.array([[0, 0], [0, 1], [1, 0], [1, 1.0]]), np.array([0, 1, 1, 0])
assert best_split(xor, label)[0] == gini(label) == 0.5
assert [predict(grow(xor, label, 2), r) for r in xor] == [0, 1, 1, 0]

# forests
assert round((1 - 1 / 1000) ** 1000, 3) == 0.368 and round(100 * np.exp(-1), 1) == 36.8
assert np.isclose(0.3 + 0.7 / 100, 0.307) and np.isclose(0.1 + 0.9 / 100, 0.109)

# boosting
start, first, second = boost(np.array([1.0, 2, 6, 7]), 2, 0.5)
target = np.array([1.0, 2, 6, 7])
errors = [np.mean((target - f) ** 2) for f in (start, first, second)]
assert (start == 4).all() and (first[0], first[3]) == (2.75, 5.25) and (second[0], second[3]) == (2.125, 5.875)
assert errors == [6.5, 1.8125, 0.640625] and [round(e, 2) for e in errors[1:]] == [1.81, 0.64]
assert (np.mean([-3, -2]), 4 + 0.5 * -2.5, 4 + 0.5 * 2.5) == (-2.5, 2.75, 5.25)
assert 0.05 < 0.1  # a small learning rate

# Check yourself
assert round(0.7**2, 2) == 0.49 and round(0.3**2, 2) == 0.09 and round(1 - 0.49 - 0.09, 2) == 0.42
mixed = 1 - (2 / 3) ** 2 - (1 / 3) ** 2
assert round(mixed, 3) == 0.444 and round(3 / 5 * mixed, 3) == 0.267
assert 0.5 + 0.5 / 50 == 0.51 and round(0.2 + 0.8 / 50, 3) == 0.216
