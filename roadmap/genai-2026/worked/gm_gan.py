"""The worked numbers of the note on generative adversarial networks."""

import numpy as np

# cited: learning rate 0.0002, first decay rate 0.5 (DCGAN); label smoothing 0.9 (Salimans et al. 2016)
# cited: rates 0.0004 for the discriminator and 0.0001 for the generator (self-attention GAN, Zhang et al. 2019)


def js(p, q):
    """Jensen-Shannon divergence of two distributions over the same outcomes, in nats."""
    middle = (p + q) / 2
    return 0.5 * (p * np.log(p / middle)).sum() + 0.5 * (q * np.log(q / middle)).sum()


def optimum(p, q):
    """What the best discriminator answers, and the objective that it reaches."""
    d = p / (p + q)
    return d, (p * np.log(d)).sum() + (q * np.log(1 - d)).sum()


p, q = np.array([0.5, 0.5]), np.array([0.9, 0.1])
d, value = optimum(p, q)
assert np.allclose(p + q, [1.4, 0.6]) and np.allclose(d, [0.357, 0.833], atol=5e-4)
assert round(js(p, q), 4) == 0.1017 and round(value, 3) == -1.183 == round(-1.386 + 2 * 0.1017, 3)
assert np.isclose(value, -np.log(4) + 2 * js(p, q))
d, value = optimum(p, p)
assert (d == 0.5).all() and round(-value, 3) == round(np.log(4), 3) == 1.386 and round(-np.log(0.5), 3) == 0.693


def logit_gradients(d):
    """Sizes of the gradients of log(1 - D) and -log D with respect to the logit."""
    return d, 1 - d


minimax, strong = logit_gradients(0.01)
assert strong == 0.99 and round(strong / minimax) == 99

CLUSTERS = np.array([480, 310, 190, 15, 5, 0, 0, 0])
assert CLUSTERS.sum() == 1_000 and (CLUSTERS >= 20).sum() == 3 and 20 / 1_000 == 0.02


def wasserstein(real, fake):
    """Wasserstein-1 distance of equally many points on a line."""
    return np.abs(np.sort(real) - np.sort(fake)).mean()


assert wasserstein([1, 2, 6], [9, 2, 4]) == 2
assert round(np.log(2), 3) == 0.693  # JS of distributions that do not overlap
assert np.hypot(1.5, 2) == 2.5 and 10 * (2.5 - 1) ** 2 == 22.5

W = np.array([[3.0, 0.0], [4.0, 5.0]])
u = np.array([1.0, 0.0])
for _ in range(50):  # power iteration
    v = W.T @ u / np.linalg.norm(W.T @ u)
    u = W @ v / np.linalg.norm(W @ v)
assert round(u @ W @ v, 3) == 6.708 and np.isclose(np.linalg.norm(W / (u @ W @ v), 2), 1)

assert 0.03 * 5_000 == 150

# cycle consistency
cycle = np.abs(np.array([0.2, 0.8]) - np.array([0.3, 0.6])).mean()
assert np.isclose(cycle, 0.15) and np.isclose(10 * cycle, 1.5)

# Check yourself
minimax, strong = logit_gradients(0.02)
assert round(strong / minimax) == 49 and round(0.6 / (0.6 + 0.2), 2) == 0.75

# the answers to Check yourself
assert (1 - 0.02, round(0.98 / 0.02)) == (0.98, 49)

# Check yourself
gaps = [abs(a - b) for a, b in zip(sorted((5, 0, 3)), sorted((3, 9, 1)), strict=True)]
assert gaps == [1, 0, 4] and round(sum(gaps) / 3, 2) == 1.67
