# needs: sklearn
"""Checks that gradient descent on the objective of the note ends where scikit-learn's logistic regression does."""

import numpy as np
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split

X, y = load_breast_cancer(return_X_y=True)
Xa, Xb, ya, yb = train_test_split(X, y, random_state=0, stratify=y)
mean, std = Xa.mean(0), Xa.std(0)
Xa, Xb = (Xa - mean) / std, (Xb - mean) / std
w, b, n, C = np.zeros(30), 0.0, len(Xa), 1.0
for _ in range(3000):
    p = 1 / (1 + np.exp(-(Xa @ w + b)))
    w -= 0.5 * (Xa.T @ (p - ya) / n + w / (C * n))
    b -= 0.5 * (p - ya).mean()
theirs = LogisticRegression(C=C, max_iter=1000).fit(Xa, ya)
assert np.allclose(w, theirs.coef_[0], atol=0.01)
assert (((Xb @ w + b) > 0) == theirs.predict(Xb)).mean() > 0.99
