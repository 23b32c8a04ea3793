"""The worked numbers of the note on guidance."""

import numpy as np

# cited: about 7.5 as the default scale of Stable Diffusion 1.5, near 3.5 for FLUX.1 [dev] (diffusers, model cards)


def cfg(eps_u, eps_c, w):
    """Noise guided from the unconditional over the conditional prediction."""
    return eps_u + w * (eps_c - eps_u)


def crowding(w, mean=2.0, all_var=5.0):
    """Mean and spread of the density p_c^w * p_u^(1 - w) for a class N(mean, 1) within N(0, all_var)."""
    precision = w - (w - 1) / all_var
    return w * mean / precision, precision**-0.5


without, given = np.array([0.2, -0.1]), np.array([0.5, 0.1])
assert np.allclose(given - without, [0.3, 0.2])
assert np.allclose(cfg(without, given, 7.5), [2.45, 1.4])
assert np.allclose(7.5 * given - 6.5 * without, cfg(without, given, 7.5))
assert np.allclose(cfg(without, given, 0), without) and np.allclose(cfg(without, given, 1), given)

for scale, centre, spread in [(1, 2.0, 1.0), (3, 2.31, 0.62), (7, 2.41, 0.42)]:
    assert np.allclose(crowding(scale), [centre, spread], atol=0.005)

assert int(0.6 * 50) == 30 and int(0.3 * 50) == 15

rng = np.random.default_rng(0)  # condition dropout: label 2 stands for "no label"
labels = rng.integers(0, 2, 10_000)
labels = np.where(rng.random(10_000) < 0.1, 2, labels)
assert abs((labels == 2).mean() - 0.1) < 0.01


def obedience_and_variety(samples, wanted, data, classes):
    """Nearest-neighbour class accuracy, and mean standard deviation within a class."""
    distance = ((samples[:, None] - data[None]) ** 2).sum(-1)
    variety = np.mean([samples[wanted == one].std(0).mean() for one in np.unique(wanted)])
    return (classes[distance.argmin(1)] == wanted).mean(), variety


points, kinds = np.array([[0.0, 0.0], [0.0, 1.0], [5.0, 5.0], [5.0, 6.0]]), np.array([0, 0, 1, 1])
assert obedience_and_variety(points + 0.1, kinds, points, kinds) == (1, 0.25)

# Check yourself
assert np.isclose(cfg(0.1, 0.4, 4), 1.3) and int(0.4 * 50) == 20

# the answers to Check yourself
assert round(4 * (0.4 - 0.1), 1) == 1.2
# the inverse variance of the toy case at w = 3, and its mean
assert round(3 * 1 - 2 / 5, 1) == 2.6 and round(2.6**-0.5, 2) == 0.62 and round(3 * 2 / 2.6, 2) == 2.31
