"""Figures of the notes on classic models and on the libraries."""

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
    PALE_VIOLET,
    RED,
    VIOLET,
    arrow,
    blank,
    box,
    figure,
)
from matplotlib.patches import Circle
from worked.fw_linear_models import knn, points, query, red_blue
from worked.fw_trees import boost, weighted_gini
from worked.hf_transformers import logits
from worked.hf_transformers import p as chances
from worked.ml_regularisation import losses, stop


@figure("nearest-neighbours", size=(4.6, 4.2))
def neighbours(fig: Any) -> None:
    axes = fig.subplots()
    far = np.sort(np.linalg.norm(points - query, axis=1))
    for k, name in ((1, "red"), (3, "blue"), (5, "red")):
        colour = (RED, BLUE)[knn(points, red_blue, query, k)[0]]
        reach = 0.65 * far[k - 1] + 0.35 * (far[k] if k < len(far) else far[k - 1] + 0.8)
        axes.add_patch(Circle(tuple(query[0]), reach, facecolor="none", edgecolor=colour, linewidth=1.6))
        axes.text(
            query[0][0], query[0][1] + reach + 0.06, f"k = {k}: {name}", ha="center", va="bottom", size=9, color=colour
        )
    for (x, y), label in zip(points, red_blue, strict=True):
        axes.plot(x, y, "os"[label], color=(RED, BLUE)[label], markersize=8)
    axes.plot(*query[0], "*", color=INK, markersize=13)
    axes.text(query[0][0], query[0][1] - 0.2, "query", ha="center", va="top", size=9)
    axes.set(aspect="equal", xlim=(-0.8, 6.8), ylim=(-1.7, 5.9), xticks=(), yticks=())
    for spine in axes.spines.values():
        spine.set_visible(False)


@figure("boosting-steps", size=(4.6, 2.8))
def boosting(fig: Any) -> None:
    target = np.array([1.0, 2, 6, 7])
    names = ("the mean", "one stump", "two stumps")
    rows = zip(fig.subplots(1, 3, sharey=True), names, boost(target, 2, 0.5), strict=True)
    for axes, name, found in rows:
        place = np.arange(4)
        axes.vlines(place, found, target, color=RED, linewidth=1.6)
        axes.stairs(found, np.arange(-0.5, 4), baseline=None, color=VIOLET, linewidth=2)
        axes.plot(place, target, "o", color=INK, markersize=6)
        error = np.mean((target - found) ** 2)
        axes.set_title(name, size=10, color=VIOLET)
        axes.set_xlabel(f"mean squared\nerror {error:.2f}", size=9.5, color=RED)
        axes.set(xticks=(), yticks=(1, 2, 4, 6, 7), ylim=(0.4, 7.6))
    fig.suptitle("dots: four targets; a stump is added at half its size", size=9, color=MUTED)


@figure("text-to-label", size=(4.6, 3.4))
def pipeline(fig: Any) -> None:
    axes = blank(fig, 10, 7.4)
    stages = (
        ("“good film”", PALE_BLUE, BLUE, "", ""),
        ("ids 2, 4", PALE_BLUE, BLUE, "tokeniser", "another model’s\ntokeniser"),
        (f"logits {logits[0]:.1f}, {logits[1]:.1f}", PALE_VIOLET, VIOLET, "model", "head not trained"),
        (f"{chances[0]:.3f}, {chances[1]:.3f}", PALE_ORANGE, ORANGE, "softmax", "logits read\nas shares"),
        ("“positive”", PALE_GREEN, GREEN, "label", "labels swapped"),
    )
    axes.text(8.3, 7.0, "what can go wrong", ha="center", va="center", size=9, color=RED)
    for row, (value, fill, edge, step, fault) in enumerate(stages):
        y = 6.35 - 1.5 * row
        box(axes, (2.6, y), (3.8, 0.8), value.replace("-", "−"), fill=fill, edge=edge)
        if step:
            arrow(axes, (4.5, y + 1.5), (4.5, y + 0.8))
            axes.text(2.3, y + 1.15, step, ha="right", va="center", size=10, color=MUTED)
            axes.text(8.3, y + 1.15, fault, ha="center", va="center", size=9, color=RED)
            axes.plot([4.75, 6.9], [y + 1.15, y + 1.15], color=LINE, linewidth=1)


@figure("best-split", size=(4.6, 2.9))
def split(fig: Any) -> None:
    above, below = fig.subplots(2, 1, sharex=True, height_ratios=(1, 2.2))
    x, labels = np.arange(1, 7), np.array([0, 0, 1, 1, 0, 1])
    for place, label in zip(x, labels, strict=True):
        above.plot(place, 0, "os"[label], color=(BLUE, RED)[label], markersize=9)
    cuts = x[:-1] + 0.5
    left = [weighted_gini(x, labels, cut) for cut in cuts]
    lowest = int(np.argmin(left))
    below.plot(cuts, left, "o", color=MUTED, markersize=7)
    below.plot(cuts[lowest], left[lowest], "o", color=GREEN, markersize=9)
    for place, (cut, impurity) in enumerate(zip(cuts, left, strict=True)):
        colour = GREEN if place == lowest else INK
        below.text(cut + 0.12, impurity - 0.02, f"{impurity:.3g}", va="top", size=9, color=colour)
    for axes in (above, below):
        axes.axvline(cuts[lowest], color=GREEN, linewidth=1.5, zorder=0)
    below.axhline(0.5, color=LINE, zorder=0)
    below.set(xlabel="x", ylabel="Gini left over", xticks=x, yticks=(0, 0.25, 0.5), ylim=(0, 0.62))
    above.set(yticks=(), ylim=(-1, 1))
    above.spines["left"].set_visible(False)
    above.set_title("cut here: x ≤ 2.5", size=10, color=GREEN, x=0.31)


@figure("early-stopping", size=(4.6, 2.7))
def stopping(fig: Any) -> None:
    axes = fig.subplots()
    last, best = stop(losses, 2)
    epochs = np.arange(1, last + 1)
    axes.plot(epochs, losses[:last], "o-", color=BLUE)
    for epoch, colour, name, side in ((best, GREEN, "restored", -0.05), (last, RED, "stopped", 0.05)):
        loss = losses[epoch - 1]
        axes.plot(epoch, loss, "o", color=colour, markersize=10)
        axes.text(epoch, loss + side, f"{name}: {loss:.2f}", ha="center", va="center", size=9, color=colour)
    axes.annotate("", (last, 0.79), (best, 0.79), arrowprops={"arrowstyle": "<->", "color": MUTED})
    axes.text((last + best) / 2, 0.805, "patience 2", ha="center", va="bottom", size=9, color=MUTED)
    axes.set(
        xlabel="epoch",
        ylabel="validation loss",
        xticks=epochs,
        yticks=(0.6, 0.7, 0.8, 0.9),
        ylim=(0.5, 0.95),
        xlim=(0.8, 7.5),
    )
