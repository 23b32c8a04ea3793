"""The numbers of the note on debugging training."""

import math

import numpy as np


def descend(lr: float, steps: int = 50) -> list[float]:
    """Return the losses of gradient descent on 50 w^2."""
    w, losses = 1.0, []
    for _ in range(steps):
        losses.append(50 * w * w)
        w -= lr * 100 * w
    return losses


def slopes(clear: bool, steps: int, lr: float = 0.1) -> list[float]:
    """Return the sizes of the slopes that a step uses while y = w x is fitted to (1, 2) and (2, 4)."""
    x, y = np.array([1.0, 2.0]), np.array([2.0, 4.0])
    w = g = 0.0
    sizes = []
    for _ in range(steps):
        new = float(np.mean(2 * (w * x - y) * x))
        g = new if clear else g + new
        sizes.append(abs(g))
        w -= lr * g
    return sizes


def range_test(low: float = 1e-6, high: float = 1.0, steps: int = 120) -> np.ndarray:
    """Return the rates of a learning-rate test."""
    return low * (high / low) ** (np.arange(steps + 1) / steps)


def rising_rate() -> tuple[np.ndarray, np.ndarray]:
    """Return rates and losses of a learning-rate test on forty valleys, flat to steep, with noisy slopes."""
    rng, curves = np.random.default_rng(0), np.logspace(-1, 2, 40)
    w, rates, losses = 1 / np.sqrt(curves), range_test(), []
    for lr in rates:
        losses.append(float(np.mean(curves * w * w)))
        w = w - lr * (curves * w + 0.05 * np.sqrt(curves) * rng.normal(size=len(w)))
    return rates, np.array(losses)


assert round(math.log(10), 3) == 2.303
assert round(math.log(100), 3) == 4.605
assert round(math.log(50_000), 2) == 10.82
assert round(math.e, 3) == 2.718
assert round(-math.log(math.e / (math.e + 9)), 3) == 1.461
assert np.allclose(slopes(clear=True, steps=3), [10, 5, 2.5])
assert np.allclose(slopes(clear=False, steps=5), [10, 15, 12.5, 3.75, 6.875])

assert np.finfo(np.float16).max == 65_504
with np.errstate(all="ignore"):
    assert np.isinf(np.exp(np.float32(89)))
    assert np.isfinite(np.exp(np.float32(88)))
    z = np.array([0.0, 100.0], dtype=np.float32)
    assert np.isnan(np.exp(z) / np.exp(z).sum()).any()  # naive softmax: inf / inf
stable = np.exp(z - z.max()) / np.exp(z - z.max()).sum()
assert np.isfinite(stable).all()

assert math.hypot(5, 12) == 13
assert math.isclose(0.01 * 2 / 20, 0.001)
assert math.isclose(range_test()[-1], 1)
assert round(range_test()[1] / range_test()[0], 3) == 1.122
rates, losses = rising_rate()
assert losses[rates < 1e-4].min() > 0.97  # flat
assert losses.min() < 0.4  # falls
assert 0.02 < rates[losses > 1][0] < 0.1  # blows up
assert descend(0.005)[-1] < 1e-20
assert descend(0.05)[-1] > 1e10  # too high: diverges

FIXED, EACH = 4, 0.5  # GB
assert 1e9 * (4 + 4 + 8) == 16e9
assert FIXED + 24 * EACH == 16
assert FIXED + 8 * EACH == 8
prices = np.random.default_rng(0).normal(size=64)
assert (np.zeros((64, 1)) - prices).shape == (64, 64)  # every prediction against every price

# cited: clipping from 1.0 to 0.3, 175 billion parameters (Zhang et al. 2022)

# the answers to Check yourself
assert round(math.log(20), 3) == 2.996
