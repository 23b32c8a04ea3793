"""Figures of the notes on machine learning: fitting, validation and metrics."""

from __future__ import annotations

from typing import Any

import numpy as np
from drawing import (
    BLUE,
    GREEN,
    INK,
    LINE,
    MUTED,
    ORANGE,
    PALE_BLUE,
    PALE_GREEN,
    PALE_ORANGE,
    RED,
    VIOLET,
    blank,
    box,
    figure,
)
from worked.ml_classification import GAP, ONE_IN_A_HUNDRED, bells, counts
from worked.ml_over_underfitting import TEST, descent, expected_parts, fits, sine
from worked.ml_regression import best, huber, pinball
from worked.ml_regularisation import elastic, soft
from worked.ml_validation import inside, outside
from worked.ml_validation import scores as fold_scores


@figure("bias-variance", size=(4.6, 2.6))
def bias_and_variance(fig: Any) -> None:
    for axes, degree in zip(fig.subplots(1, 3, sharey=True), (1, 3, 9), strict=True):
        rng = np.random.default_rng(0)
        curves = np.array(list(fits(degree, 20, 20, rng)))
        axes.plot(TEST, curves.T, color=VIOLET, linewidth=0.7, alpha=0.35)
        axes.plot(TEST, sine(TEST), color=MUTED, linewidth=2, linestyle="--")
        axes.plot(TEST, curves.mean(axis=0), color=VIOLET)
        bias2, variance = expected_parts(degree, 20)
        axes.set_title(f"degree {degree}", size=10)
        axes.set_xlabel(f"bias² {bias2:.3f}\nvariance {variance:.3f}", size=9)
        axes.set(xticks=(), yticks=(-1, 0, 1), ylim=(-1.8, 1.8))
    fig.suptitle("dashed: the truth; thin: 20 fits; thick: their mean", size=9, color=MUTED)


@figure("double-descent", size=(4.6, 2.8))
def double_descent(fig: Any) -> None:
    axes = fig.subplots()
    widths, errors = descent()
    axes.plot(widths, errors, "o-", color=RED, markersize=4)
    axes.axvline(20, color=LINE, zorder=0)
    axes.text(21.5, 33, "as many features\nas examples", size=9, va="center")
    for width, where in ((10, (-2, 8)), (200, (-4, 8))):
        error = errors[widths.index(width)]
        axes.annotate(f"{error:.1f}", (width, error), where, textcoords="offset points", ha="center", size=9)
    axes.set(xscale="log", yscale="log", xlabel="features used, 20 examples", ylabel="median test error")
    axes.set(xticks=(2, 5, 10, 20, 50, 100, 200), yticks=(1, 2, 5, 10, 20, 50), ylim=(1, 60))
    axes.set(xticklabels=("2", "5", "10", "20", "50", "100", "200"), yticklabels=("1", "2", "5", "10", "20", "50"))
    axes.minorticks_off()


@figure("precision-recall-threshold", size=(4.6, 4.0))
def thresholds(fig: Any) -> None:
    above, below = fig.subplots(2, 1, sharex=True)
    at = np.linspace(-3, 6, 181)
    for middle, colour, name in ((0.0, MUTED, "10,000\nnegatives"), (GAP, GREEN, "100\npositives")):
        curve = np.exp(-((at - middle) ** 2) / 2)
        above.fill_between(at, curve, color=colour, alpha=0.25, linewidth=0)
        above.plot(at, curve, color=colour)
        above.text(
            middle - 1.1 if middle == 0 else middle + 1.1,
            0.8,
            name,
            ha="right" if middle == 0 else "left",
            va="center",
            size=9,
            color=colour,
        )
    rows = [counts(*bells(float(t))) for t in at]
    shown = {"recall": (GREEN, (-1.2, 0.9)), "precision": (BLUE, (4.1, 0.72))}
    for name, (colour, place) in shown.items():
        below.plot(at, [row[name] for row in rows], color=colour)
        below.text(*place, name, color=colour, ha="left", va="top" if name == "recall" else "bottom", size=9)
    one = counts(*bells(ONE_IN_A_HUNDRED))
    for axes in (above, below):
        axes.axvline(ONE_IN_A_HUNDRED, color=ORANGE, linewidth=1.5)
    for name, (colour, _) in shown.items():
        below.plot(ONE_IN_A_HUNDRED, one[name], "o", color=colour)
        below.text(
            ONE_IN_A_HUNDRED - 0.12,
            one[name] - 0.02,
            f"{one[name]:.1%}",
            ha="right",
            va="top" if name == "recall" else "bottom",
            size=9,
            color=colour,
        )
    above.text(ONE_IN_A_HUNDRED + 0.1, 1.14, "alarm from here", size=9, color=ORANGE, ha="left", va="top")
    above.set(yticks=(), ylim=(0, 1.15))
    below.set(xlabel="score", yticks=(0, 0.5, 1), ylim=(0, 1.05), xlim=(-3, 6), xticks=())


@figure("roc-precision-recall", size=(4.6, 2.7))
def curves(fig: Any) -> None:
    left, right = fig.subplots(1, 2)
    at = np.linspace(-4, 8, 241)
    rows = [counts(*bells(float(t))) for t in at]
    left.plot([1 - row["specificity"] for row in rows], [row["recall"] for row in rows], color=VIOLET)
    left.plot(0.01, 0.8, "o", color=VIOLET)
    left.text(0.09, 0.74, "recall 80% at\n1% false alarms", size=8, va="center")
    left.set(xlabel="false positive rate", ylabel="recall", title="ROC: the same curve")
    for negatives, colour, name, place in (
        (10_000, BLUE, "10,000\nnegatives", (0.62, 0.86)),
        (100_000, RED, "100,000\nnegatives", (0.03, 0.2)),
    ):
        found = [counts(*bells(float(t), negatives)) for t in at]
        right.plot([row["recall"] for row in found], [row["precision"] for row in found], color=colour)
        precision = counts(*bells(ONE_IN_A_HUNDRED, negatives))["precision"]
        right.plot(0.8, precision, "o", color=colour)
        right.text(
            0.84 if negatives == 10_000 else 0.54,
            precision + (0.03 if negatives == 10_000 else -0.04),
            f"{precision:.1%}",
            size=8,
            color=colour,
        )
        right.text(*place, name, size=8, color=colour, va="center")
    right.set(xlabel="recall", ylabel="precision", title="precision-recall")
    for axes in (left, right):
        axes.set(xlim=(-0.02, 1.08), ylim=(0, 1.05), xticks=(0, 0.5, 1), yticks=(0, 0.5, 1))


@figure("k-fold", size=(4.6, 3.0))
def k_fold(fig: Any) -> None:
    axes = blank(fig, 10, 6.5)
    for row in range(6):
        y = 5.3 - 0.85 * row - 0.35 * (row == 5)
        for fold in range(5):
            held = row == fold
            fill, edge = (PALE_ORANGE, ORANGE) if held else (PALE_GREEN, GREEN) if row == 5 else (PALE_BLUE, BLUE)
            box(axes, (1.6 + 1.25 * fold, y), (1.15, 0.6), "score" if held else "train", fill=fill, edge=edge, size=8)
        name = f"fit {row + 1}" if row < 5 else "final fit"
        axes.text(0.1, y + 0.3, name, va="center", size=9)
        if row < 5:
            axes.text(7.95, y + 0.3, f"{fold_scores[row]:.2f}", va="center", size=10, color=ORANGE)
    axes.text(8.95, 3.9, f"mean\n{fold_scores.mean():.2f}", va="center", size=10, weight=600, color=ORANGE)
    axes.text(7.95, 1.0, "the model\nyou keep", va="center", size=9, color=GREEN)
    axes.text(4.7, 6.2, "five folds of the rows", ha="center", va="center", size=9, color=MUTED)


@figure("leaking-selection", size=(4.6, 2.4))
def leak(fig: Any) -> None:
    axes = fig.subplots()
    rng = np.random.default_rng(0)
    for row, (shares, colour) in enumerate(((inside, GREEN), (outside, RED))):
        values = 100 * np.array(shares)
        axes.scatter(values, row + rng.uniform(-0.16, 0.16, len(values)), s=16, color=colour, alpha=0.6, linewidths=0)
        axes.plot([values.mean()] * 2, [row - 0.28, row + 0.28], color=colour)
        axes.text(
            values.mean(), row + 0.31, f"mean {values.mean():.0f}%", ha="center", va="bottom", size=9, color=colour
        )
    axes.axvline(50, color=LINE, zorder=0)
    axes.set(xlabel="accuracy on coin-flip labels, in per cent", xlim=(20, 100), ylim=(-0.4, 1.6), yticks=(0, 1))
    axes.set_yticklabels(("inside the\ntraining folds", "on all rows,\nbefore the split"), size=9)
    axes.tick_params(axis="y", length=0)
    axes.set_title("20 of 2,000 random features chosen …", size=9, loc="left")


@figure("best-constant", size=(4.6, 3.2))
def constants(fig: Any) -> None:
    values, guesses = np.array([2, 4, 6, 8, 80.0]), np.linspace(0, 90, 901)
    off = values[:, None] - guesses
    axes = fig.subplots()
    for name, loss, colour, place in (
        ("MAE: 6", np.abs(off), BLUE, (43, 0.6)),
        ("Huber: 7.5", huber(off, 10), GREEN, (52, 0.72)),
        ("MSE: 20", off**2, VIOLET, (71, 0.42)),
        ("quantile 0.9: 80", pinball(off, 0.9), RED, (8, 0.97)),
    ):
        mean = loss.mean(axis=0)
        scaled = (mean - mean.min()) / (mean.max() - mean.min())
        lowest = best(loss, guesses)
        axes.plot(guesses, scaled, color=colour)
        axes.plot(lowest, 0, "o", color=colour, clip_on=False, zorder=3)
        axes.text(*place, name, size=9, color=colour)
    axes.plot(values, [-0.09] * 5, "|", color=INK, markersize=9, markeredgewidth=2)
    axes.text(84, -0.09, "values", va="center", size=9)
    axes.set(
        xlabel="constant prediction", ylabel="mean loss, scaled", xticks=(6, 20, 50, 80), yticks=(), ylim=(-0.16, 1.02)
    )


@figure("shrinkage", size=(4.6, 3.2))
def shrinkage(fig: Any) -> None:
    plain = np.linspace(-3, 3, 241)
    marked = np.array([3, 0.5, -1.5])
    axes = fig.subplots()
    axes.plot(plain, plain, color=LINE, linestyle="--")
    axes.text(1.55, 1.75, "no penalty", size=9, color=MUTED, ha="right")
    for name, shrunk, colour, place in (
        ("ridge", lambda w: w / 2, BLUE, (-3, -1.2)),
        ("lasso", lambda w: soft(w, 1), RED, (-2.25, -1.8)),
        ("elastic net", lambda w: elastic(w, 0.5, 0.5), VIOLET, (1.6, 0.3)),
    ):
        axes.plot(plain, shrunk(plain), color=colour)
        axes.plot(marked, shrunk(marked), "o", color=colour, markersize=5)
        axes.text(*place, name, size=9, color=colour)
    axes.set(
        xlabel="weight of least squares",
        ylabel="weight with a penalty",
        xticks=(-3, -1.5, 0, 0.5, 3),
        xticklabels=("−3", "−1.5", "0", "0.5", "3"),
        ylim=(-2.2, 2.2),
        yticks=(-2, 0, 2),
    )
