"""Figures of the notes on agents and their contexts."""

from __future__ import annotations

from typing import Any

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
from worked.ag_context import BUDGET, early, kept, late, read
from worked.ag_control import chain


@figure("agent-loop", size=(4.6, 2.7))
def loop(fig: Any) -> None:
    axes = blank(fig, 9.2, 5.4)
    box(axes, (0.2, 3.9), (2.7, 1.3), "context:\nall messages\nso far", fill=PALE_BLUE, edge=BLUE, size=9)
    box(axes, (4.1, 3.9), (2.3, 1.3), "model", fill=PALE_VIOLET, edge=VIOLET, size=11)
    box(axes, (4.1, 0.6), (2.3, 1.3), "program\nchecks and\nruns it", fill=PALE_ORANGE, edge=ORANGE, size=9)
    box(axes, (0.2, 0.6), (2.7, 1.3), "result\nappended", fill=PALE_BLUE, edge=BLUE, size=9)
    arrow(axes, (2.9, 4.55), (4.15, 4.55), color=INK, width=2)
    arrow(axes, (5.25, 3.9), (5.25, 1.85), color=INK, width=2)
    arrow(axes, (4.1, 1.25), (2.85, 1.25), color=INK, width=2)
    arrow(axes, (1.55, 1.9), (1.55, 3.95), color=INK, width=2)
    axes.text(5.05, 2.9, "tool call", size=9, ha="right", va="center")
    axes.text(1.75, 2.9, "next step", size=9, ha="left", va="center")
    exits = (
        (4.1, "answer:\nno call", PALE_GREEN, GREEN, 4.55, 6.4),
        (2.35, "a person\napproves", "none", MUTED, 2.9, 5.3),
        (0.75, "step limit:\nstop", PALE_RED, RED, 1.25, 6.4),
    )
    for y, word, fill, edge, height, start in exits:
        box(axes, (7.1, y), (1.9, 1.0), word, fill=fill, edge=edge, size=9)
        if edge == MUTED:
            axes.plot((start, 7.1), (height, height), color=edge, linewidth=1.4, linestyle=":")
        else:
            arrow(axes, (start, height), (7.12, height), color=edge, width=1.8)


@figure("chain-of-steps", size=(4.6, 2.5))
def steps(fig: Any) -> None:
    axes = fig.subplots()
    counts = list(range(1, 21))
    for chance, colour in ((0.99, GREEN), (0.95, BLUE), (0.9, RED)):
        values = [chain(chance, count) for count in counts]
        axes.plot(counts, values, color=colour)
        axes.text(20.3, values[-1], f"{values[-1]:.0%}", size=10, color=colour, va="center")
        axes.text(10.3, values[9] + 0.035, f"{chance:.0%} a step", size=9, color=colour, va="bottom")
    axes.set(
        xlabel="steps in a row", ylabel="P(all succeed)", ylim=(0, 1.02), xlim=(1, 22.3), xticks=(1, 5, 10, 15, 20)
    )
    axes.grid(axis="y", color=LINE, linewidth=0.6)


@figure("context-budget", size=(4.6, 2.7))
def budget(fig: Any) -> None:
    axes = fig.subplots()
    fixed = ("instructions", "question", "answer")
    start = 0
    for y, (part, tokens) in enumerate({**BUDGET, "reserve": 32_000 - sum(BUDGET.values())}.items()):
        colour = LINE if part == "reserve" else BLUE if part in fixed else ORANGE
        axes.barh(y, tokens, left=start, color=colour, height=0.66)
        start += tokens
        right = start < 25_000
        place = start + 400 if right else start - tokens - 400
        axes.text(place, y, f"{tokens:,}", size=9.5, va="center", ha="left" if right else "right")
    axes.set(yticks=range(7), yticklabels=[*BUDGET, "reserve"], xlim=(0, 32_000), xticks=(0, 16_000, 32_000))
    axes.set_xticklabels(["0", "16,000", "32,000"])
    axes.tick_params(axis="y", left=False, labelsize=9.5)
    axes.invert_yaxis()
    axes.spines["left"].set_visible(False)
    axes.set_xlabel("tokens of the window")
    axes.text(20_000, -0.1, "blue: never cut", size=9.5, color=BLUE, va="center")
    axes.text(20_000, 0.55, "orange: shortened", size=9.5, color=ORANGE, va="center")
    axes.text(20_000, 1.2, "grey: kept free", size=9.5, color=MUTED, va="center")


@figure("cache-prefix", size=(4.6, 2.3))
def prefix(fig: Any) -> None:
    axes = blank(fig, 9.2, 4.6)
    scale = 8.5 / 17_520
    for y, parts, title in ((2.6, early, "time stamp first"), (0.35, late, "time stamp last")):
        served = kept(parts, "date")
        axes.text(0.2, y + 1.5, title, size=10, va="center")
        word = f"the cache serves {served:,} of 17,520 tokens"
        axes.text(9.0, y + 1.5, word, size=9, va="center", ha="right", color=GREEN if served else RED)
        x, spent = 0.2, 0
        for name, tokens in parts:
            wide = 0.3 if name == "date" else tokens * scale
            hit = spent < served
            fill, edge = (PALE_GREEN, GREEN) if hit else (PALE_RED, RED)
            axes.add_patch(Rectangle((x, y), wide, 0.9, facecolor=fill, edgecolor=edge, linewidth=1.2))
            word = {"date": "", "instructions": "rules"}.get(name, f"{name} {tokens:,}")
            axes.text(x + wide / 2, y + 0.45, word.replace(" ", "\n", 1), size=8.5, ha="center", va="center")
            x, spent = x + wide, spent + tokens
        at = 0.35 if parts is early else x - 0.15
        axes.scatter(at, y + 0.45, marker="o", s=28, color=RED, zorder=3)
        axes.text(at, y - 0.2, "new each time", size=8.5, color=RED, va="center", ha="left" if at < 1 else "right")


@figure("compaction", size=(4.6, 2.4))
def compaction(fig: Any) -> None:
    axes = fig.subplots()
    counts = list(range(20))
    for start, colour, fill, where in ((60_000, RED, PALE_RED, 45_000), (10_000, GREEN, PALE_GREEN, 8_500)):
        sizes = [start + 1_000 * step for step in counts]
        axes.fill_between(counts, sizes, color=fill, linewidth=0)
        axes.plot(counts, sizes, color=colour)
        name = "whole history" if start == 60_000 else "after compaction"
        word = f"{name}: {read(start, 1_000, 20):,} tokens read"
        axes.text(9.5, where, word, size=9.5, color=colour, ha="center", va="center")
    axes.set(xlabel="further step", ylabel="context, tokens", xlim=(0, 19), ylim=(0, 82_000), xticks=(0, 5, 10, 15, 19))
    axes.set(
        xticklabels=("1", "6", "11", "16", "20"), yticks=(0, 40_000, 80_000), yticklabels=("0", "40,000", "80,000")
    )
