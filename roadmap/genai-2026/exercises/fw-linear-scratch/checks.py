"""Checks of linear models and neighbours against hand-worked values and scikit-learn."""

import numpy as np
from sklearn.cluster import KMeans
from sklearn.datasets import load_breast_cancer, load_wine
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.neighbors import KNeighborsClassifier
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

MINUTES = 120


def _split(load):
    x, y = load(return_X_y=True)
    train, test, y_train, y_test = train_test_split(x, y, test_size=0.3, random_state=0, stratify=y)
    scaler = StandardScaler().fit(train)
    return scaler.transform(train), scaler.transform(test), y_train, y_test


def _nearly_as_good(name, mine, library):
    assert mine >= library - 0.03, (
        f"{name} has a test accuracy of {mine:.3f}, scikit-learn {library:.3f}; yours may be 0.03 lower."
    )


def check_scaling(exercise):
    """Scaling uses the mean and standard deviation of the training part only."""
    train, other = np.array([[1.0, 10], [3, 30]]), np.array([[5.0, 50]])
    scaled, scaled_other = exercise.standardise(train, other)
    assert np.allclose(scaled, [[-1, -1], [1, 1]]), (
        f"Rows (1, 10) and (3, 30) became {np.round(scaled, 3).tolist()}; expected (-1, -1) and (1, 1), dividing by n."
    )
    assert np.allclose(scaled_other, [[3, 3]]), (
        f"Row (5, 50) of the other part became {np.round(scaled_other, 3).tolist()}; expected (3, 3), "
        "with mean and deviation of the training part."
    )


def check_gradient(exercise):
    """The gradient of logistic regression equals central differences of the loss."""
    rng = np.random.default_rng(1)
    x, y, w, b = rng.normal(size=(12, 3)), rng.integers(0, 2, 12), rng.normal(size=3), 0.3

    def loss(w, b):
        s = x @ w + b
        return np.mean(np.logaddexp(0, s) - y * s)

    slope_w, slope_b = exercise.logistic_gradient(x, y, w, b)
    step = 1e-5
    by_difference = [(loss(w + e, b) - loss(w - e, b)) / (2 * step) for e in step * np.eye(3)]
    assert np.allclose(slope_w, by_difference, atol=1e-6), (
        f"The gradient for w is {np.round(slope_w, 4).tolist()}, central differences of the mean loss give "
        f"{np.round(by_difference, 4).tolist()}."
    )
    bias_difference = (loss(w, b + step) - loss(w, b - step)) / (2 * step)
    assert np.isclose(slope_b, bias_difference, atol=1e-6), (
        f"The gradient for b is {slope_b:.4f}, central differences give {bias_difference:.4f}."
    )


def check_logistic(exercise):
    """Logistic regression is at most 3 points below scikit-learn on the breast-cancer data."""
    train, test, y_train, y_test = _split(load_breast_cancer)
    w, b = exercise.fit_logistic(train, y_train)
    mine = np.mean(exercise.predict_logistic(test, w, b) == y_test)
    library = LogisticRegression(max_iter=1000).fit(train, y_train).score(test, y_test)
    _nearly_as_good("Logistic regression", mine, library)


def check_neighbour_vote(exercise):
    """The answer of k nearest neighbours changes with k as it should."""
    train, labels = np.array([[1.0], [2], [3], [4], [5]]), np.array([0, 1, 1, 0, 0])
    for k, expected in ((1, 0), (3, 1), (5, 0)):
        answer = exercise.predict_knn(train, labels, np.array([[0.0]]), k)
        assert np.array_equal(answer, [expected]), (
            f"The nearest labels of the query are 0, 1, 1, 0, 0; k = {k} gave {np.asarray(answer).tolist()}, "
            f"expected [{expected}]."
        )


def check_knn(exercise):
    """k nearest neighbours predicts what scikit-learn predicts on the wine data."""
    train, test, y_train, _ = _split(load_wine)
    library = KNeighborsClassifier(5).fit(train, y_train).predict(test)
    different = int(np.sum(exercise.predict_knn(train, y_train, test, 5) != library))
    assert different == 0, f"With k = 5, {different} of {len(test)} predictions differ from KNeighborsClassifier."
