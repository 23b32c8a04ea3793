"""The numbers of the note on samples."""

from math import sqrt

assert [round(100 / sqrt(n)) for n in (25, 100, 400, 1_000, 10_000)] == [20, 10, 5, 3, 1]
assert (52 - 5, 52 + 5) == (47, 57)
HAPPY, UNHAPPY = round(100 * 0.30), round(100 * 0.10)
assert (HAPPY, UNHAPPY) == (30, 10) and 100 * HAPPY / (HAPPY + UNHAPPY) == 75
assert round(0.7 * 60 + 0.3 * 40) == 54 and 0.5 * 60 + 0.5 * 40 == 50
# as an example: a floor for 9,000 euros

# the answers to Check yourself
assert 1 / 2_500**0.5 == 1 / 50
assert 200 * 0.5 == 100 and 200 * 0.2 == 40 and round(100 * 100 / 140) == 71
