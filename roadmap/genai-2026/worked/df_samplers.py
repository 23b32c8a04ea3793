"""The worked numbers of the note on samplers."""

from itertools import pairwise

import numpy as np


def ddim(x, eps, now, then, eta=0.0, z=0.0):
    """One DDIM step between two values of alpha-bar."""
    x0 = (x - np.sqrt(1 - now) * eps) / np.sqrt(now)
    sigma = eta * np.sqrt((1 - then) / (1 - now)) * np.sqrt(1 - now / then)
    return np.sqrt(then) * x0 + np.sqrt(1 - then - sigma**2) * eps + sigma * z


assert round(np.sqrt(0.75), 4) == 0.8660 and round((1.2 - np.sqrt(0.75) * 0.8) / 0.5, 3) == 1.014
assert np.sqrt(0.64) == 0.8 and np.isclose(np.sqrt(0.36), 0.6)
assert round(ddim(1.2, 0.8, 0.25, 0.64), 3) == 1.291
assert round(ddim(1.2, 0.8, 0.25, 0.64, eta=1), 3) == 1.019
assert round(np.sqrt(0.36 / 0.75) * np.sqrt(1 - 0.25 / 0.64), 3) == 0.541
sigmas = np.sqrt(0.75 / 0.25), np.sqrt(0.36 / 0.64)  # DDIM is Euler after rescaling
assert np.isclose(0.8 * (1.2 / 0.5 + (sigmas[1] - sigmas[0]) * 0.8), ddim(1.2, 0.8, 0.25, 0.64))

ABAR = np.r_[1.0, np.cumprod(1 - np.linspace(1e-4, 0.02, 1_000))]


def sample(steps, seed, eta=0.0, n=20_000):
    """Samples of a normal distribution with mean 3 and spread 0.5, whose best noise prediction is known."""
    rng = np.random.default_rng(seed)
    x = rng.standard_normal(n)
    path = np.linspace(1_000, 0, steps + 1).round().astype(int)
    for t, s in pairwise(path):
        a = ABAR[t]
        eps = np.sqrt(1 - a) * (x - np.sqrt(a) * 3) / (a * 0.25 + 1 - a)
        x = ddim(x, eps, a, ABAR[s], eta, rng.standard_normal(n) if eta else 0.0)
    return x


assert (sample(10, 0) == sample(10, 0)).all() and (sample(10, 0) != sample(10, 1)).all()
errors = [abs(sample(n, 0).std() - 0.5) for n in (10, 50, 200)]
assert errors[0] > errors[1] > errors[2] and errors[2] < 0.01


def slope(x, sigma):
    return x * sigma / (1 + sigma**2)


def walk(steps, heun):
    """Noise levels and values of a solver for data N(0, 1) from sigma 10 down to 0."""
    x = np.sqrt(101.0)
    path = [(10.0, x)]
    for now, then in pairwise(np.linspace(10, 0, steps + 1)):
        k = slope(x, now)
        trial = x + (then - now) * k
        x = x + (then - now) * (k + slope(trial, then)) / 2 if heun else trial
        path.append((then, x))
    return path


def solve(steps, heun):
    """Error of a solver at the end, where the exact value is 1."""
    return abs(walk(steps, heun)[-1][1] - 1)


assert [round(solve(n, heun=False), 3) for n in (20, 40)] == [0.181, 0.094]
assert [round(solve(n, heun=True), 3) for n in (10, 20)] == [0.096, 0.027]


def milliseconds(steps, passes, each):
    return steps * passes * each


assert 1_000 / 20 == 50
assert milliseconds(30, 2, 40) == 2_400 == 2.4 * 1_000
assert milliseconds(50, 1, 40) == 2_000 and milliseconds(1_000, 1, 40) == 40_000
assert 1_024 / 4 == 256 == 2**8

# Check yourself
assert milliseconds(25, 2, 60) == 3_000 and 256 / 8 == 2**5
