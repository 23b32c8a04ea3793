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
    if not s or not t:
        return len(s) + len(t), 1
    deleted, calls_1 = recursive_distance(s[:-1], t)
    inserted, calls_2 = recursive_distance(s, t[:-1])
    replaced, calls_3 = recursive_distance(s[:-1], t[:-1])
    distance = min(deleted + 1, inserted + 1, replaced + (s[-1] != t[-1]))
    return distance, 1 + calls_1 + calls_2 + calls_3


def table_distance(s: str, t: str) -> int:
    """Edit distance by dynamic programming, row by row."""
    row = list(range(len(t) + 1))
    for i, a in enumerate(s, 1):
        previous, row = row, [i]
        for j, b in enumerate(t, 1):
            row.append(min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (a != b)))
    return row[-1]


def make_word(length: int, seed: int, alphabet: str = "abcd") -> str:
    """A random word."""
    rng = random.Random(seed)
    return "".join(rng.choice(alphabet) for _ in range(length))


def count_calls(lengths: list[int]) -> list[int]:
    """Calls of `recursive_distance` for one pair of words of each length."""
    return [recursive_distance(make_word(n, 1, "ab"), make_word(n, 2, "cd"))[1] for n in lengths]


def growth_factors(numbers: list[int]) -> list[float]:
    """Each number divided by the one before."""
    return [after / before for before, after in pairwise(numbers)]


def measure(distance: Callable[[str, str], object], lengths: list[int], repeats: int = 3) -> list[float]:
    """Processor seconds of `distance` for two words of each length, the shortest of `repeats` runs."""
    seconds = []
    for n in lengths:
        s, t, runs = make_word(n, 1), make_word(n, 2), []
        for _ in range(repeats):
            start = time.process_time()
            distance(s, t)
            runs.append(time.process_time() - start)
        seconds.append(min(runs))
    return seconds


def slope(lengths: list[int], seconds: list[float]) -> float:
    """Slope of the line through (log length, log seconds), by least squares."""
    return float(np.polyfit(np.log(lengths), np.log(seconds), 1)[0])


if __name__ == "__main__":
    calls = count_calls(list(range(2, 10)))
    print("calls", calls, "factors", [round(factor, 2) for factor in growth_factors(calls)])
    sizes = [250, 500, 1000, 2000]
    times = measure(table_distance, sizes)
    print("seconds", [round(value, 3) for value in times], f"slope {slope(sizes, times):.2f}")
