"""The numbers of the note on running agents."""

from math import exp

STEPS, FIXED, NEW, OUTPUT = 15, 4_000, 1_000, 200
FRESH_PRICE, CACHED_PRICE, WRITTEN_PRICE, OUTPUT_PRICE = 3, 0.30, 3.75, 15
"""Invented prices, in dollars for a million tokens."""


def split(fixed: int, new: int, steps: int) -> tuple[int, int]:
    """All input tokens of a run, and those that a cache can't serve."""
    return sum(fixed + new * step for step in range(steps)), fixed + new * (steps - 1)


ALL, WRITTEN = split(FIXED, NEW, STEPS)
CACHED = ALL - WRITTEN
assert (ALL, WRITTEN, CACHED) == (165_000, 18_000, 147_000) and round(100 * CACHED / ALL) == 89
BARE = (ALL * FRESH_PRICE + STEPS * OUTPUT * OUTPUT_PRICE) / 1e6
assert STEPS * OUTPUT == 3_000 and round(ALL * FRESH_PRICE / 1e6, 3) == 0.495 and round(BARE, 2) == 0.54
assert round(WRITTEN * WRITTEN_PRICE / 1e6, 4) == 0.0675 and round(CACHED * CACHED_PRICE / 1e6, 4) == 0.0441
WITH_CACHE = (WRITTEN * WRITTEN_PRICE + CACHED * CACHED_PRICE + STEPS * OUTPUT * OUTPUT_PRICE) / 1e6
assert round(WITH_CACHE, 3) == 0.157 and WITH_CACHE < BARE / 3 and 3_000 * 15 / 1e6 == 0.045

assert round(0.16 / 0.6, 2) == 0.27 and round(0.24 / 0.95, 2) == 0.25 and 30 * 2 / 60 == 1
assert (90 * 10 + 10 * 200) / 100 == 29
assert 4 * 4 * 4 == 64
assert round(100 * (1 - exp(-1 / 24))) == 4
assert split(2_000, 500, 10) == (42_500, 6_500) and 42_500 - 6_500 == 36_000
assert 0.10 / 0.5 == 0.20 and round(0.16 / 0.9, 2) == 0.18

# the answers to Check yourself
assert 3 * 3 * 3 == 27
