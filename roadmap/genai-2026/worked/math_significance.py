"""The numbers of the note on significance and confidence."""

import math

import numpy as np


def standard_error(p, n):
    """The standard error of a share."""
    return math.sqrt(p * (1 - p) / n)


def wilson(k, n, z=1.96):
    """Both ends of the Wilson interval."""
    p, d = k / n, 1 + z * z / n
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / d
    return (p + z * z / (2 * n)) / d - half, (p + z * z / (2 * n)) / d + half


def sign_test(fewer, more):
    """The two-sided p-value of so many disagreements either way."""
    n = fewer + more
    return 2 * sum(math.comb(n, k) for k in range(fewer + 1)) / 2**n


def covering(truth=0.8, n=200, repeats=100):
    """Both ends of the normal intervals of repeated samples."""
    shares = np.random.default_rng(0).binomial(n, truth, size=repeats) / n
    half = 1.96 * np.sqrt(shares * (1 - shares) / n)
    return shares - half, shares + half


se = standard_error(156 / 200, 200)
assert 156 / 200 == 0.78 and round(1 - 0.78, 2) == 0.22
assert round(se, 3) == 0.029 and round(se, 4) == 0.0293 and round(1.96 * se, 3) == 0.057
assert np.round([0.78 - 1.96 * se, 0.78 + 1.96 * se], 3).tolist() == [0.723, 0.837]
low, high = covering(repeats=20_000)
assert 0.93 < ((low < 0.8) & (high > 0.8)).mean() < 0.96

assert np.round(wilson(20, 20), 3).tolist() == [0.839, 1] and np.isclose(1.96**2, 3.84, atol=0.005)
assert round(20 / (20 + 3.84), 3) == 0.839
assert np.round(wilson(156, 200), 3).tolist() == [0.718, 0.832]
assert np.isclose(1 - 0.05 ** (1 / 100), 0.03, atol=5e-4)  # about 3 / n

assert math.comb(10, 9) == 10 and 2**10 == 1024 and round(22 / 1024, 3) == round(sign_test(1, 9), 3) == 0.021
# convention: α = 0.05; 0.049 and 0.051 lie on either side

assert 146 + 10 + 22 + 22 == 200 and (146 + 10) / 200 == 0.78 and (146 + 22) / 200 == 0.84
assert round(sign_test(10, 22), 4) == 0.0501
d = np.repeat([0, -1, 1], [168, 10, 22])  # B right minus A right
boot = np.random.default_rng(0).choice(d, size=(10_000, 200)).mean(axis=1)
assert np.isclose(d.mean(), 0.06) and np.allclose(np.percentile(boot, [2.5, 97.5]), [0.005, 0.115], atol=0.0026)
assert round(d.std(ddof=1) / math.sqrt(200), 3) == 0.028
assert round(math.hypot(standard_error(0.78, 200), standard_error(0.84, 200)), 3) == 0.039

assert round(1.96**2 * 0.25 / 0.03**2, 1) == 1_067.1 and round(math.sqrt(2), 1) == 1.4
assert math.ceil(1.96**2 * 0.25 / 0.03**2) == 1_068 and 0.5 * 0.5 == 0.25
pa, pb = 0.80, 0.84
assert math.ceil((1.96 + 0.8416) ** 2 * (pa * (1 - pa) + pb * (1 - pb)) / (pb - pa) ** 2) == 1_445
assert round(100 * (1 - 0.95**20), 1) == 64.2 and 0.05 / 20 == 0.0025

tosses = 0.1 * 0.8 / (0.1 * 0.8 + 0.9 * 0.05)  # one good idea in ten, power 80 %: a third of the finds are false
assert 0.35 < 1 - tosses < 0.37
# cited: the dead salmon (Bennett et al. 2009)

# the answers to Check yourself
assert round(1 - 0.95**20, 3) == 0.642

# Check yourself
assert round(2 / 2**8, 4) == 0.0078
assert round(2 * sum(math.comb(20, k) for k in range(7)) / 2**20, 2) == 0.12
assert round(1 - 0.95**10, 3) == 0.401  # 40.1%
