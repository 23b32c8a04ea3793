"""Figures of the notes on caches, reliability and system design."""

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
    PALE_VIOLET,
    RED,
    VIOLET,
    arrow,
    blank,
    box,
    figure,
)
from matplotlib.patches import Circle, Rectangle
from worked.cs_caches_bloom import average
from worked.cs_reliability import in_parallel, in_series
from worked.cs_system_design import mean_time


@figure("cache-hit-rate", size=(4.6, 2.4))
def hit_rate(fig: Any) -> None:
    axes = fig.subplots()
    rates = np.linspace(0, 1, 11)
    axes.plot(rates, [average(rate, 2, 200) for rate in rates], color=BLUE)
    for rate, shift in ((0.8, (0.02, 12)), (0.9, (0.02, 10))):
        took = average(rate, 2, 200)
        axes.scatter(rate, took, s=28, color=ORANGE, zorder=3)
        axes.text(rate + shift[0], took + shift[1], f"{rate:.0%}: {took:.1f} ms", size=9.5, color=ORANGE)
    axes.text(0.02, 130, "no hits:\n200 ms", size=9.5, color=MUTED)
    axes.set(xlabel="hit rate", ylabel="average time, ms", xlim=(0, 1.24), ylim=(0, 215), yticks=(0, 100, 200))
    axes.set_xticks((0, 0.5, 1), labels=("0", "50%", "100%"))


@figure("lru-cache", size=(4.6, 2.8))
def lru(fig: Any) -> None:
    axes = blank(fig, 9.2, 5.6)
    for top, order, title in (
        (3.05, "ABC", "before: A was used longest ago"),
        (0.25, "BCA", "after A is read: B leaves next"),
    ):
        axes.text(0.2, top + 2.25, title, size=9.5, va="center")
        spots = {}
        for place, key in enumerate(order):
            x = 3.3 + 2.0 * place
            fill, edge = (PALE_ORANGE, ORANGE) if key == "A" else (PALE_BLUE, BLUE)
            box(axes, (x, top + 0.1), (1.2, 0.75), key, fill=fill, edge=edge, size=11)
            spots[key] = x + 0.6
            if place:
                arrow(axes, (x - 0.78, top + 0.6), (x + 0.03, top + 0.6), color=MUTED)
                arrow(axes, (x, top + 0.32), (x - 0.82, top + 0.32), color=MUTED)
        axes.text(3.2, top + 0.48, "used longest ago", size=8.5, ha="right", va="center", color=MUTED)
        axes.text(8.6, top + 0.48, "last", size=8.5, va="center", color=MUTED)
        for place, key in enumerate("BAC"):
            x = 3.6 + 1.6 * place
            axes.add_patch(Rectangle((x, top + 1.4), 0.9, 0.6, facecolor="none", edgecolor=MUTED, linewidth=1))
            axes.text(x + 0.45, top + 1.7, key, size=10, ha="center", va="center")
            arrow(
                axes, (x + 0.45, top + 1.4), (spots[key], top + 0.83), color=ORANGE if key == "A" else BLUE, width=1.1
            )
        axes.text(3.2, top + 1.7, "hash table", size=8.5, ha="right", va="center", color=MUTED)


@figure("bloom-filter", size=(4.6, 2.7))
def bloom(fig: Any) -> None:
    axes = blank(fig, 9.2, 5.4)
    added, size = {1: BLUE, 6: BLUE, 10: BLUE, 3: BLUE, 8: BLUE, 13: BLUE}, 0.55
    for place in range(16):
        on = place in added
        x = 0.2 + size * place
        axes.add_patch(
            Rectangle((x, 2.5), size, 0.7, facecolor=PALE_BLUE if on else "none", edgecolor=MUTED, linewidth=1)
        )
        axes.text(
            x + size / 2, 2.85, "1" if on else "0", size=10, ha="center", va="center", color=BLUE if on else MUTED
        )
    added_keys = (("add “tea”", 1.6, (1, 6, 10)), ("add “milk”", 5.6, (3, 8, 13)))
    asked = (
        ("“rice”: one bit is 0,\ncertainly absent", 2.1, (2, 6, 8), GREEN),
        ("“salt”: all bits are 1\nby chance: a false yes", 6.9, (3, 10, 13), RED),
    )
    for word, x, places in added_keys:
        box(axes, (x, 4.5), (2.2, 0.7), word, fill=PALE_BLUE, edge=BLUE, size=9.5)
        for place in places:
            arrow(axes, (x + 1.1, 4.5), (0.2 + size * (place + 0.5), 3.2), color=BLUE, width=1.1)
    for word, x, places, colour in asked:
        axes.text(x, 0.55, word, size=9.5, ha="center", va="center", color=colour)
        for place in places:
            arrow(axes, (x, 1.0), (0.2 + size * (place + 0.5), 2.47), color=colour, width=1.1)


@figure("availability", size=(4.6, 2.5))
def availability(fig: Any) -> None:
    axes = blank(fig, 9.2, 5.0)
    axes.text(0.2, 4.6, "all three are needed: availabilities multiply", size=9.5, va="center")
    for place in range(3):
        x = 0.3 + 2.2 * place
        box(axes, (x, 3.2), (1.6, 0.8), "99.9%", fill=PALE_BLUE, edge=BLUE, size=10)
        arrow(axes, (x + 1.6, 3.6), (x + 2.23, 3.6), color=INK)
    axes.text(7.0, 3.6, f"{in_series(0.999, 0.999, 0.999):.1%}", size=13, va="center", color=RED)
    axes.text(0.2, 2.5, "one of two is enough: only failures multiply", size=9.5, va="center")
    for y in (1.3, 0.2):
        box(axes, (2.5, y), (1.6, 0.8), "99%", fill=PALE_BLUE, edge=BLUE, size=10)
        arrow(axes, (1.6, 1.15), (2.53, y + 0.4), color=INK)
        arrow(axes, (4.1, y + 0.4), (5.1, 1.15), color=INK)
    axes.text(5.3, 1.15, f"{in_parallel(0.99, 0.99):.2%}", size=13, va="center", color=GREEN)
    axes.text(9.0, 0.45, "if they fail\nindependently", size=9, ha="right", va="center", color=MUTED)


@figure("consistent-hashing", size=(4.6, 2.7))
def ring(fig: Any) -> None:
    fig.set_layout_engine("none")
    keys = np.random.default_rng(6).uniform(0, 1, 24)
    before = {"A": (0.08, BLUE), "B": (0.42, GREEN), "C": (0.74, VIOLET)}
    after = {**before, "D": (0.58, ORANGE)}

    def home(key: float, servers: dict[str, tuple[float, str]]) -> str:
        return min(servers, key=lambda name: (servers[name][0] - key) % 1)

    moved = sum(home(key, before) != home(key, after) for key in keys)
    titles = ("three servers", f"D joins: {moved} of {len(keys)} keys move")
    for place, (servers, title) in enumerate(zip((before, after), titles, strict=True)):
        axes = fig.add_axes((0.01 + 0.5 * place, -0.02, 0.48, 0.48 * 4.6 / 2.7))
        axes.set(xlim=(-1.5, 1.5), ylim=(-1.5, 1.5))
        axes.axis("off")
        axes.add_patch(Circle((0, 0), 1, facecolor="none", edgecolor=LINE, linewidth=2))
        for key in keys:
            name = home(key, servers)
            x, y = np.sin(2 * np.pi * key), np.cos(2 * np.pi * key)
            axes.scatter(x, y, s=16, color=servers[name][1], edgecolor=LINE, linewidth=0.5, zorder=4)
            if name == "D":
                axes.scatter(x, y, s=60, facecolor="none", edgecolor=RED, linewidth=1.2, zorder=4)
        for name, (spot, colour) in servers.items():
            x, y = np.sin(2 * np.pi * spot), np.cos(2 * np.pi * spot)
            axes.scatter(x, y, s=90, marker="s", color=colour, zorder=3)
            axes.text(1.27 * x, 1.27 * y, name, size=11, ha="center", va="center", color=colour)
        axes.text(
            0,
            0,
            "a key belongs to\nthe next server,\nclockwise" if not place else "the others\nstay",
            size=9,
            ha="center",
            va="center",
            color=MUTED,
        )
        fig.text(0.25 + 0.5 * place, 0.94, title, size=10, ha="center", va="center")


@figure("waiting-time", size=(4.6, 2.5))
def waiting(fig: Any) -> None:
    axes = fig.subplots()
    loads = np.linspace(0, 0.99, 199)
    axes.plot(loads, [mean_time(load) for load in loads], color=BLUE)
    for load, at, side in ((0.5, (0.5, 0.7), "center"), (0.9, (0.87, 1.5), "right"), (0.99, (0.96, 9.6), "right")):
        axes.scatter(load, mean_time(load), s=28, color=ORANGE, zorder=3, clip_on=False)
        axes.text(
            *at, f"{load:.0%} busy: {mean_time(load):.1f} s".replace(".0 s", " s"), size=9.5, ha=side, color=ORANGE
        )
    axes.set(xlabel="share of the time that the server is busy", ylabel="mean time, s", xlim=(0, 1), ylim=(0, 10.6))
    axes.set_xticks((0, 0.5, 1), labels=("0", "50%", "100%"))


@figure("service-map", size=(4.6, 3.25))
def service(fig: Any) -> None:
    axes = blank(fig, 9.2, 7.0)
    axes.set_ylim(0.5, 7.0)
    parts = (
        ("clients", 3.35, 6.1, "", "none", MUTED),
        ("load balancer", 3.35, 4.75, "loss of a server", PALE_BLUE, BLUE),
        ("servers", 3.35, 3.4, "", PALE_BLUE, BLUE),
        ("cache", 0.2, 3.4, "repeated work", PALE_ORANGE, ORANGE),
        ("replicas", 6.5, 3.4, "loss of data", PALE_GREEN, GREEN),
        ("queue", 3.35, 2.05, "bursts of jobs", PALE_ORANGE, ORANGE),
        ("workers", 3.35, 0.7, "", PALE_BLUE, BLUE),
        ("model", 6.5, 0.7, "", PALE_VIOLET, VIOLET),
    )
    for name, x, y, guards, fill, edge in parts:
        box(axes, (x, y), (2.5, 0.75), name, fill=fill, edge=edge, size=10)
        if guards:
            side = name in ("load balancer", "queue")
            at = (x + 2.65, y + 0.37) if side else (x + 1.25, y - 0.25)
            axes.text(*at, guards, size=9, color=RED, ha="left" if side else "center", va="center")
    for top in (6.1, 4.75, 3.4, 2.05):
        arrow(axes, (4.6, top), (4.6, top - 0.63), color=INK)
    for start, end in (((3.35, 3.77), (2.67, 3.77)), ((5.85, 3.77), (6.53, 3.77)), ((5.85, 1.07), (6.53, 1.07))):
        arrow(axes, start, end, color=INK)
    axes.text(0.2, 6.5, "red: what a part\nprotects against", size=9, color=RED, va="center")
