"""The numbers of the note on retrieval: BM25 by hand, reciprocal rank fusion, sizes of prompts."""

import math

# cited: GPT-4.1 takes a million tokens (OpenAI, April 2025)
# cited: k1 often 1.2 and b often 0.75 (Robertson and Zaragoza 2009); k = 60 (Cormack et al. 2009)


def idf(documents: int, containing: int) -> float:
    """Weight of a word that occurs in some of the documents."""
    return math.log(1 + (documents - containing + 0.5) / (containing + 0.5))


def factor(tf: int, length: float = 1.0, k1: float = 1.2, b: float = 0.75) -> float:
    """What repeats and length make of a word's weight; the length is relative to the average."""
    return tf * (k1 + 1) / (tf + k1 * (1 - b + b * length))


def bm25(query: str, texts: list[str]) -> list[float]:
    """Score every text against the query."""
    words = [text.lower().split() for text in texts]
    average = sum(map(len, words)) / len(words)
    return [
        sum(
            idf(len(words), sum(term in other for other in words)) * factor(own.count(term), len(own) / average)
            for term in query.lower().split()
        )
        for own in words
    ]


def rrf(*rankings: list[str], k: int = 60) -> dict[str, float]:
    """Fuse ranked lists by the positions of their documents."""
    score: dict[str, float] = {}
    for ranking in rankings:
        for rank, document in enumerate(ranking, 1):
            score[document] = score.get(document, 0) + 1 / (k + rank)
    return score


assert (1000 - 10 + 0.5, 10 + 0.5) == (990.5, 10.5)
assert round(idf(1000, 10), 3) == 4.557
assert round(idf(1000, 500), 3) == round(math.log(2), 3) == 0.693
assert (round(2 * 2.2 / 3.2, 3), round(3 * 2.2 / 4.2, 3)) == (1.375, 1.571)
assert (round(factor(2), 3), round(factor(3), 3)) == (1.375, 1.571)
NAN, LOSS = idf(1000, 10) * factor(2), idf(1000, 500) * factor(3)
assert (round(NAN, 2), round(LOSS, 2), round(NAN + LOSS, 2)) == (6.27, 1.09, 7.36)
assert round(idf(1000, 10) * factor(2, 2.0) + idf(1000, 500) * factor(3, 2.0), 2) == 5.79
assert round(factor(20), 3) == 2.075

PAGES = ["error e1042 means low paper", "the paper tray is empty", "printer will not print"]
SCORES = bm25("error e1042", PAGES)
assert max(SCORES) == SCORES[0]
assert SCORES[1] == SCORES[2] == 0
assert bm25("out of sheets", PAGES) == [0, 0, 0]

FUSED = rrf(["A", "B", "X", "Y", "Z"], ["C", "B", "U", "V", "A"])
assert {document: round(FUSED[document], 5) for document in "ABC"} == {"A": 0.03178, "B": 0.03226, "C": 0.01639}

assert (5 * 300, 50 * 300) == (1_500, 15_000)
assert 100 * 500 == 50_000
assert round(50_000 / 1_500) == 33
assert 40_000 * 500 == 20_000_000

assert 10_000 * 600 == 6_000_000  # tokens that GraphRAG reads to index 10,000 chunks; also named: 1,000 reports

# Check yourself
assert round(math.log(1 + 9_950.5 / 50.5), 3) == 5.288 and round(math.log(1 + 5_000.5 / 5_000.5), 3) == 0.693
assert 5_000 + 0.5 == 5_000.5
assert (round(1 / 63 + 1 / 63, 5), round(1 / 61 + 1 / 69, 5)) == (0.03175, 0.03089)
