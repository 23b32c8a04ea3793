"""Figures of the notes on serving and safety."""

from __future__ import annotations

from typing import Any

import numpy as np
from drawing import BLUE, GREEN, MUTED, ORANGE, PALE_BLUE, PALE_GREEN, RED, blank, figure
from matplotlib.patches import Circle
from worked.ops_serving import lengths, schedule


@figure("continuous-batching", size=(4.6, 4.0))
def batching(fig: Any) -> None:
    rows = fig.subplots(2, 1, sharex=True)
    for axes, group, name in zip(rows, (True, False), ("static", "continuous"), strict=True):
        plan = schedule(lengths, 4, group)
        end = max(start + length for _, start, length in plan)
        for place, (slot, start, length) in enumerate(plan):
            fill, edge = (PALE_BLUE, BLUE) if place < 4 else (PALE_GREEN, GREEN)
            axes.barh(3 - slot, length, left=start, height=0.8, color=fill, edgecolor=edge, linewidth=1.2)
            axes.text(start + length / 2, 3 - slot, str(length), ha="center", va="center", size=8)
        axes.plot([end, end], [-0.5, 3.5], color=ORANGE)
        busy = sum(lengths) / (4 * end)
        axes.set_title(f"{name} batching: {end} steps, slots {busy:.0%} busy", loc="left")
        axes.set(
            ylim=(-0.5, 3.5),
            yticks=range(4),
            yticklabels=[f"slot {slot}" for slot in (4, 3, 2, 1)],
            xticks=(0, 50, 100, 150),
        )
        axes.tick_params(axis="y", length=0)
    rows[1].set_xlabel("decode step")


@figure("three-circles", size=(4.6, 3.9))
def circles(fig: Any) -> None:
    axes = blank(fig, 10, 8.5)
    middle, reach, radius = np.array([5.0, 3.95]), 1.45, 2.35
    for degrees, name, colour, at in (
        (90, "private\ndata", BLUE, (5, 6.5)),
        (210, "untrusted\ncontent", ORANGE, (2.7, 2.6)),
        (330, "a way\nout", GREEN, (7.3, 2.6)),
    ):
        turn = np.radians(degrees)
        centre = middle + reach * np.array([np.cos(turn), np.sin(turn)])
        axes.add_patch(Circle(tuple(centre), radius, facecolor=colour, alpha=0.16, linewidth=0))
        axes.add_patch(Circle(tuple(centre), radius, facecolor="none", edgecolor=colour, linewidth=2))
        axes.text(*at, name, ha="center", va="center", weight=600, color=colour)
    axes.text(*middle, "danger", ha="center", va="center", size=12, weight=600, color=RED)
    axes.text(0.2, 8.0, "remove at least\none of the three", va="center", size=9, color=MUTED)
