"""Figures of the notes on coding, several agents, safety and running."""

from __future__ import annotations

from typing import Any

from drawing import (
    BLUE,
    GREEN,
    INK,
    MUTED,
    PALE_GREEN,
    PALE_RED,
    RED,
    arrow,
    blank,
    figure,
)
from matplotlib.patches import Rectangle
from worked.at_coding import POINT, RIGHT, SCREEN, SHOWN, WRONG


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
