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
    raise NotImplementedError("np.linspace, rescaled by 1,000 / steps")


def alpha_bars(betas: np.ndarray) -> np.ndarray:
    """The share of variance that is still signal after each step."""
    raise NotImplementedError("the running product of 1 - beta")


def cosine_alpha_bars(steps: int, s: float = 0.008) -> np.ndarray:
    """The cosine schedule of Nichol and Dhariwal for steps 1 to `steps`, before betas are capped."""
    raise NotImplementedError("f(t) / f(0) with the squared cosine")


def snr(abar: np.ndarray) -> np.ndarray:
    """Signal variance divided by noise variance."""
    raise NotImplementedError("signal variance by noise variance")


def noise_step_by_step(x0: np.ndarray, betas: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Noise the clean values by all betas, one step after the other, with fresh noise each time."""
    raise NotImplementedError("shrink and add fresh noise, once for each beta")


def noise_closed_form(x0: np.ndarray, level: np.ndarray | float, eps: np.ndarray | float) -> np.ndarray:
    """Jump to the noise level alpha-bar = `level` with the noise `eps`."""
    raise NotImplementedError("mix clean values and noise by the roots of alpha-bar and 1 - alpha-bar")


def estimate_clean(noisy: np.ndarray, level: np.ndarray | float, eps: np.ndarray | float) -> np.ndarray:
    """Undo `noise_closed_form`, given the noise."""
    raise NotImplementedError("solve the closed form for the clean values")


def make_batch(
    data: np.ndarray, abar: np.ndarray, size: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draw examples with a random step each: noisy points (size, 2), steps t (size,) and the noise (size, 2)."""
    raise NotImplementedError("draw examples, one random step each and noise; noise in closed form")


def noise_loss(predict: Predictor, noisy: np.ndarray, t: np.ndarray, eps: np.ndarray) -> float:
    """Mean squared error between the added and the predicted noise."""
    raise NotImplementedError("the mean squared error of the noise")


def reverse_mean(noisy: np.ndarray, eps_hat: np.ndarray, t: int, betas: np.ndarray) -> np.ndarray:
    """The centre of the reverse step from index t to t - 1."""
    raise NotImplementedError("subtract the weighted predicted noise and divide by sqrt(alpha_t)")


def reverse_variance(t: int, betas: np.ndarray) -> float:
    """The smaller variance of the reverse step, beta_t (1 - abar_(t-1)) / (1 - abar_t); 0 for the last step, t = 0."""
    raise NotImplementedError("the smaller of the two variances, 0 for the last step")


def sample(predict: Predictor, betas: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    """Walk from pure noise (count, 2) through all steps back to clean points."""
    raise NotImplementedError(
        "start from noise; from the last step to the first: mean plus noise of the right variance"
    )


def share_near(samples: np.ndarray, points: np.ndarray, radius: float = 0.1) -> float:
    """The share of samples that have a training point within the radius."""
    raise NotImplementedError("distances to all points, the smallest for each sample")
