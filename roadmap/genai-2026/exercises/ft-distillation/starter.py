"""Distil a teacher into a small student: loss with temperature, filters for synthetic texts, mixes of training data.

The student is a linear classifier over hashed words, so that training takes milliseconds; `teacher_logits` stands in
for a large model. When all checks pass, let a larger model label 2,000 texts and write 500 more, run your filters,
and compare four mixes with 200 hand labels. State what the teacher's licence allows.
It takes about two hours, and three more with a real teacher.

Check it: python check.py ft-distillation
"""

import csv
import re
import zlib
from pathlib import Path

import numpy as np

CLASSES = 3
WIDTH = 256  # hashed features of the student
TOPICS = (("order", "price", "buy"), ("repair", "chain", "brake"), ("open", "hours", "holiday"))


def make_texts(count: int, rng: np.random.Generator) -> tuple[list[str], np.ndarray]:
    """Texts of nine or ten words with their true classes 0 to 2; a word or two of another topic mislead."""
    labels = rng.integers(CLASSES, size=count)
    texts = []
    for label in labels:
        own = rng.choice(TOPICS[label], size=2)
        other = rng.choice(TOPICS[(label + 1) % CLASSES], size=1 + (rng.random() < 0.15))
        rest = [f"w{n}" for n in rng.integers(60, size=6)]
        texts.append(" ".join(rng.permutation([*own, *other, *rest])))
    return texts, labels


def teacher_logits(texts: list[str], seed: int = 1) -> np.ndarray:
    """The teacher's raw scores (n, 3): it counts the words of each topic, with some noise."""
    counts = [[sum(word in topic for word in text.split()) for topic in TOPICS] for text in texts]
    return 3.0 * np.array(counts) + np.random.default_rng(seed).standard_normal((len(texts), CLASSES))


def features(texts: list[str]) -> np.ndarray:
    """Hashed word counts (n, WIDTH)."""
    x = np.zeros((len(texts), WIDTH))
    for row, text in enumerate(texts):
        for word in text.split():
            x[row, zlib.crc32(word.encode()) % WIDTH] += 1
    return x


def soften(logits: np.ndarray, temperature: float) -> np.ndarray:
    """Softmax of logits (n, classes) divided by the temperature."""
    raise NotImplementedError("divide by the temperature, subtract the largest, softmax")


def distillation_loss(
    student: np.ndarray, teacher: np.ndarray, labels: np.ndarray, temperature: float, share: float
) -> float:
    """Mean over examples of share * CE(label, student) + (1 - share) * T^2 * KL(teacher_T || student_T)."""
    raise NotImplementedError("cross-entropy at T = 1, KL divergence at T, weighted")


def loss_gradient(
    student: np.ndarray, teacher: np.ndarray, labels: np.ndarray, temperature: float, share: float
) -> np.ndarray:
    """Gradient (n, classes) of `distillation_loss` with respect to the student's logits."""
    raise NotImplementedError("softmax minus label, and T times the difference of the softened distributions; mean")


def train_student(
    texts: list[str], teacher: np.ndarray, labels: np.ndarray, temperature: float = 2.0, share: float = 0.5
) -> np.ndarray:
    """Weights (WIDTH, classes) after 300 steps of gradient descent from zero with rate 2."""
    raise NotImplementedError("features, weights of zero, 300 steps along the gradient")


def word_runs(text: str, size: int) -> set[str]:
    """Runs of `size` words in lower case without punctuation; a shorter text is one run."""
    raise NotImplementedError("words by a regular expression, all runs of neighbouring words")


def filter_texts(texts: list[str], test: list[str], size: int = 5) -> tuple[list[str], dict[str, int]]:
    """Keep complete, different texts without a near copy in the test; count what each filter removes, in this order.

    "short": fewer than four words; "duplicate": the runs of an earlier kept text; "test": shares a run with the test.
    """
    raise NotImplementedError("runs of the test; for each text the first filter that removes it")


def bootstrap(right: np.ndarray, rng: np.random.Generator, draws: int = 1000) -> tuple[float, float]:
    """95% percentile interval of the mean of `right` (n,)."""
    raise NotImplementedError("draw with replacement, means, percentiles")


def collapse(generations: int, real: int, rng: np.random.Generator, draws: int = 20) -> float:
    """Variance after fitting mean and spread to `draws` values, again and again, starting from mean 0 and spread 1.

    In each generation `real` of the values are fresh from the true distribution, the rest from the last fit.
    """
    raise NotImplementedError("real and generated values together, fit mean and spread, repeat")


def write_table(path: Path, mixes: dict[str, list[str]], test: tuple[list[str], np.ndarray]) -> None:
    """Train a student on each mix, labelled by the teacher; write the columns mix, examples, accuracy, low, high.

    Labels are the teacher's largest scores; accuracy is measured on the test texts with their true classes.
    """
    raise NotImplementedError("label by the teacher, train, test against the truth, interval")
