"""The parts of a VAE."""

import numpy as np

Array = np.ndarray


def kl_to_prior(mu: Array, logvar: Array) -> Array:
    """The KL divergence of each code from the standard normal, summed over the latent dimensions, (batch,)."""
    return ((mu**2 + np.exp(logvar) - 1 - logvar) / 2).sum(axis=1)


def estimate_kl(mean: float, deviation: float, samples: int, rng: np.random.Generator) -> float:
    """The same KL for one Gaussian, estimated from samples of it."""
    z = rng.normal(mean, deviation, samples)
    log_q = -(((z - mean) / deviation) ** 2) / 2 - np.log(deviation)
    log_p = -(z**2) / 2
    return float((log_q - log_p).mean())


def sample_code(mu: Array, logvar: Array, eps: Array) -> Array:
    """Codes by the reparameterisation trick; eps is standard normal noise of the same shape."""
    return mu + np.exp(0.5 * logvar) * eps


def code_gradients(logvar: Array, eps: Array, slope: Array) -> tuple[Array, Array]:
    """The gradients for mu and logvar, given the gradient `slope` of the loss for the sampled code."""
    return slope, slope * eps * 0.5 * np.exp(0.5 * logvar)


def vae_loss(x: Array, copy: Array, mu: Array, logvar: Array, beta: float) -> float:
    """Reconstruction plus beta * KL, for x and its copy of shape (batch, pixels).

    Squared errors are summed over pixels and KL over dimensions; then the sum is averaged over the batch.
    """
    reconstruction = ((x - copy) ** 2).sum(axis=1)
    return float((reconstruction + beta * kl_to_prior(mu, logvar)).mean())


def kl_weight(step: int, warm_up: int) -> float:
    """KL annealing: the weight rises in a straight line from 0 at step 0 to 1 at step `warm_up`, and stays there."""
    return min(1.0, step / warm_up)


def unused_dimensions(mu: Array, logvar: Array, limit: float = 0.01) -> list[int]:
    """The latent dimensions whose KL, averaged over the examples, is below the limit in nats."""
    average = ((mu**2 + np.exp(logvar) - 1 - logvar) / 2).mean(axis=0)
    return [int(i) for i in np.flatnonzero(average < limit)]
