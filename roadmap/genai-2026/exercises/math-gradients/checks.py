"""Checks of the exercise math-gradients."""

import math
from types import ModuleType

import numpy as np

MINUTES = 75


def differentiate(exercise: ModuleType, p: np.ndarray, X: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Central differences of the learner's loss at (w, b)."""

    def compute_loss(q: np.ndarray) -> float:
        return exercise.loss(q[:-1], q[-1], X, y)

    return np.array([(compute_loss(p + 1e-5 * e) - compute_loss(p - 1e-5 * e)) / 2e-5 for e in np.eye(p.size)])


def check_loss(exercise: ModuleType) -> None:
    """The loss is the mean over the examples, and ln 2 for weights of zero."""
    X, y = exercise.make_data()
    value = exercise.loss(np.zeros(2), 0.0, X, y)
    assert math.isclose(value, math.log(2), rel_tol=1e-9), (
        f"With w = 0 and b = 0 the loss is {value:.4f}; expected ln 2 = 0.6931, the mean over the examples."
    )
    value = exercise.loss(np.array([2.0]), 1.0, np.array([[1.0], [-1.0]]), np.array([1.0, 0.0]))
    expected = (math.log(1 + math.exp(-3)) + math.log(1 + math.exp(-1))) / 2
    assert math.isclose(value, expected, rel_tol=1e-9), (
        f"Scores 3 and -1 with labels 1 and 0 gave the loss {value:.4f}; expected {expected:.4f}."
    )


def check_large_scores(exercise: ModuleType) -> None:
    """The loss stays finite for large scores."""
    with np.errstate(all="ignore"):
        value = exercise.loss(np.array([1.0]), 0.0, np.array([[1000.0], [-1000.0]]), np.array([0.0, 1.0]))
    assert math.isfinite(value) and math.isclose(value, 1000), (
        f"Scores of 1000 and -1000 with labels 0 and 1 gave the loss {value}; "
        "expected 1000, so use np.logaddexp(0, z) for ln(1 + e^z)."
    )


def check_central_differences(exercise: ModuleType) -> None:
    """Central differences are exact to 1e-7 on a function whose gradient is known."""
    point = np.array([1.0, -2.0, 0.5])
    numeric = np.asarray(exercise.central_differences(lambda p: p[0] ** 3 + p[0] * p[1] + 4 * p[2], point.copy()))
    expected = np.array([1.0, 1.0, 4.0])
    assert numeric.shape == (3,), f"The gradient at a point of shape (3,) has shape {numeric.shape}; expected (3,)."
    assert np.abs(numeric - expected).max() < 1e-7, (
        f"The gradient of p0³ + p0 p1 + 4 p2 at (1, -2, 0.5) is (1, 1, 4) and you computed {numeric.round(7).tolist()}"
        "; step to both sides and divide by 2h."
    )


def check_relative_error(exercise: ModuleType) -> None:
    """The relative error divides by the sum of both norms."""
    value = exercise.relative_error(np.array([3.0, 4.0]), np.array([0.0, 0.0]))
    assert math.isclose(value, 1), f"The relative error of (3, 4) and (0, 0) is {value:.4f}; expected 5 / (5 + 0) = 1."
    value = exercise.relative_error(np.array([3.0, 4.0]), np.array([3.0, 4.0]))
    assert value == 0, f"The relative error of two equal gradients is {value:.4f}; expected 0."


def check_gradient(exercise: ModuleType) -> None:
    """The gradient agrees with central differences to 1e-6 at three random points."""
    X, y = exercise.make_data()
    for point in np.random.default_rng(11).normal(size=(3, 3)):
        dw, db = exercise.gradient(point[:2], float(point[2]), X, y)
        assert np.shape(dw) == (2,) and np.shape(db) == (), (
            f"For two features the gradient has shapes {np.shape(dw)} and {np.shape(db)}; "
            "expected (2,) for w and a single number for b."
        )
        analytic, numeric = np.append(dw, db), differentiate(exercise, point, X, y)
        for part, name in ((slice(0, 2), "w"), (slice(2, 3), "b")):
            gap = np.linalg.norm(analytic[part] - numeric[part])
            error = gap / (np.linalg.norm(analytic[part]) + np.linalg.norm(numeric[part]))
            assert error < 1e-6, (
                f"Your gradient for {name} is {analytic[part].round(4).tolist()} and central differences give "
                f"{numeric[part].round(4).tolist()}, a relative error of {error:.1e}; the limit is 1e-6."
            )


def check_descent(exercise: ModuleType) -> None:
    """The loss falls in each of 100 steps."""
    X, y = exercise.make_data()
    w, b, losses = exercise.fit(X, y)
    assert len(losses) == 101, f"`fit` recorded {len(losses)} losses; 100 steps make 101, the first before any step."
    assert math.isclose(losses[0], math.log(2), rel_tol=1e-9), (
        f"The first loss is {losses[0]:.4f}; it is ln 2 = 0.6931 at w = 0 and b = 0."
    )
    rises = [i for i in range(1, 101) if losses[i] >= losses[i - 1]]
    assert not rises, f"The loss did not fall in {len(rises)} of 100 steps, first in step {rises[0]}."
    assert math.isclose(losses[-1], exercise.loss(w, b, X, y), rel_tol=1e-9), (
        "The last loss is not the loss of the w and b that `fit` returns; record it after each step."
    )


def check_fit(exercise: ModuleType) -> None:
    """The fitted line separates most examples, and the bias was fitted too."""
    X, y = exercise.make_data()
    w, b, _ = exercise.fit(X, y, rate=0.5, steps=2000)
    gradient = np.linalg.norm(differentiate(exercise, np.append(w, b), X, y))
    accuracy = float(((X @ w + b > 0) == y).mean())
    assert b < -1, (
        f"After 2,000 steps the bias is {b:.3f}; it has to fall below -1 here, so step along its gradient too."
    )
    assert gradient < 0.01, (
        f"After 2,000 steps with rate 0.5 the gradient still has the norm {gradient:.3f}; it has to come below 0.01."
    )
    assert accuracy > 0.85, f"The fitted line is right on {accuracy:.0%} of the examples; over 85% is possible."
