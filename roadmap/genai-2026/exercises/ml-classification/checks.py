"""Checks of metrics, costs and the chosen threshold."""

import numpy as np

MINUTES = 90


def check_counts(exercise):
    """The confusion matrix has four right counts, and the threshold itself is an alarm."""
    y, probability = np.array([1, 1, 0, 0, 0, 1]), np.array([0.9, 0.2, 0.7, 0.1, 0.3, 0.5])
    counts = exercise.count(y, probability, 0.5)
    assert tuple(counts) == (2, 1, 1, 2), (
        f"Labels {y.tolist()}, probabilities {probability.tolist()}, threshold 0.5: got {counts}, "
        "expected tp=2, fp=1, fn=1, tn=2."
    )


def check_metrics(exercise):
    """TP 40, FP 10, FN 20 and TN 930 give the five metrics worked by hand."""
    metrics = exercise.describe(exercise.Counts(40, 10, 20, 930))
    hand = {"accuracy": 0.97, "precision": 0.8, "recall": 2 / 3, "specificity": 930 / 940, "f1": 8 / 11}
    for name, expected in hand.items():
        value = metrics.get(name)
        assert value is not None, f"The result has no {name}; it has {', '.join(metrics)}."
        assert np.isclose(value, expected, atol=1e-9), (
            f"TP 40, FP 10, FN 20, TN 930: {name} is {value:.4f}, by hand {expected:.4f}."
        )


def check_no_alarm(exercise):
    """A model that never raises an alarm gets precision, recall and F1 of 0, without an error."""
    try:
        metrics = exercise.describe(exercise.Counts(0, 0, 20, 980))
    except ZeroDivisionError as error:
        raise AssertionError("Without any alarm, precision is 0 / 0 and `describe` failed; count it as 0.") from error
    for name in ("precision", "recall", "f1"):
        assert metrics[name] == 0, f"Without any alarm, {name} should be 0; it is {metrics[name]}."


def check_cost(exercise):
    """A miss costs 50 and a false alarm 1."""
    cost = exercise.total_cost(exercise.Counts(40, 10, 20, 930), 50, 1)
    assert cost == 1010, f"20 misses at 50 and 10 false alarms at 1 cost 1,010; `total_cost` gave {cost}."


def check_formula(exercise):
    """The threshold by formula is 0.0196 for costs of 50 and 1, and 0.5 for equal costs."""
    for miss, false_alarm, expected in ((50, 1, 1 / 51), (20, 1, 1 / 21), (1, 1, 0.5)):
        value = exercise.threshold_from_costs(miss, false_alarm)
        assert np.isclose(value, expected), (
            f"A miss costs {miss}, a false alarm {false_alarm}: got {value:.4f}, expected {expected:.4f}."
        )


def check_choice(exercise):
    """The threshold from validation data beats 0.5 on total test cost and lies near the formula."""
    threshold = exercise.choose_threshold(*exercise.make_scores(0), 50, 1)
    y, probability = exercise.make_scores(1)
    cost, usual = (exercise.total_cost(exercise.count(y, probability, t), 50, 1) for t in (threshold, 0.5))
    assert 0.005 <= threshold <= 0.08, (
        f"The chosen threshold is {threshold}; the formula gives 0.0196, so expect about 0.01 to 0.04."
    )
    assert cost < 0.8 * usual, f"The test cost is {cost:.0f} at {threshold} and {usual:.0f} at 0.5; expected far less."


def check_choice_is_lowest(exercise):
    """No other threshold on the grid is cheaper on the same rows."""
    y, probability = exercise.make_scores(2, rows=2000)
    threshold = exercise.choose_threshold(y, probability, 50, 1)

    def cost(t):
        alarm = probability >= t
        return 50 * np.sum(~alarm & (y == 1)) + np.sum(alarm & (y == 0))

    cheapest = min(cost(i / 1000) for i in range(1, 1000))
    assert cost(threshold) == cheapest, (
        f"Threshold {threshold} costs {cost(threshold)} on the validation rows, the cheapest one {cheapest}."
    )


def check_regression(exercise):
    """10, 20, 30 and 40 predicted as 12, 18, 33 and 37 give MAE 2.5, RMSE 2.55 and R² 0.948."""
    metrics = exercise.regression_metrics(np.array([10.0, 20, 30, 40]), np.array([12.0, 18, 33, 37]))
    for name, expected in (("mae", 2.5), ("rmse", 6.5**0.5), ("r2", 0.948)):
        assert np.isclose(metrics[name], expected), f"{name} is {metrics[name]:.4f}, by hand {expected:.4f}."
    r2 = exercise.regression_metrics(np.array([10.0, 20, 30, 40]), np.full(4, 30.0))["r2"]
    assert np.isclose(r2, -0.2), f"Predicting 30 for 10, 20, 30 and 40 has R² -0.2; got {r2:.3f}."


def check_outliers(exercise):
    """Five targets multiplied by ten move RMSE more than MAE."""
    rng = np.random.default_rng(0)
    y = rng.normal(150, 75, 100).clip(25)
    p = y + rng.normal(0, 55, 100)
    large = y.copy()
    large[:5] *= 10
    before, after = exercise.regression_metrics(y, p), exercise.regression_metrics(large, p)
    name = exercise.most_moved(before, after)
    assert name == "rmse", (
        f"MAE grew {after['mae'] / before['mae']:.1f} times and RMSE {after['rmse'] / before['rmse']:.1f} times, "
        f"but `most_moved` gave {name!r}."
    )
    name = exercise.most_moved({"mae": 1, "rmse": 10}, {"mae": 3, "rmse": 20})
    assert name == "mae", f"MAE went from 1 to 3 and RMSE from 10 to 20; compare the factors. Got {name!r}."


def check_constants(exercise):
    """Squared error is minimised by the mean, absolute error by the median, quantile loss by its quantile."""
    y = np.array([2.0, 4, 6, 8, 80])
    for loss, q, expected in (("squared", 0.5, 20), ("absolute", 0.5, 6), ("quantile", 0.25, 4)):
        value = exercise.best_constant(y, loss, q)
        assert np.isclose(value, expected), (
            f"For 2, 4, 6, 8 and 80, the best constant under {loss} loss (q = {q}) is {expected}; got {value}."
        )
