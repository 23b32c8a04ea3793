"""The worked numbers of the note on Keras."""

import numpy as np

# cited: tf.keras is Keras 3 since TensorFlow 2.16; no GPU on native Windows after TensorFlow 2.10 (their documentation)


def conv(k, c_in, c_out):
    """Parameters of a convolution with biases."""
    return k * k * c_in * c_out + c_out


def dense(n_in, n_out):
    return n_in * n_out + n_out


def small_network(side=28):
    """Sides of the image after each layer, and parameters of the three layers that have some."""
    sides = [side]
    for _ in range(2):
        sides += [sides[-1] - 2, (sides[-1] - 2) // 2]  # 3 x 3 without padding, then 2 x 2 pooling
    return sides, [conv(3, 1, 16), conv(3, 16, 32), dense(sides[-1] ** 2 * 32, 10)]


sides, counts = small_network()
assert sides == [28, 26, 13, 11, 5] and 5 * 5 * 32 == 800
assert counts == [160, 4_640, 8_010] and sum(counts) == 12_810

assert 60_000 / 32 == 1_875
# validation_split 0.2 takes the last fifth of the arrays


def early_stop(losses, patience):
    """The epoch after which training stops, and the best one."""
    best, wait, best_epoch = np.inf, 0, 0
    for epoch, loss in enumerate(losses, 1):
        best, wait, best_epoch = (loss, 0, epoch) if loss < best else (best, wait + 1, best_epoch)
        if wait >= patience:
            return epoch, best_epoch
    return len(losses), best_epoch


LOSSES = [0.50, 0.40, 0.35, 0.37, 0.36, 0.34]
assert early_stop(LOSSES, patience=2) == (5, 3) and early_stop(LOSSES, patience=3) == (6, 6)

rng = np.random.default_rng(0)
labels = np.repeat(np.arange(10), 6_000)  # sorted by class
buffer, first = list(labels[:1_000]), []
for new in labels[1_000:1_064]:  # what a shuffle buffer hands out first
    place = rng.integers(1_000)
    first.append(buffer[place])
    buffer[place] = new
assert set(first) == {0}

assert np.isclose(((2 + 1e-5) ** 3 - (2 - 1e-5) ** 3) / 2e-5, 12)
assert round(np.log(10), 3) == 2.303
assert round(1 - 0.1, 1) == 0.9  # PyTorch's momentum of batch normalisation is the new share

# Check yourself
assert conv(5, 3, 8) == 608

# Check yourself
watched = (0.60, 0.50, 0.52, 0.51, 0.49)
assert min(watched[:4]) == watched[1] and watched[4] == 0.49  # patience 2 stops after epoch 4
