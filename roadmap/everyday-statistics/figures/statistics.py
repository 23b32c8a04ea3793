"""Figures of the notes on everyday statistics."""

from __future__ import annotations

from statistics import mean, median
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
    PALE_RED,
    RED,
    arrow,
    blank,
    box,
    figure,
)
from worked.st_averages import TAKINGS
from worked.st_base_rates import PEOPLE, RARE
from worked.st_regression import MEAN, expected, two_rounds


@figure("st-mean-median", size=(4.6, 2.0))
def mean_median(fig: Any) -> None:
    axes = fig.add_subplot()
    axes.plot(TAKINGS, [0] * len(TAKINGS), "o", color=BLUE, markersize=8, alpha=0.8)
    for value, name, colour, above in ((median(TAKINGS), "median", GREEN, 0.62), (mean(TAKINGS), "mean", ORANGE, 0.62)):
        axes.plot([value, value], [-0.35, above - 0.1], color=colour)
        place = "right" if name == "median" else "left"
        axes.text(value, above, f"{name} {value:.0f}", color=colour, ha=place if place == "left" else "center")
    axes.text(TAKINGS[-1], 0.3, "the day of the fair", ha="right", size=9, color=MUTED)
    axes.set(ylim=(-0.5, 1), yticks=[], xlim=(0, 1650), xlabel="takings of a day, euros")
    axes.spines["left"].set_visible(False)


@figure("st-base-rates", size=(4.6, 3.4))
def base_rates(fig: Any) -> None:
    axes = blank(fig, 10, 7.4)
    ill = RARE["found"] + RARE["missed"]
    box(axes, (3.5, 6.2), (3, 0.9), f"{PEOPLE:,} people")
    box(axes, (0.9, 4.3), (2.9, 0.9), f"{ill:,} ill", fill=PALE_RED, edge=RED)
    box(axes, (6.0, 4.3), (3.1, 0.9), f"{PEOPLE - ill:,} healthy", fill=PALE_GREEN, edge=GREEN)
    arrow(axes, (4.4, 6.2), (2.4, 5.2))
    arrow(axes, (5.6, 6.2), (7.5, 5.2))
    ends = (
        (0.1, "found", "positive"),
        (2.5, "missed", "negative"),
        (5.1, "false", "positive"),
        (7.6, "cleared", "negative"),
    )
    for x, name, said in ends:
        rings = said == "positive"
        box(
            axes,
            (x, 2.2),
            (2.2, 1.1),
            f"{RARE[name]:,}\n{said}",
            size=9,
            fill=PALE_BLUE if rings else "none",
            edge=BLUE if rings else LINE,
        )
        arrow(axes, (2.35 if x < 5 else 7.55, 4.3), (x + 1.1, 3.3))
    rang = RARE["found"] + RARE["false"]
    share = RARE["found"] / rang
    axes.text(
        5, 1.15, f"of {rang:,} positives {RARE['found']} are ill: {share:.0%}", ha="center", color=INK, weight=600
    )
    axes.text(5, 0.35, "one person in a hundred is ill", ha="center", size=9, color=MUTED)


@figure("st-regression", size=(4.6, 3.6))
def regression(fig: Any) -> None:
    first, second = two_rounds(24, seed=24)
    axes = fig.add_subplot()
    span = np.array([25.0, 95.0])
    axes.plot(span, span, color=LINE, linestyle="--")
    axes.text(93, 94, "equal scores", ha="right", size=9, color=MUTED, rotation=0)
    axes.plot(span, [expected(score) for score in span], color=ORANGE)
    axes.text(95, expected(95) - 9, "prediction", ha="right", size=9, color=ORANGE)
    order = np.argsort(first)
    for chosen, colour in ((order[3:-3], MUTED), (order[-3:], GREEN), (order[:3], RED)):
        axes.plot(first[chosen], second[chosen], "o", color=colour, markersize=6)
    axes.plot(MEAN, MEAN, "+", color=INK, markersize=10)
    axes.text(24, 92, "green: the three best of round one", size=9, color=GREEN)
    axes.text(24, 87, "red: its three last", size=9, color=RED)
    axes.text(24, 82, "cross: the mean of both rounds", size=9, color=INK)
    axes.set(xlabel="first score", ylabel="second score", xlim=(22, 98), ylim=(22, 98))
