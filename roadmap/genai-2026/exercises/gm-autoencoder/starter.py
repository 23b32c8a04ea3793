"""Write the parts of a VAE that people get wrong.

An encoder gives each example a mean `mu` and a log variance `logvar` for each latent dimension, both (batch, latent).
All losses are in nats. Use these functions when you train the VAE on MNIST. It takes about two hours.

Check it: python check.py gm-autoencoder
"""

import numpy as np

Array = np.ndarray


def kl_to_prior(mu: Array, logvar: Array) -> Array:
    """The KL divergence of each code from the standard normal, summed over the latent dimensions, (batch,)."""
    raise NotImplementedError("(mu^2 + sigma^2 - 1 - ln sigma^2) / 2, with sigma^2 = exp(logvar)")


def estimate_kl(mean: float, deviation: float, samples: int, rng: np.random.Generator) -> float:
    """The same KL for one Gaussian, estimated from samples of it."""
    raise NotImplementedError("draw from the Gaussian and average log q - log p")


def sample_code(mu: Array, logvar: Array, eps: Array) -> Array:
    """Codes by the reparameterisation trick; eps is standard normal noise of the same shape."""
    raise NotImplementedError("mean plus standard deviation times noise")


def code_gradients(logvar: Array, eps: Array, slope: Array) -> tuple[Array, Array]:
    """The gradients for mu and logvar, given the gradient `slope` of the loss for the sampled code."""
    raise NotImplementedError("the chain rule through sample_code")


def vae_loss(x: Array, copy: Array, mu: Array, logvar: Array, beta: float) -> float:
    """Reconstruction plus beta * KL, for x and its copy of shape (batch, pixels).

    Squared errors are summed over pixels and KL over dimensions; then the sum is averaged over the batch.
    """
    raise NotImplementedError("sum both within an example, then average over the batch")


def kl_weight(step: int, warm_up: int) -> float:
    """KL annealing: the weight rises in a straight line from 0 at step 0 to 1 at step `warm_up`, and stays there."""
    raise NotImplementedError("a straight line with a limit")


def unused_dimensions(mu: Array, logvar: Array, limit: float = 0.01) -> list[int]:
    """The latent dimensions whose KL, averaged over the examples, is below the limit in nats."""
    raise NotImplementedError("average over the batch, not over the dimensions")
