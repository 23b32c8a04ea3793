"""Write edit distance as plain recursion and as dynamic programming, and measure how both grow.

`recursive_distance` also counts its calls. `slope` fits a line through logarithms: its value is the power of n with
which the times grow. Run this file: it prints calls for lengths 2 to 9 and times for 250 to 2,000 characters; plot
both.

It takes about 75 minutes.
Check it: python check.py cs-complexity
"""

import random
import time
from collections.abc import Callable
from itertools import pairwise

import numpy as np


def recursive_distance(s: str, t: str) -> tuple[int, int]:
    """Edit distance by plain recursion without a memory, and the number of calls, the first included."""
    raise NotImplementedError(
        "call the function on shorter strings: delete, insert or replace the last character; add up the calls"
    )


def table_distance(s: str, t: str) -> int:
    """Edit distance by dynamic programming, row by row."""
    raise NotImplementedError("fill the table of distances between beginnings of s and t; two rows are enough")


def make_word(length: int, seed: int, alphabet: str = "abcd") -> str:
    """A random word."""
    rng = random.Random(seed)
    return "".join(rng.choice(alphabet) for _ in range(length))


def count_calls(lengths: list[int]) -> list[int]:
    """Calls of `recursive_distance` for one pair of words of each length."""
    raise NotImplementedError("make two words of each length and take the second result")


def growth_factors(numbers: list[int]) -> list[float]:
    """Each number divided by the one before."""
    raise NotImplementedError("one quotient for each neighbouring pair")


def measure(distance: Callable[[str, str], object], lengths: list[int], repeats: int = 3) -> list[float]:
    """Processor seconds of `distance` for two words of each length, the shortest of `repeats` runs."""
    raise NotImplementedError("for each length time `repeats` calls with time.process_time, and keep the smallest")


def slope(lengths: list[int], seconds: list[float]) -> float:
    """Slope of the line through (log length, log seconds), by least squares."""
    raise NotImplementedError("np.polyfit of degree 1 on both logarithms")


if __name__ == "__main__":
    calls = count_calls(list(range(2, 10)))
    print("calls", calls, "factors", [round(factor, 2) for factor in growth_factors(calls)])
    sizes = [250, 500, 1000, 2000]
    times = measure(table_distance, sizes)
    print("seconds", [round(value, 3) for value in times], f"slope {slope(sizes, times):.2f}")
