"""The numbers of the note on complexity: growth rates, pairs, recurrences and the order from two running times."""

from math import factorial, log, log2


def pairs(n: int) -> int:
    """How many pairs i < j there are."""
    return n * (n - 1) // 2


def slope(n1: float, t1: float, n2: float, t2: float) -> float:
    """The exponent of growth from two measurements."""
    return log(t2 / t1) / log(n2 / n1)


assert pairs(1_000) == 499_500 == sum(1 for i in range(1_000) for _ in range(i + 1, 1_000))
assert pairs(400) == 79_800  # "Check yourself"

N = 1_000_000
assert round(log2(N)) == 20
assert round(N * log2(N) / 1e6) == 20
assert round(N * log2(N) / 1e9, 2) == 0.02
assert N**2 / 1e9 == 1_000
assert 16 < 1_000 / 60 < 17
assert 2**30 > 10**9
assert round(log2(3), 3) == 1.585

assert slope(1_000, 0.5, 2_000, 2.0) == 2
assert 0.5 * (10_000 / 1_000) ** 2 == 50
assert (96 / 3, 80_000 / 10_000) == (32, 8)
assert round(slope(10_000, 3, 80_000, 96), 2) == 1.67
assert round(slope(3_000, 0.2, 9_000, 5.4), 6) == 3  # "Check yourself"
assert round(0.2 * 10**3) == 200  # at 30,000 items

assert 4_096**2 == 16_777_216
assert (32_768 / 4_096) ** 2 == 64
assert 1_000_000 * 768 == 768_000_000
assert all(n**2 < 100 * n for n in range(1, 100))
assert (200_000 / 200) ** 2 == 1_000_000
# named, not computed: 100,000 rows of the first section
assert factorial(19) // 2 == 60_822_550_204_416_000
assert round(factorial(19) / 2 / 10**16, 2) == 6.08

# the answers to Check yourself
assert round(slope(4_000, 0.1, 16_000, 1.6), 6) == 2 and 40_000 / 4_000 == 10
