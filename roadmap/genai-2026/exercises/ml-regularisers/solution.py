"""Weight decay, dropout, early stopping and a table row."""

from collections.abc import Sequence

import numpy as np

Array = np.ndarray


def decay_step(w: Array, gradient: Array, rate: float, decay: float) -> Array:
    """The weights after one step of plain gradient descent with weight decay."""
    return w - rate * gradient - rate * decay * w


def dropout(x: Array, p: float, training: bool, rng: np.random.Generator) -> Array:
    """Inverted dropout: each entry is 0 with probability p in training, and the mean stays."""
    if not training:
        return x
    return x * (rng.random(x.shape) >= p) / (1 - p)


def stop_early(validation_losses: Sequence[float], patience: int) -> tuple[int, int]:
    """The epoch with the weights to keep and the epoch at which training stops, counted from 0."""
    best = 0
    for epoch, loss in enumerate(validation_losses):
        if loss < validation_losses[best]:
            best = epoch
        if epoch - best >= patience:
            return best, epoch
    return best, len(validation_losses) - 1


def summarise(scores: Sequence[float]) -> tuple[float, float]:
    """Mean and sample standard deviation (dividing by n - 1) of the scores of several seeds."""
    return float(np.mean(scores)), float(np.std(scores, ddof=1))
