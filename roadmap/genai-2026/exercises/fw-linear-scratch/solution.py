"""Scaling, logistic regression and k nearest neighbours with only NumPy."""

from typing import Any

import numpy as np

Array = np.ndarray


def standardise(train: Array, other: Array) -> tuple[Array, Array]:
    """Both parts, scaled by the mean and standard deviation of `train`."""
    mean, spread = train.mean(axis=0), train.std(axis=0)
    return (train - mean) / spread, (other - mean) / spread


def logistic_gradient(x: Array, y: Array, w: Array, b: float) -> tuple[Array, float]:
    """The gradients of the mean cross-entropy for w (d,) and b, with x (n, d) and labels y of 0 and 1."""
    error = 1 / (1 + np.exp(-np.clip(x @ w + b, -500, 500))) - y
    return x.T @ error / len(x), float(error.mean())


def fit_logistic(x: Array, y: Array, steps: int = 500, rate: float = 0.5) -> tuple[Array, float]:
    """w and b after gradient descent from zero."""
    w, b = np.zeros(x.shape[1]), 0.0
    for _ in range(steps):
        slope_w, slope_b = logistic_gradient(x, y, w, b)
        w, b = w - rate * slope_w, b - rate * slope_b
    return w, b


def predict_logistic(x: Array, w: Array, b: float) -> Array:
    """The class, 0 or 1, of each row."""
    return (x @ w + b > 0).astype(int)


def predict_knn(train: Array, labels: Array, x: Array, k: int) -> Array:
    """The majority label among the k nearest training rows; the lowest label wins a tie."""
    distance = ((x[:, None] - train[None]) ** 2).sum(axis=2)
    nearest = np.argsort(distance, axis=1, kind="stable")[:, :k]
    return np.array([np.bincount(row).argmax() for row in labels[nearest]])
