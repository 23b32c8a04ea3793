"""Vectors for texts, and how often the right passage is among the nearest: `python -m answers.embed FOLDER`."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from answers.chunk import Passage, all_passages
from answers.evaluate import Question, read_questions
from answers.load import documents, files_in

Vectors = NDArray[np.float64]
SIZES = (40, 80)


class Embedder(Protocol):
    """Anything that turns texts into vectors of length one, a row for each."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return an array with a row for each text."""
        ...


def grams(text: str, length: int = 4) -> list[str]:
    """Return the runs of so many characters in each word, with a space at both of its ends."""
    marked = [f" {word} " for word in re.findall(r"\w+", text.lower())]
    return [word[at : at + length] for word in marked for at in range(max(len(word) - length + 1, 1))]


class HashingEmbedder:
    """A stand-in for a trained embedder: adds one for each run of characters, at a place that its hash names.

    It knows spelling and no meaning: "bike" and "bicycle" are strangers to it.
    """

    def __init__(self, dimensions: int = 1024) -> None:
        self.dimensions = dimensions

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return vectors of length one; a text without words gets zeros."""
        vectors = np.zeros((len(texts), self.dimensions))
        for row, text in enumerate(texts):
            for gram in grams(text):
                vectors[row, crc32(gram.encode()) % self.dimensions] += 1.0
        vectors = np.sqrt(vectors)  # the tenth "the" says less than the first
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors / np.where(lengths == 0, 1.0, lengths)


def nearest(question: str, found: Sequence[Passage], embedder: Embedder, k: int) -> list[Passage]:
    """Return the k passages whose vectors have the largest cosine with the question's, the best first."""
    cosines = embedder.embed([one.text for one in found]) @ embedder.embed([question])[0]
    return [found[at] for at in np.argsort(-cosines, kind="stable")[:k]]


def holds(passage: Passage, question: Question) -> bool:
    """Return whether a passage is of the right source and holds the whole answer passage."""
    return passage.document.source == question.source and str(question.passage) in passage.text


def recall(questions: Sequence[Question], found: Sequence[Passage], embedder: Embedder, k: int) -> float:
    """Return the share of the answerable questions of which one of the k nearest passages holds the answer."""
    asked = [one for one in questions if one.passage]
    hits = [any(holds(passage, one) for passage in nearest(one.question, found, embedder, k)) for one in asked]
    return sum(hits) / len(hits)


def main(arguments: list[str], questions: Path = Path("questions.json")) -> int:
    """Print recall for each size of passage, in the same number of retrieved words."""
    if len(arguments) != 1:
        print("usage: python -m answers.embed FOLDER", file=sys.stderr)
        return 2
    loaded, asked = list(documents(files_in(Path(arguments[0])))), read_questions(questions)
    for size in SIZES:
        k = 240 // size
        share = recall(asked, all_passages(loaded, size, size // 4), HashingEmbedder(), k)
        print(f"{size} words: recall {share:.2f} in the {k} nearest passages")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
