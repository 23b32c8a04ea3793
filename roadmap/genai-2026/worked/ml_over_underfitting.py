"""Works the numbers of the note on overfitting, underfitting, bias and variance."""

import numpy as np

# cited: 50 million search terms, 1,152 points (Lazer et al. 2014)
NOISE = 0.5
TEST = np.linspace(0.05, 0.95, 50)


def sine(x):
    """One period: the true function of the example."""
    return np.sin(2 * np.pi * x)


def powers(x, degree):
    """The columns of a polynomial, in a basis that stays accurate."""
    return np.polynomial.legendre.legvander(2 * x - 1, degree)


def expected_parts(degree, n):
    """Squared bias and variance over new noise on n evenly spaced, fixed inputs; exact, no simulation."""
    x = np.linspace(0, 1, n)
    smoother = powers(TEST, degree) @ np.linalg.pinv(powers(x, degree))
    bias2 = np.mean((smoother @ sine(x) - sine(TEST)) ** 2)
    return bias2, NOISE**2 * np.mean((smoother**2).sum(axis=1))


def expected_training_error(degree, n):
    """The expected squared error on the training points themselves."""
    x = np.linspace(0, 1, n)
    left = sine(x) - powers(x, degree) @ np.linalg.pinv(powers(x, degree)) @ sine(x)
    return np.mean(left**2) + NOISE**2 * (n - degree - 1) / n


def total(degree, n):
    """Squared bias plus variance plus noise."""
    return sum(expected_parts(degree, n)) + NOISE**2


def fits(degree, n, runs, rng, fixed=True):
    """The predictions of many fits at TEST; inputs fixed and even, or drawn anew for each."""
    for _ in range(runs):
        x = np.linspace(0, 1, n) if fixed else rng.uniform(0, 1, n)
        y = sine(x) + rng.normal(0, NOISE, n)
        yield powers(TEST, degree) @ np.linalg.lstsq(powers(x, degree), y, rcond=None)[0]


def median_error(p, rng, runs=200, n=20, of=200, sigma=0.5):
    """The median test error of least squares on p of many weakly useful features."""
    errors = []
    for _ in range(runs):
        true = rng.normal(size=of) / np.sqrt(of)
        X = rng.normal(size=(n, of))
        y = X @ true + sigma * rng.normal(size=n)
        w = np.zeros(of)
        w[:p] = np.linalg.lstsq(X[:, :p], y, rcond=None)[0]  # the smallest exact fit if p > n
        errors.append(((w - true) ** 2).sum() + sigma**2)
    return np.median(errors)


# the shrunken mean
for c, bias2, var in ((1, 0, 1), (0.8, 0.16, 0.64), (0.5, 1, 0.25), (0, 4, 0)):
    assert np.isclose((1 - c) ** 2 * 2**2, bias2) and np.isclose(c**2 * 4 / 4, var)
assert np.isclose(0.16 + 0.64, 0.8) and 1 + 0.25 == 1.25

# one point, four training sets: predictions 2.5, 3.5, 3.0 and 3.0, truth 2.6, noise variance 0.1
guesses = np.array([2.5, 3.5, 3.0, 3.0])
assert guesses.mean() == 3 and np.isclose((3 - 2.6) ** 2, 0.16) and guesses.var() == 0.125
assert np.isclose(0.16 + 0.125 + 0.1, 0.385)

# polynomials on 20 fixed points
assert NOISE**2 == 0.25
for degree, bias2, var, whole, train in (
    (1, 0.182, 0.022, 0.454, 0.456),
    (3, 0.005, 0.039, 0.294, 0.206),
    (9, 0.000, 0.106, 0.356, 0.125),
):
    assert np.allclose(expected_parts(degree, 20), (bias2, var), atol=0.0006)
    assert abs(total(degree, 20) - whole) < 0.0006
    assert abs(expected_training_error(degree, 20) - train) < 0.0006

# the formula holds in simulation, over new noise and test points drawn anew
rng = np.random.default_rng(0)
for degree in (1, 3, 9):
    measured = [np.mean((g - sine(TEST) - rng.normal(0, NOISE, TEST.size)) ** 2) for g in fits(degree, 20, 500, rng)]
    assert abs(np.mean(measured) - total(degree, 20)) < 0.1 * total(degree, 20)

# inputs drawn at random as well: degree 9 swings wildly where a set has a hole
wild = np.array([np.mean((g - sine(TEST)) ** 2) + 0.25 for g in fits(9, 20, 1000, rng, fixed=False)])
calm = np.array([np.mean((g - sine(TEST)) ** 2) + 0.25 for g in fits(3, 20, 1000, rng, fixed=False)])
assert abs(np.median(wild) - 0.7) < 0.1 and np.quantile(wild, 0.9) > 10  # one set in ten
assert abs(calm.mean() - 0.32) < 0.01

# learning curves
for degree, n, error in ((1, 30, 0.44), (1, 300, 0.41), (9, 30, 0.32), (9, 300, 0.26)):
    assert abs(total(degree, n) - error) < 0.005


def descent(widths=(2, 4, 6, 8, 10, 12, 14, 16, 18, 19, 20, 21, 22, 24, 28, 34, 45, 60, 90, 140, 200)):
    """Numbers of features and the median test error of each."""
    rng = np.random.default_rng(0)
    return widths, [median_error(p, rng) for p in widths]


# double descent
few, peak, many = (median_error(p, rng) for p in (10, 20, 200))
assert abs(few - 2.2) < 0.2 and 30 < peak < 70 and abs(many - 1.2) < 0.1
guess_zero = 1 + NOISE**2  # the true weights have squared length 1 on average
assert guess_zero == 1.25

# the answers to Check yourself
assert round((2**2 + 0 + 2**2) / 3, 2) == 2.67
