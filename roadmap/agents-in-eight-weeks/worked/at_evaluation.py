"""The numbers of the note on the evaluation of agents."""

from math import comb, sqrt

Z = 1.96


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """Return the Wilson interval of a rate."""
    p, z2 = successes / trials, Z * Z
    half = Z * sqrt(p * (1 - p) / trials + z2 / (4 * trials**2))
    return tuple((p + z2 / (2 * trials) + sign * half) / (1 + z2 / trials) for sign in (-1, 1))  # type: ignore[return-value]


assert [round(end, 3) for end in wilson(16, 20)] == [0.584, 0.919]
assert [round(end, 2) for end in wilson(16, 20)] == [0.58, 0.92]
assert [round(end, 3) for end in wilson(10, 10)] == [0.722, 1]
assert round(0.8**10, 3) == 0.107
assert round(0.8**10, 2) == 0.11


def pass_all(successes: list[int], trials: int, k: int) -> float:
    """Return pass^k, the mean over the tasks."""
    return sum(comb(c, k) / comb(trials, k) for c in successes) / len(successes)


ALWAYS_OR_NEVER, NOW_AND_THEN = [8, 8, 8, 8, 0, 0, 0, 0], [4] * 8
assert sum(ALWAYS_OR_NEVER) == sum(NOW_AND_THEN) == 32
assert pass_all(ALWAYS_OR_NEVER, 8, 4) == 0.5
assert comb(4, 4) / comb(8, 4) == 1 / 70
assert round(pass_all(NOW_AND_THEN, 8, 4), 3) == 0.014
assert 0.5**4 == 0.0625
assert round(pass_all([6], 8, 2), 3) == 0.536
assert [comb(6, 2), comb(8, 2)] == [15, 28]


def sign_test(rose: int, fell: int) -> float:
    """Return the two-sided p of a sign test."""
    tosses = rose + fell
    return min(1.0, 2 * sum(comb(tosses, heads) for heads in range(min(rose, fell) + 1)) / 2**tosses)


assert [comb(9, 1), comb(9, 2), 2**9] == [9, 36, 512]
assert round((1 + 9 + 36) / 512, 2) == 0.09
assert round(sign_test(7, 2), 2) == 0.18
assert round(sign_test(9, 1), 3) == 0.021
assert round(sign_test(5, 1), 2) == 0.22
assert 45 / 50 == 0.9

# as the sources report: 5.8 and 0.5 percent failures of the infrastructure; 59.4 percent of audited problems

# the answers to Check yourself
assert round(12 / (12 + 1.96**2), 3) == 0.757 and round(1.96**2, 2) == 3.84 and round(0.8**12, 3) == 0.069
assert round(100 * 15 / (15 + 1.96**2), 1) == 79.6
