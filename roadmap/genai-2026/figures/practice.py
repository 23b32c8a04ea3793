"""Figures of the notes on PyTorch, debugging and the Hugging Face libraries."""

from __future__ import annotations

from typing import Any

from drawing import (
    BLUE,
    GREEN,
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
    figure,
)
from matplotlib.patches import Rectangle
from worked.fw_debugging import rising_rate
from worked.fw_pytorch import fit
from worked.hf_transformers import lengths, slots


@figure("learning-rate-test", size=(4.6, 2.9))
def rate_test(fig: Any) -> None:
    axes = fig.subplots()
    rates, losses = rising_rate()
    axes.plot(rates, losses, color=RED)
    up = rates[losses > 1][0]
    chosen = up / 10
    axes.plot(chosen, losses[rates >= chosen][0], "o", color=VIOLET, markersize=8)
    axes.annotate(
        "choose about here:\na tenth of it",
        (chosen, losses[rates >= chosen][0]),
        (-12, -14),
        textcoords="offset points",
        ha="right",
        va="center",
        size=9,
        color=VIOLET,
    )
    axes.axvline(up, color=LINE, zorder=0)
    axes.text(up * 1.15, 0.45, "blows up", size=9, color=RED)
    axes.text(1.2e-5, 1.06, "flat: steps too small", size=9, color=MUTED, ha="center")
    axes.text(1.6e-3, 0.93, "falls", size=9, color=MUTED)
    axes.set(
        xscale="log",
        xlabel="learning rate, raised at each step",
        ylabel="loss",
        ylim=(0.2, 1.5),
        xlim=(1e-6, 1),
        yticks=(0.5, 1, 1.5),
    )


@figure("forgotten-zero-grad", size=(4.6, 2.7))
def piling_up(fig: Any) -> None:
    axes = fig.subplots()
    steps = range(21)
    for name, clear, colour, place in (
        ("without: swings on", False, RED, (4.9, 4.0)),
        ("with: at 2", True, GREEN, (6.5, 2.15)),
    ):
        axes.plot(steps, [0.0, *fit(20, clear)], "o-", color=colour, markersize=4)
        axes.text(*place, name, size=9, color=colour)
    axes.axhline(2, color=LINE, zorder=0)
    axes.set(
        xlabel="step",
        ylabel="weight w",
        title="with and without zero_grad",
        xticks=(0, 5, 10, 15, 20),
        yticks=(0, 2, 4),
        ylim=(-0.2, 4.5),
    )


@figure("padded-batches", size=(4.6, 3.1))
def padding(fig: Any) -> None:
    rows = fig.subplots(2, 1, sharex=True)
    for axes, order, name in zip(rows, (lengths, sorted(lengths)), ("as they come", "sorted by length"), strict=True):
        places = (3.2, 2.4, 1.0, 0.2)
        for place, length in enumerate(order):
            longest = max(order[place // 2 * 2 : place // 2 * 2 + 2])
            axes.barh(places[place], longest, height=0.7, color="none", edgecolor=LINE, hatch="////", linewidth=1)
            axes.barh(places[place], length, height=0.7, color=PALE_GREEN, edgecolor=GREEN, linewidth=1.2)
            axes.text(length / 2, places[place], str(length), ha="center", va="center", size=8)
        total = sum(slots(order))
        axes.set_title(f"{name}: {total} slots, {sum(lengths) / total:.0%} useful", size=10, loc="left")
        axes.set(yticks=(2.8, 0.6), yticklabels=("batch 1", "batch 2"), xticks=(0, 25, 50), ylim=(-0.3, 3.7))
        axes.tick_params(axis="y", length=0)
    rows[1].set_xlabel("tokens; hatched: padding")


@figure("safetensors-file", size=(4.6, 2.7))
def safetensors(fig: Any) -> None:
    axes = blank(fig, 10, 5.85)
    parts = (
        (0.2, 1.6, "length", PALE_ORANGE, ORANGE, "8 bytes"),
        (1.8, 3.4, "JSON header", PALE_BLUE, BLUE, "names, types,\nshapes, offsets"),
        (5.2, 2.9, "(2, 3) F32", PALE_VIOLET, VIOLET, "24 bytes"),
        (8.1, 1.7, "(4,) F16", PALE_GREEN, GREEN, "8 bytes"),
    )
    for x, width, name, fill, edge, size in parts:
        axes.add_patch(Rectangle((x, 2.6), width, 1.1, facecolor=fill, edgecolor=edge, linewidth=1.2))
        axes.text(x + width / 2, 3.15, name, ha="center", va="center", size=9)
        axes.text(x + width / 2, 2.2, size, ha="center", va="top", size=9, color=edge)
    for x, offset in ((5.2, 0), (8.1, 24), (9.8, 32)):
        axes.plot([x, x], [3.7, 4.0], color=MUTED, linewidth=1.2)
        axes.text(x, 4.2, str(offset), ha="center", va="center", size=9)
    axes.text(7.5, 4.75, "offsets in the data", ha="center", va="center", size=9, color=MUTED)
    arrow(axes, (3.5, 3.75), (5.1, 4.15), color=BLUE, bend=-0.35)
    axes.text(2.6, 5.3, "read first: a table of contents", ha="center", va="center", size=9, color=BLUE)
    axes.plot([0.2, 0.2, 5.1, 5.1], [4.75, 4.95, 4.95, 4.75], color=BLUE, linewidth=1.2)
    axes.plot([5.3, 5.3, 9.8, 9.8], [1.1, 0.9, 0.9, 1.1], color=MUTED, linewidth=1.2)
    axes.text(7.5, 0.5, "weights: read only when needed", ha="center", va="center", size=9, color=MUTED)
