"""Figures of the notes on coding, several agents, safety and running."""

from __future__ import annotations

import itertools
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
    RED,
    arrow,
    blank,
    box,
    figure,
)
from matplotlib.patches import Rectangle
from worked.at_coding import POINT, RIGHT, SCREEN, SHOWN, WRONG
from worked.at_safety import passes


@figure("screen-point", size=(4.6, 2.6))
def screen_point(fig: Any) -> None:
    axes = blank(fig, 9.2, 5.2)
    frames = ((0.2, 2.1, 2.9, SHOWN, "what the model sees"), (3.9, 1.5, 5.1, SCREEN, "the screen"))
    places = []
    for x, y, wide, (width, height), title in frames:
        scale = wide / width
        axes.add_patch(Rectangle((x, y), wide, height * scale, facecolor="none", edgecolor=INK, linewidth=1.4))
        axes.text(x + wide / 2, y + height * scale + 0.18, title, ha="center", size=10)
        axes.text(x + wide / 2, y - 0.4, f"{width} × {height}", ha="center", size=9, color=MUTED)
        places.append((x, y + height * scale, scale))
    (x, top, scale), (screen_x, screen_top, screen_scale) = places
    seen = (x + POINT[0] * scale, top - POINT[1] * scale)
    target = (screen_x + RIGHT[0] * screen_scale, screen_top - RIGHT[1] * screen_scale)
    axes.scatter(*seen, color=BLUE, s=34, zorder=3)
    axes.text(seen[0], seen[1] - 0.42, str(POINT), ha="center", size=9.5, color=BLUE)
    arrow(axes, seen, target, bend=-0.15)
    axes.scatter(*target, color=INK, s=12, zorder=3)
    rows = ((2.88, "Save", RIGHT, GREEN, PALE_GREEN), (2.18, "Delete", WRONG, RED, PALE_RED))
    for y, word, point, colour, fill in rows:
        axes.add_patch(Rectangle((4.2, y), 4.5, 0.7, facecolor=fill, edgecolor=colour, linewidth=1.2))
        axes.text(4.4, y + 0.35, word, size=10, va="center")
        axes.scatter(6.45, y + 0.35, color=colour, s=34, zorder=3)
        axes.text(6.7, y + 0.35, str(point), size=9.5, color=colour, va="center")
    axes.text(4.2, 1.84, "the menu there, enlarged", size=9, color=MUTED, va="center")
    axes.text(0.2, 0.35, "x: 2560 / 1280 = 2    y: 1440 / 800 = 1.8", size=9.5, color=GREEN)
    axes.text(9.0, 0.35, "2 for both axes", size=9.5, color=RED, ha="right")


@figure("task-states", size=(4.6, 2.9))
def task_states(fig: Any) -> None:
    axes = blank(fig, 9.2, 5.8)
    box(axes, (0.2, 3.5), (2.1, 0.8), "submitted", fill=PALE_BLUE, edge=BLUE, size=9.5)
    box(axes, (3.4, 3.5), (2.1, 0.8), "working", fill=PALE_BLUE, edge=BLUE, size=9.5)
    arrow(axes, (2.3, 3.9), (3.45, 3.9), color=INK)
    for y, word, start in ((4.9, "completed", 4.2), (3.5, "failed", 3.9), (2.1, "canceled", 3.6)):
        fill, edge = (PALE_GREEN, GREEN) if word == "completed" else (PALE_RED, RED)
        box(axes, (6.9, y), (2.1, 0.8), word, fill=fill, edge=edge, size=9.5)
        arrow(axes, (5.5, start), (6.93, y + 0.4), color=INK)
    box(axes, (0.2, 1.5), (2.1, 0.8), "rejected", fill=PALE_RED, edge=RED, size=9.5)
    arrow(axes, (1.25, 3.5), (1.25, 2.3), color=INK)
    for x, word in ((2.75, "input-required"), (5.5, "auth-required")):
        box(axes, (x, 0.75), (2.5, 0.8), word, fill=PALE_ORANGE, edge=ORANGE, size=9.5)
    arrow(axes, (4.1, 3.5), (3.8, 1.55), color=INK, bend=0.12)
    arrow(axes, (4.3, 1.55), (4.5, 3.5), color=MUTED, bend=0.12)
    arrow(axes, (4.9, 3.5), (6.2, 1.55), color=INK, bend=0.12)
    arrow(axes, (6.6, 1.55), (5.2, 3.5), color=MUTED, bend=0.12)
    axes.text(9.0, 0.2, "final: a new task is needed", size=9, color=RED, ha="right")
    axes.text(0.2, 0.2, "paused: the same task goes on", size=9, color=ORANGE)


@figure("filter-attempts", size=(4.6, 2.8))
def filter_attempts(fig: Any) -> None:
    axes = fig.subplots()
    attempts = np.unique(np.geomspace(1, 10_000, 200).round().astype(int))
    for stopped, colour, at in ((0.9, RED, 2.9), (0.99, ORANGE, 29), (0.999, BLUE, 290)):
        chances = [passes(stopped, int(count)) for count in attempts]
        axes.plot(attempts, chances, color=colour)
        axes.text(at, 0.2, f"stops {stopped:.1%}".replace(".0", ""), size=9.5, color=colour)
    for stopped, count, place in ((0.99, 100, 0.05), (0.999, 1_000, 0.05), (0.999, 100, 0.03)):
        chance = passes(stopped, count)
        axes.plot(count, chance, "o", color=INK, markersize=4)
        axes.text(count * 1.25, chance - place, f"{chance:.0%}", size=9.5)
    axes.set(xscale="log", xlim=(1, 10_000), ylim=(0, 1.02), yticks=(0, 0.5, 1), yticklabels=("0%", "50%", "100%"))
    axes.set(xticks=(1, 10, 100, 1_000, 10_000), xticklabels=("1", "10", "100", "1,000", "10,000"))
    axes.set(xlabel="attempts of an attacker", ylabel="at least one gets through")
    axes.minorticks_off()
    axes.grid(axis="y", color=LINE, linewidth=0.6)


@figure("journal-replay", size=(4.6, 3.0))
def journal_replay(fig: Any) -> None:
    axes = blank(fig, 9.2, 6.0)
    steps = ("ask\nmodel", "pay", "ask\nmodel", "book\nroom")
    places = [1.55 + 1.95 * number for number in range(4)]
    for x, word in zip(places, steps, strict=True):
        is_last = x == places[-1]
        box(
            axes,
            (x, 4.4),
            (1.6, 1.0),
            word,
            fill=PALE_RED if is_last else PALE_GREEN,
            edge=RED if is_last else GREEN,
            size=9.5,
        )
        box(
            axes,
            (x, 0.75),
            (1.6, 1.0),
            word,
            fill=PALE_GREEN if is_last else "none",
            edge=GREEN if is_last else MUTED,
            size=9.5,
        )
        if not is_last:
            arrow(axes, (x + 0.8, 4.4), (x + 0.8, 3.55), color=GREEN)
            arrow(axes, (x + 0.8, 2.55), (x + 0.8, 1.8))
            box(axes, (x + 0.1, 2.6), (1.4, 0.9), "result", fill=PALE_BLUE, edge=BLUE, size=9.5)
        else:
            arrow(axes, (x + 0.8, 4.4), (x + 0.8, 1.8), color=RED)
            axes.text(x + 0.7, 3.05, "same\nkey", size=9, color=RED, ha="right", va="center")
    for left, right in itertools.pairwise(places):
        arrow(axes, (left + 1.6, 4.9), (right + 0.03, 4.9), color=INK)
        arrow(axes, (left + 1.6, 1.25), (right + 0.03, 1.25), color=INK if right == places[-1] else MUTED)
    for y, word in ((4.9, "first\nstart"), (3.05, "journal"), (1.25, "second\nstart")):
        axes.text(0.1, y, word, size=9.5, va="center")
    axes.text(9.0, 5.6, "the process dies", size=9, color=RED, ha="right")
    axes.text(places[1] + 0.8, 0.25, "read, not done again", size=9, color=MUTED, ha="center")
    axes.text(places[-1] + 0.8, 0.25, "done", size=9, color=GREEN, ha="center")
