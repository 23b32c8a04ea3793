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
from matplotlib.patches import Rectangle
from worked.at_evaluation import ALWAYS_OR_NEVER, NOW_AND_THEN, pass_all


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


@figure("at-mcp-first-call", size=(4.6, 4.3))
def first_call(fig: Any) -> None:
    axes = blank(fig, 9.2, 8.6)
    axes.set(ylim=(0.6, 9.2))
    places = {"client": 1.2, "MCP server": 4.9, "authorisation\nserver": 8.1}
    for (name, x), (fill, edge) in zip(
        places.items(), ((PALE_BLUE, BLUE), (PALE_VIOLET, VIOLET), (PALE_ORANGE, ORANGE)), strict=True
    ):
        axes.plot((x, x), (0.9, 8.1), color=edge, linewidth=1.4, linestyle=":")
        box(axes, (x - 1.05, 8.1), (2.1, 0.95), name, fill=fill, edge=edge, size=9.5)
    client, server, issuer = places.values()
    steps = (
        (7.45, client, server, "call without a token", INK),
        (6.6, server, client, "401, address of the metadata", RED),
        (5.75, client, server, "read the metadata", INK),
        (4.9, server, client, "name of the issuer", MUTED),
        (4.05, client, issuer, "the user consents, PKCE", INK),
        (3.2, issuer, client, "token for this MCP server", GREEN),
        (2.35, client, server, "call with the token", INK),
        (1.5, server, client, "result", GREEN),
    )
    for y, start, end, text, colour in steps:
        arrow(axes, (start, y), (end, y), color=colour, width=1.6)
        middle = (client + server) / 2
        axes.text(
            middle, y + 0.14, text, size=9, color=colour, ha="center", va="bottom", bbox={"color": "none", "pad": 0}
        )


@figure("at-memory-two-times", size=(4.6, 3.7))
def two_times(fig: Any) -> None:
    axes = blank(fig, 9.2, 7.4)
    axes.set(ylim=(0.5, 7.9))
    left, start, learned, right = 2.3, 4.3, 5.9, 8.9
    for y, name in ((6.0, "what is true"), (4.3, "what the\nmemory knows")):
        axes.text(2.1, y + 0.45, name, size=9.5, color=MUTED, ha="right", va="center")
    for y, change in ((6.0, start), (4.3, learned)):
        box(axes, (left, y), (change - left - 0.06, 0.9), "", fill=PALE_ORANGE, edge=ORANGE)
        box(axes, (change + 0.06, y), (right - change - 0.06, 0.9), "", fill=PALE_BLUE, edge=BLUE)
        for x, city in ((3.3, "Oslo"), (7.4, "Bergen")):
            axes.text(x, y + 0.45, city, size=10, ha="center", va="center")
    for x, word in ((start, "1 March\nshe moves"), (learned, "10 March\nshe says so")):
        axes.plot((x, x), (3.75, 7.0), color=INK, linewidth=1.2, linestyle=":")
        axes.text(x, 7.35, word, size=9, ha="center", va="center")
    questions = (
        (2.85, "Where did she live in February?", "Oslo", ORANGE),
        (1.95, "Where does she live in April?", "Bergen", BLUE),
        (1.05, "What did you know on 5 March?", "Oslo", ORANGE),
    )
    for y, asked, answer, colour in questions:
        axes.text(0.4, y, asked, size=9.5, va="center")
        arrow(axes, (6.3, y), (7.1, y), color=MUTED)
        axes.text(7.3, y, answer, size=10, color=colour, va="center", weight=600)


@figure("at-evaluation-same-rate", size=(4.6, 3.3))
def same_rate(fig: Any) -> None:
    axes = blank(fig, 9.2, 6.6)
    axes.set_aspect("equal")
    spread = [[(trial + task * 3) % 8 % 2 for trial in range(8)] for task in range(8)]
    for left, name, successes in ((0.9, "agent A", ALWAYS_OR_NEVER), (5.3, "agent B", NOW_AND_THEN)):
        axes.text(left + 1.6, 5.95, f"{name}: rate 50%", size=10, ha="center", va="center", weight=600)
        for task, count in enumerate(successes):
            for trial in range(8):
                won = count == 8 or (count == 4 and spread[task][trial] == 1)
                fill, edge = (GREEN, GREEN) if won else (PALE_RED, RED)
                place = (left + trial * 0.4, 5.2 - task * 0.4)
                axes.add_patch(Rectangle(place, 0.32, 0.32, facecolor=fill, edgecolor=edge, linewidth=0.8))
        axes.text(left + 1.6, 1.9, "eight trials of each task", size=9, color=MUTED, ha="center", va="center")
        reliability = pass_all(successes, 8, 4)
        word = f"pass^4 = {reliability:.2g}"
        axes.text(left + 1.6, 1.25, word, size=11, color=GREEN if reliability > 0.1 else RED, ha="center", va="center")
    axes.text(0.55, 3.8, "eight tasks", size=9, color=MUTED, rotation=90, ha="center", va="center")
    axes.text(4.6, 0.45, "filled: success, empty: failure", size=9, color=MUTED, ha="center", va="center")
