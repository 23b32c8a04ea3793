"""The losses of a GAN, and a count of modes."""

import numpy as np

Array = np.ndarray


def gan_losses(real: Array, fake: Array) -> tuple[float, float]:
    """Losses of the discriminator and of the generator (non-saturating), from the discriminator's logits.

    The first is the sum of the means over real and fake samples. Logits of 1,000 must not overflow.
    """
    discriminator = np.logaddexp(0, -real).mean() + np.logaddexp(0, fake).mean()
    return float(discriminator), float(np.logaddexp(0, -fake).mean())


def count_modes(samples: Array, centres: Array, radius: float) -> Array:
    """For each centre, the samples (n, 2) that it is nearest to and that lie within the radius."""
    distance = np.linalg.norm(samples[:, None] - centres[None], axis=2)
    near = distance.min(axis=1) <= radius
    return np.bincount(distance.argmin(axis=1)[near], minlength=len(centres))


def covered_modes(counts: Array, total: int, share: float = 0.02) -> int:
    """The modes that got at least `share` of all `total` samples."""
    return int(np.sum(counts >= share * total))
