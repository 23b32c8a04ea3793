"""Figures of the note on attention."""

from __future__ import annotations

from typing import Any

from drawing import BLUE, INK, MUTED, ORANGE, PALE_ORANGE, arrow, blank, box, figure

WORDS = ("the", "trophy", "did", "not", "fit", "…", "it", "was", "too", "big")
WEIGHTS = (0.02, 0.62, 0.02, 0.03, 0.10, 0.05, 0.10, 0.02, 0.02, 0.02)


@figure("attention-trophy", size=(4.6, 2.7))
def trophy(fig: Any) -> None:
    axes = blank(fig, 10, 6)
    for place, (word, weight) in enumerate(zip(WORDS, WEIGHTS, strict=True)):
        x = place + 0.5
        axes.text(x, 1.2, word, ha="center", size=9, color=BLUE if word == "it" else INK)
        if word != "it":
            arrow(axes, (6.5, 1.7), (x, 1.7), bend=0.45 if x < 6.5 else -0.45, color=ORANGE, width=0.5 + 6 * weight)
    box(axes, (0.3, 4.9), (3.4, 0.9), "query of “it”\nmeets every key", fill=PALE_ORANGE, edge=ORANGE, size=8)
    axes.text(5, 0.3, "thicker: a larger attention weight", ha="center", size=8, color=MUTED)
