"""A quiet pattern for a subject: the same for the same id wherever it is drawn, and another for another. Pure."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from itertools import pairwise
from math import cos, pi, sin
from random import Random

from bot.drawing.shapes import Box, Disc, Look, Plate, Polyline, Shape

STEPS: tuple[Look, ...] = ("pale", "mild", "strong", "accent")
INSET = 14.0
_DEALT = "35"
"""With it the phases of each roadmap that is carried have different patterns; another deals them anew."""
Pattern = Callable[[Box, Random], list[Shape]]


def motif(subject: str, frame: Box, unit: int = 0) -> list[Shape]:
    """Return the pattern of an id, within a frame, on its ground; each unit's is another one of the same kind."""
    by_chance = Random(_number(f"{subject} {unit}" if unit else subject))  # noqa: S311  (no secret)
    inner = Box(frame.left + INSET, frame.top + INSET, frame.right - INSET, frame.bottom - INSET)
    ground = Plate(frame.left, frame.top, frame.right - frame.left, frame.bottom - frame.top, "sunk", 12)
    return [ground, *pattern(subject)(inner, by_chance)]


def pattern(subject: str) -> Pattern:
    """Return of which kind the pattern of an id is."""
    return PATTERNS[_number(subject) % len(PATTERNS)]


def _number(subject: str) -> int:
    return int.from_bytes(sha256((subject + _DEALT).encode()).digest()[:8], "big")


def arcs(box: Box, by_chance: Random) -> list[Shape]:
    """Quarter circles around a corner."""
    high, is_left = box.bottom - box.top, by_chance.random() < 0.5
    count, dark = by_chance.randint(5, 8), by_chance.randint(1, 4)
    x, side = (box.left, 1) if is_left else (box.right, -1)
    lines: list[Shape] = []
    for n in range(1, count + 1):
        reach = high * n / count
        points = tuple((x + side * reach * sin(a), box.bottom - reach * cos(a)) for a in _turn(0, pi / 2))
        lines.append(Polyline(points, "accent" if n == dark else STEPS[n % 3], 3))
    far = x + side * (box.right - box.left - high / 4)
    return [*lines, Disc(far, box.top + high / 4, high / 7, "strong")]


def swell(box: Box, by_chance: Random) -> list[Shape]:
    """Dots in rows, which swell and fade."""
    down = by_chance.randint(5, 6)
    across = round(down * (box.right - box.left) / (box.bottom - box.top) * by_chance.uniform(1.1, 1.4))
    turns, lean = by_chance.uniform(0.6, 1.4), by_chance.uniform(-0.9, 0.9)
    wide, high = (box.right - box.left) / across, (box.bottom - box.top) / down
    shapes: list[Shape] = []
    for n in range(across * down):
        row, column = divmod(n, across)
        depth = (1 + sin(2 * pi * turns * column / across + lean * row)) / 2
        radius = min(wide, high) * (0.12 + 0.34 * depth)
        shapes.append(Disc(box.left + wide * (column + 0.5), box.top + high * (row + 0.5), radius, _look(depth)))
    return shapes


def waves(box: Box, by_chance: Random) -> list[Shape]:
    """Lines that swing, each a little behind the one above."""
    count, turns, lag = by_chance.randint(5, 7), by_chance.uniform(1.0, 2.4), by_chance.uniform(0.3, 0.9)
    wide, high = box.right - box.left, (box.bottom - box.top) / count
    dark = by_chance.randrange(count)
    shapes: list[Shape] = []
    for n in range(count):
        middle = box.top + high * (n + 0.5)
        points = tuple(
            (box.left + wide * t / 40, middle + 0.42 * high * sin(2 * pi * turns * t / 40 + lag * n)) for t in range(41)
        )
        shapes.append(Polyline(points, "accent" if n == dark else STEPS[n % 3], 3))
    return shapes


def turns(box: Box, by_chance: Random) -> list[Shape]:
    """Tiles with two quarter circles each, which join into winding ways."""
    side, tiles = _tiles(box, by_chance)
    shapes: list[Shape] = []
    for x, y in tiles:
        is_turned = by_chance.random() < 0.5
        corners = (
            ((x, y, 0.0), (x + side, y + side, pi))
            if not is_turned
            else ((x + side, y, pi / 2), (x, y + side, 1.5 * pi))
        )
        look = STEPS[min(3, 1 + int(by_chance.random() * 2.4))]
        for cx, cy, start in corners:
            points = ((cx + side / 2 * cos(a), cy + side / 2 * sin(a)) for a in _turn(start, start + pi / 2))
            shapes.append(Polyline(tuple(points), look, 3))
    return shapes


def net(box: Box, by_chance: Random) -> list[Shape]:
    """Layers of points, each joined to those of the next."""
    sizes = [by_chance.randint(2, 5) for _ in range(by_chance.randint(3, 4))]
    radius, high = 5.0, box.bottom - box.top
    step = (box.right - box.left - 2 * radius) / (len(sizes) - 1)
    layers = [
        [(box.left + radius + step * n, box.top + high * (k + 0.5) / size) for k in range(size)]
        for n, size in enumerate(sizes)
    ]
    links: list[Shape] = [
        Polyline((a, b), "mild", 1.2) for layer, other in pairwise(layers) for a in layer for b in other
    ]
    way = [by_chance.choice(layer) for layer in layers]
    nodes = [Disc(x, y, radius, "accent" if (x, y) in way else "strong") for layer in layers for x, y in layer]
    return [*links, Polyline(tuple(way), "accent", 2.5), *nodes]


def facets(box: Box, by_chance: Random) -> list[Shape]:
    """Tiles that are cut across, one half of each deeper than the other."""
    side, tiles = _tiles(box, by_chance)
    shapes: list[Shape] = []
    for x, y in tiles:
        deep = by_chance.randrange(4)
        corners = [(x, y), (x + side, y), (x + side, y + side), (x, y + side)]
        left_out = by_chance.randrange(4)
        shapes.append(Polyline(tuple(c for k, c in enumerate(corners) if k != left_out), fill=STEPS[deep]))
    return shapes


def steps(box: Box, by_chance: Random) -> list[Shape]:
    """Stairs, one above the other."""
    count, flights = by_chance.randint(4, 6), by_chance.randint(3, 4)
    wide, high = (box.right - box.left) / count, (box.bottom - box.top) / (count - 1 + 0.6 * (flights - 1))
    is_rising, dark = by_chance.random() < 0.7, by_chance.randrange(flights)
    shapes: list[Shape] = []
    for flight in range(flights):
        points: list[tuple[float, float]] = []
        for n in range(count):
            y = box.bottom - high * (n + 0.6 * flight)
            points += [(box.left + wide * n, y), (box.left + wide * (n + 1), y)]
        if not is_rising:
            points = [(box.left + box.right - x, y) for x, y in points]
        shapes.append(Polyline(tuple(points), "accent" if flight == dark else STEPS[flight % 3], 3))
    return shapes


PATTERNS: tuple[Pattern, ...] = (arcs, swell, waves, turns, net, facets, steps)


def _tiles(box: Box, by_chance: Random) -> tuple[float, list[tuple[float, float]]]:
    """Return the side of the square tiles (three or four rows) and their upper left corners, row by row."""
    down = by_chance.choice((3, 4))
    side = (box.bottom - box.top) / down
    across = int((box.right - box.left) / side + 1e-9)
    left = (box.left + box.right - across * side) / 2
    return side, [(left + column * side, box.top + row * side) for row in range(down) for column in range(across)]


def _look(depth: float) -> Look:
    return STEPS[min(3, int(depth * 4))]


def _turn(start: float, end: float, parts: int = 14) -> list[float]:
    return [start + (end - start) * n / parts for n in range(parts + 1)]
