"""The numbers of the note on prompting: cost of examples, calibration, votes and fair tests of two prompts."""

import math
from math import comb, sqrt


def wilson(k: int, n: int, z: float = 1.96) -> tuple[float, float]:
    """The 95% Wilson interval of a share."""
    p, d = k / n, 1 + z * z / n
    half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / d
    return (p + z * z / (2 * n)) / d - half, (p + z * z / (2 * n)) / d + half


def mcnemar(repaired: int, broken: int) -> float:
    """The exact two-sided test on the cases that changed."""
    n, k = repaired + broken, min(repaired, broken)
    return min(1.0, 2 * sum(comb(n, i) for i in range(k + 1)) / 2**n)


def expected_best(n: int, p: float, prompts: int) -> float:
    """The expected best share of n cases among prompts that are all equally good and err independently."""
    below = best = 0.0
    for k in range(n + 1):
        upto = below + comb(n, k) * p**k * (1 - p) ** (n - k)
        best += k * (upto**prompts - below**prompts)
        below = upto
    return best / n


assert 8 * 150 == 1_200
assert 1_200 * 10_000 == 12_000_000

POSITIVE, NEGATIVE = 0.6 / 0.7, 0.4 / 0.3  # probability for the review / probability for "N/A"
assert (round(POSITIVE, 3), round(NEGATIVE, 3)) == (0.857, 1.333)
assert round(POSITIVE / (POSITIVE + NEGATIVE), 2) == 0.39

assert round(sum(comb(5, k) * 0.7**k * 0.3 ** (5 - k) for k in (3, 4, 5)), 3) == 0.837

# settings named, not computed: temperature 0.7 to 1.0 for varied wording
assert (28 / 40, 34 / 40) == (0.70, 0.85)
assert [round(v, 2) for v in wilson(28, 40)] == [0.55, 0.82]
assert [round(v, 2) for v in wilson(34, 40)] == [0.71, 0.93]
assert 28 + 8 - 2 == 34
assert round(mcnemar(8, 2), 2) == 0.11
assert round(expected_best(20, 0.75, 10), 2) == 0.89

# the answers to Check yourself
assert (2**10, round(2 * sum(math.comb(10, k) for k in range(3)) / 1_024, 3)) == (1_024, 0.109)

# Check yourself
assert round(2 * (1 + 8) / 2**8, 2) == 0.07
