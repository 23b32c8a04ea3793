"""A card: what all of them have in common, from the head down. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.drawing import text
from bot.drawing.marks import Mark, mark
from bot.drawing.shapes import Anchor, Artwork, Label, Look, Plate, Polyline, Shape, Weight

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

    def artwork(self) -> Artwork:
        """Return the finished card on its ground."""
        height = self.y + PADDING - 6
        ground = Plate(0.5, 0.5, WIDTH - 1, height - 1, "paper", 16, "line")
        return Artwork(WIDTH, height, (ground, *self.shapes), self._name)
