"""Add DDIM sampling and classifier-free guidance to a diffusion model with class labels, and measure both.

The given data are two overlapping clouds of points, one for each class. `exact_noise` stands in for a network that
was trained with dropped labels: label EMPTY asks for the unconditional prediction. When all checks pass, train your
two-moons model with `drop_labels` and put it in the place of `exact_noise`.
It takes about two hours, and half an hour more with your own model.

Check it: python check.py df-samplers-guidance
"""

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np

EMPTY = 2  # the "no label" index
CENTRES = np.array([[-1.0, 0.0], [1.0, 0.0]])
SPREAD = 0.8  # standard deviation within a class
ABAR = np.cumprod(1 - np.linspace(0.0005, 0.1, 200))

Predictor = Callable[[np.ndarray, int, np.ndarray], np.ndarray]  # (noisy points, step t, labels) to predicted noise


def make_points(count: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Points (count, 2) of both classes in turn, and their labels 0 or 1."""
    labels = np.arange(count) % 2
    return CENTRES[labels] + SPREAD * rng.standard_normal((count, 2)), labels


def exact_noise(noisy: np.ndarray, t: int, labels: np.ndarray) -> np.ndarray:
    """The best possible noise prediction, given a label 0, 1 or EMPTY for each point."""
    signal, variance = np.sqrt(ABAR[t]), ABAR[t] * SPREAD**2 + 1 - ABAR[t]
    scores = -((noisy[:, None] - signal * CENTRES) ** 2).sum(axis=2) / (2 * variance)
    share = np.exp(scores - scores.max(axis=1, keepdims=True))
    share /= share.sum(axis=1, keepdims=True)
    share = np.where((labels == EMPTY)[:, None], share, np.eye(3)[labels][:, :2])
    return np.sqrt(1 - ABAR[t]) * (noisy - signal * share @ CENTRES) / variance


def drop_labels(labels: np.ndarray, share: float, rng: np.random.Generator) -> np.ndarray:
    """Replace a random share of the labels by EMPTY; the given array stays as it is."""
    raise NotImplementedError("EMPTY where a random number is below the share, else the label")


def choose_steps(count: int, total: int = len(ABAR)) -> np.ndarray:
    """Evenly spaced step indices, the noisiest first: 10 of 200 are 199, 179, and so on to 19."""
    raise NotImplementedError("evenly spaced indices from total - 1 downwards")


def ddim_step(
    x: np.ndarray, eps: np.ndarray, now: float, then: float, eta: float = 0.0, z: np.ndarray | float = 0.0
) -> np.ndarray:
    """One DDIM step from alpha-bar `now` to the higher alpha-bar `then`; `z` is fresh normal noise."""
    raise NotImplementedError("estimate the clean value, then noise it again at the new level")


def guide(eps_u: np.ndarray, eps_c: np.ndarray, scale: float) -> np.ndarray:
    """Classifier-free guidance: 0 ignores the condition, 1 means no guidance."""
    raise NotImplementedError("start from the unconditional prediction and exaggerate the difference")


def sample(predict: Predictor, noise: np.ndarray, labels: np.ndarray, steps: int, scale: float) -> np.ndarray:
    """Turn the starting noise (count, 2) into points of the given classes by guided DDIM with eta 0."""
    raise NotImplementedError(
        "for each chosen step: two predictions, guidance, DDIM step; the last goes to alpha-bar 1"
    )


def class_accuracy(samples: np.ndarray, labels: np.ndarray, points: np.ndarray, point_labels: np.ndarray) -> float:
    """The share of samples whose nearest training point has the label that was asked for."""
    raise NotImplementedError("find each sample's nearest point and compare labels")


def class_spread(samples: np.ndarray, labels: np.ndarray) -> float:
    """The standard deviation within a class: of each coordinate in each class, then the mean."""
    raise NotImplementedError("deviations within each class, then the mean")


def write_table(path: Path, predict: Predictor, points: np.ndarray, point_labels: np.ndarray) -> None:
    """Write a CSV file with the columns steps, scale, accuracy, spread for 10, 50, 200 steps and scales 1, 3, 7.

    All nine rows start from the same noise.
    """
    raise NotImplementedError("sample nine times from one starting noise and write a row each")
