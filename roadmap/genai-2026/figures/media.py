"""Figures of the notes on images and speech."""

from __future__ import annotations

from itertools import groupby
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
    PALE_VIOLET,
    RED,
    VIOLET,
    arrow,
    blank,
    box,
    figure,
)
from matplotlib.patches import Circle, Polygon, Rectangle
from worked.mm_multimodal import merged, patches
from worked.mm_speech import STAGES, STREAMED, WHOLE, collapse


@figure("image-to-tokens", size=(4.6, 3.0))
def tokens(fig: Any) -> None:
    axes = blank(fig, 9.2, 6)
    left, low, side = 0.25, 3.1, 2.2
    axes.add_patch(Rectangle((left, low), side, side, facecolor=PALE_BLUE, edgecolor="none"))
    hill = ((left, low), (left + 0.9, low + 1.3), (left + 1.4, low + 0.7), (left + 1.8, low + 1.0), (left + side, low))
    axes.add_patch(Polygon(hill, facecolor=GREEN, edgecolor="none"))
    axes.add_patch(Circle((left + 1.7, low + 1.7), 0.22, facecolor=ORANGE, edgecolor="none"))
    for line in range(9):
        at = line * side / 8
        axes.plot((left + at, left + at), (low, low + side), color=MUTED, linewidth=0.6)
        axes.plot((left, left + side), (low + at, low + at), color=MUTED, linewidth=0.6)
    axes.text(left + side / 2, 5.62, "336 × 336 pixels", size=9, ha="center", va="center")
    axes.text(left - 0.05, 2.8, f"24 × 24 = {patches(336, 336, 14)} patches", size=9, va="center")
    box(axes, (3.35, 3.6), (2.2, 1.2), "image\nencoder", fill=PALE_ORANGE, edge=ORANGE, size=10)
    box(axes, (6.7, 3.6), (2.2, 1.2), "projector", fill=PALE_VIOLET, edge=VIOLET, size=10)
    axes.text(6.12, 4.9, "576 ×\n1,024", size=9, ha="center", va="bottom")
    axes.text(7.8, 2.85, "576 × 4,096", size=9, ha="center", va="center", color=VIOLET)
    arrow(axes, (2.5, 4.2), (3.38, 4.2), color=INK)
    arrow(axes, (5.55, 4.2), (6.73, 4.2), color=INK)
    words = ("What", "is", "in", *["■"] * 5, "?")
    for place, word in enumerate(words):
        image = word == "■"
        fill, edge = (PALE_VIOLET, VIOLET) if image else (PALE_BLUE, BLUE)
        x = 0.25 + place * 0.97
        box(axes, (x, 1.1), (0.87, 0.8), "" if image else word, fill=fill, edge=edge, size=9.5)
    axes.text(5.53, 1.5, "…", size=12, ha="center", va="center", color=VIOLET)
    axes.plot((7.8, 7.8, 5.53), (2.6, 2.3, 2.3), color=VIOLET, linewidth=1.4)
    arrow(axes, (5.53, 2.32), (5.53, 1.87), color=VIOLET)
    axes.text(4.6, 0.5, "the language model reads image tokens like words", size=9.5, ha="center", va="center")


@figure("image-token-cost", size=(4.6, 2.7))
def cost(fig: Any) -> None:
    axes = blank(fig, 9.2, 5.4)
    scale, x = 3.9 / 2_380, 0.85
    for width, height, name in ((560, 420, "preview"), (1_120, 840, "photo"), (1_680, 2_380, "scanned page")):
        wide, tall = width * scale, height * scale
        axes.add_patch(Rectangle((x, 1.2), wide, tall, facecolor=PALE_BLUE, edgecolor=BLUE, linewidth=1.2))
        for column in range(1, width // 28):
            at = x + column * 28 * scale
            axes.plot((at, at), (1.2, 1.2 + tall), color=BLUE, linewidth=0.25, alpha=0.7)
        for row in range(1, height // 28):
            at = 1.2 + row * 28 * scale
            axes.plot((x, x + wide), (at, at), color=BLUE, linewidth=0.25, alpha=0.7)
        middle = x + wide / 2
        axes.text(middle, 0.85, f"{name}, {merged(width, height):,}", size=9.5, ha="center", va="center", color=BLUE)
        axes.text(middle, 0.4, f"{width:,} × {height:,}", size=8.5, ha="center", va="center", color=MUTED)
        x += wide + (1.35 if name == "preview" else 1.15)
    axes.text(0.2, 4.75, "tokens of an image: one for\neach 28 × 28 pixels", size=10, va="center")


@figure("ctc-collapse", size=(4.6, 2.4))
def ctc(fig: Any) -> None:
    axes = blank(fig, 9.2, 4.8)
    frames = "hh-e-ll-lo--"
    runs = ["".join(run) for _, run in groupby(frames)]
    size = 8.7 / len(frames)
    tops = (3.5, 1.95, 0.4)
    titles = ("one symbol per frame", "equal neighbours merge", f"blanks go:\n“{collapse(frames)}”")
    place = 0
    for run in runs:
        x, blank_run = 0.25 + place * size, run[0] == "-"
        colour, fill = (MUTED, "none") if blank_run else (BLUE, PALE_BLUE)
        for step, letter in enumerate(run):
            box(axes, (x + step * size + 0.04, tops[0]), (size - 0.08, 0.7), letter, fill=fill, edge=colour, size=10)
        box(axes, (x + 0.04, tops[1]), (len(run) * size - 0.08, 0.7), run[0], fill=fill, edge=colour, size=10)
        middle = x + len(run) * size / 2
        if not blank_run:
            box(axes, (middle - 0.32, tops[2]), (0.64, 0.7), run[0], fill=PALE_GREEN, edge=GREEN, size=10)
            arrow(axes, (middle, tops[1]), (middle, tops[2] + 0.68), color=GREEN)
        place += len(run)
    for y, title in zip(tops, titles, strict=True):
        at = (8.95, y + 0.35) if y == tops[2] else (0.25, y + 0.92)
        axes.text(*at, title, size=9, va="center", ha="left" if at[0] < 1 else "right", color=MUTED)


@figure("voice-loop", size=(4.6, 2.5))
def voice(fig: Any) -> None:
    axes = fig.subplots()
    rows = (("whole texts", WHOLE), ("by sentence", STAGES), ("streamed", STREAMED))
    colours = (MUTED, BLUE, VIOLET, ORANGE, LINE)
    for y, (_, stages) in enumerate(rows):
        start = 0
        for (name, took), colour in zip(stages.items(), colours, strict=True):
            axes.barh(y, took, left=start, color=colour, height=0.5)
            if y == 0 and took >= 500:
                word = {"end of speech": "", "first sentence": "answer", "whole answer": "whole answer"}.get(name, name)
                axes.text(start + took / 2, y, word, size=9, ha="center", va="center", color=PALE_BLUE)
            start += took
        axes.text(start + 90, y, f"{start:,} ms", size=9.5, va="center", color=GREEN if y == 2 else INK)
    axes.text(250, 0.42, "silence noticed,", size=9, color=MUTED, va="center")
    axes.text(2_450, 0.42, "recognition", size=9, color=BLUE, va="center")
    axes.axvline(200, color=RED, linewidth=1, linestyle="--")
    axes.text(2_700, 1.62, "red line: people answer\nafter about 200 ms", size=9, color=RED, va="center")
    axes.set(xlim=(0, 7_400), xlabel="milliseconds until the answer sounds")
    axes.set_yticks(range(3), labels=[name for name, _ in rows])
    axes.set_xticks(range(0, 7_000, 2_000), labels=[f"{tick:,}" for tick in range(0, 7_000, 2_000)])
    axes.invert_yaxis()
    axes.tick_params(axis="y", left=False)
    axes.spines["left"].set_visible(False)
