"""Works the numbers of the note on regression metrics."""

import math

import numpy as np


def mae(e):
    """Mean absolute error."""
    return np.abs(e).mean()


def rmse(e):
    """Root mean squared error."""
    return (e**2).mean() ** 0.5


def r2(y, p):
    """The share of the squared error around the mean that a model removes."""
    return 1 - ((y - p) ** 2).sum() / ((y - y.mean()) ** 2).sum()


def huber(d, delta):
    """Squared for small errors, linear for large ones."""
    a = np.abs(d)
    return np.where(a <= delta, a**2 / 2, delta * (a - delta / 2))


def pinball(d, q):
    """Quantile loss of an error d = true value - prediction."""
    return np.maximum(q * d, (q - 1) * d)


def best(loss, candidates):
    """The constant prediction of lowest mean loss; one column for each candidate."""
    return candidates[loss.mean(axis=0).argmin()]


def interval(values, rng, runs=1000):
    """A bootstrap interval of the mean."""
    rows = rng.integers(0, len(values), (runs, len(values)))
    return np.percentile(values[rows].mean(axis=1), [2.5, 97.5])


# four predictions by hand
y, p = np.array([10, 20, 30, 40.0]), np.array([12, 18, 33, 37.0])
e = y - p
assert e.tolist() == [-2, 2, -3, 3]
assert mae(e) == 10 / 4 == 2.5 and (e**2).mean() == 26 / 4 == 6.5 and round(rmse(e), 2) == 2.55
assert round((np.abs(e) / y).mean(), 3) == 0.119 and round((20 + 10 + 10 + 7.5) / 4, 1) == 11.9
big = np.array([-2, 2, -3, 30.0])
assert mae(big) == 37 / 4 == 9.25 and (big**2).mean() == 917 / 4 == 229.25 and round(rmse(big), 2) == 15.14
assert round(9.25 / 2.5, 1) == 3.7 and round(rmse(big) / rmse(e), 1) == 5.9
one, ten = np.array([10.0] + [0] * 9), np.ones(10)
assert mae(one) == mae(ten) == 1 and round(rmse(one), 2) == 3.16 and rmse(ten) == 1

# R squared
assert np.isclose(r2(y, p), 0.948) and 1 - 26 / 500 == 0.948 and np.isclose(r2(y, np.full(4, 25.0)), 0)
assert np.isclose(r2(y, np.full(4, 30.0)), -0.2) and np.isclose(1 - 600 / 500, -0.2)

# MAPE
assert abs(100 - 150) / 100 == 0.5 and round(abs(150 - 100) / 150, 3) == 0.333
assert round(100 * 50 / 150, 1) == 33.3
assert 1 - 0.1 == 0.9

# the best constant
v, c = np.array([2, 4, 6, 8, 80.0]), np.round(np.arange(0, 100.01, 0.01), 2)
d = v[:, None] - c
assert best(d**2, c) == v.mean() == 100 / 5 == 20 and best(np.abs(d), c) == np.median(v) == 6
assert best(np.abs(d) / v[:, None], c) == 4 and best(pinball(d, 0.9), c) == 80
assert best(huber(d, 10), c) == 7.5

# Huber and quantile loss
assert huber(np.array([3.0, 30.0]), 10).tolist() == [4.5, 250.0] and 30**2 / 2 == 450
assert 10 * (30 - 10 / 2) == 250 and 3**2 / 2 == 4.5
assert np.isclose(pinball(10.0, 0.9), 9) and np.isclose(pinball(-10.0, 0.9), 1)
assert round(9 / (9 + 1), 1) == 0.9 and round(4 / (4 + 1), 1) == 0.8 and [0.05, 0.5, 0.95]

# baselines and a bootstrap interval
assert mae(y - 25) == 10 and 1 - 2.5 / 10 == 0.75
rng = np.random.default_rng(0)
truth = rng.normal(100, 20, 200)
model, baseline = truth + rng.normal(0, 10, 200), np.full(200, 100.0)
low, high = interval(np.abs(truth - model), rng)
assert low < mae(truth - model) < high
gain, _ = interval(np.abs(truth - baseline) - np.abs(truth - model), rng)
assert gain > 0  # the model beats the baseline beyond noise

# the answers to Check yourself
assert round(((4 + 4 + 16 + 0) / 4) ** 0.5, 2) == 2.45

assert round((math.pi / 2) ** 0.5, 2) == 1.25  # RMSE over MAE of normally distributed errors
either = [sum(abs(y - p) / y for y in (100, 150)) / 2 for p in (100, 150)]
assert [round(100 * mape, 1) for mape in either] == [16.7, 25.0]
assert 2.5 / 5 == 0.5  # MASE
# Check yourself
assert 1 - sum((y - 15) ** 2 for y in (10, 20, 30, 40)) / 500 == -0.8
assert [sum(abs(y - p) / y for y in (40, 80)) / 2 for p in (40, 80)] == [0.25, 0.5]
assert (1 + 3 + 5 + 7 + 34) / 5 == 10
