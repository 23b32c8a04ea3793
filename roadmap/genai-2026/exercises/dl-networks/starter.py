"""Code the forward pass of a 64-32-10 perceptron in NumPy, collapse its layers without the ReLU, and watch 20 layers.

X has shape (N, 64), W1 (64, 32), b1 (32,), W2 (32, 10), b2 (10,) and the logits Z (N, 10). `join` makes one layer of
two. `spread_by_depth` says how much a unit still differs from example to example after each layer.

Run this file: it prints the first loss, near ln 10, and the spread by depth for sigmoid and for ReLU; plot both spreads
on a logarithmic axis. It takes about 90 minutes.
Check it: python check.py dl-networks
"""

from collections.abc import Callable

import numpy as np

Parameters = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def make_digits(n: int = 1797) -> tuple[np.ndarray, np.ndarray]:
    """A stand-in for scikit-learn's digits (load_digits, divided by 16): pixels (n, 64) from 0 to 1, and classes."""
    rng = np.random.default_rng(0)
    y = rng.integers(10, size=n)
    return np.clip(rng.random((10, 64))[y] + rng.normal(scale=0.7, size=(n, 64)), 0, 1), y


def initialise(sizes: tuple[int, int, int] = (64, 32, 10), seed: int = 0) -> Parameters:
    """W1, b1, W2 and b2: normal weights of deviation 0.01 and biases of zero."""
    raise NotImplementedError("draw both matrices from one generator, and make the biases with np.zeros")


def count_parameters(parameters: Parameters) -> int:
    """Weights and biases of all layers together."""
    raise NotImplementedError("add up the sizes of the four arrays")


def forward(X: np.ndarray, parameters: Parameters, with_relu: bool = True) -> np.ndarray:
    """Logits of shape (N, 10); without the ReLU the hidden layer stays linear."""
    raise NotImplementedError("the first layer, the ReLU if it is wanted, the second layer")


def softmax(Z: np.ndarray) -> np.ndarray:
    """Probabilities of each row; finite for large logits too."""
    raise NotImplementedError("subtract the largest logit of each row, take np.exp, divide by the sum of the row")


def cross_entropy(Z: np.ndarray, y: np.ndarray) -> float:
    """Mean of -ln of the probability of the right class; y holds class numbers; finite for large logits too."""
    raise NotImplementedError(
        "subtract each row's largest logit, then take ln of the sum of exponentials minus the right logit"
    )


def join(parameters: Parameters) -> tuple[np.ndarray, np.ndarray]:
    """W of shape (64, 10) and b of shape (10,): one layer that equals both layers without the ReLU."""
    raise NotImplementedError("multiply out (X W1 + b1) W2 + b2")


def relu(Z: np.ndarray) -> np.ndarray:
    """max(0, z) of each entry."""
    return np.maximum(Z, 0)


def sigmoid(Z: np.ndarray) -> np.ndarray:
    """1 / (1 + e^-z) of each entry."""
    return 1 / (1 + np.exp(-Z))


def spread_by_depth(
    X: np.ndarray, activation: Callable[[np.ndarray], np.ndarray], gain: float, depth: int = 20, seed: int = 0
) -> list[float]:
    """After each layer: the standard deviation of each unit across the batch, averaged over the units.

    All layers are as wide as X, with weights of deviation sqrt(gain / width) and no biases.
    """
    raise NotImplementedError(
        "multiply by fresh random weights, apply the activation, record the spread along the batch axis"
    )


if __name__ == "__main__":
    images, digits = make_digits()
    model = initialise()
    loss = cross_entropy(forward(images, model), digits)
    print(f"{count_parameters(model)} parameters, first loss {loss:.4f}, ln 10 is {np.log(10):.4f}")
    batch = np.random.default_rng(1).normal(size=(256, 100))
    for name, bend, scale in (("sigmoid", sigmoid, 1), ("ReLU", relu, 2)):
        print(f"{name:8}", " ".join(f"{spread:.0e}" for spread in spread_by_depth(batch, bend, scale)))
