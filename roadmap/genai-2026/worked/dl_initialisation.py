"""The numbers of the note on weight initialisation."""

import math

import numpy as np


def rms_by_depth(std: float, width: int = 256, depth: int = 30, examples: int = 1000) -> list[float]:
    """Return the root-mean-square activation before the first and after each ReLU layer."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(examples, width))
    found = [float(np.sqrt((x**2).mean()))]
    for _ in range(depth):
        x = np.maximum(x @ rng.normal(scale=std, size=(width, width)), 0)
        found.append(float(np.sqrt((x**2).mean())))
    return found


def factor(std: float, width: int) -> float:
    """Return by what a ReLU layer is expected to multiply the signal."""
    return std * math.sqrt(width / 2)


N = 256
assert 1e-29 < rms_by_depth(0.01)[-1] < 1e-28
assert 1e-5 < rms_by_depth(N**-0.5)[-1] < 1e-4
assert 1 / 3 < rms_by_depth((2 / N) ** 0.5)[-1] < 3
assert round(factor(0.01, N), 3) == 0.113
assert round(factor(N**-0.5, N), 3) == 0.707
assert math.isclose(factor((2 / N) ** 0.5, N), 1)
assert round(factor(0.01, N) ** 30 * 1e29, 1) == 4.1
assert round(0.5**15, 6) == 0.000031
assert 2**30 > 1e9

fan_in, fan_out = 256, 128
deviations = [(2 / (fan_in + fan_out)) ** 0.5, (2 / fan_in) ** 0.5, (1 / fan_in) ** 0.5]
assert [round(s, 4) for s in deviations] == [0.0722, 0.0884, 0.0625]
assert (6 / (fan_in + fan_out)) ** 0.5 == 0.125
assert round(math.sqrt(1 / (3 * 256)), 4) == 0.0361
assert round(6**0.5, 2) == 2.45
assert round(math.log(0.01 / 0.99), 1) == -4.6

rng = np.random.default_rng(0)
z = rng.normal(size=100_000)
assert abs((np.maximum(z, 0) ** 2).mean() - 0.5) < 0.01
assert abs(rng.uniform(0, 1, 100_000).mean() - 0.5) < 0.01
wide = rng.normal(scale=0.1, size=(1000, 50)) @ rng.normal(scale=0.2, size=(50, 400))
assert abs(wide.var() / (50 * 0.2**2 * 0.1**2) - 1) < 0.1

# cited: deviation 0.02 and 1 / sqrt(N) (GPT-2, Radford et al. 2019)
# cited: 22 layers with both rules, 30 layers with He's alone (He et al. 2015)

# the answers to Check yourself
assert 6 / 150 == 0.04
assert round((2 / 300) ** 0.5, 4) == 0.0816 and round((1 / 900) ** 0.5, 4) == round(1 / 30, 4) == 0.0333
assert round((6 / (16 + 8)) ** 0.5, 6) == round(0.25**0.5, 6) == 0.5
