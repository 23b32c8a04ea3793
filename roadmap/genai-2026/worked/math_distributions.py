"""The numbers of the note on probability distributions."""

import math

import numpy as np


def binomial(n, p):
    """The probabilities of 0 to n successes."""
    return np.array([math.comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(n + 1)])


def poisson(rate, most):
    """The probabilities of 0 to so many events."""
    return np.array([math.exp(-rate) * rate**k / math.factorial(k) for k in range(most + 1)])


def softmax(scores, temperature=1.0):
    e = np.exp((np.asarray(scores) - np.max(scores)) / temperature)
    return e / e.sum()


def within(z):
    """The share of a Gaussian within z standard deviations of the mean."""
    return math.erf(z / math.sqrt(2))


def averages(rolls, repeats=20_000):
    """Averages of so many die rolls."""
    return np.random.default_rng(0).integers(1, 7, size=(repeats, rolls)).mean(axis=1)


die = np.arange(1, 7)
assert 2 * 0.5 == 1  # density times width
assert die.mean() == 3.5 and (die**2).sum() == 91 and np.isclose(91 / 6 - 3.5**2, die.var())
assert round(die.var(), 2) == 2.92 and round(die.std(), 2) == 1.71

wins = binomial(10, 0.3)
assert np.isclose(wins.sum(), 1) and math.comb(10, 3) == 120
assert round(0.3**3 * 0.7**7, 5) == 0.00222 and round(wins[3], 3) == 0.267
assert np.isclose(np.dot(range(11), wins), 3) and np.isclose(10 * 0.3 * 0.7, 2.1)

assert np.exp([2, 1, 0]).round(3).tolist() == [7.389, 2.718, 1] and round(np.exp([2, 1, 0]).sum(), 3) == 11.107
assert softmax([2, 1, 0]).round(3).tolist() == [0.665, 0.245, 0.090]
assert softmax([2, 1, 0], 0.5).round(3).tolist() == [0.867, 0.117, 0.016]
assert np.allclose(softmax([2, 1, 0], 2), [0.507, 0.307, 0.186], atol=6e-4)

assert [round(100 * within(z)) for z in (1, 2)] == [68, 95] and round(100 * within(3), 1) == 99.7
assert (250 - 200) / 25 == 2 and round(100 * (1 - within(2)) / 2, 1) == 2.3
assert (1 - within(3)) / 2 < 0.0014  # about one in a thousand above three

calls = poisson(4, 8)
over = 1 - calls.sum()
assert round(calls[0], 3) == 0.018 and round(over, 3) == 0.021 and round(1 / over) == 47

rng = np.random.default_rng(0)
waits = rng.exponential(scale=0.25, size=200_000)  # scale is the mean, 1 / rate
assert 1 / 4 == 0.25 and np.isclose(waits.mean(), 0.25, atol=0.003)
assert np.isclose((waits[waits > 0.5] - 0.5).mean(), 0.25, atol=0.01)  # no memory
u = rng.uniform(2, 8, size=200_000)
assert np.isclose(u.mean(), 5, atol=0.02) and np.isclose(u.var(), 6**2 / 12, atol=0.03)
tail = rng.lognormal(mean=0, sigma=1, size=400_000)
assert tail.mean() > np.median(tail)
assert 0.016 < (tail > tail.mean() + 3 * tail.std()).mean() < 0.021  # nearly one in fifty
x = np.array([-1, 0, 1])
assert np.isclose(np.corrcoef(x, x**2)[0, 1], 0)

means = averages(100)
assert round(1.71 / math.sqrt(100), 3) == 0.171 and np.isclose(means.std(), 0.171, atol=0.003)
assert np.allclose([3.5 - 1.96 * 0.171, 3.5 + 1.96 * 0.171], [3.17, 3.83], atol=0.006)
assert 0.94 < ((means > 3.165) & (means < 3.835)).mean() < 0.96

assert round(100 * math.erfc(3 / 2**0.5) / 2, 2) == 0.13  # a Gaussian beyond the mean plus three deviations
mean, deviation = math.exp(0.5), math.exp(0.5) * (math.e - 1) ** 0.5  # log-normal with deviation 1 of its logarithm
assert round(100 * math.erfc(math.log(mean + 3 * deviation) / 2**0.5) / 2, 1) == 1.8
# Check yourself
assert 5 * 0.2 == 1 and 20 * 0.25 * 0.75 == 3.75
for score, shares in ((1, (0.731, 0.269)), (2, (0.881, 0.119))):
    top = 1 / (1 + math.exp(-score))
    assert (round(top, 3), round(1 - top, 3)) == shares
