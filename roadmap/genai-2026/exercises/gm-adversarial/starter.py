"""Write the losses of a GAN, and count the modes that a generator covers.

All losses are in nats. Use these functions when you train the GAN on eight blobs. It takes about two hours with the
training.

Check it: python check.py gm-adversarial
"""

import numpy as np

Array = np.ndarray


def gan_losses(real: Array, fake: Array) -> tuple[float, float]:
    """Losses of the discriminator and of the generator (non-saturating), from the discriminator's logits.

    The first is the sum of the means over real and fake samples. Logits of 1,000 must not overflow.
    """
    raise NotImplementedError("softplus of the logits with the right signs; np.logaddexp doesn't overflow")


def count_modes(samples: Array, centres: Array, radius: float) -> Array:
    """For each centre, the samples (n, 2) that it is nearest to and that lie within the radius."""
    raise NotImplementedError("the nearest centre of each sample, then count")


def covered_modes(counts: Array, total: int, share: float = 0.02) -> int:
    """The modes that got at least `share` of all `total` samples."""
    raise NotImplementedError("compare counts with a share of all samples")
