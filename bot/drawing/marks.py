"""The marks of a trail: each is told from the others by its form, not by its colour alone. Pure."""

from __future__ import annotations

from math import cos, pi, sin
from typing import Literal

from bot.drawing.shapes import Disc, Polyline, Shape

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
