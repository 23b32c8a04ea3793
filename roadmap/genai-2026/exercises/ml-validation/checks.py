"""Checks of the leakage experiment on random labels."""

import numpy as np

MINUTES = 90


def check_selection(exercise):
    """Selection ranks columns by absolute correlation, negative ones included."""
    rng = np.random.default_rng(0)
    y = np.array([0, 1] * 20)
    x = rng.normal(size=(40, 6))
    x[:, 4] = -3 * y + rng.normal(0, 0.1, 40)
    x[:, 2] = 100 * (y + rng.normal(0, 0.5, 40))
    chosen = np.asarray(exercise.select_features(x, y, 2)).tolist()
    assert chosen == [4, 2], (
        f"Column 4 is almost -3 times the label and column 2 a noisy copy in other units; got {chosen}, "
        "expected [4, 2]. Use the absolute correlation, which has no unit."
    )


def check_folds(exercise):
    """Each row is in exactly one fold, and the folds are shuffled."""
    folds = exercise.make_folds(103, 5, np.random.default_rng(0))
    rows = np.concatenate(folds)
    assert sorted(rows.tolist()) == list(range(103)), "Each of the rows 0 to 102 must be in exactly one fold."
    sizes = sorted(len(fold) for fold in folds)
    assert sizes == [20, 20, 21, 21, 21], f"103 rows in 5 folds gave sizes {sizes}; expected 20, 20, 21, 21, 21."
    assert rows.tolist() != list(range(103)), "The rows are still in order; shuffle them before you cut them."


def check_fold_score(exercise):
    """The score of a fold comes from a model that has not seen its rows."""
    x, y = exercise.make_random_data(3, rows=40, features=200)
    scores = [exercise.score_fold(x, y, fold) for fold in np.array_split(np.arange(40), 4)]
    assert np.mean(scores) < 0.8, (
        f"On 40 random rows of 200 random features the accuracy is {np.mean(scores):.0%}; leave the test rows out "
        "when you fit."
    )
    x[:, 0] = 20.0 * y - 10
    score = exercise.score_fold(x, y, np.arange(10))
    assert score >= 0.9, f"Column 0 gives the label away, and yet the accuracy is {score:.0%}; expected at least 90%."
    x = np.zeros((60, 30))
    places = np.random.default_rng(4).permutation(60).reshape(30, 2)
    x[places[:, 0], range(30)] = x[places[:, 1], range(30)] = 0.5
    y = np.zeros(60, dtype=int)
    y[places[::2].ravel()] = 1
    score = np.mean([exercise.score_fold(x, y, places[start : start + 6, 0]) for start in range(0, 30, 6)])
    assert score >= 0.95, (
        f"Each test row has a copy among the other rows, and yet the accuracy is {score:.0%}; fit on all other rows, "
        "and predict 1 where x @ w + b > 0."
    )


def _mean_scores(exercise, name):
    scores = []
    for seed in range(10):
        x, y = exercise.make_random_data(seed, rows=60, features=1000)
        folds = np.array_split(np.random.default_rng(seed).permutation(len(y)), 5)
        scores.append(getattr(exercise, name)(x, y, folds))
    return float(np.mean(scores))


def check_outside(exercise):
    """Selection on all rows shows more than 80% on random labels, over 10 seeds of 60 rows and 1,000 features."""
    mean = _mean_scores(exercise, "score_outside")
    assert mean > 0.8, f"The mean accuracy is {mean:.1%}; selection on all rows should give more than 80%."


def check_inside(exercise):
    """Selection inside the folds shows between 40% and 60% on the same data."""
    mean = _mean_scores(exercise, "score_inside")
    assert 0.4 <= mean <= 0.6, (
        f"The mean accuracy on random labels is {mean:.1%}, expected 40% to 60%; some step still sees the test rows."
    )


def check_groups(exercise):
    """A grouped split keeps all rows of a group on one side."""
    groups = np.repeat(7 * np.arange(50) + 100, 3)[np.random.default_rng(1).permutation(150)]
    draws = set()
    for seed in range(5):
        train, test = exercise.split_groups(groups, 0.2, np.random.default_rng(seed))
        both = np.intersect1d(groups[train], groups[test])
        assert not both.size, f"Group {both[0]} is in the training and in the test part; draw groups instead of rows."
        assert sorted([*train, *test]) == list(range(150)), "Each of the 150 rows must be in exactly one part."
        held_out = len(np.unique(groups[test]))
        assert 9 <= held_out <= 11, (
            f"A share of 0.2 of 50 groups is 10; the test part has {held_out}. Numbers may have gaps."
        )
        draws.add(tuple(np.unique(groups[test]).tolist()))
    assert len(draws) > 1, "Five generators with different seeds gave the same test groups; draw the groups with `rng`."


def check_copies(exercise):
    """Copied rows lift 1-nearest-neighbour to about 90% on a random split, a grouped split shows about 50%."""
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(300, 5)), rng.integers(0, 2, 300)
    x, y, groups = np.vstack([x, x]), np.tile(y, 2), np.tile(np.arange(300), 2)
    order = rng.permutation(600)
    leaky = exercise.score_nearest(x, y, order[120:], order[:120])
    assert 0.82 <= leaky <= 0.98, (
        f"With 80% of the copies in the training part the accuracy is {leaky:.0%}; expected about 90%."
    )
    train, test = exercise.split_groups(groups, 0.2, np.random.default_rng(0))
    honest = exercise.score_nearest(x, y, train, test)
    assert 0.35 <= honest <= 0.65, f"With copies kept together the accuracy is {honest:.0%}; expected about 50%."
