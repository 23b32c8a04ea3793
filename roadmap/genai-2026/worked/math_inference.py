"""The numbers of the note on Bayes' rule."""

import numpy as np


def posterior(prior, hit, false_alarm):
    """The probability of a hypothesis after evidence that it and its opposite predict so well."""
    return prior * hit / (prior * hit + (1 - prior) * false_alarm)


def people(total=10_000, prevalence=0.01, sensitivity=0.99, specificity=0.95):
    """How many are ill and positive, ill and negative, healthy and positive, healthy and negative."""
    ill = total * prevalence
    healthy = total - ill
    found, flagged = ill * sensitivity, healthy * (1 - specificity)
    return tuple(round(n) for n in (found, ill - found, flagged, healthy - flagged))


def beta_density(a, b, points=1_000_001):
    """Rates and the density of a beta distribution over them, scaled to sum to 1."""
    rate = np.linspace(0, 1, points)
    dens = rate ** (a - 1) * (1 - rate) ** (b - 1)
    return rate, dens / dens.sum()


assert 28 / 40 == 0.7 and round(28 / 30, 2) == 0.93

assert people() == (99, 1, 495, 9_405) and 99 + 495 == 594 and 9_405 + 495 == 9_900
once = posterior(0.01, 0.99, 0.05)
assert np.isclose(99 / 594, 1 / 6) and np.isclose(once, 1 / 6) and round(100 / 6, 1) == 16.7
assert round(0.99 / 0.05, 1) == 19.8 and np.isclose(19.8 / 99, 0.2) and np.isclose(0.2 / 1.2, 1 / 6)
twice = posterior(once, 0.99, 0.05)
assert round(0.2 * 19.8, 2) == 3.96 and round(3.96 / 4.96, 3) == round(twice, 3) == 0.798
assert round(100 * twice, 1) == 79.8

rng = np.random.default_rng(0)
ill = rng.random(1_000_000) < 0.01
positive = rng.random(ill.size) < np.where(ill, 0.99, 0.05)
assert np.isclose(ill[positive].mean(), 1 / 6, atol=0.005)

rate, dens = beta_density(8, 4)
cdf = dens.cumsum()
low, high = rate[np.searchsorted(cdf, [0.025, 0.975])]
assert np.allclose([low, high], [0.390, 0.891], atol=5e-4)
assert np.isclose((rate * dens).sum(), 8 / 12) and round(8 / 12, 3) == 0.667
assert round(1 - cdf[np.searchsorted(rate, 0.5)], 3) == 0.887
assert 7 / 10 == 0.7 and 1 / 2 == 0.5

a = rng.beta(1 + 156, 1 + 44, size=400_000)
b = rng.beta(1 + 168, 1 + 32, size=400_000)
assert round((b > a).mean(), 2) == 0.94

assert (20 + 7) / (40 + 10) == 27 / 50 == 0.54
assert 20 + 700 == 720 and 40 + 1_000 == 1_040 and round(720 / 1_040, 3) == 0.692

spam, others = 1_000 * 0.2 * 0.4, 1_000 * 0.8 * 0.01
assert (spam, others) == (80, 8) and round(100 * 80 / 88, 1) == 90.9
assert 60_000_000 / 1_000_000 == 60
# cited: 1 in 73 million, convicted 1999, protest of the Royal Statistical Society 2001, quashed 2003 (Hill 2004)

# Check yourself
assert 0.9 * 200 == 180 and round(9_800 * 0.1) == 980 and 180 + 980 == 1_160
assert round(100 * 180 / 1_160, 1) == 15.5
odds = 180 / 980 * 0.9 / 0.1
assert round(180 / 980, 3) == 0.184 and round(odds, 2) == 1.65 and round(100 * odds / (1 + odds), 1) == 62.3
assert round(1 + 1.65, 2) == 2.65
assert round(10 / 14, 3) == 0.714
assert 3_000_000 / 100_000 == 30
