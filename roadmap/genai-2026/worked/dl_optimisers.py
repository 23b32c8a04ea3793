"""The numbers of the note on optimisers."""

from collections.abc import Callable

import numpy as np

CURVES = np.array([2.0, 100.0])  # the second derivatives of x^2 + 50 y^2


def sgd(lr: float) -> Callable[[np.ndarray], np.ndarray]:
    """Return a rule that turns a gradient into a step."""
    return lambda g: -lr * g


def momentum(lr: float, beta: float = 0.9) -> Callable[[np.ndarray], np.ndarray]:
    """Return a rule that keeps a velocity."""
    velocity = np.zeros(())

    def step(g: np.ndarray) -> np.ndarray:
        nonlocal velocity
        velocity = beta * velocity + g
        return -lr * velocity

    return step


def adam(lr: float, b1: float = 0.9, b2: float = 0.999, eps: float = 1e-8) -> Callable[[np.ndarray], np.ndarray]:
    """Return a rule that scales each step by the size of recent gradients."""
    m = v = np.zeros(())
    t = 0

    def step(g: np.ndarray) -> np.ndarray:
        nonlocal m, v, t
        t += 1
        m, v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g * g
        return -lr * (m / (1 - b1**t)) / (np.sqrt(v / (1 - b2**t)) + eps)

    return step


def path(rule: Callable[[np.ndarray], np.ndarray], start: np.ndarray, curves: np.ndarray, steps: int) -> np.ndarray:
    """Return the points that a rule visits on a bowl with these second derivatives."""
    points = [np.asarray(start, dtype=float)]
    for _ in range(steps):
        points.append(points[-1] + rule(curves * points[-1]))
    return np.array(points)


ONES = np.ones(2)
assert 2 / 100 == 0.02
assert 100 / 2 == 50
assert round(1 - 100 * 0.019, 1) == -0.9
assert round(1 - 100 * 0.021, 1) == -1.1
assert abs(path(sgd(0.021), ONES, CURVES, 100)[-1][1]) > 1000
assert abs(path(sgd(0.019), ONES, CURVES, 100)[-1][1]) < 1e-4
assert round(path(sgd(0.01), ONES, CURVES, 100)[-1][0], 3) == 0.133
assert np.abs(path(momentum(0.01), ONES, CURVES, 100)[-1]).max() < 0.02

one, bowl = np.array(1.0), np.array(4.0)  # f(w) = 2 w^2
assert np.allclose(path(sgd(0.1), one, bowl, 3), [1, 0.6, 0.36, 0.216])
assert np.allclose([4 * 0.6, 4 * 0.36, 0.1 * 2.4], [2.4, 1.44, 0.24])
assert np.allclose(path(momentum(0.1), one, bowl, 3), [1, 0.6, 0.0, -0.54])
assert np.allclose([0.9 * 4 + 2.4, 0.9 * 6], [6, 5.4])
assert np.allclose(path(adam(0.1), one, bowl, 3), [1, 0.9, 0.8004, 0.7016], atol=5e-5)
assert np.isclose(4 * 0.9, 3.6)

rule = adam(1.0)
assert np.isclose(rule(np.array(0.1)), -1)  # the first step is lr
assert round(float(rule(np.array(-0.1))), 3) == 0.053
assert round((0.9 * 0.01 - 0.01) / (1 - 0.9**2), 4) == -0.0053
assert round(1 - 0.9**2, 2) == 0.19
assert np.isclose(0.001 * 0.1**2, 0.00001)
assert np.isclose(0.00001 / 0.001, 0.01)
assert round(0.01 / np.sqrt(0.00001), 2) == 3.16
assert round(0.001**0.5, 4) == 0.0316

for g in (10.0, 0.1):
    l2 = 1 + adam(0.1)(np.array(g + 0.1 * 1))
    decoupled = 1 - 0.1 * 0.1 * 1 + adam(0.1)(np.array(g))
    assert np.isclose(l2, 0.90)
    assert np.isclose(decoupled, 0.89)


def training_bytes(parameters: float, weight: int = 2, gradient: int = 2, master: int = 4, states: int = 8) -> float:
    """Return the bytes that mixed-precision training with Adam takes before activations."""
    return parameters * (weight + gradient + master + states)


assert training_bytes(7e9) == 112e9
assert training_bytes(1e9) == 16e9
assert [7 * b for b in (2, 4, 8)] == [14, 28, 56]
norm = np.linalg.norm([3.0, 4.0])
assert norm == 5
assert np.allclose(np.array([3.0, 4.0]) / norm, [0.6, 0.8])

# cited: defaults lr 0.001, 0.9, 0.999 (Kingma and Ba 2014); b2 of 0.95 for language models (Brown et al. 2020)
# cited: about 20 jumps, back some 100 steps, 200 to 500 batches skipped (Chowdhery et al. 2022)
# cited: half the computation, 16 billion parameters (Liu et al. 2025)

# the answers to Check yourself
assert 2 / 16 == 0.125

# Check yourself
assert 2 / 50 == 0.04
assert 2 - 0.01 == 1.99 and round(0.01 * 0.1 * 2, 9) == 0.002 and round(1.99 - 0.002, 3) == 1.988
