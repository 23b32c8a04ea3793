"""Works the numbers of the note on regularisation."""

import math

import numpy as np

rng = np.random.default_rng(1)


def soft(w, l1):
    """Soft thresholding, the lasso on perpendicular columns of length 1."""
    return np.sign(w) * np.maximum(np.abs(w) - l1, 0)


def elastic(w, l1, l2):
    """Elastic net on perpendicular columns of length 1."""
    return soft(w, l1) / (1 + l2)


def ridge(X, y, strength):
    """The ridge solution without an intercept."""
    return np.linalg.solve(X.T @ X + strength * np.eye(X.shape[1]), X.T @ y)


def ridge_error(strength, rows=40, features=30, runs=200):
    """The mean squared error on new data, noise variance 4 included."""
    errors = []
    for _ in range(runs):
        true = np.zeros(features)
        true[:5] = 1
        X = rng.normal(size=(rows, features))
        y = X @ true + 2 * rng.normal(size=rows)
        errors.append(((ridge(X, y, strength) - true) ** 2).sum() + 4)
    return np.mean(errors)


def stop(losses, patience):
    """The epoch after which training stops, and the epoch that is restored."""
    best, best_epoch = np.inf, 0
    for epoch, loss in enumerate(losses, 1):
        if loss < best:
            best, best_epoch = loss, epoch
        if epoch - best_epoch == patience:
            return epoch, best_epoch
    return len(losses), best_epoch


def shift(image, down, right):
    """Move an image and fill with 0; np.roll would wrap round."""
    padded = np.pad(image, 1)
    h, w = image.shape
    return padded[1 - down : 1 - down + h, 1 - right : 1 - right + w]


# ridge with one feature, by hand
x, y = np.array([[1.0], [2], [3]]), np.array([2.0, 4, 6])
assert (x[:, 0] @ y, x[:, 0] @ x[:, 0]) == (28, 14)
assert np.allclose(ridge(x, y, 0), 2) and np.allclose(ridge(x, y, 14), 28 / (14 + 14)) and 28 / 28 == 1
assert np.allclose(ridge(x, y, 2), 28 / 16) and 28 / (14 + 2) == 1.75

# three penalties on three weights
w = np.array([3.0, 0.5, -1.5])
assert np.allclose(w / (1 + 1), [1.5, 0.25, -0.75])
assert np.allclose(soft(w, 1), [2, 0, -0.5])
assert np.allclose(elastic(w, 0.5, 0.5), [1.667, 0, -0.667], atol=5e-4) and 2.5 / 1.5 > 1.666

# too weak, right and too strong
none, medium, strong = ridge_error(0), ridge_error(20), ridge_error(5000)
assert abs(none - 17) < 2 and abs(medium - 6.5) < 0.3 and abs(strong - 8.9) < 0.1
assert np.allclose(10.0 ** np.arange(-4, 0), [0.0001, 0.001, 0.01, 0.1])

# weight decay
assert np.isclose(1 - 0.1 * 0.01, 0.999)
assert round(0.999**1000, 2) == 0.37 and round(np.log(0.5) / np.log(0.999)) == 693

# dropout
keep = rng.random(200_000) >= 0.2
dropped = 10 * keep / (1 - 0.2)
assert set(np.unique(dropped)) == {0.0, 12.5} and abs(dropped.mean() - 10) < 0.1
assert 0.2 * 0 + 0.8 * 12.5 == 10

# early stopping
losses = [0.90, 0.70, 0.60, 0.62, 0.58, 0.61, 0.63, 0.55]
assert stop(losses, 2) == (7, 5) and losses[5 - 1] == 0.58
assert stop(losses, 1) == (4, 3) and losses[3 - 1] == 0.60

# augmentation
image = np.arange(1, 10).reshape(3, 3)
assert (shift(image, 1, 0) == [[0, 0, 0], [1, 2, 3], [4, 5, 6]]).all()
assert (shift(image, 0, -1) == [[2, 3, 0], [5, 6, 0], [8, 9, 0]]).all()
assert 200 * (1 + 4) == 1000  # 1,000 images

# label smoothing
target = np.full(4, 0.1 / 4)
target[0] += 1 - 0.1
assert np.allclose(target, [0.925, 0.025, 0.025, 0.025]) and 0.1 / 4 == 0.025
assert round(-(target * np.log(target)).sum(), 3) == 0.349
# cited: drop rates of 0.1 in Transformers (Vaswani et al. 2017) and 0.5 in hidden layers (Srivastava et al. 2014)

# Check yourself
assert [round(w / 3, 3) for w in (6, -1, 3)] == [2.0, -0.333, 1.0]  # ridge with lambda = 2
assert [max(abs(w) - 2, 0) for w in (6, -1, 3)] == [4, 0, 1]  # the lasso
assert round(8 / (1 - 0.6), 9) == 20 and round(0.4 * 20, 9) == 8  # dropout
other_losses = [0.80, 0.65, 0.66, 0.60, 0.61, 0.59, 0.62, 0.64]
assert min(other_losses) == other_losses[5] == 0.59 and min(other_losses[6:]) > 0.59
smoothed = [1 - 0.2 + 0.2 / 2, 0.2 / 2]
assert round(-sum(p * math.log(p) for p in smoothed), 3) == 0.325
