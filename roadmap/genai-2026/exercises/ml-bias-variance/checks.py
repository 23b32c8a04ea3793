"""Checks of the split of the error into bias, variance and noise."""

import numpy as np

MINUTES = 90


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
