"""Figures of the notes on serving and safety."""

from __future__ import annotations

from typing import Any

import numpy as np
from drawing import BLUE, GREEN, MUTED, ORANGE, PALE_BLUE, PALE_GREEN, RED, blank, figure
from matplotlib.patches import Circle
from worked.ops_serving import BANDWIDTH, PEAK, lengths, roof, schedule


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


@figure("roofline", size=(4.6, 2.9))
def roofline(fig: Any) -> None:
    axes = fig.subplots()
    ridge = PEAK / BANDWIDTH
    batches = np.array([1, ridge, 3_000])
    axes.axvspan(1, ridge, color=PALE_BLUE, linewidth=0)
    axes.axvspan(ridge, 3_000, color=PALE_GREEN, linewidth=0)
    axes.plot(batches, [roof(batch) for batch in batches], color=ORANGE, linewidth=2)
    for batch, place in ((1, (8, -9)), (32, (8, -9)), (round(ridge), (-6, 7))):
        axes.plot(batch, roof(batch), "o", color=RED, markersize=6, clip_on=False)
        across = "right" if place[0] < 0 else "left"
        axes.annotate(f"batch {batch}", (batch, roof(batch)), place, textcoords="offset points", size=9, ha=across)
    axes.text(17, 1.6, "waits for memory", size=9, color=BLUE, ha="center")
    axes.text(940, 1.6, "computes", size=9, color=GREEN, ha="center")
    axes.set(
        xscale="log",
        yscale="log",
        xlim=(1, 3_000),
        ylim=(1, 3_000),
        xlabel="operations for each byte = batch size in 16 bits",
        ylabel="TFLOP/s reached",
        xticks=(1, 10, 100, 1_000),
        xticklabels=("1", "10", "100", "1,000"),
        yticks=(1, 10, 100, 1_000),
        yticklabels=("1", "10", "100", "1,000"),
    )


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
