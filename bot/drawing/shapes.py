"""What a drawing is made of: shapes at their places, in units of its frame. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Look = Literal["none", "paper", "sunk", "line", "soft", "ink", "pale", "mild", "strong", "accent"]
"""Colours by what they are for; `drawings.py` says which they are. From pale to accent they are four steps of one."""
Weight = Literal[400, 600]
Anchor = Literal["start", "middle", "end"]
ASCENT, DESCENT = 0.76, 0.22
"""How far letters reach above and below the line that they stand on, as parts of their size."""


@dataclass(frozen=True)
class Box:
    """A rectangle that something takes."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: Box) -> bool:
        """Whether both have some area in common."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across > 1e-6 and down > 1e-6

    def holds(self, other: Box) -> bool:
        """Whether the other one lies within it."""
        return (
            self.left <= other.left + 1e-6
            and self.top <= other.top + 1e-6
            and other.right <= self.right + 1e-6
            and other.bottom <= self.bottom + 1e-6
        )


@dataclass(frozen=True)
class Plate:
    """A rectangle, its corners rounded."""

    x: float
    y: float
    width: float
    height: float
    fill: Look
    radius: float = 0
    stroke: Look = "none"
    kind: Literal["plate"] = "plate"

    @property
    def box(self) -> Box:
        """What it takes."""
        return Box(self.x, self.y, self.x + self.width, self.y + self.height)


@dataclass(frozen=True)
class Disc:
    """A circle around a point."""

    x: float
    y: float
    radius: float
    fill: Look = "none"
    stroke: Look = "none"
    kind: Literal["disc"] = "disc"

    @property
    def box(self) -> Box:
        """What it takes."""
        return Box(self.x - self.radius, self.y - self.radius, self.x + self.radius, self.y + self.radius)


@dataclass(frozen=True)
class Polyline:
    """A line through points, or what it goes round where it is filled."""

    points: tuple[tuple[float, float], ...]
    stroke: Look = "none"
    width: float = 1.5
    fill: Look = "none"
    kind: Literal["line"] = "line"

    @property
    def box(self) -> Box:
        """What it takes."""
        xs, ys = [x for x, _ in self.points], [y for _, y in self.points]
        return Box(min(xs), min(ys), max(xs), max(ys))


@dataclass(frozen=True)
class Label:
    """Words on one line: `y` is the line that they stand on, `width` what they were measured to take."""

    x: float
    y: float
    text: str
    size: float
    width: float
    look: Look = "ink"
    weight: Weight = 400
    anchor: Anchor = "start"
    kind: Literal["label"] = "label"

    @property
    def box(self) -> Box:
        """What it takes."""
        left = self.x - {"start": 0.0, "middle": 0.5, "end": 1.0}[self.anchor] * self.width
        return Box(left, self.y - ASCENT * self.size, left + self.width, self.y + DESCENT * self.size)


Shape = Plate | Disc | Polyline | Label


@dataclass(frozen=True)
class Artwork:
    """A finished drawing: its shapes from the lowest up, and a name for whoever cannot see it."""

    width: float
    height: float
    shapes: Sequence[Shape]
    name: str
