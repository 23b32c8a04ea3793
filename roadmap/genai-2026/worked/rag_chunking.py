"""The numbers of the note on chunking: counts, cuts, budgets, paired tests and near copies."""

import math
import re

# cited: failed retrievals among the first 20 fell by 49% with contextual embeddings and BM25 (Anthropic 2024)


def spans(tokens: int, size: int, overlap: int = 0) -> list[tuple[int, int]]:
    """Where each chunk of a text begins and ends."""
    found, start = [], 0
    while True:
        found.append((start, min(start + size, tokens)))
        if start + size >= tokens:
            return found
        start += size - overlap


def cut_share(size: int, answer: int) -> float:
    """The share of positions at which an answer is cut, without overlap."""
    return sum(start + answer > size for start in range(size)) / size


def sign_test(wins: int, losses: int) -> float:
    """How often a fair coin falls at least as unevenly, on either side."""
    n, k = wins + losses, min(wins, losses)
    return min(1.0, 2 * sum(math.comb(n, i) for i in range(k + 1)) / 2**n)


def expected_best(n: int, p: float, settings: int) -> float:
    """The expected best share of n questions among equal settings that err independently."""
    below = best = 0.0
    for k in range(n + 1):
        upto = below + math.comb(n, k) * p**k * (1 - p) ** (n - k)
        best += k * (upto**settings - below**settings)
        below = upto
    return best / n


def shingles(text: str, k: int = 3) -> set[tuple[str, ...]]:
    """Every run of k words."""
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[i : i + k]) for i in range(len(words) - k + 1)}


for size, overlap, count in ((256, 0, 40), (256, 32, 45), (512, 64, 23)):
    assert len(spans(10_000, size, overlap)) == count
    assert math.ceil((10_000 - overlap) / (size - overlap)) == count
assert (10_000 - 32) / (256 - 32) == 44.5
assert [round(100 * cut_share(s, 40), 1) for s in (128, 256, 512)] == [30.5, 15.2, 7.6]
assert cut_share(256, 40) == 39 / 256
PARTS = spans(5000, 256, 39)
assert all(any(a <= i and i + 40 <= b for a, b in PARTS) for i in range(5000 - 39))

CORPUS = 40_000 * 500
assert CORPUS == 20_000_000
CHUNKS = round(CORPUS / (400 - 50))
assert CHUNKS == 57_143
assert round(CHUNKS * 768 * 4 / 1e6) == 176
assert CORPUS / (400 - 200) == 100_000
assert round(100_000 / CHUNKS, 2) == 1.75

assert (3 * 64, 3 * 512) == (192, 1_536)
assert [1_500 // s for s in (128, 256, 512)] == [11, 5, 2]
assert [1_500 // s * s for s in (128, 256, 512)] == [1_408, 1_280, 1_024]
assert [round(0.75 * s) for s in (256, 512)] == [192, 384]  # English words

assert 24 / 30 == 0.8
assert round(100 * math.sqrt(0.8 * 0.2 / 30), 1) == 7.3
assert sign_test(4, 1) == 0.375
assert [round(sign_test(*pair), 3) for pair in ((6, 0), (9, 1), (8, 0))] == [0.031, 0.021, 0.008]
assert 0.05 / 5 == 0.01
assert round(expected_best(30, 0.7, 6), 2) == 0.80

X = shingles("Refunds are paid within ten working days")
Y = shingles("Refunds are paid within ten working days only")
assert (len(X), len(Y), len(X & Y)) == (5, 6, 5)
assert round(len(X & Y) / len(X | Y), 2) == 0.83
assert 100 * 120 / 10_000 == 1.2

# the answers to Check yourself
assert (10_000 - 32, -(-9_968 // 224)) == (9_968, 45)
assert round((40 - 1) / 256, 3) == 0.152

# Check yourself
assert (6_000 - 50) == 5_950 and round(5_950 / 150, 1) == 39.7 and math.ceil(5_950 / 150) == 40
assert (61 - 1) / 400 == 0.15
assert 2_000 // 100 == 20 and 2_000 // 500 == 4
assert round(2 / 2**7, 3) == 0.016
