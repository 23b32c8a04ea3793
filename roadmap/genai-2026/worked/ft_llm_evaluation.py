"""The worked numbers of the note on metrics, judges and confidence."""

import math
from collections import Counter
from math import comb, exp, log, log10, sqrt


def grams(text: str, n: int) -> Counter[tuple[str, ...]]:
    """Count the word sequences of a length."""
    words = text.split()
    return Counter(zip(*(words[i:] for i in range(n)), strict=False))


def overlap(a: str, b: str, n: int = 1) -> int:
    """Count the word sequences that two texts share."""
    return sum((grams(a, n) & grams(b, n)).values())


answer, gold = "river thames in london", "river thames"
precision, recall = overlap(answer, gold) / 4, overlap(answer, gold) / 2
assert (precision, recall) == (0.5, 1.0)
assert round(2 * precision * recall / (precision + recall), 2) == 0.67
out, ref = "the cat lay on the mat", "the cat sat on the mat"
assert overlap(out, ref) == 5 and overlap(out, ref, 2) == 3 and round(5 / 6, 2) == 0.83
assert round(sqrt(5 / 6 * 3 / 5), 2) == 0.71  # equal length: no brevity penalty

assert round(exp(-sum(map(log, (0.5, 0.25, 0.125))) / 3), 9) == 4
assert round(exp(2.0), 1) == 7.4 and round(exp(1.9), 1) == 6.7


def pass_at(k: int, n: int, c: int) -> float:
    """Chance that at least one of k programs passes, from c passes among n."""
    return 1 - comb(n - c, k) / comb(n, k)


assert round(pass_at(1, 10, 3), 9) == 0.3 and (comb(7, 5), comb(10, 5)) == (21, 252)
assert round(pass_at(5, 10, 3), 2) == 0.92 and round(1 - 0.7**5, 2) == 0.83


def corrected(observed: float, passes_good: float, rejects_bad: float) -> float:
    """The true pass rate behind a judge's, from its hit rates on labelled answers."""
    return (observed + rejects_bad - 1) / (passes_good + rejects_bad - 1)


assert round(corrected(0.7, 0.9, 0.8), 2) == 0.71


def kappa(both: int, first: int, second: int, neither: int) -> float:
    """Cohen's kappa of two raters who say yes or no."""
    n = both + first + second + neither
    yes_a, yes_b = (both + first) / n, (both + second) / n
    chance = yes_a * yes_b + (1 - yes_a) * (1 - yes_b)
    return ((both + neither) / n - chance) / (1 - chance)


assert round(0.65 * 0.55 + 0.35 * 0.45, 3) == 0.515 and round(kappa(50, 15, 5, 30), 2) == 0.59
assert round(kappa(94, 3, 3, 0), 2) == -0.03

assert (110 + 0.5 * 36) / 200 == 0.64 and 110 + 36 + 54 == 200
assert round(1 / (1 + 10 ** (-100 / 400)), 2) == 0.64 and round(400 * log10(0.64 / 0.36)) == 100


def wilson(k: int, n: int, z: float = 1.96) -> tuple[float, float]:
    """95% interval of a share."""
    p, d = k / n, 1 + z * z / n
    half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / d
    return round((p + z * z / (2 * n)) / d - half, 2), round((p + z * z / (2 * n)) / d + half, 2)


assert wilson(160, 200) == (0.74, 0.85)
assert round(1.96**2 * 0.8 * 0.2 / 0.03**2) == 683 and round(1.96**2 * 0.8 * 0.2 / 0.06**2) == 171


def mcnemar(repaired: int, broken: int) -> float:
    """Exact two-sided p-value of the cases that changed."""
    n, k = repaired + broken, min(repaired, broken)
    return min(1.0, 2 * sum(comb(n, i) for i in range(k + 1)) / 2**n)


n, repaired, broken = 200, 20, 8
assert 160 + repaired - broken == 172 and 172 / 200 == 0.86 and (repaired - broken) / n == 0.06
assert round(mcnemar(repaired, broken), 3) == 0.036
paired = sqrt(repaired + broken - (repaired - broken) ** 2 / n) / n
alone = sqrt(0.8 * 0.2 / n + 0.86 * 0.14 / n)
assert round(paired, 3) == 0.026 and round(alone, 3) == 0.037
assert (round(0.06 - 1.96 * paired, 3), round(0.06 + 1.96 * paired, 3)) == (0.009, 0.111)
assert (round(0.06 - 1.96 * alone, 3), round(0.06 + 1.96 * alone, 3)) == (-0.013, 0.133)

bins = [(0.5, 0.9, 0.8), (0.3, 0.7, 0.7), (0.2, 0.5, 0.3)]  # share, confidence, accuracy
gaps = [round(w * abs(c - a), 2) for w, c, a in bins]
assert gaps == [0.05, 0, 0.04] and round(sum(gaps), 2) == 0.09
# In percentage points, as the note writes them: 2.6 and 3.7; 0.9 to 11.1 and -1.3 to 13.3; 51.5%

# the answers to Check yourself
assert round(1 - math.comb(4, 2) / math.comb(8, 2), 2) == 0.79
assert round(0.97**2 + 0.03**2, 3) == 0.942  # 94.2%
assert round((0.94 - 0.942) / (1 - 0.942), 2) == -0.03

# Check yourself
chance = 0.95**2 + 0.05**2
assert round(chance, 3) == 0.905 and round((0.90 - 0.905) / (1 - 0.905), 2) == -0.05  # 90.5%
