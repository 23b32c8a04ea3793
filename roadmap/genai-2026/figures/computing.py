"""Figures of the notes on computer science."""

from __future__ import annotations

from itertools import pairwise
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
    blank,
    figure,
)
from matplotlib.patches import Circle, Rectangle
from worked.cs_algorithms import table
from worked.cs_data_structures import heap_of


@figure("growth-rates", size=(4.6, 3.0))
def growth(fig: Any) -> None:
    axes = fig.subplots()
    n = np.arange(2, 1_001)
    curves = (
        (np.log2(n), MUTED, "log n", 10),
        (n, GREEN, "n", 1_000),
        (n * np.log2(n), BLUE, "n log n", 10_000),
        (n**2, ORANGE, "n²", 1_000_000),
    )
    for steps, colour, word, at in curves:
        axes.plot(n, steps, color=colour)
        axes.text(1_012, at, word, size=10, color=colour, va="center")
    few = n[n < 42]
    axes.plot(few, 2.0**few, color=RED)
    axes.text(48, 2e11, "2ⁿ", size=11, color=RED, va="center")
    axes.axhline(1e9, color=INK, linewidth=1, linestyle="--")
    axes.text(990, 1.7e9, "10⁹ steps: about a second", size=9, ha="right", va="bottom")
    axes.set(yscale="log", ylim=(1, 1e12), xlim=(0, 1_000), xlabel="n, size of the input", ylabel="steps")
    axes.set_yticks((1, 1e3, 1e6, 1e9, 1e12), labels=("1", "10³", "10⁶", "10⁹", "10¹²"))
    axes.set_xticks((0, 250, 500, 750, 1_000), labels=("0", "250", "500", "750", "1,000"))
    axes.minorticks_off()


@figure("edit-distance", size=(4.6, 3.6))
def edits(fig: Any) -> None:
    axes = blank(fig, 9.2, 7.2)
    one, two = "kitten", "sitting"
    d, side = table(one, two), 0.78
    i, j, path = len(one), len(two), [(len(one), len(two))]
    while i or j:
        steps = [(d[a][b], a, b) for a, b in ((i - 1, j - 1), (i, j - 1), (i - 1, j)) if a >= 0 and b >= 0]
        same = i and j and one[i - 1] == two[j - 1]
        _, i, j = steps[0] if same else min(steps, key=lambda step: step[0])
        path.append((i, j))
    changed = {after for after, (a, b) in pairwise(path) if d[a][b] < d[after[0]][after[1]]}
    for row in range(len(one) + 1):
        for column in range(len(two) + 1):
            x, y = 1.25 + side * column, 5.5 - side * row
            on, new = (row, column) in path, (row, column) in changed
            fill, edge = (PALE_ORANGE, ORANGE) if new else (PALE_GREEN, GREEN) if on else ("none", LINE)
            axes.add_patch(
                Rectangle(
                    (x, y),
                    side,
                    side,
                    facecolor=fill,
                    edgecolor=edge,
                    linewidth=1.4 if on else 0.8,
                    zorder=2 if on else 1,
                )
            )
            axes.text(x + side / 2, y + side / 2, str(d[row][column]), size=10, ha="center", va="center", zorder=3)
    for place, letter in enumerate(two, 1):
        axes.text(1.25 + side * (place + 0.5), 6.55, letter, size=11, ha="center", va="center", color=BLUE)
    for place, letter in enumerate(one, 1):
        axes.text(0.9, 5.5 - side * (place - 0.5), letter, size=11, ha="center", va="center", color=BLUE)
    axes.text(4.6, 0.4, "green: letters equal; orange: one edit, three in all", size=9.5, ha="center", va="center")


@figure("heap-push", size=(4.6, 2.9))
def heap(fig: Any) -> None:
    axes = blank(fig, 9.2, 5.8)
    before = heap_of(5, 3, 8)
    stages = (
        ([*before, 1], "1 goes to the end"),
        (swapped([*before, 1], 3, 1), "swap with 5"),
        (heap_of(5, 3, 8, 1), "swap with 3"),
    )
    for place, (items, word) in enumerate(stages):
        x = 0.1 + 3.1 * place
        spots = ((x + 1.45, 4.3), (x + 0.75, 3.1), (x + 2.15, 3.1), (x + 0.35, 1.9))
        for child in (1, 2, 3):
            axes.plot(*zip(spots[child], spots[(child - 1) // 2], strict=True), color=MUTED, linewidth=1.2, zorder=1)
        for item, spot in zip(items, spots, strict=True):
            fill, edge = (PALE_ORANGE, ORANGE) if item == 1 else (PALE_BLUE, BLUE)
            axes.add_patch(Circle(spot, 0.4, facecolor=fill, edgecolor=edge, linewidth=1.3, zorder=2))
            axes.text(*spot, f"{item:.0f}", size=11, ha="center", va="center", zorder=3)
        for index, item in enumerate(items):
            fill, edge = (PALE_ORANGE, ORANGE) if item == 1 else (PALE_BLUE, BLUE)
            axes.add_patch(
                Rectangle((x + 0.15 + 0.65 * index, 0.55), 0.65, 0.65, facecolor=fill, edgecolor=edge, linewidth=1)
            )
            axes.text(x + 0.475 + 0.65 * index, 0.87, f"{item:.0f}", size=10, ha="center", va="center")
        axes.text(x + 1.45, 5.3, word, size=10, ha="center", va="center")
    axes.text(
        4.6,
        0.22,
        "the same heaps as arrays: the parent of place i is place (i − 1) // 2",
        size=8.5,
        ha="center",
        va="center",
        color=MUTED,
    )


def swapped(items: list[float], a: int, b: int) -> list[float]:
    """Return a list with two items in each other's place."""
    items[a], items[b] = items[b], items[a]
    return items
