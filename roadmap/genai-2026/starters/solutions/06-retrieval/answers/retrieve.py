"""Find passages by words, by vectors and by both: `python -m answers.retrieve FOLDER`."""

from __future__ import annotations

import math
import re
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Protocol

import numpy as np

from answers.chunk import Passage, all_passages
from answers.embed import Embedder, HashingEmbedder, holds
from answers.evaluate import Question, read_questions
from answers.load import Document, documents, files_in

K1, B = 1.2, 0.75
RANK_CONSTANT, DEPTH = 60, 30
SIZE, OVERLAP = 40, 10


class Retriever(Protocol):
    """Anything that finds the k best passages for a question, the best first."""

    def find(self, question: str, k: int) -> list[Passage]:
        """Return k passages or fewer."""
        ...


def terms(text: str) -> list[str]:
    """Return the words of a text in lower case."""
    return re.findall(r"\w+", text.lower())


class BM25:
    """Scores by the words that a passage shares with a question: rare ones count more, repeated ones less each time."""

    def __init__(self, found: Sequence[Passage]) -> None:
        self.found = list(found)
        self.counts = [Counter(terms(one.text)) for one in self.found]
        self.lengths = [sum(counts.values()) for counts in self.counts]
        self.mean_length = sum(self.lengths) / max(len(self.lengths), 1)
        self.containing = Counter(term for counts in self.counts for term in counts)

    def rarity(self, term: str) -> float:
        """Return ln(1 + (N - n + 0.5) / (n + 0.5)) for a term that n of N passages hold."""
        n = self.containing[term]
        return math.log(1 + (len(self.found) - n + 0.5) / (n + 0.5))

    def scores(self, question: str) -> list[float]:
        """Return the score of every passage: rarity times tf (k1 + 1) / (tf + k1 (1 - b + b length / mean length))."""
        asked = set(terms(question))
        result = []
        for counts, length in zip(self.counts, self.lengths, strict=True):
            damping = K1 * (1 - B + B * length / self.mean_length)
            shared = asked & counts.keys()
            result.append(sum(self.rarity(t) * counts[t] * (K1 + 1) / (counts[t] + damping) for t in sorted(shared)))
        return result

    def find(self, question: str, k: int) -> list[Passage]:
        """Return the k best passages that share a word with the question."""
        scores = self.scores(question)
        order = sorted(range(len(scores)), key=lambda at: -scores[at])
        return [self.found[at] for at in order[:k] if scores[at] > 0]


class Dense:
    """Scores by the cosine of vectors, which are made once."""

    def __init__(self, found: Sequence[Passage], embedder: Embedder) -> None:
        self.found, self.embedder = list(found), embedder
        self.vectors = embedder.embed([one.text for one in self.found])

    def find(self, question: str, k: int) -> list[Passage]:
        """Return the k nearest passages."""
        cosines = self.vectors @ self.embedder.embed([question])[0]
        return [self.found[at] for at in np.argsort(-cosines, kind="stable")[:k]]


def fuse(rankings: Sequence[Sequence[Passage]], k: int) -> list[Passage]:
    """Return the k passages with the largest sums of 1 / (60 + rank), ranks counted from one."""
    sums: dict[Passage, float] = {}
    for ranking in rankings:
        for rank, passage in enumerate(ranking, 1):
            sums[passage] = sums.get(passage, 0.0) + 1 / (RANK_CONSTANT + rank)
    return sorted(sums, key=lambda passage: -sums[passage])[:k]


class Fused:
    """Asks several retrievers and fuses what they rank."""

    def __init__(self, retrievers: Sequence[Retriever]) -> None:
        self.retrievers = retrievers

    def find(self, question: str, k: int) -> list[Passage]:
        """Return the k best of the fusion; each retriever is asked for more than k, as its fifteenth may win."""
        return fuse([one.find(question, max(k, DEPTH)) for one in self.retrievers], k)


def only(
    found: Sequence[Passage], sources: Sequence[str] = (), since: date | None = None, until: date | None = None
) -> list[Passage]:
    """Return the passages from these sources, if any are named, and dates; without a date it is in no span."""

    def fits(document: Document) -> bool:
        day = document.date
        if sources and document.source not in sources:
            return False
        if day is None:
            return since is None and until is None
        return (since is None or since <= day) and (until is None or day <= until)

    return [one for one in found if fits(one.document)]


def index(folder: Path, make: Callable[[Sequence[Passage]], Retriever] | None = None) -> Retriever:
    """Return a retriever over the documents of a folder: the fusion, if no other is asked for."""
    found = all_passages(documents(files_in(folder)), SIZE, OVERLAP)
    return make(found) if make else Fused([BM25(found), Dense(found, HashingEmbedder())])


def recall_at(questions: Sequence[Question], retriever: Retriever, k: int) -> float:
    """Return the share of the answerable questions whose answer passage is among the first k."""
    asked = [one for one in questions if one.passage]
    return sum(any(holds(hit, one) for hit in retriever.find(one.question, k)) for one in asked) / len(asked)


def main(arguments: list[str], questions: Path = Path("questions.json")) -> int:
    """Print recall at 5 of words, vectors and both."""
    if len(arguments) != 1:
        print("usage: python -m answers.retrieve FOLDER", file=sys.stderr)
        return 2
    folder, asked = Path(arguments[0]), read_questions(questions)
    ways: dict[str, Callable[[Sequence[Passage]], Retriever] | None] = {
        "BM25": BM25,
        "dense": lambda found: Dense(found, HashingEmbedder()),
        "fused": None,
    }
    for name, make in ways.items():
        print(f"{name}: recall at 5 {recall_at(asked, index(folder, make), 5):.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
