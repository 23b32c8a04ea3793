"""The numbers of the note on regression to the mean."""

import numpy as np

MEAN, R = 60, 0.6


def expected(first: float, mean: float = MEAN, r: float = R) -> float:
    """The second result that is expected after the first."""
    return mean + r * (first - mean)


assert [expected(first) for first in (85, 60, 30)] == [75, 60, 42] and round(1 - R, 1) == 0.4
assert 0.5 * 8 == 4


def two_rounds(people: int, seed: int = 4) -> tuple[np.ndarray, np.ndarray]:
    """First and second scores of people whose skill and luck give a correlation of about R."""
    rng = np.random.default_rng(seed)
    skill = rng.normal(0, np.sqrt(R), people)
    first, second = (MEAN + 14 * (skill + rng.normal(0, np.sqrt(1 - R), people)) for _ in range(2))
    return first, second


first, second = two_rounds(20_000)
assert abs(np.corrcoef(first, second)[0, 1] - R) < 0.02
top = first > np.quantile(first, 0.9)
assert MEAN < second[top].mean() < first[top].mean() - 5 and abs(first.std() - second.std()) < 0.5
dice = np.random.default_rng(0).integers(1, 7, (2_000, 20, 2)).sum(axis=2)
assert np.sort(dice, axis=1)[:, -5:].mean() > 9 and abs(dice.mean() - 7) < 0.05

# the answers to Check yourself
assert expected(20, 50, 0.7) == 29 and round(1 - 0.7, 1) == 0.3
