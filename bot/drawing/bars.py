"""Bars of a card: one for each day or unit, the highest told apart. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.drawing import text
from bot.drawing.card import LEFT, RIGHT, SMALL, Card
from bot.drawing.shapes import Look, Plate

TALL, NARROW, LEAST = 64.0, 30.0, 7
"""How high the highest bar is, how narrow the room of one may be whose name stands in its middle, and for how many bars
there is room at least."""


def pitch(count: int) -> float:
    """Return the room from one bar to the next."""
    return (RIGHT - LEFT) / max(LEAST, count)


def bars(card: Card, counts: Sequence[int], names: Sequence[str], *, of: int = 0) -> None:
    """Add bars with their counts above and their names below.

    Args:
        names: what each stands for; "" where nothing is said.
        of: what a full bar would be; without it the highest is as high as there is room.
    """
    most, room = max(counts), pitch(len(counts))
    wide, scale = min(room * 0.62, 34.0), of or most
    is_told = text.width(str(most), SMALL) + 4 <= room
    card.y += 28 + TALL + 6
    for n, (count, name) in enumerate(zip(counts, names, strict=True)):
        middle = LEFT + room * (n + 0.5)
        tall = max(4.0, TALL * min(1.0, count / scale)) if count else 3.0
        if of:
            card.shapes.append(Plate(middle - wide / 2, card.y - TALL, wide, TALL, "sunk", min(4.0, wide / 2)))
        look: Look = "accent" if count == most and count else "mild" if count else "sunk"
        card.shapes.append(Plate(middle - wide / 2, card.y - tall, wide, tall, look, min(4.0, tall / 2)))
        if count and (is_told or n == counts.index(most)):
            _label_bar(card, middle, str(count), -(TALL if of else tall) - 6)
        if room >= NARROW:
            card.label(middle, name, SMALL - 1, down=18, look="soft", anchor="middle")
        elif name:
            card.label(middle - wide / 2, name, SMALL - 1, down=18, look="soft")
    card.y += 22


def _label_bar(card: Card, middle: float, number: str, down: float) -> None:
    """Put a number above a bar, within the card."""
    half = text.width(number, SMALL, 600) / 2
    middle = min(max(middle, LEFT - 8 + half), RIGHT + 8 - half)
    card.label(middle, number, SMALL, down=down, weight=600, anchor="middle")
