"""Derive the gradient of the mean logistic loss, check it by central differences, and fit two features with it.

X has shape (n, d) and y holds 0 or 1. The score of example i is z = x·w + b, and its loss is ln(1 + e^z) - y z.
Derive the gradient for w and b on paper first. Run this file: it prints the relative error at three random points and
the loss of 100 steps of gradient descent.

It takes about 75 minutes.
Check it: python check.py math-gradients
"""

from collections.abc import Callable

import numpy as np


def make_data(n: int = 200, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Two features of two groups that overlap a little, and the group of each example."""
    rng = np.random.default_rng(seed)
    y = (np.arange(n) % 2).astype(float)
    return rng.normal(size=(n, 2)) + np.where(y[:, None] == 1, [3.0, 2.0], [0.5, 0.5]), y


def loss(w: np.ndarray, b: float, X: np.ndarray, y: np.ndarray) -> float:
    """Mean logistic loss; it stays finite for large scores."""
    z = X @ w + b
    return float((np.logaddexp(0, z) - y * z).mean())


def gradient(w: np.ndarray, b: float, X: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, float]:
    """Gradient of the mean logistic loss for w, of shape (d,), and for b."""
    error = 1 / (1 + np.exp(-(X @ w + b))) - y
    return X.T @ error / len(y), float(error.mean())


def central_differences(function: Callable[[np.ndarray], float], point: np.ndarray, h: float = 1e-5) -> np.ndarray:
    """Gradient of `function` at `point`, one component at a time, from both sides."""
    return np.array([(function(point + h * e) - function(point - h * e)) / (2 * h) for e in np.eye(point.size)])


def relative_error(one: np.ndarray, other: np.ndarray) -> float:
    """Norm of the difference, divided by the sum of both norms."""
    return float(np.linalg.norm(one - other) / (np.linalg.norm(one) + np.linalg.norm(other)))


def fit(X: np.ndarray, y: np.ndarray, rate: float = 0.1, steps: int = 100) -> tuple[np.ndarray, float, list[float]]:
    """Gradient descent from w = 0 and b = 0: w, b, and the loss before the first and after each step."""
    w, b = np.zeros(X.shape[1]), 0.0
    losses = [loss(w, b, X, y)]
    for _ in range(steps):
        dw, db = gradient(w, b, X, y)
        w, b = w - rate * dw, b - rate * db
        losses.append(loss(w, b, X, y))
    return w, b, losses


if __name__ == "__main__":
    features, labels = make_data()
    for point in np.random.default_rng(1).normal(size=(3, 3)):
        slope, slope_b = gradient(point[:2], point[2], features, labels)
        numeric = central_differences(lambda p: loss(p[:2], p[2], features, labels), point)
        print(f"relative error {relative_error(np.append(slope, slope_b), numeric):.1e}")
    weights, bias, record = fit(features, labels)
    right = ((features @ weights + bias > 0) == labels).mean()
    print(f"loss {record[0]:.3f} to {record[-1]:.3f}, accuracy {right:.3f}")
