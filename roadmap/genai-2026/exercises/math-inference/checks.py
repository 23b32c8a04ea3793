"""Checks of the exercise math-inference."""

import math
from types import ModuleType

import numpy as np

MINUTES = 75


def check_posterior(exercise: ModuleType) -> None:
    """Bayes' rule gives the probability of illness after a positive result."""
    value = exercise.posterior(0.01, 0.99, 0.95)
    assert math.isclose(value, 1 / 6, rel_tol=1e-9), (
        f"Prevalence 1%, sensitivity 99% and specificity 95% gave {value:.4f}; "
        "expected 0.0099 / (0.0099 + 0.99 × 0.05) = 0.1667."
    )
    value = exercise.posterior(0.5, 0.8, 0.6)
    assert math.isclose(value, 2 / 3, rel_tol=1e-9), (
        f"Prior 0.5, sensitivity 0.8 and specificity 0.6 gave {value:.4f}; expected 0.4 / (0.4 + 0.2) = 0.6667."
    )


def check_results(exercise: ModuleType) -> None:
    """The two arrays hold the four counts, item by item."""
    a, b = (np.asarray(array).astype(int) for array in exercise.make_results(146, 10, 22, 22))
    assert a.shape == b.shape == (200,), f"The arrays have shapes {a.shape} and {b.shape}; expected (200,) twice."
    counts = [int(((a == x) & (b == y)).sum()) for x, y in ((1, 1), (1, 0), (0, 1), (0, 0))]
    assert counts == [146, 10, 22, 22], (
        f"Both right, only A, only B, neither occur {counts} times; expected [146, 10, 22, 22]."
    )


def check_pairs(exercise: ModuleType) -> None:
    """The bootstrap draws the same items for A and for B."""
    rng = np.random.default_rng(0)
    a = rng.integers(2, size=200)
    differences = np.asarray(exercise.bootstrap_differences(a, a.copy(), 500))
    assert differences.shape == (500,), f"500 repeats gave an array of shape {differences.shape}; expected (500,)."
    assert not differences.any(), (
        "Two models with equal answers differ on some bootstrap samples; draw item numbers once for each sample, and "
        "use them for both models."
    )


def check_replacement(exercise: ModuleType) -> None:
    """The bootstrap draws with replacement and subtracts A from B."""
    a, b = exercise.make_results(146, 10, 22, 22)
    differences = np.asarray(exercise.bootstrap_differences(a, b, 4000))
    spread, expected = float(differences.std()), 0.028
    assert spread > 0, "Every bootstrap sample gave the same difference; draw the items with replacement."
    assert 0.8 < spread / expected < 1.25, (
        f"The bootstrap differences have the standard deviation {spread:.4f}; about {expected} is expected for 200 "
        "items in each sample."
    )
    assert abs(float(differences.mean()) - 0.06) < 0.01, (
        f"The bootstrap differences average {differences.mean():.3f}; B minus A is 0.06 on these items."
    )


def check_interval(exercise: ModuleType) -> None:
    """The interval cuts the same share off at each end."""
    low, high = exercise.interval(np.arange(1001.0), 0.95)
    assert abs(low - 25) <= 1 and abs(high - 975) <= 1, (
        f"The middle 95% of 0, 1, ..., 1000 came out as {low:g} to {high:g}; expected 25 to 975."
    )
    low, high = exercise.interval(np.arange(1001.0), 0.8)
    assert abs(low - 100) <= 1 and abs(high - 900) <= 1, (
        f"The middle 80% of 0, 1, ..., 1000 came out as {low:g} to {high:g}; expected 100 to 900."
    )


def check_reported_interval(exercise: ModuleType) -> None:
    """The 95% interval of the difference lies around 0.06."""
    a, b = exercise.make_results(146, 10, 22, 22)
    low, high = exercise.interval(exercise.bootstrap_differences(a, b))
    assert abs(low - 0.005) <= 0.003 and abs(high - 0.115) <= 0.003, (
        f"The interval runs from {low:.3f} to {high:.3f}; expected about 0.005 to 0.115."
    )


def check_sign_test(exercise: ModuleType) -> None:
    """The sign test is exact, two-sided and never above 1."""
    for only_a, only_b, expected in ((1, 9, 22 / 1024), (9, 1, 22 / 1024), (0, 3, 0.25), (4, 4, 1.0)):
        value = exercise.sign_test(only_a, only_b)
        assert math.isclose(value, expected, rel_tol=1e-9), (
            f"A split of {only_a} to {only_b} gave p = {value:.4f}; expected {expected:.4f}, "
            "twice the tail of the smaller count, at most 1."
        )
    value = exercise.sign_test(10, 22)
    assert abs(value - 0.0501) < 0.00005, f"A split of 10 to 22 gave p = {value:.4f}; expected 0.0501."


def check_claim(exercise: ModuleType) -> None:
    """The claim names the interval and the p-value, and claims neither a proof nor equality."""
    result = exercise.claim()
    assert isinstance(result, tuple) and len(result) == 4, (
        f"`claim` returned {result!r}; return both ends of the interval, the p-value and a letter."
    )
    low, high, p, letter = result
    assert abs(low - 0.005) <= 0.003 and abs(high - 0.115) <= 0.003, (
        f"Your claim names the interval {low:g} to {high:g}; expected about 0.005 to 0.115, as fractions of B minus A."
    )
    assert abs(p - 0.0501) < 0.001, f"Your claim names p = {p:g}; the two-sided sign test gives 0.0501."
    reasons = {
        "a": "an interval that only just leaves out 0 is weak evidence and no proof",
        "b": "a p-value of 0.05 or more doesn't show that two models are equal",
        "d": "p is the probability of such a split if both are equally good, not the probability that they are",
    }
    letter = str(letter).lower()
    assert letter not in reasons, f"Sentence {letter} says too much: {reasons.get(letter)}."
    assert letter == "c", f"There is no sentence {letter!r} in CLAIMS; choose a, b, c or d."
