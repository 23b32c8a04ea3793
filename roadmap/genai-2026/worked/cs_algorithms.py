"""The numbers of the note on algorithms: halving, edit distance, calls without stored answers, and greedy change."""

import bisect
import math
from functools import cache
from math import floor, inf, log2

# versions: Timsort up to Python 3.10, Powersort from 3.11; the default recursion limit is 1,000


def halvings(n: int) -> int:
    """The most comparisons of binary search."""
    return floor(log2(n)) + 1


assert halvings(1_000_000) == 20
assert halvings(60_000) == 16  # "Check yourself" and the quiz
assert bisect.bisect_left([1, 3, 5, 8], 5) == 2
assert sorted(["bb", "a", "cc"], key=len) == ["a", "bb", "cc"]  # stable


def table(s: str, t: str) -> list[list[int]]:
    """D(i, j) of edit distance for all beginnings of two words."""
    d = [[i + j if 0 in {i, j} else 0 for j in range(len(t) + 1)] for i in range(len(s) + 1)]
    for i, a in enumerate(s, 1):
        for j, b in enumerate(t, 1):
            d[i][j] = min(d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a != b))
    return d


assert table("kitten", "sitting")[-1][-1] == 3
assert table("flaw", "lawn")[-1][-1] == 2  # "Check yourself" and the quiz


def calls(m: int, n: int) -> int:
    """How many calls plain recursive edit distance makes on words of two lengths."""
    return 1 if 0 in {m, n} else 1 + calls(m - 1, n) + calls(m, n - 1) + calls(m - 1, n - 1)


assert (calls(3, 3), calls(5, 5), calls(8, 8)) == (94, 2_524, 398_593)
assert round((1 + 2**0.5) ** 2, 2) == 5.83  # the ratio that the calls approach: almost six
assert 9 * 9 == 81


@cache
def cached(s: str, t: str) -> int:
    """The recursive version with stored answers."""
    if not s or not t:
        return len(s) + len(t)
    return min(cached(s[1:], t) + 1, cached(s, t[1:]) + 1, cached(s[1:], t[1:]) + (s[0] != t[0]))


assert cached("a" * 8, "b" * 8) == 8
assert cached.cache_info().misses == 81


def fewest(coins: list[int], amount: int) -> float:
    """The fewest coins, by a table."""
    best: list[float] = [0] + [inf] * amount
    for a in range(1, amount + 1):
        best[a] = 1 + min(best[a - c] for c in coins if c <= a)
    return best[amount]


def greedy(coins: list[int], amount: int) -> int:
    """The number of coins when the largest is always taken first."""
    used = 0
    for c in sorted(coins, reverse=True):
        used, amount = used + amount // c, amount % c
    return used


assert (greedy([1, 3, 4], 6), fewest([1, 3, 4], 6)) == (3, 2)
assert (greedy([1, 5, 8], 10), fewest([1, 5, 8], 10)) == (3, 2)  # "Check yourself" and the quiz

# the answers to Check yourself
assert round(math.log2(60_000), 2) == 15.87
assert round(log2(200_000), 1) == 17.6 and halvings(200_000) == 18
assert (greedy([1, 6, 10], 12), fewest([1, 6, 10], 12)) == (3, 2)
# the roads of question 6
assert min(4, 1 + 2) == 3 and 3 + 5 == 8
