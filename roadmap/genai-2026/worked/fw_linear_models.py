"""Works the numbers of the note on linear and logistic regression, k nearest neighbours and k-means."""

import numpy as np


def loss(w, b, x, t):
    """Mean cross-entropy of logistic regression with one feature, stable for large sums."""
    return np.logaddexp(0, -(2 * t - 1) * (x * w + b)).mean()


def knn(train, labels, queries, k):
    """The majority label of the k nearest training points."""
    d2 = ((queries[:, None, :] - train[None, :, :]) ** 2).sum(-1)
    near = labels[np.argsort(d2, axis=1, kind="stable")[:, :k]]
    return np.array([np.bincount(row).argmax() for row in near])


def kmeans(X, centres, steps=20):
    """Lloyd's algorithm: the centres and the inertia."""
    for _ in range(steps):
        own = ((X[:, None] - centres[None]) ** 2).sum(-1).argmin(1)
        centres = np.array([X[own == j].mean(0) for j in range(len(centres))])
    return centres, ((X - centres[own]) ** 2).sum()


# the line of least squares through (1, 2), (2, 3) and (3, 5)
X, y = np.array([[1, 1.0], [2, 1], [3, 1]]), np.array([2.0, 3, 5])
w, *_ = np.linalg.lstsq(X, y, rcond=None)
assert np.allclose(w, [1.5, 1 / 3]) and np.allclose(X.T @ X @ w, X.T @ y)
x = X[:, 0]
assert x.mean() == 2 and np.isclose(y.mean(), 10 / 3)
top, bottom = ((x - 2) * (y - y.mean())).sum(), ((x - 2) ** 2).sum()
assert np.isclose(top, 3) and bottom == 2 and 3 / 2 == 1.5 and np.isclose(10 / 3 - 1.5 * 2, 1 / 3)
sse, total = ((y - X @ w) ** 2).sum(), ((y - y.mean()) ** 2).sum()
assert np.isclose(sse, 1 / 6) and np.isclose(total, 14 / 3) and round(1 - sse / total, 3) == 0.964

# one step of logistic regression
x, t = np.array([-1.0, 1, 2]), np.array([0, 1, 1])
p = 1 / (1 + np.exp(-(x * 0 + 0)))
assert (p == 0.5).all() and (p - t).tolist() == [0.5, -0.5, -0.5]
gw, gb = ((p - t) * x).mean(), (p - t).mean()
assert np.isclose(gw, (-0.5 - 0.5 - 1) / 3) and round(gw, 3) == -0.667 and round(gb, 3) == -0.167
assert round(loss(0, 0, x, t), 3) == 0.693 and round(loss(-gw, -gb, x, t), 3) == 0.345
after = 1 / (1 + np.exp(-(x * -gw - gb)))
assert np.round(after, 2).tolist() == [0.38, 0.70, 0.82]
P, Y = np.stack([1 - p, p], 1), np.eye(2)[t]  # two classes as columns of a softmax
assert np.allclose((x @ (P - Y)) / 3, [-gw, gw])
assert loss(100, 0, x, t) < 1e-40  # separable data: ever larger weights, ever smaller loss
assert np.isclose(1 / (1 + np.exp(-(2 * 1.5 - 1))), 0.881, atol=5e-4)  # a sum of 2

# neighbours: red, blue, blue, red, red from near to far
points = np.array([[2, 2], [4, 3], [5, 2], [1, 0], [0, 1]], dtype=float)
red_blue = np.array([0, 1, 1, 0, 0])  # 0 = red, 1 = blue
query = np.array([[3.0, 2.0]])
assert [knn(points, red_blue, query, k)[0] for k in (1, 3, 5)] == [0, 1, 0]

# scaling: A aged 25 with 30,000, B aged 60 with 30,500, the query 26 with 30,400; spreads 15 and 10,000
people = np.array([[25, 30_000], [60, 30_500], [26, 30_400.0]])
raw = np.linalg.norm(people[:2] - people[2], axis=1)
scaled = np.linalg.norm((people[:2] - people[2]) / [15, 10_000], axis=1)
assert np.round(raw, 1).tolist() == [400.0, 105.6] and np.round(scaled, 2).tolist() == [0.08, 2.27]

# k-means on 1, 2, 9, 11 from 1 and 2, and on the corners of a rectangle
line, box = np.array([[1.0], [2], [9], [11]]), np.array([[0, 0], [0, 1], [4, 0], [4, 1]], dtype=float)
first, _ = kmeans(line, np.array([[1.0], [2]]), steps=1)
assert np.round(first.ravel(), 2).tolist() == [1, 7.33] and round((2 + 9 + 11) / 3, 2) == 7.33
centres, inertia = kmeans(line, np.array([[1.0], [2]]))
assert centres.ravel().tolist() == [1.5, 10] and inertia == 0.25 + 0.25 + 1 + 1 == 2.5
assert kmeans(box, np.array([[2, 0], [2, 1.0]]))[1] == 16
assert kmeans(box, np.array([[0, 0], [4, 0.0]]))[1] == 1

# Check yourself
near, far = ((41 - 40) ** 2 + (51_000 - 50_000) ** 2) ** 0.5, ((70 - 40) ** 2 + (50_100 - 50_000) ** 2) ** 0.5
assert round(near) == 1000 and round(far) == 104
assert round(1 / 15, 3) == 0.067 and 1000 / 10_000 == 0.1 and round((0.067**2 + 0.1**2) ** 0.5, 2) == 0.12
