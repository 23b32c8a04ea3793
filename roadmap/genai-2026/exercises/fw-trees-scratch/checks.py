"""Checks of the tree and of k-means against hand-worked values and scikit-learn."""

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


def check_gini(exercise):
    """Gini impurity is 0.5 for 5 and 5, 0.32 for 4 and 1, and 0 for a pure node."""
    for labels, expected in (([0] * 5 + [1] * 5, 0.5), ([0] * 4 + [1], 0.32), ([2] * 5, 0.0)):
        value = exercise.gini(np.array(labels))
        assert np.isclose(value, expected), f"`gini({labels})` gave {value:.3f}; expected {expected}."


def check_split(exercise):
    """The best split has the lowest impurity, each side weighted by its rows."""
    x = np.array([[1.0, 1], [2, 2], [3, 9], [4, 3], [5, 4], [6, 5], [7, 6], [8, 7]])
    y = np.array([1, 0, 0, 1, 1, 1, 1, 1])
    split = exercise.best_split(x, y)
    assert split is not None and split[0] == 0 and np.isclose(split[1], 3.5), (
        f"The best split is feature 0 at 3.5 (weighted Gini 0.167), yours is {split}; weight each side by its "
        "share of rows."
    )
    pure = exercise.best_split(x, np.zeros(8, int))
    assert pure is None, f"All labels are equal, so no split helps; `best_split` gave {pure}, expected None."


def check_tree_depth(exercise):
    """A tree keeps to its depth and learns two nested questions."""
    x, y = np.array([[0.0], [1], [2], [3]]), np.array([0, 1, 1, 0])
    for depth, errors in ((0, 2), (1, 1), (2, 0)):
        wrong = int(np.sum(exercise.predict_tree(exercise.fit_tree(x, y, depth), x) != y))
        assert wrong == errors, (
            f"Labels 0, 1, 1, 0 at x = 0, 1, 2, 3: a tree of depth {depth} makes {errors} errors, yours {wrong}."
        )


def check_tree(exercise):
    """The tree is at most 3 points below scikit-learn's lowest of ten seeds on both data sets."""
    for name, load in (("wine", load_wine), ("breast cancer", load_breast_cancer)):
        train, test, y_train, y_test = _split(load)
        mine = np.mean(exercise.predict_tree(exercise.fit_tree(train, y_train, 3), test) == y_test)
        # splits that tie are drawn at random, so on the wine data the seed alone moves the score by ten points
        library = min(
            DecisionTreeClassifier(max_depth=3, random_state=seed).fit(train, y_train).score(test, y_test)
            for seed in range(10)
        )
        _nearly_as_good(f"The tree of depth 3 ({name})", mine, library)


def check_kmeans_start(exercise):
    """k-means finds the good grouping of the corners of a 4 by 1 rectangle for every seed."""
    corners = np.array([[0.0, 0], [0, 1], [4, 0], [4, 1]])
    for seed in range(10):
        inertia = exercise.kmeans(corners, 2, seed=seed)[2]
        assert np.isclose(inertia, 1), (
            f"Seed {seed} ends with inertia {inertia:.1f}, the best is 1; keep the best of all starts."
        )


def check_kmeans(exercise):
    """The inertia of k-means on the wine data is within 1% of scikit-learn's and fits its centres."""
    x = StandardScaler().fit_transform(load_wine().data)
    centres, group, inertia = exercise.kmeans(x, 3)
    library = KMeans(3, n_init=10, random_state=0).fit(x).inertia_
    recomputed = float(((x - centres[group]) ** 2).sum())
    assert np.isclose(inertia, recomputed, rtol=1e-6), (
        f"The inertia is given as {inertia:.1f}, but squared distances to the returned centres sum to {recomputed:.1f}."
    )
    assert inertia <= 1.01 * library, f"The inertia is {inertia:.1f}, scikit-learn reaches {library:.1f}."
