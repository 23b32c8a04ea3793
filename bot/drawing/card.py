"""The parts that cards share: the head, the plate, marks and bars. Pure.

Each mark differs from the others by its form, not only by its colour.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import cos, pi, sin
from typing import Literal

from bot.drawing import text
from bot.drawing.shapes import Anchor, Artwork, Disc, Label, Look, Plate, Polyline, Shape, Weight

Mark = Literal["full", "half", "ring", "plus", "star", "dash", "cross", "next", "dot"]


def mark(kind: Mark, x: float, y: float, radius: float) -> list[Shape]:
    """Return a mark around a point."""
    inner = 0.45 * radius
    match kind:
        case "full":
            return [Disc(x, y, radius, "accent")]
        case "half":
            side = ((x + radius * 0.8 * cos(a), y + radius * 0.8 * sin(a)) for a in _angles(0.5 * pi, 1.5 * pi))
            return [_ring(x, y, radius), Polyline(tuple(side), fill="accent")]
        case "ring":
            return [_ring(x, y, radius)]
        case "plus":
            return [_ring(x, y, radius), *(_arm(x, y, 0.42 * radius, n * pi / 2) for n in range(2))]
        case "star":
            arms = [_arm(x, y, 0.55 * radius, n * pi / 3 + pi / 2) for n in range(3)]
            return [Disc(x, y, radius, "pale"), *arms]
        case "dash":
            return [Disc(x, y, radius, "sunk"), Polyline(((x - inner, y), (x + inner, y)), "soft", 2)]
        case "cross":
            falling, rising = (((x - inner, y - s * inner), (x + inner, y + s * inner)) for s in (1, -1))
            return [Disc(x, y, radius, "sunk"), Polyline(falling, "soft", 2), Polyline(rising, "soft", 2)]
        case "next":
            return [_ring(x, y, radius), Disc(x, y, 0.4 * radius, "accent")]
        case "dot":
            return [Disc(x, y, 0.36 * radius, "line")]


def _ring(x: float, y: float, radius: float) -> Disc:
    return Disc(x, y, radius - 1, "paper", "accent")


def _arm(x: float, y: float, reach: float, angle: float) -> Polyline:
    across, down = reach * cos(angle), reach * sin(angle)
    return Polyline(((x - across, y - down), (x + across, y + down)), "accent", 1.5)


def _angles(start: float, end: float, steps: int = 16) -> list[float]:
    return [start + (end - start) * n / steps for n in range(steps + 1)]


WIDTH, PADDING = 480.0, 28.0
"""As wide as a phone shows pictures, so that words are nowhere smaller than they are read."""
LEFT, RIGHT = PADDING, WIDTH - PADDING
SMALL, NORMAL, LARGE = 13.0, 15.0, 21.0
GAP = 14.0
"""What is free between words that stand side by side."""


class Card:
    """A card in the making: `y` is how far down it is filled.

    Args:
        name: what it is, for whoever cannot see it.
    """

    def __init__(self, name: str) -> None:
        self.shapes: list[Shape] = []
        self.y = PADDING
        self._name = text.bounded(name)

    def label(
        self,
        x: float,
        words: str,
        size: float,
        *,
        most: float = 0.0,
        down: float = 0.0,
        look: Look = "ink",
        weight: Weight = 400,
        anchor: Anchor = "start",
    ) -> float:
        """Draw words on the current line, cut to the width `most` if given, and return their width."""
        words = text.bounded(words)
        fitted = text.fit(words, most, size, weight) if most else words
        taken = text.width(fitted, size, weight)
        self.shapes.append(Label(x, self.y + down, fitted, size, taken, look, weight, anchor))
        return taken

    def head(self, title: str, below: str) -> None:
        """Say whose card it is, and of which group."""
        self.y += 16
        self.label(LEFT, title, LARGE, most=RIGHT - LEFT, weight=600)
        if below:
            self.y += 22
            self.label(LEFT, below, SMALL + 1, most=RIGHT - LEFT, look="soft")

    def section(self, title: str, fact: str = "") -> None:
        """Begin a section, with a fact at the right."""
        self.y += 42
        taken = self.label(LEFT, title, NORMAL, weight=600)
        if fact:
            self.label(RIGHT, fact, SMALL, most=RIGHT - LEFT - taken - GAP, look="soft", anchor="end")

    def path(self, points: Sequence[tuple[float, float]], look: Look) -> None:
        """Draw a line through points."""
        if len(points) > 1:
            self.shapes.append(Polyline(tuple(points), look, 3))

    def legend(self, items: Iterable[tuple[Mark, str]]) -> None:
        """Say what marks mean, in as many lines as it takes."""
        x, radius = LEFT, 6.0
        self.y += 28
        for sign, meaning in items:
            taken = 2 * radius + 6 + text.width(meaning, SMALL)
            if x > LEFT and x + taken > RIGHT:
                x, self.y = LEFT, self.y + 22
            self.shapes += mark(sign, x + radius, self.y - 4.5, radius)
            self.label(x + 2 * radius + 6, meaning, SMALL, look="soft")
            x += taken + GAP

    def foot(self, words: str) -> None:
        """End the card with a footnote."""
        self.y += 36
        taken = self.label(RIGHT, "Trailmate", SMALL - 1, look="soft", anchor="end")
        self.label(LEFT, words, SMALL - 1, most=RIGHT - LEFT - taken - GAP, look="soft")

    def artwork(self, size: tuple[float, float] | None = None) -> Artwork:
        """Return the finished card on its ground, as high as it is filled if it has no size of its own."""
        width, height = size or (WIDTH, self.y + PADDING - 6)
        ground = Plate(0.5, 0.5, width - 1, height - 1, "paper", 16, "line")
        return Artwork(width, height, (ground, *self.shapes), self._name)


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
    half = text.width(number, SMALL, 600) / 2
    middle = min(max(middle, LEFT - 8 + half), RIGHT + 8 - half)
    card.label(middle, number, SMALL, down=down, weight=600, anchor="middle")
