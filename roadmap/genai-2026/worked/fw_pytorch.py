"""The numbers of the note on PyTorch."""

import math

import numpy as np

x, y = np.array([1.0, 2.0]), np.array([2.0, 4.0])


def fit(steps: int, clear: bool = True, lr: float = 0.1) -> list[float]:
    """Return the values of w while y = w x is fitted, with gradients cleared or piling up."""
    w = g = 0.0
    path = []
    for _ in range(steps):
        new = float(np.mean(2 * (w * x - y) * x))
        g = new if clear else g + new
        w -= lr * g
        path.append(w)
    return path


assert np.mean((0 * x - y) ** 2) == (4 + 16) / 2 == 10
assert np.mean(2 * (0 * x - y) * x) == -10
assert np.mean(2 * (1 * x - y) * x) == -5
assert np.allclose(fit(3), [1, 1.5, 1.75])
assert math.isclose(fit(60)[-1], 2)
assert np.allclose(fit(3, clear=False), [1, 2.5, 3.75])
assert -15 + 2.5 == -12.5
late = np.array(fit(200, clear=False)[-20:])
assert late.min() < 0.5  # still swinging after 180 steps
assert late.max() > 3.5

assert math.ceil(1_000 / 32) == 32
assert 1_000 - 31 * 32 == 8
assert 1_000 // 32 == 31
LOAD, COMPUTE = 80, 20  # ms for one batch
assert LOAD / (LOAD + COMPUTE) == 0.8
assert LOAD / 4 == COMPUTE
assert math.isclose((32 * 0.5 + 8 * 1.5) / 40, 0.7)
assert (0.5 + 1.5) / 2 == 1.0
single = [2 * (0 - 2) * 1, 2 * (0 - 4) * 2]  # gradients of the two single examples
assert single == [-4, -16]
assert sum(g / 2 for g in single) == -10
assert (2.0 + 1.0) / 2 == 1.5
assert (10 * 2.0 + 90 * 1.0) / 100 == 1.1
assert np.float16(1e-8) == 0
assert np.float16(1e-8 * 65_536) > 0

# cited: torch.load safe by default since 2.6, torch.compile since 2.0 (PyTorch documentation)

# Check yourself
assert 0.04 * 10 == 0.4 and round(0.4 + 0.04 * 8, 2) == 0.72 and round(0.4 + 0.04 * 18, 2) == 1.12
