"""The numbers of the note on variation."""

from itertools import pairwise
from math import sqrt

VISITORS = [42, 38, 51, 45, 40, 47, 36, 44, 49, 41]
RANGES = [abs(b - a) for a, b in pairwise(VISITORS)]
MEAN, RANGE = sum(VISITORS) / len(VISITORS), sum(RANGES) / len(RANGES)
assert RANGES == [4, 13, 6, 5, 7, 11, 8, 5, 8] and MEAN == 43.3 and round(RANGE, 2) == 7.44 and round(RANGE, 1) == 7.4
assert [round(MEAN + sign * 2.66 * RANGE, 1) for sign in (-1, 1)] == [23.5, 63.1] and round(2.66 * RANGE, 1) == 19.8
assert [sqrt(n) for n in (4, 25, 100, 400)] == [2, 5, 10, 20]
assert [round(100 * sqrt(0.1 * 0.9 / n), 2) for n in (10, 1_000)] == [9.49, 0.95] and round(9.49, 1) == 9.5


def some_run(tosses: int, length: int) -> float:
    """Chance of at least one run of heads of a length."""
    without = [2**i if i < length else 0 for i in range(tosses + 1)]
    for i in range(length, tosses + 1):
        without[i] = sum(without[i - j] for j in range(1, length + 1))
    return 1 - without[tosses] / 2**tosses


assert round(some_run(100, 5), 2) == 0.81
assert round(100 * (1 - 0.95**20)) == 64

# the answers to Check yourself
assert round(2.66 * 8, 1) == 21.3 and [round(60 + sign * 2.66 * 8, 1) for sign in (-1, 1)] == [38.7, 81.3]
assert sqrt(900) == 30 and 900 - 60 == 840 and 900 + 60 == 960
assert (round(0.95**40, 2), round(1 - 0.95**40, 2)) == (0.13, 0.87)
