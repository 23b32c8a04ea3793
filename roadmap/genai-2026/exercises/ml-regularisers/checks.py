"""Checks of three regularisers and of the table row."""

import numpy as np

MINUTES = 90


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
