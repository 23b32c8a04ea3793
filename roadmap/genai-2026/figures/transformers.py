"""Figures of the notes on attention, masks, positions and the Transformer block."""

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
from matplotlib.patches import Arc, Circle, Rectangle
from worked.tf_attention import it_and_trophy, one_query
from worked.tf_encoder_decoder import block_weights
from worked.tf_kv_cache import cache_bytes
from worked.tf_multi_head import masks
from worked.tf_positions import turned

KEYS = ("(1, 0, 1, 0)", "(0, 1, 1, 0)", "(0, 1, 0, 1)")
VALUES = ("(10, 0)", "(0, 10)", "(5, 5)")
QUERY = "(2, 0, 2, 0)"


@figure("attention-trophy", size=(4.6, 4.35))
def trophy(fig: Any) -> None:
    words, dots, scores, weights, mixed = it_and_trophy()
    axes = blank(fig, 10, 9.45)
    sentence = "“The trophy did not fit in the case because it was too big”"
    axes.text(5, 9.2, sentence, ha="center", va="center", size=9, color=MUTED)
    box(axes, (0.1, 6.2), (2.3, 0.9), f"query\n{QUERY}", size=8)
    axes.text(1.25, 7.35, "it", ha="center", size=11, weight=600, color=BLUE)
    for row, label in (
        (5.55, "query · key"),
        (4.95, "÷ √4"),
        (4.05, "softmax:\nweight"),
        (2.75, "value"),
        (0.75, "“it” now\nholds"),
    ):
        axes.text(0.1, row, label, va="center", size=9, color=MUTED)
    for place in range(3):
        x, weight = 3.75 + 2.45 * place, weights[place]
        axes.text(x, 7.35, words[place], ha="center", size=10, weight=600)
        arrow(axes, (1.5, 7.75), (x, 7.75), bend=-0.24 + 0.04 * place, color=ORANGE, width=0.6 + 6 * weight)
        box(axes, (x - 1.1, 6.2), (2.2, 0.9), f"key\n{KEYS[place]}", fill=PALE_ORANGE, edge=ORANGE, size=8)
        axes.text(x, 5.55, f"{dots[place]:.0f}", ha="center", va="center")
        axes.text(x, 4.95, f"{scores[place]:.0f}", ha="center", va="center")
        axes.add_patch(Rectangle((x - 1.1, 3.85), 2.2, 0.4, color=PALE_ORANGE))
        axes.add_patch(Rectangle((x - 1.1, 3.85), 2.2 * weight, 0.4, color=ORANGE))
        axes.text(x, 3.45, f"{weight:.3f}", ha="center", va="center", weight=600, color=ORANGE)
        box(axes, (x - 1.1, 2.4), (2.2, 0.7), VALUES[place], fill=PALE_GREEN, edge=GREEN, size=9)
        arrow(axes, (x, 2.4), (6.2 + 0.8 * (place - 1), 1.2), color=GREEN, width=0.6 + 6 * weight)
    box(axes, (4.7, 0.35), (3.0, 0.8), f"({mixed[0]:.2f}, {mixed[1]:.2f})", fill=PALE_GREEN, edge=GREEN, weight=600)


@figure("attention-scaling", size=(4.6, 2.6))
def scaling(fig: Any) -> None:
    unscaled, scaled = one_query()
    left, right = fig.subplots(1, 2, sharey=True)
    for axes, weights, colour, title in (
        (left, unscaled, RED, "not divided"),
        (right, scaled, ORANGE, "divided by √512"),
    ):
        axes.bar(range(1, 17), weights, color=colour)
        axes.set_title(title, size=9)
        axes.set(ylim=(0, 1.08), yticks=(0, 0.5, 1), xticks=(1, 8, 16), xlabel="key")
        top = int(np.argmax(weights))
        axes.annotate(f"{weights[top]:.2f}", (top + 1, weights[top]), ha="center", va="bottom", size=9)
    left.set_ylabel("weight of one query")


@figure("transformer-block", size=(4.6, 5.2))
def block(fig: Any) -> None:
    attention, feed_forward = block_weights(768, 4 * 768, 768)
    axes = blank(fig, 10, 11.3)
    x, side = 3.0, 7.1
    axes.text(x, 10.9, "tokens in: (batch, n, d)", ha="center", va="center", color=BLUE)
    arrow(axes, (x, 10.6), (x, 9.75))
    for top, name, fill, edge, what, weights, share in (
        (9.75, "attention", PALE_ORANGE, ORANGE, "tokens exchange\ninformation", attention, "4 d²"),
        (5.35, "feed-forward", PALE_VIOLET, VIOLET, "each token\nby itself", feed_forward, "8 d²"),
    ):
        box(axes, (x - 1.6, top - 0.75), (3.2, 0.75), "layer norm", fill=PALE_BLUE, edge=MUTED, size=9)
        arrow(axes, (x, top - 0.75), (x, top - 1.15))
        box(axes, (x - 1.6, top - 2.35), (3.2, 1.2), name, fill=fill, edge=edge, weight=600)
        axes.text(side, top - 1.35, what, ha="center", va="center", size=9)
        axes.text(side, top - 2.25, f"{share} = {weights / 1e6:.1f} M weights", ha="center", size=9, color=edge)
        arrow(axes, (x, top - 2.35), (x, top - 2.8))
        axes.add_patch(Circle((x, top - 3.05), 0.25, facecolor="none", edgecolor=INK, linewidth=1.2))
        axes.text(x, top - 3.07, "+", ha="center", va="center", size=12)
        axes.plot([x, 0.6, 0.6], [top + 0.4, top + 0.4, top - 3.05], color=GREEN)
        arrow(axes, (0.6, top - 3.05), (x - 0.25, top - 3.05), color=GREEN, width=2)
    axes.text(0.35, 7.9, "residual path", rotation=90, ha="center", va="center", size=9, color=GREEN)
    axes.text(0.35, 3.5, "residual path", rotation=90, ha="center", va="center", size=9, color=GREEN)
    arrow(axes, (x, 6.45), (x, 5.35))
    arrow(axes, (x, 2.05), (x, 1.1))
    axes.text(side, 4.85, "(batch, n, 4d) inside", ha="center", va="center", size=9, color=VIOLET)
    axes.text(x, 0.75, "tokens out: (batch, n, d)", ha="center", va="center", color=BLUE)
    axes.text(x, 0.25, "to the next block", ha="center", va="center", size=8, color=MUTED)
    axes.text(side, 0.5, "d = 768 (GPT-2)", ha="center", va="center", size=9, color=MUTED)


@figure("attention-masks", size=(4.6, 3.5))
def mask(fig: Any) -> None:
    causal, padding, seen = masks()
    axes = blank(fig, 16, 12.2)
    for place, title in enumerate(("causal", "padding", "both")):
        axes.text(4.6 + 4.55 * place, 11.6, title, ha="center", va="center", weight=600)
    for row, text in enumerate(("6 tokens", "4 tokens\n+ 2 filler")):
        y = 7.5 - 5.5 * row
        axes.text(0.2, y + 1.8, text, va="center", size=9)
        for place, one in enumerate((causal, np.broadcast_to(padding[row], (6, 6)), seen[row])):
            grid(axes, (2.9 + 4.55 * place, y), one)
        axes.text(6.88, y + 1.7, "and", ha="center", va="center", size=8)
        axes.text(11.43, y + 1.7, "=", ha="center", va="center", size=12)
        axes.text(13.7, y - 0.55, f"{seen[row].sum()} of 36 visible", ha="center", va="center", size=9, color=ORANGE)
    axes.text(2.9, 0.5, "row: the token that looks; column: the token looked at", va="center", size=8, color=MUTED)


def grid(axes: Any, at: tuple[float, float], seen: Any, cell: float = 0.57) -> None:
    """Draw a mask with its first row on top; what may be seen is filled."""
    for row, column in np.ndindex(seen.shape):
        fill = ORANGE if seen[row, column] else "none"
        corner = (at[0] + column * cell, at[1] + (len(seen) - 1 - row) * cell)
        axes.add_patch(Rectangle(corner, cell, cell, facecolor=fill, edgecolor=LINE, linewidth=0.8))


@figure("kv-cache", size=(4.6, 3.5))
def cache(fig: Any) -> None:
    axes = blank(fig, 16, 12.2)
    prompt, new, cell, left, top = 4, 3, 1.2, 3.8, 10.4
    for row, column in np.ndindex(prompt + new, prompt + new):
        if column > row:
            continue
        fresh = row < prompt or column == row
        corner, fill = (left + column * cell, top - (row + 1) * cell), PALE_ORANGE if fresh else PALE_GREEN
        axes.add_patch(Rectangle(corner, cell, cell, facecolor=fill, edgecolor=ORANGE if fresh else GREEN))
    axes.text(left + 3.5 * cell, 11.1, "keys and values of tokens 1 to 7", ha="center", size=9)
    axes.text(0.2, top - 2 * cell, "prefill:\nprompt of 4,\nall at once", va="center", size=9, color=ORANGE)
    for step in range(new):
        y = top - (prompt + step + 0.5) * cell
        axes.text(0.2, y, f"decode {step + 1}", va="center", size=9, color=GREEN)
        axes.text(left + (prompt + step + 1.3) * cell, y, f"{prompt + step} read, 1 new", va="center", size=9)
    axes.text(left + 4.3 * cell, top - 2.5 * cell, "4 new", va="center", size=9)
    box(axes, (left, 0.5), (0.7, 0.7), "", fill=PALE_ORANGE, edge=ORANGE)
    axes.text(left + 1, 0.85, "computed", va="center", size=9)
    box(axes, (left + 4.6, 0.5), (0.7, 0.7), "", fill=PALE_GREEN, edge=GREEN)
    axes.text(left + 5.6, 0.85, "taken from the cache", va="center", size=9)


@figure("rope-turn", size=(4.6, 3.0))
def rope(fig: Any) -> None:
    axes = blank(fig, 10, 6.5)
    for x, query_at, key_at in ((2.2, 3, 1), (8.2, 53, 51)):
        query, key, score = turned(query_at, key_at)
        y, scale = 2.1, 1.5
        axes.plot([x - 1.7, x + 1.7], [y, y], color=LINE, linewidth=1, zorder=0)
        axes.plot([x, x], [y - 0.3, y + 3.3], color=LINE, linewidth=1, zorder=0)
        for name, at, arm, colour, line in (("query", query_at, query, BLUE, 1.55), ("key", key_at, key, ORANGE, 1.1)):
            arrow(axes, (x, y), (x + scale * arm[0], y + scale * arm[1]), color=colour, width=2.2)
            axes.text(x, line, f"{name} turned {30 * at:,}°", ha="center", va="center", size=9, color=colour)
        tip = (x + scale * query[0] - 0.12, y + scale * query[1] - 0.35)
        axes.text(
            *tip if x < 5 else (tip[0], tip[1] + 0.45), "query", ha="right" if x < 5 else "left", size=9, color=BLUE
        )
        axes.text(x + scale * key[0] + 0.1, y + scale * key[1] + 0.1, "key", size=9, color=ORANGE)
        low, high = sorted(float(np.degrees(np.arctan2(arm[1], arm[0]))) for arm in (query, key))
        axes.add_patch(Arc((x, y), 2.4, 2.4, theta1=low, theta2=high, color=INK, linewidth=1.5))
        beside = np.radians(low - 22)
        axes.text(
            x + 1.25 * np.cos(beside), y + 1.25 * np.sin(beside), f"{high - low:.0f}°", ha="center", va="center", size=9
        )
        axes.text(x, 6.1, f"positions {query_at} and {key_at}", ha="center", va="center", weight=600)
        axes.text(x, 0.4, f"score {score:.3f}", ha="center", va="center", size=11)
    axes.text(5.2, 0.75, "both + 50", ha="center", va="center", size=9, color=MUTED)
    arrow(axes, (4.2, 0.4), (6.2, 0.4))


@figure("model-shapes", size=(4.6, 2.9))
def shapes(fig: Any) -> None:
    axes = blank(fig, 16, 10.1)
    both = np.tril(np.ones((6, 6), dtype=int))
    both[:3, :3] = 1
    both[3:, :3] = 2
    kinds = (
        ("encoder-only", "both sides;\nlabels, search", np.ones((6, 6), dtype=int)),
        ("decoder-only", "itself and left;\nchat, writing", np.tril(np.ones((6, 6), dtype=int))),
        ("encoder-decoder", "source, then target;\ntranslation", both),
    )
    for place, (name, use, seen) in enumerate(kinds):
        x = 0.6 + 5.2 * place
        axes.text(x + 2.1, 9.4, name, ha="center", va="center", size=9, weight=600)
        for row, column in np.ndindex(seen.shape):
            fill = ("none", ORANGE, GREEN)[seen[row, column]]
            corner = (x + 0.7 * column, 7.9 - 0.7 * row)
            axes.add_patch(Rectangle(corner, 0.7, 0.7, facecolor=fill, edgecolor=LINE, linewidth=0.8))
        axes.text(x + 2.1, 3.1, use, ha="center", va="center", size=8)
    axes.text(13.1, 1.6, "green: cross-attention", ha="center", va="center", size=8, color=GREEN)
    axes.text(0.6, 1.6, "right grid: tokens 1 to 3 are the source", va="center", size=8, color=MUTED)
    axes.text(0.6, 0.5, "row: the token that looks; filled: the tokens it sees", va="center", size=8, color=MUTED)


@figure("shared-heads", size=(4.6, 3.8))
def sharing(fig: Any) -> None:
    axes = blank(fig, 16, 13.2)
    for row, (name, groups, of_32) in enumerate(
        (("multi-head", 8, 32), ("grouped-query", 2, 8), ("multi-query", 1, 1))
    ):
        y = 10.2 - 3.9 * row
        axes.text(0.2, y + 2.15, f"{name}: {cache_bytes(1, of_32, 128, 1):,} bytes", va="center", weight=600)
        each = 8 // groups
        for head in range(8):
            x = 3.3 + 1.5 * head
            group = 3.3 + 1.5 * (head // each * each + (each - 1) / 2)
            axes.plot([x, group], [y + 1.1, y - 0.2], color=MUTED, linewidth=1, zorder=0)
            axes.add_patch(Circle((x, y + 1.1), 0.38, facecolor=PALE_BLUE, edgecolor=BLUE, linewidth=1.2))
        for group in range(groups):
            x = 3.3 + 1.5 * (group * each + (each - 1) / 2)
            box(axes, (x - 0.45, y - 0.65), (0.9, 0.8), "", fill=PALE_ORANGE, edge=ORANGE)
        axes.text(0.2, y + 1.1, "queries", va="center", size=9, color=BLUE)
        axes.text(0.2, y - 0.25, "keys and\nvalues", va="center", size=9, color=ORANGE)
    axes.text(0.2, 0.5, "cache per token and layer with 32 query heads, of which 8 are drawn", va="center", size=8)
