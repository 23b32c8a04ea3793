"""The worked numbers of the note on test sets, harnesses and benchmarks."""

import re
from math import ceil, comb, log

# cited: 6.49% of MMLU's questions hold an error by an estimate (Gema et al. 2024)
# cited: 59.4% of audited tasks with faulty tests, in the 27.6% of tasks often failed (OpenAI 2026)
# cited: models below 1% on ARC-AGI-3 at its start (ARC Prize Foundation 2026)
# cited: 2,500 questions of Humanity's Last Exam (Phan et al. 2025)


def seen(rate: float, cases: int) -> float:
    """Chance that a kind of failure turns up at least once among some cases."""
    return 1 - (1 - rate) ** cases


assert round(seen(0.02, 50), 2) == 0.64 and round(seen(0.02, 150), 2) == 0.95
assert ceil(log(0.05) / log(1 - 0.02)) == 149

# A stratified sample: 60 traces of 4,000, no fewer than 8 of each kind.
kinds = {"orders": 2_600, "returns": 1_000, "complaints": 320, "other languages": 80}
assert sum(kinds.values()) == 4_000
by_share = {kind: round(60 * count / 4_000) for kind, count in kinds.items()}
assert by_share == {"orders": 39, "returns": 15, "complaints": 5, "other languages": 1}
drawn = {"orders": 29, "returns": 15, "complaints": 8, "other languages": 8}
assert sum(drawn.values()) == 60 and min(drawn.values()) == 8

right = {"orders": 28, "returns": 13, "complaints": 4, "other languages": 2}
shares = {kind: right[kind] / drawn[kind] for kind in drawn}
assert [round(100 * share) for share in shares.values()] == [97, 87, 50, 25]
assert round(sum(right.values()) / 60, 2) == 0.78
weighted = sum(shares[kind] * kinds[kind] / 4_000 for kind in kinds)
assert round(weighted, 2) == 0.89


def wilson(hits: int, cases: int) -> tuple[int, int]:
    """The 95% interval of a share, in percent, by Wilson's method."""
    share, z = hits / cases, 1.96
    middle = (share + z**2 / (2 * cases)) / (1 + z**2 / cases)
    half = z / (1 + z**2 / cases) * (share * (1 - share) / cases + z**2 / (4 * cases**2)) ** 0.5
    return round(100 * (middle - half)), round(100 * (middle + half))


assert wilson(2, 8) == (7, 59) and wilson(4, 8) == (22, 78)

assert round(1 - 0.98**100, 2) == 0.87  # an alarm though nothing broke
assert 3 / 300 == 0.01  # rule of three: 0 failures in 300


def false_alarm(cases: int, flaky: float, allowed: int) -> float:
    """Chance of more failures than allowed when each case fails by luck with a probability."""
    return 1 - sum(comb(cases, k) * flaky**k * (1 - flaky) ** (cases - k) for k in range(allowed + 1))


assert round(false_alarm(100, 0.02, 0), 2) == 0.87 and round(false_alarm(100, 0.02, 5), 2) == 0.02

# A harness: (prompt, parser) pairs on the same answers move the score.
answers = ["B", "The answer is B.", "b", "(B) because ...", "I think it is C", "**B**"]
strict = sum(answer == "B" for answer in answers)
assert strict == 1


def letter(answer: str) -> str:
    """The first letter from A to D that stands alone."""
    found = re.search(r"\b([A-D])\b", answer.upper())
    return found[1] if found else ""


assert sum(letter(answer) == "B" for answer in answers) == 5
assert letter("A good guess is B") == "A"

# Check yourself
assert round(1 - seen(0.05, 40), 2) == 0.13
assert round(0.98**100, 2) == 0.13  # all of 100 pass
assert 31 + 22 + 12 + 9 + 6 == 80 and round((31 + 22) / 80, 2) == 0.66

# the answers to Check yourself
assert round(0.95**40, 3) == 0.129

# Check yourself
assert round(0.99**50, 2) == 0.61 and round(1 - 0.99**50, 2) == 0.39
