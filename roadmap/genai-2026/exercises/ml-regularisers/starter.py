"""Write weight decay, dropout and early stopping, and the table row that compares them over five seeds.

Use these functions when you train a network on 200 digits. It takes about 90 minutes.

Check it: python check.py ml-regularisers
"""

from collections.abc import Sequence

import numpy as np

Array = np.ndarray


def decay_step(w: Array, gradient: Array, rate: float, decay: float) -> Array:
    """The weights after one step of plain gradient descent with weight decay."""
    raise NotImplementedError("the usual step, and rate * decay * w taken away")


def dropout(x: Array, p: float, training: bool, rng: np.random.Generator) -> Array:
    """Inverted dropout: each entry is 0 with probability p in training, and the mean stays."""
    raise NotImplementedError("drop, rescale the survivors; do nothing outside training")


def stop_early(validation_losses: Sequence[float], patience: int) -> tuple[int, int]:
    """The epoch with the weights to keep and the epoch at which training stops, counted from 0.

    Training stops once `patience` epochs in a row brought no new lowest loss, or at the last epoch.
    """
    raise NotImplementedError("remember the lowest loss and its epoch")


def summarise(scores: Sequence[float]) -> tuple[float, float]:
    """Mean and sample standard deviation (dividing by n - 1) of the scores of several seeds."""
    raise NotImplementedError("mean and spread")
