"""The numbers of the note on derivatives, gradients and the chain rule."""

import math

import numpy as np


def neuron(w=2.0, x=3.0, b=1.0, y=5.0):
    """Output, loss and the slopes for output, weight, bias and input of one neuron with squared loss."""
    z = w * x + b
    dz = 2 * (z - y)
    return {"z": z, "loss": (z - y) ** 2, "dz": dz, "dw": dz * x, "db": dz, "dx": dz * w}


def central(f, p, h=1e-5):
    """The gradient of f at p by central differences."""
    p = np.asarray(p, dtype=float)
    return np.array([(f(p + h * e) - f(p - h * e)) / (2 * h) for e in np.eye(p.size)])


def descent(start, rate, steps):
    """The path of gradient descent on the square of x."""
    path = [start]
    for _ in range(steps):
        path.append(path[-1] - rate * 2 * path[-1])
    return path


def softmax(scores):
    e = np.exp(scores - np.max(scores))
    return e / e.sum()


assert np.isclose(6 * 0.01, 0.06) and abs(3.01**2 - 9 - 0.06) < 0.001
sigmoid = 1 / (1 + np.exp(-np.linspace(-5, 5, 1001)))
assert np.isclose((sigmoid * (1 - sigmoid)).max(), 0.25)
assert np.allclose(central(lambda v: v[0] ** 2 + 3 * v[0] * v[1], [1, 2]), [8, 3])

rng = np.random.default_rng(0)
X, y, w = rng.normal(size=(6, 3)), rng.normal(size=6), rng.normal(size=3)
assert np.allclose(central(lambda v: ((X @ v - y) ** 2).sum(), w), 2 * X.T @ (X @ w - y))
assert np.allclose(central(lambda v: v @ v, w), 2 * w)

one = neuron()
assert one == {"z": 7, "loss": 4, "dz": 4, "dw": 12, "db": 4, "dx": 8}
assert np.allclose(central(lambda p: (p[0] * 3 + p[1] - 5) ** 2, [2, 1]), [12, 4])
assert np.allclose(central(lambda x: (2 * x[0] + 1 - 5) ** 2, [3]), [8])
stepped = neuron(w=2 - 0.01 * 12, b=1 - 0.01 * 4)
assert np.isclose(2 - 0.01 * 12, 1.88) and np.isclose(1 - 0.01 * 4, 0.96)
assert np.isclose(stepped["z"], 6.6) and np.isclose(stepped["loss"], 2.56)

assert abs(descent(1, 0.9, 60)[-1]) < 1e-5  # below 1 converges
assert descent(1, 1, 4) == [1, -1, 1, -1, 1]
assert descent(1, 1.5, 3) == [1, -2, 4, -8]

p = 1 / (1 + np.exp(-0.5))
assert np.round([p, -np.log(p), p - 1], 4).tolist() == [0.6225, 0.4741, -0.3775]
scores = np.array([2.0, 1.0, 0.0])
slopes = softmax(scores) - [1, 0, 0]
assert softmax(scores).round(4).tolist() == [0.6652, 0.2447, 0.0900]
assert slopes.round(4).tolist() == [-0.3348, 0.2447, 0.0900]
assert np.allclose(central(lambda s: -np.log(softmax(s)[0]), scores), slopes)


def cube(t):
    return t**3


assert round((cube(2.01) - cube(1.99)) / 0.02, 4) == 12.0001
assert round((cube(2.01) - cube(2)) / 0.01, 4) == 12.0601
assert abs((cube(2 + 1e-15) - cube(2)) / 1e-15 - 12) > 0.1  # much too small a step

assert 0.25**10 < 1e-6 and 1.5**50 > 600e6

# Check yourself
top = 1 / (1 + math.exp(-1))
assert (round(top, 3), round(1 - top, 3)) == (0.731, 0.269)
