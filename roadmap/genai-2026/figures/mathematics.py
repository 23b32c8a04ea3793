"""Figures of the notes on applied mathematics."""

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
    VIOLET,
    arrow,
    blank,
    box,
    figure,
)
from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle
from worked.math_distributions import averages
from worked.math_eigen_svd import svd_by_hand
from worked.math_entropy import coin
from worked.math_gradients import neuron
from worked.math_inference import people
from worked.math_low_rank import energy, four_points, truncated
from worked.math_significance import covering
from worked.math_transformations import letter_f
from worked.math_vectors import cosine, two_arrows


def plane(axes: Any, reach: tuple[float, float, float, float]) -> None:
    """Make axes an empty plane from left to right and from bottom to top, with the lines through the origin."""
    left, right, bottom, top = reach
    axes.set(xlim=(left, right), ylim=(bottom, top), aspect="equal", xticks=[], yticks=[])
    axes.spines[:].set_visible(False)
    axes.axhline(0, color=LINE, linewidth=0.8, zorder=0)
    axes.axvline(0, color=LINE, linewidth=0.8, zorder=0)


@figure("svd-circle", size=(4.6, 4.2))
def circle(fig: Any) -> None:
    _, u, s, v = svd_by_hand()
    angles = np.linspace(0, 2 * np.pi, 181)
    ring = np.array([np.cos(angles), np.sin(angles)])
    steps = (
        ("unit circle, v1 and v2", np.eye(2), 1.75),
        ("turned by Vᵀ", v.T, 1.75),
        ("stretched by S", np.diag(s) @ v.T, 7.6),
        ("turned by U: this is A", u @ np.diag(s) @ v.T, 7.6),
    )
    for axes, (title, matrix, reach) in zip(fig.subplots(2, 2).flat, steps, strict=True):
        plane(axes, (-1.15 * reach, 1.15 * reach, -reach, reach))
        axes.set_title(title, size=10)
        if reach > 2:
            axes.plot(*ring, color=MUTED, linewidth=1)
        axes.fill(*(matrix @ ring), facecolor=PALE_BLUE, edgecolor=INK, linewidth=1.2, alpha=0.8)
        for place, (name, colour) in enumerate((("1", BLUE), ("2", ORANGE))):
            tip = matrix @ v[:, place]
            arrow(axes, (0, 0), tuple(tip), color=colour, width=2)
            word = f"σ{name} = {s[place]:.3f}" if reach > 2 else f"v{name}"
            at = {"stretched by S": ((5.3, -3.2), (0, 3.4)), "turned by U: this is A": ((6.2, 5.9), (6.2, -1.2))}
            x, y = at[title][place] if title in at else tip * 1.25
            axes.text(x, y, word, size=9, color=colour, ha="center", va="center")


@figure("chain-rule", size=(4.6, 2.9))
def chain(fig: Any) -> None:
    axes = blank(fig, 9.2, 5.8)
    one = neuron()
    inputs = (("w = 2", "dw", 4.8), ("x = 3", "dx", 2.8), ("b = 1", "db", 0.8))
    middle = (3.9, 2.35)
    box(axes, middle, (2.0, 0.9), f"z = {one['z']:.0f}", fill=PALE_BLUE, edge=BLUE, size=11)
    box(axes, (7.2, 2.35), (1.8, 0.9), f"L = {one['loss']:.0f}", fill=PALE_BLUE, edge=BLUE, size=11)
    axes.text(4.9, 3.55, "z = w x + b", ha="center", va="center", size=9, color=BLUE)
    axes.text(8.1, 3.55, "L = (z − 5)²", ha="center", va="center", size=9, color=BLUE)
    arrow(axes, (5.9, 2.95), (7.22, 2.95), color=BLUE)
    arrow(axes, (7.2, 2.62), (5.88, 2.62), color=RED)
    axes.text(6.55, 2.1, f"dL/dz\n= {one['dz']:.0f}", ha="center", va="center", size=9, color=RED)
    times = {"dw": " 4 × x", "dx": "\n4 × w", "db": " 4 × 1"}
    for word, slope, y in inputs:
        box(axes, (0.2, y - 0.4), (1.5, 0.8), word, fill=PALE_GREEN, edge=GREEN, size=10)
        end = 2.8 + (y - 2.75) * 0.18
        arrow(axes, (1.7, y + 0.12), (3.92, end + 0.14), color=BLUE)
        arrow(axes, (3.9, end - 0.14), (1.68, y - 0.14), color=RED)
        text = f"dL/{slope} ={times[slope]} = {one[slope]:.0f}"
        where = {"dw": (2.4, 4.75), "dx": (1.78, 2.17), "db": (2.6, 0.85)}[slope]
        axes.text(*where, text, size=9, color=RED, va="center")
    axes.text(9.0, 5.4, "blue: forward, values", size=8.5, color=BLUE, ha="right", va="center")
    axes.text(9.0, 4.95, "red: backward, slopes", size=8.5, color=RED, ha="right", va="center")


@figure("letter-f", size=(4.6, 2.7))
def letter(fig: Any) -> None:
    f, pictures = letter_f()
    order = ("identity", "rotation", "scaling", "shear", "reflection", "projection")
    for axes, name in zip(fig.subplots(2, 3).flat, order, strict=True):
        moved, factor = pictures[name]
        plane(axes, (-5.6, 8.4, -0.8, 6.2))
        axes.fill(*f, facecolor="none", edgecolor=MUTED, linewidth=0.8, linestyle=":")
        if name == "projection":
            axes.plot((0, 3), (0, 0), color=BLUE, linewidth=4, solid_capstyle="butt")
        else:
            axes.fill(*moved, facecolor=PALE_BLUE, edgecolor=BLUE, linewidth=1.4)
        number = f"{round(factor, 9):g}".replace("-", "−")
        axes.set_title(f"{name}: {number}", size=9.5, color=RED if factor < 0 or name == "projection" else INK)
    fig.supxlabel("the number: the determinant, the factor of the area", size=9)


@figure("vector-projection", size=(4.6, 3.1))
def projection(fig: Any) -> None:
    fig.set_layout_engine("none")
    axes = fig.add_axes((0.01, 0.01, 0.98, 0.98))
    plane(axes, (-0.5, 7.0, -0.45, 4.6))
    a, b, p, rest = two_arrows()
    axes.plot((0, p[0]), (0, p[1]), color=GREEN, linewidth=9, alpha=0.4, solid_capstyle="butt")
    arrow(axes, (0, 0), tuple(b), color=ORANGE, width=2)
    arrow(axes, (0, 0), tuple(a), color=BLUE, width=2)
    arrow(axes, tuple(p), tuple(a), color=RED, width=1.6)
    along, up = -0.22 * b / 5, 0.22 * rest / np.linalg.norm(rest)
    square = np.array([p + along, p + along + up, p + up])
    axes.plot(*square.T, color=MUTED, linewidth=1)
    arc = np.linspace(np.arctan2(3, 4), np.arctan2(4, 3), 30)
    axes.plot(1.5 * np.cos(arc), 1.5 * np.sin(arc), color=INK, linewidth=1.2)
    axes.text(1.28, 1.28, "16°", size=9, ha="left", va="bottom")
    axes.text(2.85, 4.15, "a = (3, 4)", size=10, color=BLUE, ha="right", va="center")
    axes.text(4.15, 2.85, "b = (4, 3)", size=10, color=ORANGE, va="center")
    axes.text(2.35, 1.35, f"shadow of a on b:\n({p[0]:.2f}, {p[1]:.2f})", size=10, color=GREEN, va="center")
    axes.text(3.75, 3.75, f"rest ({rest[0]:.2f}, {rest[1]:.2f})".replace("-", "−"), size=10, color=RED, va="center")
    axes.text(6.9, 0.35, f"cosine {cosine(a, b):.2f}", size=10.5, ha="right", va="center")


@figure("dice-averages", size=(4.6, 2.4))
def dice(fig: Any) -> None:
    for axes, rolls in zip(fig.subplots(1, 3, sharex=True), (1, 4, 100), strict=True):
        means = averages(rolls)
        step = {1: 1.0, 4: 0.25, 100: 0.1}[rolls]
        edges = np.arange(1 - step / 2, 6 + step, step)
        counts, _ = np.histogram(means, edges)
        axes.bar(edges[:-1] + step / 2, counts / counts.max(), width=0.92 * step, color=BLUE)
        axes.set_title(f"{rolls} roll{'s' * (rolls > 1)}", size=10)
        axes.text(3.5, 1.12, f"deviation {means.std():.2g}", size=9.5, ha="center", va="center", color=VIOLET)
        axes.set(xticks=(1, 3.5, 6), yticks=[], ylim=(0, 1.22), xlim=(0.3, 6.7))
        axes.spines["left"].set_visible(False)
    fig.supxlabel("average of the rolls, 20,000 times (each panel has its own height)", size=9)


@figure("coin-entropy", size=(4.6, 2.4))
def coin_entropy(fig: Any) -> None:
    axes = fig.subplots()
    chances, bits = coin()
    axes.plot(chances, bits, color=BLUE)
    marks = ((50, "fair coin: 1 bit", (0.5, 1.05), "center"), (100, "certain: 0 bits", (1.03, 0.03), "left"))
    for place, word, at, side in marks:
        axes.scatter(chances[place], bits[place], s=26, color=ORANGE, zorder=3, clip_on=False)
        axes.text(*at, word, size=9.5, color=ORANGE, ha=side, va="bottom")
    axes.scatter(chances[90], bits[90], s=26, color=ORANGE, zorder=3)
    axes.text(0.92, bits[90], f"heads 90%: {bits[90]:.2f} bits", size=9.5, color=ORANGE, va="bottom")
    axes.set(xlabel="probability of heads", ylabel="entropy in bits", ylim=(0, 1.2), xlim=(0, 1.32))
    axes.set(xticks=(0, 0.5, 1), yticks=(0, 0.5, 1))


@figure("bayes-people", size=(4.6, 3.0))
def bayes(fig: Any) -> None:
    axes = blank(fig, 9.2, 6.0)
    found, missed, flagged, clear = people()
    axes.text(4.6, 5.65, f"{found + missed + flagged + clear:,} people", size=10, ha="center", va="center")
    groups = (
        (2.1, f"{found + missed} ill", PALE_ORANGE, ORANGE),
        (7.1, f"{flagged + clear:,} healthy", PALE_BLUE, BLUE),
    )
    for x, word, fill, edge in groups:
        arrow(axes, (4.6, 5.4), (x, 4.72), color=MUTED)
        box(axes, (x - 1.3, 3.95), (2.6, 0.75), word, fill=fill, edge=edge, size=10.5)
    leaves = (
        (0.95, f"{found}\npositive", ORANGE, 2.1),
        (3.25, f"{missed}\nnegative", MUTED, 2.1),
        (5.95, f"{flagged}\npositive", BLUE, 7.1),
        (8.25, f"{clear:,}\nnegative", MUTED, 7.1),
    )
    for x, word, colour, parent in leaves:
        arrow(axes, (parent, 3.95), (x, 3.12), color=colour)
        fill = {ORANGE: PALE_ORANGE, BLUE: PALE_BLUE}.get(colour, "none")
        box(axes, (x - 0.85, 2.1), (1.7, 1.0), word, fill=fill, edge=colour, size=10)
    axes.plot((0.95, 0.95, 5.95, 5.95), (2.05, 1.65, 1.65, 2.05), color=GREEN, linewidth=1.4)
    arrow(axes, (3.45, 1.65), (3.45, 1.2), color=GREEN)
    share = found / (found + flagged)
    axes.text(
        3.45,
        0.9,
        f"{found + flagged} positive, {found} of them ill: {share:.1%}",
        size=10.5,
        ha="center",
        va="center",
        color=GREEN,
    )
    axes.text(
        3.45, 0.35, "most alarms are false, because few people are ill", size=9, ha="center", va="center", color=MUTED
    )


@figure("confidence-intervals", size=(4.6, 3.0))
def intervals(fig: Any) -> None:
    axes = fig.subplots()
    lows, highs = covering()
    missed = 0
    for place, (low, high) in enumerate(zip(lows, highs, strict=True)):
        outside = not low <= 0.8 <= high
        missed += outside
        axes.plot((place, place), (low, high), color=RED if outside else BLUE, linewidth=2.6 if outside else 1.2)
    axes.plot((-1, 100), (0.8, 0.8), color=INK, linewidth=1.2, linestyle="--")
    axes.text(100.5, 0.8, "truth", size=9.5, va="center")
    axes.text(
        50, 0.945, f"{100 - missed} of 100 intervals hold the truth, {missed} miss it", size=9.5, ha="center", color=INK
    )
    axes.set(xlim=(-1.5, 109), ylim=(0.66, 0.97), xticks=[], yticks=(0.7, 0.8, 0.9), ylabel="share right")
    axes.set_xlabel("100 samples of 200 cases, each with its 95% interval")
    axes.spines["bottom"].set_visible(False)


@figure("low-rank-picture", size=(4.6, 1.75))
def low_rank(fig: Any) -> None:
    axes = blank(fig, 9.2, 3.5)
    rows, columns = np.mgrid[0:20, 0:20] / 19
    hill = rows > 0.85 - 0.55 * np.exp(-(((columns - 0.35) / 0.22) ** 2)) - 0.2 * np.exp(
        -(((columns - 0.8) / 0.15) ** 2)
    )
    sun = (rows - 0.22) ** 2 + (columns - 0.75) ** 2 < 0.018
    shades = 0.15 + 0.2 * rows + 0.55 * hill + 0.6 * sun * (1 - hill)
    kept = energy(np.linalg.svd(shades, compute_uv=False))
    for place, rank in enumerate((1, 3, 6, 20)):
        picture, _ = truncated(shades, rank)
        x, side = 0.2 + 2.27 * place, 2.0 / 20
        # many a shade lies midway between two tones: what the last bits of a product say must not choose
        for i, line in enumerate(np.clip(picture, 0, 1).round(9).round(1)):
            cuts = [0, *(np.flatnonzero(np.diff(line)) + 1), 20]
            for start, end in pairwise(cuts):
                if line[start] > 0:
                    shade = (*to_rgb(INK), float(line[start]))
                    corner = (x + side * start, 2.95 - side * i)
                    axes.add_patch(Rectangle(corner, side * (end - start), side, facecolor=shade, linewidth=0))
        axes.text(x + 1.0, 0.75, f"rank {rank}" if rank < 20 else "all 20", size=10, ha="center", va="center")
        axes.text(x + 1.0, 0.3, f"{kept[rank - 1]:.1%} kept", size=9, ha="center", va="center", color=VIOLET)


@figure("principal-directions", size=(4.6, 2.9))
def directions(fig: Any) -> None:
    axes = fig.subplots()
    plane(axes, (-3.9, 3.9, -2.5, 2.5))
    points, along, variances = four_points()
    for direction, variance, colour, at in zip(
        along, variances, (BLUE, ORANGE), ((2.1, 2.2), (0.75, -0.85)), strict=True
    ):
        tip = direction * np.sign(direction[0]) * np.sqrt(variance)
        arrow(axes, (0, 0), tuple(tip), color=colour, width=2.4)
        axes.text(*at, f"variance {variance:.3g}", size=10, color=colour, va="center", ha="left")
    axes.scatter(*points.T, s=46, color=INK, zorder=3)
    axes.text(
        -3.8,
        2.1,
        f"the first direction holds {variances[0] / variances.sum():.0%}\nof the variance",
        size=9.5,
        va="center",
    )
