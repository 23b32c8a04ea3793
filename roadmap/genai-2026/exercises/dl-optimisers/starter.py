"""Write SGD with momentum, Adam and AdamW, try them on the Rosenbrock function, and sweep the learning rate.

Each optimiser keeps its state and has `step(w, g, rate)`, which returns the new weights. `sweep` trains the given
network with each optimiser at five learning rates, with a constant rate and with cosine decay.

Run this file: it prints the Rosenbrock values and the final losses; plot the losses against the learning rate.
It takes about 120 minutes.
Check it: python check.py dl-optimisers
"""

import math
from collections.abc import Callable

import numpy as np

RATES = [0.003, 0.01, 0.03, 0.1, 0.3]


class Momentum:
    """SGD with momentum: v = beta v + g, and a step against v."""

    def __init__(self, beta: float = 0.9) -> None:
        self.beta = beta
        self.v = 0.0  # an array after the first step

    def step(self, w: np.ndarray, g: np.ndarray, rate: float) -> np.ndarray:
        """The weights after one step with gradient g."""
        raise NotImplementedError("update self.v and return w minus rate times self.v")


class Adam:
    """Adam with bias correction; `decay` is an L2 penalty, as in PyTorch's Adam(weight_decay=...)."""

    def __init__(self, b1: float = 0.9, b2: float = 0.999, eps: float = 1e-8, decay: float = 0.0) -> None:
        self.b1, self.b2, self.eps, self.decay = b1, b2, eps, decay
        self.m = self.v = 0.0  # arrays after the first step
        self.t = 0

    def compute_move(self, g: np.ndarray, rate: float) -> np.ndarray:
        """What Adam subtracts from the weights for gradient g, without any decay."""
        raise NotImplementedError(
            "count the step, update both averages, correct them, and divide: rate × mean / (root of square + eps)"
        )

    def step(self, w: np.ndarray, g: np.ndarray, rate: float) -> np.ndarray:
        """The weights after one step; the penalty adds decay × w to the gradient."""
        raise NotImplementedError("one line with compute_move")


class AdamW(Adam):
    """Adam with decoupled weight decay: rate × decay × w is subtracted directly."""

    def step(self, w: np.ndarray, g: np.ndarray, rate: float) -> np.ndarray:
        """The weights after one step."""
        raise NotImplementedError("one line with compute_move, whose gradient holds no decay")


def cosine(step: int, peak: float, warm: int, total: int, low: float = 0.0) -> float:
    """Learning rate: linear from 0 to `peak` over `warm` steps, then half a cosine down to `low` at `total`."""
    raise NotImplementedError("two cases, as in the note on learning rates")


def rosenbrock(p: np.ndarray) -> float:
    """(1 - x)² + 100 (y - x²)², lowest at (1, 1)."""
    return float((1 - p[0]) ** 2 + 100 * (p[1] - p[0] ** 2) ** 2)


def rosenbrock_gradient(p: np.ndarray) -> np.ndarray:
    """Gradient of the Rosenbrock function at p = (x, y)."""
    raise NotImplementedError("derive both partial derivatives on paper")


def minimise(optimiser: Momentum | Adam, p: np.ndarray, rate: float, steps: int) -> np.ndarray:
    """The point that the optimiser reaches on the Rosenbrock function from p."""
    raise NotImplementedError("take `steps` steps along rosenbrock_gradient")


def make_digits(n: int = 1797) -> tuple[np.ndarray, np.ndarray]:
    """A stand-in for scikit-learn's digits (load_digits, divided by 16): pixels (n, 64) from 0 to 1, and classes."""
    rng = np.random.default_rng(0)
    y = rng.integers(10, size=n)
    return np.clip(rng.random((10, 64))[y] + rng.normal(scale=0.7, size=(n, 64)), 0, 1), y


def split(w: np.ndarray) -> tuple[np.ndarray, ...]:
    """W1 (64, 32), b1, W2 (32, 10) and b2 as views of one array of 2,410 weights."""
    return w[:2048].reshape(64, 32), w[2048:2080], w[2080:2400].reshape(32, 10), w[2400:]


def start_weights(seed: int = 0) -> np.ndarray:
    """He weights and biases of zero."""
    rng, w = np.random.default_rng(seed), np.zeros(2410)
    W1, _, W2, _ = split(w)
    W1[:], W2[:] = rng.normal(scale=math.sqrt(2 / 64), size=W1.shape), rng.normal(scale=0.25, size=W2.shape)
    return w


def loss_and_gradient(w: np.ndarray, X: np.ndarray, y: np.ndarray) -> tuple[float, np.ndarray]:
    """Mean cross-entropy of the 64-32-10 network, and its gradient of shape (2410,)."""
    W1, b1, W2, b2 = split(w)
    H = np.maximum(X @ W1 + b1, 0)
    Z = H @ W2 + b2
    P = np.exp(Z - Z.max(axis=1, keepdims=True))
    P /= P.sum(axis=1, keepdims=True)
    dZ = (P - np.eye(10)[y]) / len(y)
    dA = (dZ @ W2.T) * (H > 0)
    gradient = np.concatenate([(X.T @ dA).ravel(), dA.sum(axis=0), (H.T @ dZ).ravel(), dZ.sum(axis=0)])
    return float(-np.log(np.maximum(P[np.arange(len(y)), y], 1e-300)).mean()), gradient


def train(
    optimiser: Momentum | Adam, rate: float, schedule: str, X: np.ndarray, y: np.ndarray, steps: int = 200
) -> float:
    """Loss on X and y after `steps` steps on batches of 64, by schedule "constant" or "cosine" (10 steps warm-up)."""
    raise NotImplementedError(
        "start_weights, then 64 random rows a step (with a fixed seed), at the rate of the schedule"
    )


def sweep(
    optimisers: dict[str, Callable[[], Momentum | Adam]], X: np.ndarray, y: np.ndarray, steps: int = 200
) -> dict[tuple[str, float, str], float]:
    """Final loss by (name, rate, schedule) for each optimiser, rate of RATES and schedule."""
    raise NotImplementedError("three loops around train, with a fresh optimiser for each run")


if __name__ == "__main__":
    makers = {"momentum": Momentum, "Adam": Adam, "AdamW": lambda: AdamW(decay=0.01)}
    for name, rate in (("momentum", 0.001), ("Adam", 0.01), ("AdamW", 0.01)):
        end = minimise(makers[name](), np.array([-1.2, 1.0]), rate, 5000)
        print(f"{name:9} reaches {end.round(4)} with value {rosenbrock(end):.1e}")
    for key, loss in sweep(makers, *make_digits()).items():
        print(f"{key[0]:9} {key[1]:<6} {key[2]:9} {loss:.4f}")
