"""The worked numbers of the note on the forward and the reverse process."""

import numpy as np

BETA = np.array([0.1, 0.2, 0.3])


def noised(x0, eps, abar):
    """A clean value with noise at a level, by the closed form."""
    return np.sqrt(abar) * x0 + np.sqrt(1 - abar) * eps


def cleaned(xt, eps, abar):
    """The clean value that follows from a noised one and its noise."""
    return (xt - np.sqrt(1 - abar) * eps) / np.sqrt(abar)


one_step = np.sqrt(0.9) * 2 + np.sqrt(0.1) * 0.5
assert (round(np.sqrt(0.9), 4), round(np.sqrt(0.1), 4), round(one_step, 3)) == (0.9487, 0.3162, 2.055)

assert np.allclose(1 - BETA, [0.9, 0.8, 0.7])
abar = np.cumprod(1 - BETA)
assert np.allclose(abar, [0.9, 0.72, 0.504]) and np.isclose(1 - abar[2], 0.496)
a, b = np.sqrt(abar[2]), np.sqrt(1 - abar[2])
x0, eps = 2.0, 0.5
xt = noised(x0, eps, abar[2])
assert (round(a, 4), round(b, 4), round(xt, 3)) == (0.7099, 0.7043, 1.772)
assert np.isclose(cleaned(xt, eps, abar[2]), 2) and round(cleaned(xt, 0.6, abar[2]), 3) == 1.901

mean = (xt - BETA[2] / b * eps) / np.sqrt(1 - BETA[2])
var = BETA[2] * (1 - abar[1]) / (1 - abar[2])
assert round(mean, 3) == 1.863 and round(var, 3) == 0.169

v = a * eps - b * x0
assert round(v, 3) == -1.054
assert np.isclose(a * xt - b * v, x0) and np.isclose(b * xt + a * v, eps)
assert round(-eps / b, 2) == -0.71

rng = np.random.default_rng(0)  # noising step by step and in one step agree
x = np.full(200_000, x0)
for beta in BETA:
    x = np.sqrt(1 - beta) * x + np.sqrt(beta) * rng.standard_normal(x.size)
assert abs(x.mean() - a * x0) < 0.02 and abs(x.var() - (1 - abar[2])) < 0.02

assert round(np.prod(1 - np.linspace(0.0001, 0.02, 200)), 2) == 0.13  # betas meant for 1_000 steps
assert (32 // 2) ** 2 == 256 and (32 // 4) ** 2 == 64
# a loss below 0.4 after some hundred steps: df_forward_reverse_torch.py; samples sharp after 10_000

# the answers to Check yourself
assert round(0.95 * 0.9 * 0.8, 3) == 0.684 and round(1 - 0.05, 2) == 0.95
