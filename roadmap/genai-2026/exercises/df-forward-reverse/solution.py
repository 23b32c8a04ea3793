"""Write the parts of a diffusion model: schedules, noising on two routes, the training batch and the sampler.

Arrays of T steps have index 0 for the first step. `exact_noise` stands in for a network after very long training:
it knows the training points. When all checks pass, put a small MLP (inputs: the noisy point and t) in its place and
train it with `make_batch` and `noise_loss` for 10,000 steps on 10,000 two-moons points; then sample 2,000 points.
It takes about two hours, and one more with the MLP.

Check it: python check.py df-forward-reverse
"""

from collections.abc import Callable

import numpy as np

Predictor = Callable[[np.ndarray, np.ndarray], np.ndarray]  # (noisy points, steps t) to predicted noise


def two_moons(count: int, rng: np.random.Generator) -> np.ndarray:
    """Points (count, 2) near two half circles, scaled to about -1 to 1."""
    angle = np.pi * rng.random(count)
    upper = np.arange(count) % 2 == 0
    x = np.where(upper, np.cos(angle), 1 - np.cos(angle)) - 0.5
    y = np.where(upper, np.sin(angle), 0.5 - np.sin(angle)) - 0.25
    return np.stack([x, y], axis=1) / 1.5 + 0.05 * rng.standard_normal((count, 2))


def exact_noise(points: np.ndarray, abar: np.ndarray) -> Predictor:
    """The best possible noise prediction if the data are exactly these points."""

    def predict(noisy: np.ndarray, t: np.ndarray) -> np.ndarray:
        level = abar[t][:, None]
        distance = ((noisy[:, None] - np.sqrt(level)[..., None] * points) ** 2).sum(axis=2)
        logits = -distance / (2 * (1 - level))
        weights = np.exp(logits - logits.max(axis=1, keepdims=True))
        clean = weights @ points / weights.sum(axis=1, keepdims=True)
        return (noisy - np.sqrt(level) * clean) / np.sqrt(1 - level)

    return predict


def linear_betas(steps: int) -> np.ndarray:
    """Betas in a straight line: 0.0001 to 0.02 for 1,000 steps, both ends times 1,000 / steps otherwise."""
    return np.linspace(0.0001, 0.02, steps) * 1000 / steps


def alpha_bars(betas: np.ndarray) -> np.ndarray:
    """The share of variance that is still signal after each step."""
    return np.cumprod(1 - betas)


def cosine_alpha_bars(steps: int, s: float = 0.008) -> np.ndarray:
    """The cosine schedule of Nichol and Dhariwal for steps 1 to `steps`, before betas are capped."""
    f = np.cos((np.arange(steps + 1) / steps + s) / (1 + s) * np.pi / 2) ** 2
    return f[1:] / f[0]


def snr(abar: np.ndarray) -> np.ndarray:
    """Signal variance divided by noise variance."""
    return abar / (1 - abar)


def noise_step_by_step(x0: np.ndarray, betas: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Noise the clean values by all betas, one step after the other, with fresh noise each time."""
    x = x0
    for beta in betas:
        x = np.sqrt(1 - beta) * x + np.sqrt(beta) * rng.standard_normal(x.shape)
    return x


def noise_closed_form(x0: np.ndarray, level: np.ndarray | float, eps: np.ndarray | float) -> np.ndarray:
    """Jump to the noise level alpha-bar = `level` with the noise `eps`."""
    return np.sqrt(level) * x0 + np.sqrt(1 - level) * eps


def estimate_clean(noisy: np.ndarray, level: np.ndarray | float, eps: np.ndarray | float) -> np.ndarray:
    """Undo `noise_closed_form`, given the noise."""
    return (noisy - np.sqrt(1 - level) * eps) / np.sqrt(level)


def make_batch(
    data: np.ndarray, abar: np.ndarray, size: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draw examples with a random step each: noisy points (size, 2), steps t (size,) and the noise (size, 2)."""
    x0 = data[rng.integers(len(data), size=size)]
    t = rng.integers(len(abar), size=size)
    eps = rng.standard_normal(x0.shape)
    return noise_closed_form(x0, abar[t][:, None], eps), t, eps


def noise_loss(predict: Predictor, noisy: np.ndarray, t: np.ndarray, eps: np.ndarray) -> float:
    """Mean squared error between the added and the predicted noise."""
    return float(((eps - predict(noisy, t)) ** 2).mean())


def reverse_mean(noisy: np.ndarray, eps_hat: np.ndarray, t: int, betas: np.ndarray) -> np.ndarray:
    """The centre of the reverse step from index t to t - 1."""
    return (noisy - betas[t] / np.sqrt(1 - alpha_bars(betas)[t]) * eps_hat) / np.sqrt(1 - betas[t])


def reverse_variance(t: int, betas: np.ndarray) -> float:
    """The smaller variance of the reverse step, beta_t (1 - abar_(t-1)) / (1 - abar_t); 0 for the last step, t = 0."""
    if t == 0:
        return 0.0
    abar = alpha_bars(betas)
    return float(betas[t] * (1 - abar[t - 1]) / (1 - abar[t]))


def sample(predict: Predictor, betas: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    """Walk from pure noise (count, 2) through all steps back to clean points."""
    x = rng.standard_normal((count, 2))
    for t in reversed(range(len(betas))):
        mean = reverse_mean(x, predict(x, np.full(count, t)), t, betas)
        x = mean + np.sqrt(reverse_variance(t, betas)) * rng.standard_normal(x.shape)
    return x


def share_near(samples: np.ndarray, points: np.ndarray, radius: float = 0.1) -> float:
    """The share of samples that have a training point within the radius."""
    distance = np.sqrt(((samples[:, None] - points) ** 2).sum(axis=2))
    return float((distance.min(axis=1) <= radius).mean())
