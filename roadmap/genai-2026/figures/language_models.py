"""Figures of the notes on decoding, tokenisation and pre-training."""

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
    PALE_GREEN,
    PALE_ORANGE,
    PALE_VIOLET,
    PAPER,
    RED,
    VIOLET,
    arrow,
    blank,
    box,
    figure,
)
from worked.tf_decoding import LOGITS, WORDS, kept, softmax, tokens_per_pass
from worked.tf_pre_training import active, chinchilla, optimal, total
from worked.tf_tokenisation import merges

FILTERS: dict[str, dict[str, float]] = {
    "top-k 2": {"top_k": 2},
    "top-p 0.9": {"top_p": 0.9},
    "min-p 0.3": {"min_p": 0.3},
}


@figure("decoding-temperature", size=(4.6, 3.9))
def temperature(fig: Any) -> None:
    rows = fig.subplots(2, 3, sharex=True, sharey="row", height_ratios=(3, 1))
    for (bars, dots), heat in zip(rows.T, (0.5, 1.0, 2.0), strict=True):
        chances = softmax(LOGITS, heat)
        bars.bar(range(4), chances, color=BLUE)
        for place, chance in enumerate(chances):
            tiny = chance < 0.01
            label = f"{chance:.3f}" if tiny else f"{chance:.2f}"
            bars.text(place + 0.25 * tiny, chance + 0.02, label, ha="center", size=8)
        bars.set_title(f"T = {heat:g}")
        bars.set(ylim=(0, 1), yticks=(0, 0.5, 1))
        bars.tick_params(bottom=False)
        for level, settings in enumerate(FILTERS.values()):
            stays = kept(temperature=heat, **settings) > 0
            dots.scatter(
                range(4),
                [2 - level] * 4,
                s=38,
                color=[ORANGE if s else PAPER for s in stays],
                edgecolors=[ORANGE if s else LINE for s in stays],
            )
        dots.set(ylim=(-0.6, 2.6), yticks=(2, 1, 0), yticklabels=list(FILTERS), xlim=(-0.7, 3.8))
        dots.set_xticks(range(4), WORDS, rotation=90, size=9)
        dots.tick_params(length=0)
        for spine in dots.spines.values():
            spine.set_visible(False)
    rows[0, 0].set_ylabel("probability")
    fig.supxlabel("filled: the token is kept", size=9, color=ORANGE)


@figure("mixture-of-experts", size=(4.6, 3.6))
def experts(fig: Any) -> None:
    axes = blank(fig, 10, 7.8)
    picks = {"cat": (2, 5), "sat": (3, 7)}
    for x, (word, chosen) in zip((3.2, 6.8), picks.items(), strict=True):
        box(axes, (x - 0.8, 6.9), (1.6, 0.7), f"“{word}”")
        arrow(axes, (x, 6.9), (x, 6.35))
        for number in chosen:
            arrow(axes, (x, 5.6), (0.6 + 1.25 * (number - 1), 4.25), color=VIOLET, width=2)
    box(axes, (1.6, 5.6), (6.8, 0.75), "router: 2 of 8 experts for each token", fill=PALE_ORANGE, edge=ORANGE)
    busy = {number for chosen in picks.values() for number in chosen}
    for number in range(1, 9):
        used = number in busy
        corner = (0.1 + 1.25 * (number - 1), 3.25)
        fill, edge = (PALE_VIOLET, VIOLET) if used else ("none", LINE)
        box(axes, corner, (1.05, 1), str(number), fill=fill, edge=edge, color=INK if used else MUTED)
    axes.text(5, 2.75, "experts: feed-forward layers side by side", ha="center", va="center", size=9, color=MUTED)
    for y, label, size, colour in ((1.5, "kept in memory", total, INK), (0.55, "computed per token", active, VIOLET)):
        axes.text(0.1, y, label, va="center", size=9)
        axes.barh(y, 4.0 * size / total, left=4.0, height=0.55, color=colour)
        axes.text(4.1 + 4.0 * size / total, y, f"{size / 1e9:.1f} billion", va="center", size=9)


@figure("scaling-laws", size=(4.6, 3.2))
def budgets(fig: Any) -> None:
    axes = fig.subplots()
    for power, colour in ((20, ORANGE), (21, VIOLET), (22, BLUE)):
        flop = 10.0**power
        sizes = np.logspace(7.6, 11.2, 300)
        losses = chinchilla(sizes, flop / (6 * sizes))
        axes.plot(sizes, losses, color=colour)
        parameters, tokens = optimal(flop)
        loss = chinchilla(parameters, tokens)
        axes.plot(parameters, loss, "o", color=colour)
        axes.annotate(
            f"{parameters / 1e9:.1f} billion",
            (parameters, loss),
            (0, -14),
            textcoords="offset points",
            ha="center",
            size=9,
        )
        place = {20: 1.3e10, 21: 7e10, 22: 1.4e11}[power]
        label = f"$10^{{{power}}}$ FLOP"
        axes.text(place, chinchilla(place, flop / (6 * place)) + 0.1, label, ha="right", va="bottom", color=colour)
    axes.set(xscale="log", ylim=(2.0, 3.3), xlabel="parameters of the model", ylabel="predicted loss")
    axes.text(4e7, 2.03, "dots: 20 tokens\nper parameter", size=9, color=MUTED)


@figure("bpe-merges", size=(4.6, 3.4))
def tree(fig: Any) -> None:
    pieces, counts, left = merges()
    axes = blank(fig, 10, 7.4)
    axes.text(8.8, 6.9, "symbols left", ha="center", va="center", size=9, color=MUTED)
    axes.text(6.8, 6.9, "times found", ha="center", va="center", size=9, color=VIOLET)
    letters = {"r": 0.7, "e": 2.2, "a": 3.7, "l": 5.2}
    for letter, x in letters.items():
        box(axes, (x - 0.45, 0.3), (0.9, 0.8), letter)
    axes.text(8.8, 0.7, str(left[0]), ha="center", va="center", size=12)
    ends = {letter: (x, 1.1) for letter, x in letters.items()}
    for step, (piece, parts) in enumerate(zip(pieces, (("e", "a"), ("ea", "l"), ("r", "eal")), strict=True)):
        y = 2.1 + 1.75 * step
        x = (ends[parts[0]][0] + ends[parts[1]][0]) / 2
        for part in parts:
            axes.plot([ends[part][0], x], [ends[part][1], y], color=MUTED, linewidth=1.4)
        width = 0.5 + 0.4 * len(piece)
        box(axes, (x - width / 2, y), (width, 0.8), piece, fill=PALE_VIOLET, edge=VIOLET, weight=600)
        axes.text(6.8, y + 0.4, str(counts[step]), ha="center", va="center", size=12, color=VIOLET)
        axes.text(8.8, y + 0.4, str(left[step + 1]), ha="center", va="center", size=12)
        arrow(axes, (8.8, y - 0.95), (8.8, y + 0.05))
        ends[piece] = (x, y + 0.8)


@figure("speculative-decoding", size=(4.6, 2.7))
def speculative(fig: Any) -> None:
    axes = blank(fig, 10, 5.9)
    words = ("sat", "on", "the", "roof")
    axes.text(0.1, 4.8, "small model drafts\n4 tokens, one by one", va="center", size=9, color=BLUE)
    axes.text(0.1, 2.6, "large model checks\nall in one pass", va="center", size=9, color=VIOLET)
    for place, word in enumerate(words):
        x = 4.1 + 1.45 * place
        right = place < 3
        box(axes, (x, 4.4), (1.25, 0.8), word)
        arrow(axes, (x + 0.62, 4.4), (x + 0.62, 3.05), color=GREEN if right else RED)
        axes.text(x + 0.8, 3.75, "yes" if right else "no", va="center", size=9, color=GREEN if right else RED)
        fill, edge = (PALE_GREEN, GREEN) if right else (PALE_VIOLET, VIOLET)
        box(axes, (x, 2.2), (1.25, 0.8), word if right else "mat", fill=fill, edge=edge)
    axes.text(9.07, 1.75, "its own choice", ha="center", va="center", size=8, color=VIOLET)
    average = f"{tokens_per_pass(0.8, 4):.2f} on average"
    axes.text(0.1, 0.95, f"4 tokens in one pass here; {average}", va="center", size=9)
    axes.text(0.1, 0.4, "if each is accepted with probability 0.8", va="center", size=9)
