"""A threshold from costs, and metrics for classes and numbers."""

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
    alarm, positive = probability >= threshold, y == 1
    return Counts(
        tp=int(np.sum(alarm & positive)),
        fp=int(np.sum(alarm & ~positive)),
        fn=int(np.sum(~alarm & positive)),
        tn=int(np.sum(~alarm & ~positive)),
    )


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def describe(counts: Counts) -> dict[str, float]:
    """Accuracy, precision, recall, specificity and f1, by these names; a share of nothing is 0."""
    tp, fp, fn, tn = counts
    precision, recall = _share(tp, tp + fp), _share(tp, tp + fn)
    return {
        "accuracy": _share(tp + tn, tp + fp + fn + tn),
        "precision": precision,
        "recall": recall,
        "specificity": _share(tn, tn + fp),
        "f1": _share(2 * precision * recall, precision + recall),
    }


def total_cost(counts: Counts, miss: float, false_alarm: float) -> float:
    """What all mistakes cost."""
    return counts.fn * miss + counts.fp * false_alarm


def threshold_from_costs(miss: float, false_alarm: float) -> float:
    """The best threshold for calibrated probabilities, by formula."""
    return false_alarm / (false_alarm + miss)


def choose_threshold(y: Array, probability: Array, miss: float, false_alarm: float) -> float:
    """The threshold among 0.001, 0.002, ..., 0.999 with the lowest total cost on these rows."""
    thresholds = [i / 1000 for i in range(1, 1000)]
    return min(thresholds, key=lambda t: total_cost(count(y, probability, t), miss, false_alarm))


def regression_metrics(y: Array, p: Array) -> dict[str, float]:
    """mae, rmse and r2 of predictions p for true values y, by these names."""
    error = y - p
    return {
        "mae": float(np.abs(error).mean()),
        "rmse": float(np.sqrt((error**2).mean())),
        "r2": float(1 - (error**2).sum() / ((y - y.mean()) ** 2).sum()),
    }


def most_moved(before: dict[str, float], after: dict[str, float]) -> str:
    """Of mae and rmse, the one that grew by the larger factor."""
    return max(("mae", "rmse"), key=lambda name: after[name] / before[name])


def best_constant(y: Array, loss: str, q: float = 0.5) -> float:
    """The constant that minimises the mean "squared", "absolute" or "quantile" loss (the last one at q)."""
    if loss == "squared":
        return float(np.mean(y))
    return float(np.quantile(y, 0.5 if loss == "absolute" else q))
