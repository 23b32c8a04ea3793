"""The numbers of the note on backpropagation."""

import math

import numpy as np


def neuron(w: float, x: float, b: float, t: float) -> dict[str, float]:
    """Return every value of one tanh neuron with squared loss, forward and backward."""
    z = w * x + b
    y = math.tanh(z)
    dy, slope = 2 * (y - t), 1 - y * y
    dz = dy * slope
    return {"z": z, "y": y, "loss": (y - t) ** 2, "dy": dy, "slope": slope, "dz": dz, "dw": dz * x, "db": dz}


one = neuron(0.5, 2, -0.5, 1)
expected = {"z": 0.5, "y": 0.4621, "loss": 0.2893, "dy": -1.0758, "slope": 0.7864, "dz": -0.8460, "dw": -1.6921}
assert all(abs(one[name] - value) < 5e-5 for name, value in expected.items())
w, b = 0.5 - 0.1 * one["dw"], -0.5 - 0.1 * one["db"]
assert np.allclose([w, b, w - 0.5], [0.6692, -0.4154, 0.1692], atol=5e-5)
assert abs(neuron(w, 2, b, 1)["loss"] - 0.0744) < 5e-5


def forward(x: np.ndarray, y: np.ndarray, par: list[np.ndarray]) -> tuple[float, np.ndarray, np.ndarray, np.ndarray]:
    """Return loss, sums, hidden values and probabilities of a two-layer network."""
    a = x @ par[0] + par[1]
    h = np.maximum(a, 0)
    z = h @ par[2] + par[3]
    p = np.exp(z - z.max(1, keepdims=True))
    p /= p.sum(1, keepdims=True)
    return float(-(y * np.log(p)).sum(1).mean()), a, h, p


def backward(x: np.ndarray, y: np.ndarray, par: list[np.ndarray]) -> list[np.ndarray]:
    """Return the gradients by the formulas of the note."""
    _, a, h, p = forward(x, y, par)
    dz = (p - y) / len(x)
    da = (dz @ par[2].T) * (a > 0)
    return [x.T @ da, da.sum(0), h.T @ dz, dz.sum(0)]


rng = np.random.default_rng(0)
X, Y = rng.normal(size=(6, 4)), np.eye(3)[rng.integers(0, 3, 6)]
parameters = [rng.normal(size=s) for s in [(4, 5), (5,), (5, 3), (3,)]]
EPS = 1e-5
for array, gradient in zip(parameters, backward(X, Y, parameters), strict=True):
    assert array.shape == gradient.shape
    for i in np.ndindex(array.shape):
        old = array[i]
        array[i] = old + EPS
        up = forward(X, Y, parameters)[0]
        array[i] = old - EPS
        down = forward(X, Y, parameters)[0]
        array[i] = old
        assert abs((up - down) / (2 * EPS) - gradient[i]) < 1e-7

A, B = 3, 4
assert (A + B) + A == 2 * A + B == 10
assert 0.25**10 < 1e-6
assert round(1.5**20) == 3325

output = 8 * 512 * 1024 * 2  # bytes: width 1,024, two bytes each
assert round(output / 1e6, 1) == 8.4
assert round(24 * output / 1e6) == 201
assert 2 * math.isqrt(100) == 20
assert math.isclose(4 / 3 - 1, 1 / 3)  # one more forward pass on top of three

# the answers to Check yourself
OUTPUT = math.tanh(1 * 0.5)
SLOPE = 2 * OUTPUT * (1 - OUTPUT**2)
assert (round(2 * OUTPUT, 4), round(1 - OUTPUT**2, 4)) == (0.9242, 0.7864)
assert (round(SLOPE, 4), round(SLOPE * 0.5, 4)) == (0.7269, 0.3634)
