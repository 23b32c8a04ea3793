"""Choose a threshold from costs, and see which regression metric a few large targets move most.

A miss costs 50 and a false alarm 1. The data with about 2% positives and a model with calibrated probabilities are
given: `make_scores` returns what your own logistic regression would. You write the metrics and the choice.
It takes about 90 minutes.

Check it: python check.py ml-classification
"""

from typing import NamedTuple

import numpy as np

Array = np.ndarray


class Counts(NamedTuple):
    """A confusion matrix of two classes."""

    tp: int
    fp: int
    fn: int
    tn: int


def make_scores(seed: int, rows: int = 20_000) -> tuple[Array, Array]:
    """True labels of 0 and 1 with about 2% positives, and the predicted probability of each row."""
    rng = np.random.default_rng(seed)
    log_odds = rng.normal(-5.5, 1.8, rows)
    probability = 1 / (1 + np.exp(-log_odds))
    return (rng.random(rows) < probability).astype(int), probability


def count(y: Array, probability: Array, threshold: float) -> Counts:
    """The confusion matrix when a row with probability >= threshold is an alarm."""
    raise NotImplementedError("true and false alarms, misses and correct silence")


def describe(counts: Counts) -> dict[str, float]:
    """Accuracy, precision, recall, specificity and f1, by these names; a share of nothing is 0."""
    raise NotImplementedError("five formulas; guard each division")


def total_cost(counts: Counts, miss: float, false_alarm: float) -> float:
    """What all mistakes cost."""
    raise NotImplementedError("misses and false alarms, each times its cost")


def threshold_from_costs(miss: float, false_alarm: float) -> float:
    """The best threshold for calibrated probabilities, by formula."""
    raise NotImplementedError("alarm when the expected cost of silence is at least that of an alarm")


def choose_threshold(y: Array, probability: Array, miss: float, false_alarm: float) -> float:
    """The threshold among 0.001, 0.002, ..., 0.999 with the lowest total cost on these rows."""
    raise NotImplementedError("try all of them")


def regression_metrics(y: Array, p: Array) -> dict[str, float]:
    """mae, rmse and r2 of predictions p for true values y, by these names."""
    raise NotImplementedError("three formulas")


def most_moved(before: dict[str, float], after: dict[str, float]) -> str:
    """Of mae and rmse, the one that grew by the larger factor."""
    raise NotImplementedError("after / before for both")


def best_constant(y: Array, loss: str, q: float = 0.5) -> float:
    """The constant that minimises the mean "squared", "absolute" or "quantile" loss (the last one at q)."""
    raise NotImplementedError("a statistic of y for each loss")
