"""Figures of the notes on Python."""

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
    PALE_RED,
    PALE_VIOLET,
    RED,
    VIOLET,
    arrow,
    blank,
    box,
    figure,
)
from matplotlib.patches import Rectangle
from worked.py_async import seconds
from worked.py_data_structures import slots
from worked.py_iterators import PULLED
from worked.py_pandas import PILES, SALES


def cell(axes: Any, at: tuple[float, float], side: float, word: str, fill: str, edge: str) -> None:
    """Draw one number of an array; a cell as dark as its edge is the one that is looked for."""
    axes.add_patch(Rectangle(at, side, side, facecolor=fill, edgecolor=edge, linewidth=1.1))
    axes.text(
        at[0] + side / 2,
        at[1] + side / 2,
        word,
        size=10,
        ha="center",
        va="center",
        color=PALE_GREEN if fill == edge else INK,
    )


@figure("array-strides", size=(4.6, 2.6))
def strides(fig: Any) -> None:
    axes = blank(fig, 9.2, 5.2)
    table = np.arange(12, dtype=np.float64).reshape(3, 4)
    row, column = table.strides
    fills = ((PALE_BLUE, BLUE), (PALE_ORANGE, ORANGE), (PALE_GREEN, GREEN))
    for (i, j), value in np.ndenumerate(table):
        fill, edge = fills[i]
        if (i, j) == (2, 1):
            fill = edge
        cell(axes, (0.4 + 0.7 * j, 4.2 - 0.7 * i), 0.7, f"{value:.0f}", fill, edge)
        cell(axes, (0.4 + 0.7 * (4 * i + j), 0.75), 0.7, f"{value:.0f}", fill, edge)
    axes.text(3.7, 4.35, f"strides ({row}, {column}):", size=10, va="center")
    axes.text(3.7, 3.8, f"next row {row} bytes on, next column {column}", size=9, va="center")
    axes.text(
        3.7, 3.2, f"[2, 1]: 2 × {row} + 1 × {column} = {2 * row + column} bytes", size=10, va="center", color=GREEN
    )
    tip = 1.5
    for start, end, word, colour in ((0, 4, "+32", INK), (4, 8, "+32", INK), (8, 9, "+8", GREEN)):
        a, b = 0.75 + 0.7 * start, 0.75 + 0.7 * end
        arrow(axes, (a, tip), (b, tip), bend=-0.35 if end - start > 1 else -0.6, color=colour)
        axes.text((a + b) / 2, tip + (0.72 if end - start > 1 else 0.42), word, size=9, ha="center", color=colour)
    axes.text(0.4, 0.35, "the same 12 numbers in memory, 8 bytes each", size=9, va="center", color=MUTED)


@figure("broadcasting", size=(4.6, 1.95))
def broadcast(fig: Any) -> None:
    axes = blank(fig, 9.2, 3.9)
    column, row = np.array([[0], [10], [20]]), np.array([1, 2, 3, 4])
    total, side = column + row, 0.62
    wide = {"column": (0.25, np.broadcast_to(column, (3, 4))), "row": (3.35, np.broadcast_to(row, (3, 4)))}
    for name, (x, values) in wide.items():
        for (i, j), value in np.ndenumerate(values):
            real = j == 0 if name == "column" else i == 0
            fill, edge = (PALE_BLUE, BLUE) if name == "column" else (PALE_ORANGE, ORANGE)
            at = (x + side * j, 2.1 - side * i)
            cell(axes, at, side, f"{value}", fill if real else "none", edge if real else LINE)
    for (i, j), value in np.ndenumerate(total):
        cell(axes, (6.45 + side * j, 2.1 - side * i), side, f"{value}", PALE_GREEN, GREEN)
    axes.text(3.04, 1.8, "+", size=14, ha="center", va="center")
    axes.text(6.14, 1.8, "=", size=14, ha="center", va="center")
    for x, word, colour in ((0.25, "(3, 1)", BLUE), (3.35, "(4,) as (1, 4)", ORANGE), (6.45, "(3, 4)", GREEN)):
        axes.text(x + 2 * side, 3.2, word, size=11, ha="center", va="center", color=colour)
    axes.text(
        4.6,
        0.4,
        "white cells aren't stored: an axis of 1, or one that is missing, fits any length",
        size=9,
        ha="center",
        va="center",
    )


@figure("hash-table", size=(4.6, 2.6))
def hashes(fig: Any) -> None:
    axes = blank(fig, 9.2, 5.2)
    keys = (10, 5, 18)
    tried = slots(keys)
    colours = (BLUE, GREEN, ORANGE)
    for place in range(8):
        x = 0.35 + 1.07 * place
        axes.add_patch(Rectangle((x, 0.7), 1.0, 0.9, facecolor="none", edgecolor=MUTED, linewidth=1.2))
        axes.text(x + 0.5, 0.4, str(place), size=9, color=MUTED, ha="center", va="center")
    for (key, steps), colour, at in zip(tried.items(), colours, (1.6, 7.6, 4.6), strict=True):
        fill = {BLUE: PALE_BLUE, GREEN: PALE_GREEN, ORANGE: PALE_ORANGE}[colour]
        box(axes, (at - 1.25, 4.05), (2.5, 0.9), f"key {key}\nhash: slot {steps[0]}", fill=fill, edge=colour, size=9)
        home, first = (0.85 + 1.07 * step for step in (steps[-1], steps[0]))
        axes.add_patch(Rectangle((home - 0.5, 0.7), 1.0, 0.9, facecolor=fill, edgecolor=colour, linewidth=1.6))
        axes.text(home, 1.15, str(key), size=11, ha="center", va="center", color=colour)
        arrow(axes, (at, 4.05), (first + (0.15 if len(steps) > 1 else 0), 1.65), color=colour, width=1.8)
        if len(steps) > 1:
            arrow(axes, (first + 0.2, 1.65), (home, 1.62), color=RED, bend=-0.9, width=1.8)
            axes.text(home + 0.3, 2.3, "taken:\ntry another", size=9, color=RED, va="center")


@figure("lazy-pipeline", size=(4.6, 2.6))
def lazy(fig: Any) -> None:
    axes = blank(fig, 9.2, 5.2)
    rows = (("numbers", 3.9), ("keep even", 2.35), ("square", 0.8))
    for name, y in rows:
        axes.text(0.2, y, name, size=10, va="center")
    for place, number in enumerate(PULLED):
        x, even = 2.75 + 1.1 * place, number % 2 == 0
        box(axes, (x - 0.4, 3.55), (0.8, 0.7), str(number), fill=PALE_BLUE, edge=BLUE, size=11)
        arrow(axes, (x, 3.55), (x, 2.67), color=BLUE if even else MUTED)
        fill, edge = (PALE_BLUE, BLUE) if even else ("none", LINE)
        box(axes, (x - 0.4, 2.0), (0.8, 0.7), str(number) if even else "–", fill=fill, edge=edge, size=11)
        if even:
            arrow(axes, (x, 2.0), (x, 1.12), color=GREEN)
            box(axes, (x - 0.4, 0.45), (0.8, 0.7), str(number**2), fill=PALE_GREEN, edge=GREEN, size=11)
    axes.text(
        9.05,
        4.75,
        f"{len(PULLED)} numbers pulled for 3 results, then it stops",
        size=9,
        ha="right",
        va="center",
        color=MUTED,
    )


@figure("async-overlap", size=(4.6, 2.3))
def overlap(fig: Any) -> None:
    axes = fig.subplots()
    for y, (start, colour) in enumerate([(0.2 * place, ORANGE) for place in range(4)] + [(0.0, GREEN)] * 4):
        axes.barh(y + (0.8 if y > 3 else 0), 0.2, left=start, color=colour, height=0.8)
    axes.text(0.82, 1.5, f"one after another:\n{seconds(4, 0.2, 1):.1f} s", size=9.5, color=ORANGE, va="center")
    axes.text(0.24, 6.3, f"overlapped on one thread: {seconds(4, 0.2, 4):.1f} s", size=9.5, color=GREEN, va="center")
    axes.set(xlim=(0, 1.2), yticks=[], xticks=(0, 0.2, 0.4, 0.6, 0.8), xlabel="seconds; a bar is a call that waits")
    axes.invert_yaxis()
    axes.spines["left"].set_visible(False)


@figure("attribute-lookup", size=(4.6, 2.9))
def lookup(fig: Any) -> None:
    axes = blank(fig, 9.2, 5.8)
    rows = (
        ("obj.name", "none", MUTED),
        ("1  rules of the class: property, …", PALE_ORANGE, ORANGE),
        ("2  the object's own drawer: __dict__", PALE_BLUE, BLUE),
        ("3  shared cupboard: class and parents", PALE_VIOLET, VIOLET),
        ("last  __getattr__, if there is one", "none", MUTED),
        ("AttributeError", PALE_RED, RED),
    )
    for place, (word, fill, edge) in enumerate(rows):
        y = 4.95 - 0.96 * place
        box(axes, (0.3, y), (6.4, 0.66), word, fill=fill, edge=edge, size=10)
        if place:
            arrow(axes, (3.5, y + 0.98), (3.5, y + 0.62), color=INK)
        if 0 < place < 5:
            arrow(axes, (6.7, y + 0.33), (7.55, y + 0.33), color=GREEN)
            axes.text(7.65, y + 0.33, "found", size=9.5, color=GREEN, va="center")


@figure("split-apply-combine", size=(4.6, 2.8))
def groups(fig: Any) -> None:
    axes = blank(fig, 9.2, 5.6)
    colours = {"north": (PALE_BLUE, BLUE), "south": (PALE_ORANGE, ORANGE)}
    heads = ((1.2, "rows"), (4.05, "split"), (6.45, "apply sum"), (8.3, "combine"))
    for x, word in heads:
        axes.text(x, 5.3, word, size=10, ha="center", va="center", color=MUTED)
    piles: dict[str, int] = {"north": 0, "south": 0}
    for place, (region, amount) in enumerate(zip(SALES["region"], SALES["amount"], strict=True)):
        fill, edge = colours[region]
        y = 4.25 - 0.85 * place
        box(axes, (0.2, y), (2.0, 0.65), f"{region} {amount}", fill=fill, edge=edge, size=9.5)
        low = (4.25 if region == "north" else 1.3) - 0.72 * piles[region]
        box(axes, (3.45, low), (1.2, 0.62), str(amount), fill=fill, edge=edge, size=9.5)
        arrow(axes, (2.2, y + 0.33), (3.5, low + 0.31), color=edge, width=1)
        piles[region] += 1
    for (region, total), y in zip(PILES.sum().items(), (3.5, 0.95), strict=True):
        fill, edge = colours[str(region)]
        top = 4.87 if region == "north" else 1.92
        bottom = top - 0.62 - 0.72 * (piles[str(region)] - 1)
        axes.plot([4.75, 4.9, 4.9, 4.75], [top, top, bottom, bottom], color=edge, linewidth=1.2)
        arrow(axes, (4.9, y + 0.35), (5.85, y + 0.35), color=edge)
        axes.text(6.45, y + 0.35, str(total), size=12, ha="center", va="center", color=edge)
        end = 2.6 if region == "north" else 1.9
        box(axes, (7.45, end), (1.6, 0.65), f"{region} {total}", fill=fill, edge=edge, size=9.5)
        arrow(axes, (6.8, y + 0.35), (7.5, end + 0.32), color=edge)
