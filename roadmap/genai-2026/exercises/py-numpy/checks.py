"""Checks of the exercise py-numpy."""

import time
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
            f"expected {expected.tolist()}."
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


def check_measure(exercise: ModuleType) -> None:
    """`measure` gives the seconds and the peak megabytes of a call."""

    def use_memory(megabytes: int) -> None:
        block = np.ones(megabytes * 125_000)
        time.sleep(0.2)
        del block

    result = exercise.measure(use_memory, 40)
    assert isinstance(result, tuple) and len(result) == 2, (
        f"`measure` returned {result!r}; return a pair of seconds and megabytes."
    )
    seconds, megabytes = result
    assert 0.15 < seconds < 2, f"A call that sleeps 0.2 s was measured as {seconds:.3f} s."
    assert 30 < megabytes < 60, (
        f"A call that holds 40 MB and frees them was measured as {megabytes:.3g} MB; "
        "take the peak of tracemalloc, in units of 1e6 bytes."
    )


def check_table(exercise: ModuleType) -> None:
    """The loop is at least ten times as slow, and broadcasting needs at least ten times the memory, of the identity."""
    A, B = make_points()
    loop, broadcast = (exercise.measure(getattr(exercise, name), A, B) for name in WAYS[:2])
    identity = min(exercise.measure(exercise.identity_distances, A, B) for _ in range(10))
    assert loop[0] > 10 * identity[0], (
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
