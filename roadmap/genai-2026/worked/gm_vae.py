"""The worked numbers of the note on variational autoencoders."""

import math

import numpy as np


def kl(m1, s1, m2=0.0, s2=1.0):
    """KL divergence from one Gaussian to another, in nats."""
    return np.log(s2 / s1) + (s1**2 + (m1 - m2) ** 2) / (2 * s2**2) - 0.5


def elbo(x, mean, var):
    """Reconstruction and KL of the model z ~ N(0, 1), x ~ N(z, 1) with q = N(mean, var)."""
    return -0.5 * np.log(2 * np.pi) - ((x - mean) ** 2 + var) / 2, kl(mean, np.sqrt(var))


assert round(-np.log(0.64), 4) == 0.4463 and 0.8**2 == 0.6400000000000001
assert round((0.25 + 0.64 - 1 + 0.4463) / 2, 4) == round(kl(0.5, 0.8), 4) == 0.1681
assert kl(0, 1) == 0

rng = np.random.default_rng(0)
eps = rng.standard_normal(100_000)
z = 0.5 + 0.8 * eps
average = np.mean(-np.log(0.8) - eps**2 / 2 + z**2 / 2)  # of log q - log p
assert abs(average / kl(0.5, 0.8) - 1) < 0.02
# slopes of E[z^2] = mu^2 + sigma^2 by the reparameterised draws
assert abs(np.mean(2 * z) - 1.0) < 0.02 and abs(np.mean(2 * z * eps) - 1.6) < 0.02
assert np.isclose(0.5 + 0.8 * -1.5, -0.7) and np.isclose(0.9 * -1.5 - 0.8 * -1.5, -0.15)
assert np.isclose(0.6 - 0.8 * 1.5 - (0.5 - 0.8 * 1.5), 0.1)

exact = -0.5 * np.log(4 * np.pi) - 2**2 / 4
rec, cost = elbo(2, 1, 0.5)
assert round(exact, 4) == -2.2655 == round(rec - cost, 4)
assert round(rec, 4) == -1.6689 and round(cost, 4) == 0.5966
rec, cost = elbo(2, 0, 1)
assert cost == 0 and round(rec, 4) == -3.4189 and round(exact - rec, 4) == 1.1534

assert round(np.log(2), 4) == 0.6931 and (1 + 1) / 8 == 0.25 and (4 + 1) / 2 == 2.5
assert round(kl(1, 1, 0, 2), 4) == 0.4431 and round(kl(0, 2, 1, 1), 4) == 1.3069

assert 90 + 1 * 20 == 110 and 90 + 4 * 20 == 170
pixel = np.array([0.0, 1.0])
assert np.mean((pixel - 0.5) ** 2) == 0.25 and np.mean((pixel - 0.0) ** 2) == 0.5

codebook = np.array([[0.0, 0.0], [1.0, 1.0], [2.0, 0.0]])
distance = ((np.array([0.9, 0.7]) - codebook) ** 2).sum(1)
assert distance.argmin() == 1 and np.allclose(distance, [1.30, 0.10, 1.70])
assert 128 * 128 * 3 * 8 == 393_216 and 2**9 == 512 and 32 * 32 * 9 == 9_216
assert round(393_216 / 9_216, 1) == 42.7
assert 512 * 512 * 3 / (64 * 64 * 4) == 48 and 28 * 28 == 784

# anomaly detection
for shown, redrawn, error in (((1.0, 0.5), (0.9, 0.6), 0.01), ((0.0, 1.0), (0.8, 0.5), 0.445)):
    assert np.isclose(np.mean((np.array(shown) - np.array(redrawn)) ** 2), error)
assert 0.01 < 0.05 < 0.445

# Check yourself
assert kl(2, 1) == 2

# Check yourself
assert round(math.log(4), 3) == 1.386 and round((9 + 4 - 1 - math.log(4)) / 2, 3) == 5.307
assert round(math.log(3) + 1 / 18 - 1 / 2, 3) == 0.654 and round(-math.log(3) + 9 / 2 - 1 / 2, 3) == 2.901
assert 0.25 * (1 - 0.25) ** 2 + 0.75 * 0.25**2 == 0.1875
