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
from worked.fw_trees import boost
from worked.hf_transformers import logits
from worked.hf_transformers import p as chances


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
        axes.set_xlabel(f"error {error:.2f}", size=10, color=RED)
        axes.set(xticks=(), yticks=(1, 2, 4, 6, 7), ylim=(0.4, 7.6))


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
