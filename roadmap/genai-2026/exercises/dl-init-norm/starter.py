"""Send inputs through 30 ReLU layers with three initialisations, then write layer, RMS and batch normalisation.

`send_through` records the root mean square (RMS) of the activations after each layer. A normalisation acts on the sums
of each layer, before the ReLU. X has one example in each row and one feature in each column.

Run this file: it prints the RMS at depths 1, 10, 20 and 30 for n = 256; plot all 30. It takes about 75 minutes.
Check it: python check.py dl-init-norm
"""

from collections.abc import Callable

import numpy as np


def xavier_deviation(fan_in: int, fan_out: int) -> float:
    """Deviation of the weights by Xavier (Glorot), for tanh and sigmoid layers."""
    raise NotImplementedError("the root of the variance 2 / (fan_in + fan_out)")


def he_deviation(fan_in: int) -> float:
    """Deviation of the weights by He (Kaiming), for ReLU layers."""
    raise NotImplementedError("the root of the variance that makes up for the half that ReLU removes")


def root_mean_square(X: np.ndarray) -> float:
    """Root of the mean of all squared entries."""
    raise NotImplementedError("square, mean over everything, root")


def send_through(
    X: np.ndarray,
    deviation: float,
    depth: int = 30,
    normalise: Callable[[np.ndarray], np.ndarray] | None = None,
    seed: int = 0,
) -> list[float]:
    """RMS of the activations after each of `depth` ReLU layers, as wide as X, with fresh weights and no biases."""
    raise NotImplementedError("draw weights, multiply, normalise if it is wanted, apply the ReLU, record the RMS")


def layer_norm(X: np.ndarray, eps: float = 1e-5) -> np.ndarray:
    """Each row minus its mean, divided by the root of its variance plus eps."""
    raise NotImplementedError("mean and variance along each row, with keepdims")


def rms_norm(X: np.ndarray, eps: float = 1e-5) -> np.ndarray:
    """Each row divided by the root of its mean square plus eps; no mean is subtracted."""
    raise NotImplementedError("the mean square along each row, with keepdims")


class BatchNorm:
    """Standardises each feature: over the batch in training, with running averages at inference."""

    def __init__(self, features: int, momentum: float = 0.1, eps: float = 1e-5) -> None:
        self.momentum, self.eps = momentum, eps
        self.mean, self.variance = np.zeros(features), np.ones(features)

    def __call__(self, X: np.ndarray, training: bool) -> np.ndarray:
        """The standardised batch; in training each running average moves by `momentum` towards the batch."""
        raise NotImplementedError(
            "in training use the batch and update self.mean and self.variance; at inference use these two"
        )


if __name__ == "__main__":
    width = 256
    inputs = np.random.default_rng(1).normal(size=(1000, width))
    runs = {
        "0.01": send_through(inputs, 0.01),
        "1/√n": send_through(inputs, 1 / np.sqrt(width)),
        "√(2/n)": send_through(inputs, he_deviation(width)),
        "0.01 with layer norm": send_through(inputs, 0.01, normalise=layer_norm),
    }
    for name, scales in runs.items():
        print(f"{name:21}", " ".join(f"{scales[depth - 1]:9.2e}" for depth in (1, 10, 20, 30)))
