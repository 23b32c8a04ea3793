"""The numbers of the note on evaluating retrieval-augmented generation, each from its counts."""

import math


def shares(grades: list[int]) -> list[float]:
    """What each grade counts for at its rank."""
    return [grade / math.log2(rank + 1) for rank, grade in enumerate(grades, 1)]


def dcg(grades: list[int]) -> float:
    """Discounted cumulative gain of grades in the order of the results."""
    return sum(shares(grades))


def wilson(k: int, n: int, z: float = 1.96) -> tuple[float, float]:
    """The 95% Wilson interval of a share."""
    p, d = k / n, 1 + z * z / n
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return (p + z * z / (2 * n) - half) / d, (p + z * z / (2 * n) + half) / d


RANKING, RELEVANT = ["x", "a", "y", "z", "b"], {"a", "b", "c"}
HITS = [rank for rank, passage in enumerate(RANKING, 1) if passage in RELEVANT]
assert HITS == [2, 5]
assert round(len(HITS) / len(RELEVANT), 3) == 0.667
assert len(HITS) / 5 == 0.4
assert 1 / HITS[0] == 0.5
assert (1 / 1 + 1 / 2 + 0) / 3 == 0.5

GOT, IDEAL = dcg([3, 0, 2, 1]), dcg([3, 2, 1, 0])
assert (round(GOT, 3), round(IDEAL, 3), round(GOT / IDEAL, 3)) == (4.431, 4.762, 0.930)
assert (round(math.log2(3), 3), round(math.log2(5), 3), round(1 / math.log2(5), 3)) == (1.585, 2.322, 0.431)

assert 4 / 5 == 0.8
assert 3 / 4 == 0.75
assert round((1 / 1 + 2 / 3) / 2, 3) == 0.833

BOTH_GOOD, BOTH_BAD, JUDGE_ONLY, PERSON_ONLY = 24, 8, 6, 2
N = BOTH_GOOD + BOTH_BAD + JUDGE_ONLY + PERSON_ONLY
JUDGE, PERSON = (BOTH_GOOD + JUDGE_ONLY) / N, (BOTH_GOOD + PERSON_ONLY) / N
PO, PE = (BOTH_GOOD + BOTH_BAD) / N, JUDGE * PERSON + (1 - JUDGE) * (1 - PERSON)
assert (N, PO, JUDGE, PERSON, round(1 - JUDGE, 2), round(1 - PERSON, 2)) == (40, 0.8, 0.75, 0.65, 0.25, 0.35)
assert (round(PE, 3), round(100 * PE, 1), round(PO - PE, 3), round(1 - PE, 3)) == (0.575, 57.5, 0.225, 0.425)
assert round((PO - PE) / (1 - PE), 2) == 0.53

assert (6 / 8, 6 / 10, 100 * 4 / 32) == (0.75, 0.6, 12.5)
assert round(0.8 * 0.9, 2) == 0.72

assert [round(v, 2) for v in wilson(32, 40)] == [0.65, 0.90]
assert [round(v, 2) for v in wilson(320, 400)] == [0.76, 0.84]
assert 100 * 3 / 40 == 7.5
assert round(2 * (1 + 6) / 2**6, 2) == 0.22

# the answers to Check yourself
assert round((0.8 + 3.84 / 80) / (1 + 3.84 / 40), 3) == 0.774
assert round((3.84 * 0.8 * 0.2 / 40 + (3.84 / 80) ** 2) ** 0.5 / (1 + 3.84 / 40), 3) == 0.121

# Check yourself
assert 3 / 4 == 0.75 and 3 / 10 == 0.3
gain, ideal = 2 + 3 / math.log2(3), 3 + 2 / math.log2(3)
assert (round(gain, 3), round(ideal, 3), round(gain / ideal, 3)) == (3.893, 4.262, 0.913)
assert round((0.9 - 0.8) / (1 - 0.8), 9) == 0.5
centre = (0.9 + 3.84 / 100) / (1 + 3.84 / 50)
width = 1.96 * (0.9 * 0.1 / 50 + 3.84 / (4 * 2500)) ** 0.5 / (1 + 3.84 / 50)
assert (round(centre - width, 2), round(centre + width, 2)) == (0.79, 0.96)
