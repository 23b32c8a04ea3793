"""Figures of the notes on cost, monitoring and versions, and on what a busy server does to waiting."""

from __future__ import annotations

from typing import Any

import numpy as np
from drawing import BLUE, GREEN, LINE, MUTED, ORANGE, PALE_BLUE, RED, blank, figure
from matplotlib.patches import Circle
from worked.ops_monitoring import lat


@figure("busy-server", size=(4.6, 2.8))
def queue(fig: Any) -> None:
    axes = fig.subplots()
    busy = np.linspace(0, 0.965, 200)
    axes.plot(100 * busy, 1 / (1 - busy), color=RED)
    axes.axvspan(60, 70, color=GREEN, alpha=0.18, linewidth=0)
    axes.text(58.5, 14, "plan for\n60 to 70%", ha="right", size=9, color=GREEN)
    for share in (0.5, 0.9, 0.95):
        wait = 1 / (1 - share)
        axes.plot(100 * share, wait, "o", color=RED)
        axes.text(100 * share - 2, wait + 0.6, f"{wait:.0f} s", ha="right", size=9)
    axes.set(xlabel="load of the server, in per cent", ylabel="time for 1 s of service")
    axes.set(xticks=(0, 50, 60, 70, 90, 100), yticks=(1, 10, 20), ylim=(0, 24))


@figure("long-chat", size=(4.6, 2.9))
def chat(fig: Any) -> None:
    axes = fig.subplots()
    turns = np.arange(1, 11)
    axes.bar(turns, 500 * (turns - 1), width=0.96, color=PALE_BLUE)
    axes.bar(turns, 500, width=0.96, bottom=500 * (turns - 1), color=ORANGE)
    axes.text(1.5, 3600, f"10 turns send\n{500 * turns.sum():,} tokens", size=10, weight=600)
    axes.text(4.2, 2700, "new: 500", size=9, color=ORANGE, ha="right")
    axes.text(8, 1300, "sent again", size=9, color=BLUE, ha="center")
    axes.set(xlabel="turn of the chat", ylabel="tokens sent", xticks=turns, yticks=(0, 2500, 5000))
    axes.set_yticklabels(("0", "2,500", "5,000"))


@figure("percentiles", size=(4.6, 2.8))
def percentiles(fig: Any) -> None:
    axes = fig.subplots()
    axes.plot(100 * (np.arange(len(lat)) + 0.5) / len(lat), np.sort(lat), color=BLUE)
    for share, left, side in ((50, 50, "center"), (95, 88, "right")):
        value = np.quantile(lat, share / 100)
        axes.plot(share, value, "o", color=RED, markersize=7, zorder=3)
        axes.text(left, value - 0.25, f"p{share}: {value:g} s", ha=side, va="center", size=9, color=RED)
    axes.axhline(lat.mean(), color=MUTED, linestyle="--", linewidth=1.2)
    axes.text(0, lat.mean() + 0.1, f"mean {lat.mean():g} s: no request takes that", size=9, color=MUTED)
    axes.set(xlabel="requests from fast to slow, in per cent", ylabel="seconds", xticks=(0, 50, 90, 95, 100))
    axes.set(yticks=(0, 0.5, 4), ylim=(0, 4.4))
    axes.set_xticklabels(("0", "50", "90", "", "100"))


@figure("release-tests", size=(4.6, 2.7))
def releases(fig: Any) -> None:
    axes = blank(fig, 16, 9.4)
    kinds = (
        ("shadow", 0, "nobody sees the new version:\nit answers copies"),
        ("canary", 1, "a small share of users\nsees the new version"),
        ("A/B test", 10, "half of the users,\ndrawn at random"),
    )
    order = np.random.default_rng(0).permutation(20)
    for row, (name, fresh, what) in enumerate(kinds):
        y = 7.4 - 3.0 * row
        axes.text(0.2, y + 0.05, name, va="center", weight=600)
        for place in range(20):
            new = place in order[:fresh]
            at = (3.6 + 0.6 * (place % 10), y + 0.4 - 0.75 * (place // 10))
            fill, edge = (GREEN, GREEN) if new else ("none", MUTED)
            axes.add_patch(Circle(at, 0.24, facecolor=fill, edgecolor=edge, linewidth=1.2))
        axes.text(9.9, y + 0.05, what, va="center", size=8)
    for y in (5.65, 2.65):
        axes.plot([0.2, 15.8], [y, y], color=LINE, linewidth=0.8)
