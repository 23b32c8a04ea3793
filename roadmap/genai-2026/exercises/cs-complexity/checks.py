"""Checks of the exercise cs-complexity."""

import random
from itertools import pairwise
from types import ModuleType

import numpy as np

MINUTES = 75


def check_known_distances(exercise: ModuleType) -> None:
    """Both functions give the edit distances that are known."""
    for s, t, expected in (
        ("", "", 0),
        ("", "abc", 3),
        ("abc", "", 3),
        ("abc", "abc", 0),
        ("ab", "ba", 2),
        ("cat", "cut", 1),
    ):
        result = exercise.recursive_distance(s, t)
        assert isinstance(result, tuple) and len(result) == 2, (
            f"`recursive_distance` returned {result!r}; return the distance and the number of calls."
        )
        for name, distance in (("recursive_distance", result[0]), ("table_distance", exercise.table_distance(s, t))):
            assert distance == expected, (
                f"`{name}` says {distance} for {s!r} and {t!r}; expected {expected}: "
                "each insertion, deletion or replacement costs 1, an equal character nothing."
            )
    distance = exercise.table_distance("kitten", "sitting")
    assert distance == 3, f"`table_distance` says {distance} for 'kitten' and 'sitting'; expected 3."


def check_agreement(exercise: ModuleType) -> None:
    """Both functions agree on 50 random pairs."""
    rng = random.Random(3)
    for _ in range(50):
        s, t = ("".join(rng.choice("abc") for _ in range(rng.randint(0, 5))) for _ in range(2))
        recursive, table = exercise.recursive_distance(s, t)[0], exercise.table_distance(s, t)
        assert recursive == table, f"For {s!r} and {t!r} the recursion says {recursive} and the table {table}."


def check_count(exercise: ModuleType) -> None:
    """Every call of the recursion is counted, the first included."""
    calls = exercise.recursive_distance("", "")[1]
    assert calls == 1, f"Two empty words need 1 call, the first; you counted {calls}."
    calls = exercise.recursive_distance("a", "b")[1]
    assert calls >= 4, f"'a' and 'b' need the first call and three more; you counted {calls} in all."


def check_growth(exercise: ModuleType) -> None:
    """Calls of the plain recursion grow by a near-constant factor from length to length."""
    calls = exercise.count_calls([3, 4, 5, 6, 7])
    assert len(calls) == 5, f"Five lengths gave {len(calls)} counts; return one for each length."
    factors = [after / before for before, after in pairwise(calls)]
    assert min(factors) > 4 and max(factors) < 7, (
        f"From length 3 to 7 the calls grow by {', '.join(f'{factor:.2f}' for factor in factors)}; "
        "plain recursion grows by 5 to 6 each time: use words with no letter in common, and no memory of results."
    )
    own = exercise.growth_factors([2, 6, 30])
    assert np.allclose(own, [3, 5]), f"The growth factors of 2, 6, 30 are 3 and 5; you returned {list(own)}."


def check_slope(exercise: ModuleType) -> None:
    """The slope is the power of n on a log-log scale."""
    for power in (1, 2, 3):
        lengths = [250, 500, 1000, 2000]
        value = exercise.slope(lengths, [2e-7 * n**power for n in lengths])
        assert abs(value - power) < 1e-6, (
            f"Times that grow as n^{power} have the slope {power}; you computed {value:.3f}: "
            "take the logarithm of the lengths and of the seconds."
        )


def check_measure(exercise: ModuleType) -> None:
    """Each length is measured several times with two words of that length."""
    lengths: list[tuple[int, int]] = []
    seconds = exercise.measure(lambda s, t: lengths.append((len(s), len(t))), [10, 20], repeats=4)
    assert sorted(lengths) == [(10, 10)] * 4 + [(20, 20)] * 4, (
        f"4 repeats at lengths 10 and 20 called the function {len(lengths)} times, with words of the lengths "
        f"{sorted(set(lengths))}; expected 4 calls for each length."
    )
    assert len(seconds) == 2, f"Two lengths gave {len(seconds)} times; return the shortest for each length."


def check_quadratic(exercise: ModuleType) -> None:
    """The log-log slope of the table's times is near 2."""
    sizes, slopes = [60, 120, 240, 480], []
    for _ in range(4):  # again if another program disturbed the measurement
        slopes.append(exercise.slope(sizes, exercise.measure(exercise.table_distance, sizes, 5)))
        if 1.7 < slopes[-1] < 2.3:
            return
    values = ", ".join(f"{value:.2f}" for value in slopes)
    raise AssertionError(
        f"Four measurements of `table_distance` have the slopes {values}; expected 1.8 to 2.2. "
        "Each cell of the table takes constant time, and a cache between runs hides the work."
    )
