"""Checks of the exercise py-numpy."""

import time
import tracemalloc
from types import ModuleType

import numpy as np

MINUTES = 75
WAYS = ("loop_distances", "broadcast_distances", "identity_distances")


def make_points() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(7)
    return rng.normal(size=(120, 64)), rng.normal(size=(90, 64))


def check_known_distances(exercise: ModuleType) -> None:
    """All three ways give the distances that are known from a right triangle."""
    A, B = np.array([[0.0, 0.0], [3.0, 4.0]]), np.array([[0.0, 0.0], [3.0, 0.0], [0.0, 4.0]])
    expected = np.array([[0.0, 3.0, 4.0], [5.0, 4.0, 3.0]])
    for name in WAYS:
        distances = np.asarray(getattr(exercise, name)(A, B))
        assert distances.shape == (2, 3), (
            f"`{name}` of 2 and 3 points has shape {distances.shape}; expected (2, 3), one row for each point of A."
        )
        assert np.allclose(distances, expected), (
            f"`{name}` of (0, 0), (3, 4) and (0, 0), (3, 0), (0, 4) gave {distances.round(3).tolist()}; "
            f"expected {expected.tolist()}. The largest difference is {np.abs(distances - expected).max():.2g}; "
            "add nothing under the root."
        )
        diagonal = float(np.asarray(getattr(exercise, name)(np.array([[0, 0]]), np.array([[1, 1]])))[0, 0])
        assert abs(diagonal - 2**0.5) < 1e-6, (
            f"`{name}` of the integer points (0, 0) and (1, 1) gave {diagonal:.4f}; expected 1.4142, "
            "so the array of distances holds floats."
        )


def check_agreement(exercise: ModuleType) -> None:
    """`np.allclose` holds for the three results on random points."""
    A, B = make_points()
    expected = np.linalg.norm(A[:, None] - B, axis=2)
    for name in WAYS:
        distances = getattr(exercise, name)(A, B)
        assert np.allclose(distances, expected), (
            f"`{name}` is off by up to {np.abs(distances - expected).max():.3g} on random points; "
            "all three ways have to agree."
        )


def check_rounding(exercise: ModuleType) -> None:
    """The identity gives no NaN for points that are equal or nearly equal."""
    A = np.random.default_rng(1).normal(loc=100, size=(80, 64))
    with np.errstate(invalid="ignore"):
        distances = exercise.identity_distances(A, A)
    gaps = int(np.isnan(distances).sum())
    assert not gaps, (
        f"{gaps} of {distances.size} distances are NaN where points are equal, because rounding made the sum under the "
        "root negative; clip it at 0 before the root."
    )
    for place, steps in ((76.348, 1), (142.308, 3), (147.569, 3)):
        other = place + steps * np.spacing(place)
        with np.errstate(invalid="ignore"):
            distance = float(exercise.identity_distances(np.array([[place]]), np.array([[other]]))[0, 0])
        assert distance < 1e-9, (
            f"Points {place} and {place} + {other - place:.1g} gave the distance {distance:.2g}; rounding makes the "
            "sum under the root negative, which counts as 0."
        )


def check_measure(exercise: ModuleType) -> None:
    """`measure` gives the seconds and the peak megabytes of a call."""

    traced = []

    def use_memory(megabytes: int) -> None:
        traced.append(tracemalloc.is_tracing())
        block = np.ones(megabytes * 125_000)
        time.sleep(0.2)
        del block

    result = exercise.measure(use_memory, 40)
    running = tracemalloc.is_tracing()
    tracemalloc.stop()
    assert not running, "tracemalloc still runs after `measure` and slows down all later calls; stop it."
    assert isinstance(result, tuple) and len(result) == 2, (
        f"`measure` returned {result!r}; return a pair of seconds and megabytes."
    )
    seconds, megabytes = result
    assert 0.15 < seconds < 2, f"A call that sleeps 0.2 s was measured as {seconds:.3f} s."
    assert False in traced, "Both numbers came from calls under tracemalloc; take the time in a call without it."
    assert 39.5 < megabytes < 45, (
        f"A call that holds 40 MB and frees them was measured as {megabytes:.3g} MB; "
        "take the peak of tracemalloc, in units of 1e6 bytes."
    )


def check_table(exercise: ModuleType) -> None:
    """The loop takes at least three times as long, and broadcasting ten times the memory, of the identity."""
    A, B = make_points()
    loop, broadcast = (exercise.measure(getattr(exercise, name), A, B) for name in WAYS[:2])
    identity = min(exercise.measure(exercise.identity_distances, A, B) for _ in range(10))
    assert loop[0] > 3 * identity[0], (
        f"The loop took {loop[0]:.4f} s and the identity {identity[0]:.4f} s; "
        "the identity needs array expressions only, with no Python loop."
    )
    assert broadcast[1] > 10 * identity[1], (
        f"Broadcasting peaked at {broadcast[1]:.2f} MB and the identity at {identity[1]:.2f} MB; only broadcasting "
        "holds an array of shape (n, m, d)."
    )
    assert broadcast[1] > 10 * loop[1], (
        f"The loop peaked at {loop[1]:.2f} MB and broadcasting at {broadcast[1]:.2f} MB; "
        "the loop holds one pair of points at a time."
    )
    A, B = np.ones((40, 4000)), np.zeros((40, 4000))
    peak = exercise.measure(exercise.loop_distances, A, B)[1]
    assert peak < 1, (
        f"For 40 and 40 points in 4,000 dimensions the loop peaked at {peak:.2f} MB; it takes one pair of points at a "
        "time, in two nested loops."
    )
