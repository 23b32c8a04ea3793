"""Figures of the notes on reranking, structured output, evaluation and distillation."""

from __future__ import annotations

import math
from typing import Any

from drawing import (
    BLUE,
    GREEN,
    INK,
    LINE,
    MUTED,
    ORANGE,
    PALE_BLUE,
    PALE_ORANGE,
    PALE_VIOLET,
    RED,
    VIOLET,
    arrow,
    blank,
    box,
    figure,
)
from worked.ft_distillation import TEACHER, softmax, spreads
from worked.ft_llm_evaluation import alone, paired
from worked.ft_structured_output import P, Q
from worked.ft_test_sets import drawn, kinds, right


@figure("two-encoders", size=(4.6, 2.9))
def encoders(fig: Any) -> None:
    axes = blank(fig, 9.2, 5.8)
    axes.text(2.1, 5.45, "bi-encoder: apart", size=10, ha="center", va="center")
    axes.text(7.0, 5.45, "cross-encoder: together", size=10, ha="center", va="center")
    axes.plot((4.55, 4.55), (0.2, 5.6), color=LINE, linewidth=1)
    for x, word, fill, edge in ((0.2, "question", PALE_BLUE, BLUE), (2.35, "passage", PALE_ORANGE, ORANGE)):
        box(axes, (x, 4.15), (1.75, 0.7), word, fill=fill, edge=edge, size=9.5)
        arrow(axes, (x + 0.87, 4.15), (x + 0.87, 3.57), color=edge)
        box(axes, (x, 2.9), (1.75, 0.7), "encoder", fill=PALE_VIOLET, edge=VIOLET, size=9.5)
        arrow(axes, (x + 0.87, 2.9), (x + 0.87, 2.32), color=edge)
        box(axes, (x, 1.65), (1.75, 0.7), "vector", fill="none", edge=edge, size=9.5)
        arrow(axes, (x + 0.87, 1.65), (2.15 + (0.2 if x > 1 else -0.2), 1.0), color=edge)
    axes.text(2.15, 0.75, "compare", size=9.5, ha="center", va="center")
    axes.text(2.15, 0.25, "passages stored beforehand", size=9, ha="center", va="center", color=GREEN)
    box(axes, (5.0, 4.15), (2.0, 0.7), "question", fill=PALE_BLUE, edge=BLUE, size=9.5)
    box(axes, (7.05, 4.15), (1.95, 0.7), "passage", fill=PALE_ORANGE, edge=ORANGE, size=9.5)
    arrow(axes, (6.0, 4.15), (6.6, 3.57), color=BLUE)
    arrow(axes, (8.0, 4.15), (7.4, 3.57), color=ORANGE)
    box(
        axes,
        (5.4, 2.2),
        (3.2, 1.4),
        "one encoder: each word\nsees all words\nof both texts",
        fill=PALE_VIOLET,
        edge=VIOLET,
        size=9,
    )
    arrow(axes, (7.0, 2.2), (7.0, 1.02), color=INK)
    axes.text(7.0, 0.75, "score of this pair", size=9.5, ha="center", va="center")
    axes.text(7.0, 0.25, "one run for each pair", size=9, ha="center", va="center", color=RED)


@figure("constrained-decoding", size=(4.6, 2.3))
def constrained(fig: Any) -> None:
    panels = fig.subplots(1, 2, sharey=True)
    for axes, shares, title in zip(panels, (P, Q), ("what the model says", "with the mask"), strict=True):
        colours = [BLUE if Q[token] else RED for token in shares]
        axes.bar(list(shares), list(shares.values()), color=colours, width=0.62)
        for place, (token, share) in enumerate(shares.items()):
            word = f"{share:.3g}" if share else "locked"
            axes.text(place, share + 0.03, word, size=9.5, ha="center", color=BLUE if Q[token] else RED)
        axes.set_title(title, size=10)
        axes.set(ylim=(0, 1), yticks=[])
        axes.spines["left"].set_visible(False)
        axes.tick_params(bottom=False, labelsize=11)


@figure("paired-interval", size=(4.6, 2.0))
def intervals(fig: Any) -> None:
    axes = fig.subplots()
    for y, (error, colour, word) in enumerate(
        ((paired, GREEN, "same cases, paired"), (alone, RED, "as if on other cases"))
    ):
        low, high = 6 - 196 * error, 6 + 196 * error
        axes.plot((low, high), (y, y), color=colour, linewidth=5, solid_capstyle="butt")
        axes.scatter(6, y, s=40, color=INK, zorder=3)
        axes.text(6, y - 0.26, word, size=9.5, color=colour, ha="center", va="center")
        for end in (low, high):
            axes.text(end, y + 0.28, f"{end:.1f}".replace("-", "−"), size=9.5, ha="center", va="center", color=colour)
    axes.axvline(0, color=MUTED, linewidth=1.2, linestyle="--")
    axes.set(xlim=(-2.6, 14.6), ylim=(1.6, -0.6), yticks=[], xticks=(0, 5, 10))
    axes.set_xlabel("B better than A, in percentage points: 95% interval of +6")
    axes.spines["left"].set_visible(False)


def wilson(right: int, of: int) -> tuple[float, float]:
    """Return the 95% interval of a share, by Wilson."""
    share, z2 = right / of, 1.96**2
    middle, half = share + z2 / (2 * of), 1.96 * math.sqrt(share * (1 - share) / of + z2 / (4 * of**2))
    return (middle - half) / (1 + z2 / of), (middle + half) / (1 + z2 / of)


@figure("stratified-sample", size=(4.6, 2.5))
def stratified(fig: Any) -> None:
    axes = fig.subplots()
    for y, kind in enumerate(kinds):
        share = right[kind] / drawn[kind]
        axes.barh(y, 1, color=PALE_BLUE, height=0.62)
        axes.barh(y, share, color=BLUE if share > 0.8 else RED, height=0.62)
        axes.plot(wilson(right[kind], drawn[kind]), [y + 0.4] * 2, color=INK, linewidth=1.2)
        word = f"{right[kind]} of {drawn[kind]} right: {share:.0%}"
        inside = share > 0.8
        axes.text(0.03 if inside else share + 0.03, y, word, size=9.5, va="center", color=PALE_BLUE if inside else INK)
        axes.text(1.03, y, f"{kinds[kind] / 4_000:.0%}", size=9.5, va="center")
    axes.text(1.03, -0.75, "of requests", size=9, va="center", color=MUTED)
    axes.text(0, -0.75, "black: 95% interval, red: under 80% right", size=9, va="center", color=INK)
    axes.set(yticks=range(4), xticks=[], xlim=(0, 1.28), ylim=(3.5, -1.05))
    axes.set_yticklabels([kind.replace(" ", "\n") for kind in kinds])
    axes.tick_params(left=False)
    axes.spines[["left", "bottom"]].set_visible(False)


@figure("soft-targets", size=(4.6, 2.3))
def soft(fig: Any) -> None:
    labels = ("cat", "lynx", "lorry")
    columns = ((None, "label"), (1.0, "teacher, T = 1"), (2.0, "teacher, T = 2"))
    for axes, (temperature, title) in zip(fig.subplots(1, 3, sharey=True), columns, strict=True):
        shares = [1.0, 0.0, 0.0] if temperature is None else softmax(TEACHER, temperature)
        axes.bar(labels, shares, color=(BLUE, VIOLET, MUTED), width=0.66)
        for place, share in enumerate(shares):
            axes.text(place, share + 0.03, f"{share:.3f}" if temperature else f"{share:.0f}", size=9.5, ha="center")
        axes.set_title(title, size=10)
        axes.set(ylim=(0, 1.13), yticks=[])
        axes.spines["left"].set_visible(False)
        axes.tick_params(bottom=False)


@figure("model-collapse", size=(4.6, 2.4))
def collapse(fig: Any) -> None:
    axes = fig.subplots()
    for fresh, colour, word, at in (
        (0.0, RED, "only the last model's output", (14, 0.68)),
        (0.5, GREEN, "half real data each time", (49, 1.07)),
    ):
        axes.plot(spreads(20, 50, fresh), color=colour)
        axes.text(*at, word, size=9.5, color=colour, ha="right" if fresh else "left", va="center")
    axes.set(xlabel="generation of models", ylabel="variety (variance)", ylim=(0, 1.2), xlim=(0, 51))
    axes.set_yticks((0, 0.5, 1))
