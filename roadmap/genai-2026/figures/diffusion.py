"""Figures of the notes on diffusion models and other generators of pictures."""

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
    RED,
    VIOLET,
    arrow,
    blank,
    figure,
)
from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle
from worked.df_forward_reverse import noised
from worked.df_guidance import cfg, given, without
from worked.df_samplers import solve, walk
from worked.df_schedules import alpha_bars

FACE = """
....####....
..########..
.##########.
.##..##..##.
###..##..###
############
############
##.######.##
.##.####.##.
.###....###.
..########..
....####....
"""


@figure("noising-strip", size=(4.6, 1.95))
def strip(fig: Any) -> None:
    axes = blank(fig, 9.2, 3.9)
    clean = np.array([[1.0 if dot == "#" else -1.0 for dot in row] for row in FACE.split()])
    noise = np.random.default_rng(4).standard_normal(clean.shape)
    side, ink = 1.6 / len(FACE.split()), to_rgb(INK)
    for place, level in enumerate((1, 0.9, 0.5, 0.1, 0)):
        x, darkness = 0.2 + 1.8 * place, np.clip((noised(clean, noise, level) + 1.5) / 3, 0, 1)
        for (i, j), share in np.ndenumerate(darkness):
            if share > 0.02:
                left, low = x + side * j, 2.55 - side * i
                shade = (*ink, round(float(share), 1))
                axes.add_patch(Rectangle((left, low), side, side, color=shade, linewidth=0))
        axes.text(x + 0.8, 0.72, f"{level:g}", size=10, ha="center", va="center")
    axes.text(
        4.6, 0.25, "alpha-bar: the share of the picture's variance that is left", size=8.5, ha="center", va="center"
    )
    arrow(axes, (0.3, 3.25), (8.9, 3.25), color=RED, width=1.8)
    axes.text(0.3, 3.55, "forward: add noise", size=9, color=RED, va="center")
    axes.text(8.9, 3.55, "backward, learned: remove it", size=9, color=VIOLET, va="center", ha="right")
    arrow(axes, (8.9, 3.0), (0.3, 3.0), color=VIOLET, width=1.8)


@figure("noise-schedules", size=(4.6, 2.6))
def schedules(fig: Any) -> None:
    axes = fig.subplots()
    looks = {"linear": (RED, (268, 0.14)), "cosine": (GREEN, (400, 0.78))}
    for name, levels in alpha_bars().items():
        colour, at = looks[name]
        axes.plot(range(1, 1_001), levels, color=colour)
        axes.text(*at, name, size=10, color=colour, ha="right" if name == "linear" else "left", va="center")
        for step in (250, 500, 750):
            value = levels[step - 1]
            axes.scatter(step, value, s=22, color=colour, zorder=3)
            last = name == "linear" and step == 750
            place = (step - 14, 0.015) if last else (step + 14, value + 0.03)
            axes.text(*place, f"{value:.3f}", size=9, color=colour, va="bottom", ha="right" if last else "left")
    axes.set(
        xlabel="step", ylabel="alpha-bar: signal left", xticks=range(0, 1_001, 250), ylim=(0, 1.05), xlim=(0, 1_000)
    )


@figure("guidance-arrows", size=(4.6, 2.9))
def guidance(fig: Any) -> None:
    axes = fig.subplots()
    axes.set(xlim=(-0.25, 3.1), ylim=(-0.35, 1.65), aspect="equal", xticks=(0, 1, 2), yticks=(0, 1))
    far = cfg(without, given, 7.5)
    axes.plot(*zip(without, far, strict=True), color=LINE, linewidth=1.4, linestyle="--", zorder=0)
    points = (
        (without, MUTED, "w = 0: without prompt", (0.3, -0.17)),
        (given, BLUE, "w = 1: with prompt", (0.62, 0.06)),
        (cfg(without, given, 4), ORANGE, "w = 4", (1.5, 0.62)),
        (far, VIOLET, "w = 7.5: exaggerated", (2.4, 1.5)),
    )
    for tip, colour, word, at in points:
        arrow(axes, (0, 0), tuple(tip), color=colour, width=2)
        axes.text(*at, word, size=9.5, color=colour, va="center", ha="right" if colour == VIOLET else "left")
    axes.text(0.02, 0.95, "the step from w = 0 to w = 1,\n7.5 times as long", size=9, color=MUTED, va="center")


@figure("sampler-steps", size=(4.6, 2.7))
def samplers(fig: Any) -> None:
    left, right = fig.subplots(1, 2, width_ratios=(1.1, 1))
    noise = np.linspace(0, 4, 101)
    left.plot(noise, np.sqrt(1 + noise**2), color=MUTED, linewidth=4, alpha=0.5)
    for heun, colour, steps, name in ((False, RED, 20, "Euler"), (True, GREEN, 10, "Heun")):
        left.plot(*zip(*walk(steps, heun), strict=True), color=colour, marker="o", markersize=4, linewidth=1.5)
        counts = (8, 12, 20, 40, 80)
        errors = [solve(count // 2 if heun else count, heun) for count in counts]
        right.loglog(counts, errors, color=colour, marker="o", markersize=4, linewidth=1.5)
        ahead = name == "Euler"
        at = (counts[2] * 1.08, errors[2] * 1.15) if ahead else (counts[2] * 0.9, errors[2] * 0.6)
        right.text(*at, name, size=9.5, color=colour, ha="left" if ahead else "right")
    left.text(1.9, 1.2, "Euler", size=9.5, color=RED)
    left.text(1.5, 2.5, "Heun", size=9.5, color=GREEN)
    left.text(3.9, 2.6, "exact", size=9.5, color=MUTED)
    left.set(xlabel="noise level", ylabel="value", xticks=(4, 2, 0), yticks=(0, 2, 4), xlim=(4.2, -0.1), ylim=(0, 4.5))
    left.set_title("the end of 20 evaluations", size=9.5)
    right.set(xlabel="network evaluations", xticks=(10, 20, 40, 80), yticks=(0.01, 0.1))
    right.set_xticks((10, 20, 40, 80), labels=("10", "20", "40", "80"))
    right.set_yticks((0.01, 0.1), labels=("0.01", "0.1"))
    right.minorticks_off()
    right.set_title("error at the end", size=9.5)
