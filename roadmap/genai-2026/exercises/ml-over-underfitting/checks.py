"""Checks of the error split and of the three regularisers."""

import numpy as np

MINUTES = 120


def _fit(exercise, degree, sets=500):
    rng = np.random.default_rng(0)
    targets = exercise.draw_training_sets(sets, rng)
    fresh = exercise.draw_training_sets(sets, rng)
    return targets, fresh, exercise.fit_all(targets, degree)


def check_fits(exercise):
    """Each training set gets its own least-squares fit."""
    targets, _, predictions = _fit(exercise, 3, sets=20)
    assert np.shape(predictions) == (20, 30), (
        f"20 training sets gave predictions of shape {np.shape(predictions)}; expected (20, 30)."
    )
    powers = np.vander(exercise.X, 4)
    expected = targets @ np.linalg.pinv(powers).T @ powers.T
    assert np.allclose(predictions, expected, atol=1e-6), (
        "The predictions of degree 3 are not the least-squares cubics through the 20 training sets."
    )


def check_parts(exercise):
    """Bias is the miss of the average fit, variance the spread of the fits around it."""
    predictions = exercise.TRUTH + np.array([[0.3], [0.1]])
    bias2, variance, noise = exercise.split_error(predictions)
    assert np.isclose(bias2, 0.04), (
        f"Two fits miss the truth by 0.3 and 0.1, so the average misses by 0.2 and squared bias is 0.04; "
        f"`split_error` gave {bias2:.4f}."
    )
    assert np.isclose(variance, 0.01), (
        f"Two fits lie 0.1 above and below their average, so the variance is 0.01; `split_error` gave {variance:.4f}."
    )
    assert np.isclose(noise, exercise.NOISE**2), (
        f"The noise term is the variance {exercise.NOISE**2}, the square of NOISE; `split_error` gave {noise}."
    )


def check_sum(exercise):
    """Bias, variance and noise add up to the test error within 10% at every degree from 1 to 9."""
    for degree in range(1, 10):
        _, fresh, predictions = _fit(exercise, degree)
        total, error = sum(exercise.split_error(predictions)), exercise.measure_test_error(predictions, fresh)
        assert abs(total - error) <= 0.1 * error, (
            f"Degree {degree}: the parts sum to {total:.3f}, the test error is {error:.3f}."
        )


def check_trend(exercise):
    """Squared bias falls and variance rises from degree 1 to degree 9."""
    low, high = (exercise.split_error(_fit(exercise, degree)[2]) for degree in (1, 9))
    assert low[0] > 10 * high[0], (
        f"Squared bias is {low[0]:.4f} at degree 1 and {high[0]:.4f} at degree 9; it should fall at least tenfold."
    )
    assert high[1] > 3 * low[1], (
        f"Variance is {low[1]:.4f} at degree 1 and {high[1]:.4f} at degree 9; it should at least triple."
    )


def check_names(exercise):
    """A fit is named by its training error first, then by the gap."""
    cases = ((0.6, 0.62, "under"), (0.1, 0.5, "over"), (0.24, 0.27, "about right"), (0.6, 1.2, "under"))
    for train, validation, expected in cases:
        name = exercise.name_fit(train, validation, 0.25)
        assert name == expected, (
            f"Training error {train}, validation error {validation}, noise 0.25: got {name!r}, expected {expected!r}."
        )


def check_decay(exercise):
    """With rate 0.1 and decay 0.01, a weight without gradient shrinks by the factor 0.999."""
    w = np.array([2.0, -1.0])
    after = exercise.decay_step(w, np.zeros(2), 0.1, 0.01)
    assert np.allclose(after, 0.999 * w), (
        f"Weights (2, -1) with gradient 0 became {np.round(after, 4).tolist()}; expected (1.998, -0.999)."
    )
    after = exercise.decay_step(w, np.array([1.0, 1.0]), 0.1, 0.0)
    assert np.allclose(after, w - 0.1), (
        f"Without decay, weights (2, -1) with gradient (1, 1) became {np.round(after, 4).tolist()}; "
        "expected (1.9, -1.1)."
    )


def check_dropout(exercise):
    """Dropout keeps the mean in training and changes nothing otherwise."""
    x = np.full(100_000, 10.0)
    y = exercise.dropout(x, 0.2, True, np.random.default_rng(0))
    assert abs(np.mean(y == 0) - 0.2) < 0.01, f"With p = 0.2, {np.mean(y == 0):.1%} of the entries are 0; expected 20%."
    assert abs(np.mean(y) - 10) < 0.1, (
        f"The mean of the entries was 10 and is {np.mean(y):.2f} in training; divide the survivors by 1 - p."
    )
    same = exercise.dropout(x, 0.2, False, np.random.default_rng(0))
    assert np.array_equal(same, x), "Outside training, dropout changed its input; return it as it is."


def check_early_stopping(exercise):
    """Early stopping waits for `patience` epochs and keeps the best epoch."""
    for losses, expected in (([5, 4, 3, 3.5, 3.2, 1], (2, 4)), ([5, 4, 4.5, 3, 3.5], (3, 4)), ([3, 2, 1], (2, 2))):
        answer = tuple(exercise.stop_early(losses, 2))
        assert answer == expected, f"Losses {losses} with patience 2 gave (keep, stop) = {answer}; expected {expected}."


def check_summary(exercise):
    """The table gives the mean and the spread over seeds, dividing by n - 1."""
    mean, spread = exercise.summarise([0.80, 0.82, 0.84, 0.86, 0.88])
    assert np.isclose(mean, 0.84), f"The mean of 0.80 to 0.88 is 0.84; `summarise` gave {mean:.4f}."
    assert np.isclose(spread, 0.0316, atol=5e-4), (
        f"The spread of 0.80, 0.82, 0.84, 0.86, 0.88 is 0.0316; `summarise` gave {spread:.4f}."
    )
