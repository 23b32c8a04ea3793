"""Figures of the notes on how an agent is built and measured."""

from __future__ import annotations

from typing import Any

from drawing import (
    BLUE,
    GREEN,
    INK,
    MUTED,
    ORANGE,
    PALE_BLUE,
    PALE_GREEN,
    PALE_ORANGE,
    PALE_RED,
    PALE_VIOLET,
    RED,
    VIOLET,
    arrow,
    blank,
    box,
    figure,
)


@figure("at-loop-messages", size=(4.6, 4.3))
def messages(fig: Any) -> None:
    axes = blank(fig, 9.2, 8.6)
    rows = (
        (7.5, "task", 'user: "Oslo or Rome, which is warmer?"', PALE_BLUE, BLUE),
        (6.2, "reply", "", PALE_VIOLET, VIOLET),
        (4.9, "results", "", PALE_ORANGE, ORANGE),
        (3.6, "reply", "", PALE_VIOLET, VIOLET),
        (2.3, "results", "", PALE_ORANGE, ORANGE),
        (1.0, "answer", '"Rome, by nine degrees."', PALE_GREEN, GREEN),
    )
    for y, kind, text, fill, edge in rows:
        axes.text(1.45, y + 0.45, kind, size=9.5, color=MUTED, ha="right", va="center")
        box(axes, (1.7, y), (7.2, 0.9), text, fill=fill, edge=edge, size=9.5)
    parts = (
        (1.95, 6.2, "call c1: Oslo", "none", VIOLET),
        (5.45, 6.2, "call c2: Rom", "none", VIOLET),
        (1.95, 4.9, "c1: 12 °C", PALE_GREEN, GREEN),
        (5.45, 4.9, "c2: no city Rom; Rome?", PALE_RED, RED),
        (5.45, 3.6, "call c3: Rome", "none", VIOLET),
        (5.45, 2.3, "c3: 21 °C", PALE_GREEN, GREEN),
    )
    for x, y, text, fill, edge in parts:
        box(axes, (x, y + 0.15), (3.2, 0.6), text, fill=fill, edge=edge, size=9)
    for x, start, end in ((3.55, 6.35, 5.65), (7.05, 6.35, 5.65), (7.05, 3.75, 3.05)):
        arrow(axes, (x, start), (x, end), color=INK, width=1.6)
    axes.text(1.95, 0.4, "Each call is answered once, by its id.", size=9.5, color=INK, va="center")
