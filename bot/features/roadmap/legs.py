"""How long the legs are in which a roadmap is walked, where it does not say so itself. Pure."""

from __future__ import annotations

from collections.abc import Sequence

MOST = 8
"""Units of a leg: two months at a unit a week, the length that people have kept up."""


def leg_sizes(phases: Sequence[int]) -> list[int]:
    """Return how many units each leg has, in order.

    A phase of more than eight units is split evenly; neighbours that have no more than eight together are one leg.

    Args:
        phases: how many units each phase has.
    """
    sizes: list[int] = []
    for size in phases:
        for part in _split(size):
            if sizes and sizes[-1] + part <= MOST:
                sizes[-1] += part
            else:
                sizes.append(part)
    return sizes


def _split(size: int) -> list[int]:
    """Cut a phase into as few even parts as hold eight units at most, the longer ones first."""
    parts = -(-size // MOST)
    return [size // parts + (part < size % parts) for part in range(parts)]
