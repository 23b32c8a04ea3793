"""The numbers of the note on experiments."""

from math import comb, erf, sqrt

import numpy as np


def shuffled(came: int, group: int, gap: int) -> float:
    """Share of shuffles of two equal groups in which those who came differ by at least a gap."""
    everybody = 2 * group
    counts = (k for k in range(min(came, group) + 1) if came - k <= group)
    ways = sum(comb(came, k) * comb(everybody - came, group - k) for k in counts if abs(2 * k - came) >= gap)
    return ways / comb(everybody, group)


assert 14 + 9 == 23 and 40 - 23 == 17 and round(shuffled(23, 20, 5), 2) == 0.20
assert round(shuffled(24, 20, 8), 2) == 0.02
assert 100 * (14 - 9) / 20 == 25 and round(100 * 1.96 * sqrt(0.7 * 0.3 / 20 + 0.45 * 0.55 / 20)) == 30
assert [round(4 / d**2) for d in (0.2, 0.1, 0.05)] == [100, 400, 1_600]


def seen(d: float, people: int) -> float:
    """Chance that a real difference d shows at the 5 percent level, with shares near one half."""
    z = d / sqrt(2 * 0.25 / people) - 1.96
    return (1 + erf(z / sqrt(2))) / 2


assert 0.78 < seen(0.2, 100) < 0.83
paths = np.random.default_rng(0).normal(size=(40_000, 5)).cumsum(axis=1) / np.sqrt(np.arange(1, 6))
assert round(100 * (np.abs(paths) > 1.96).any(axis=1).mean()) == 14
# cited: 4 of 55 and 14 of 52 (Medical Research Council 1948); thresholds 0.05 and 0.04 = 0.2 squared

# the answers to Check yourself
assert round(1_000 * shuffled(33, 30, 9)) == 37 and 21 + 12 == 33 and 70 - 40 == 30
assert round(4 / 0.16) == round(4 / 0.4**2) == 25
