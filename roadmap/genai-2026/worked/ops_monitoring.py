"""The numbers of the note on monitoring."""

import math

import numpy as np
import pandas as pd

assert round((1 - 0.995) * 200_000) == 1000
burn = 0.02 / 0.005
assert burn == 4 and 30 / burn == 7.5

lat = np.array([0.5] * 900 + [4.0] * 100)
assert np.isclose(lat.mean(), 0.85) and np.quantile(lat, 0.95) == 4.0
assert (0.5 + 4.0) / 2 == 2.25
assert np.isclose(0.6 + 399 * 0.02, 8.58)
cost = (3000 * 1 + 400 * 4) / 1e6
assert np.isclose(cost, 0.0046) and np.isclose(cost * 20_000, 92)
assert np.isclose((1000 * 1 + 2000 * 0.1 + 400 * 4) / 1e6, 0.0028)  # 2,000 input tokens cached
spans = pd.Series({"retrieval": 120, "rerank": 80, "prompt": 5, "generation": 2300})
assert spans.sum() == 2505 and round(spans["generation"] / spans.sum(), 2) == 0.92

assert np.isclose(math.sqrt(0.9 * 0.1 / 20), 0.067, atol=5e-4)
tail = sum(math.comb(20, k) * 0.9**k * 0.1 ** (20 - k) for k in range(16))
assert np.isclose(tail, 0.043, atol=5e-4)


def psi(expected, actual, floor=1e-4):
    e, a = np.maximum(expected, floor), np.maximum(actual, floor)
    return float(((a - e) * np.log(a / e)).sum())


def ks(x, y):
    grid = np.sort(np.concatenate([x, y]))
    fx = np.searchsorted(np.sort(x), grid, side="right") / len(x)
    fy = np.searchsorted(np.sort(y), grid, side="right") / len(y)
    return np.abs(fx - fy).max()


assert np.isclose(psi([0.5, 0.3, 0.2], [0.3, 0.3, 0.4]), 0.241, atol=5e-4)
assert round(-0.2 * math.log(0.6), 3) == 0.102 and round(0.2 * math.log(2), 3) == 0.139
assert math.sqrt(400 / 40_000) == 0.1 and np.isclose(14.4 / 720, 0.02)
assert np.isclose((10 - 1) * (1 / 200 + 1 / 200), 0.09)  # PSI that chance alone gives
draws = np.random.default_rng(1).multinomial(200, [0.1] * 10, size=(2, 2000)) / 200
assert abs(np.mean([psi(e, a) for e, a in zip(*draws, strict=True)]) - 0.09) < 0.01
assert psi([0.5, 0.5], [0.5, 0.5]) == 0 and psi([0.5, 0.5, 0], [0.4, 0.5, 0.1]) < np.inf
assert np.isclose(1.358 * math.sqrt(2 / 200), 0.136, atol=5e-4)
assert np.isclose(1.358 * math.sqrt(2 / 10_000), 0.019, atol=5e-4)
rng = np.random.default_rng(0)
old, same, moved = rng.normal(0, 1, 500), rng.normal(0, 1, 500), rng.normal(0.5, 1, 500)
limit = 1.358 * math.sqrt(2 / 500)
assert ks(old, same) < limit < ks(old, moved)

assert np.isclose(14.4 * 1 / (30 * 24), 0.02)
assert np.isclose(10 * 288 * 0.0027, 7.8, atol=0.05)
assert round(1 - 0.995, 3) == 0.005
assert round(100 * 0.995, 1) == 99.5 and np.isclose(100 * math.sqrt(0.9 * 0.1 / 20), 6.7, atol=0.05)
assert round(100 * tail, 1) == 4.3
# stated as settings: SLO 99.5%, burn rate 14.4, floor 0.0001, thresholds 0.1 and 0.25, three standard deviations 0.27%

# Check yourself
assert round((1 - 99.9 / 100) * 50_000) == round(0.001 * 50_000) == 50
assert round(0.01 / 0.001) == 10 and 30 / 10 == 3  # 1% / 0.1%
assert round(0.2 * math.log(1.5), 3) == 0.081 and round(psi([0.6, 0.4], [0.4, 0.6]), 3) == 0.162
