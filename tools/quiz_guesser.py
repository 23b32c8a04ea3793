"""Guess the right option of each quiz question without reading the notes: what a careless test-taker can tell.

python -m tools.quiz_guesser [--list] [--words]

The guesser sees only the options and the question's words: how long an option is among the others, cue words, words
that it shares with the question and with the other options, and its meaning as the embedder sees it; not its place,
since a quiz shuffles them. It is a softmax over the options of a linear score, fitted and asked on different notes (ten
folds).
"""

from __future__ import annotations

import argparse
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray

from bot.answers.index.words import content
from bot.llm.embedded import MiniLM

ROADMAPS = Path(__file__).parents[1] / "roadmap"
CUES = (
    r"because|since",
    r"so that|which|that is",
    r"always|never|every|all|any|none",
    r"only|just|alone",
    r"not|no|cannot|n't",
    r"may|can|could|often|usually|mostly|about",
    r"and|both",
    r"instead|rather|but|while|than",
)
DIMENSIONS = 24
"""Principal components of the embeddings of options that the guesser sees."""
FOLDS, STEPS, RATE, DECAY = 10, 400, 0.05, 0.02

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class GuessedItem:
    """A single-choice question.

    Args:
        right: the place of the right option.
    """

    id: str
    note: str
    question: str
    options: tuple[str, ...]
    right: int


def read_items(folder: Path = ROADMAPS) -> list[GuessedItem]:
    """Return all questions with one right option."""
    items = []
    for file in sorted(folder.glob("*/quizzes/*.yaml")):
        for item in yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader)["items"]:
            right = [place for place, choice in enumerate(item.get("choices", ())) if choice.get("right")]
            if len(right) == 1:
                options = tuple(choice["text"] for choice in item["choices"])
                items.append(GuessedItem(item["id"], item["note"], item["question"], options, right[0]))
    return items


def measure(items: list[GuessedItem]) -> list[Array]:
    """Return the features of each item's options: float64 [options, features]."""
    return _standardise([np.hstack(rows) for rows in zip(map(_of_words, items), _measure_meanings(items), strict=True)])


def measure_words(items: list[GuessedItem]) -> list[Array]:
    """Return the features that need no embedder."""
    return _standardise([_of_words(item) for item in items])


def _measure_meanings(items: list[GuessedItem]) -> list[Array]:
    embedder = MiniLM()
    meanings = [embedder.embed(item.options).astype(np.float64) for item in items]
    questions = embedder.embed([item.question for item in items]).astype(np.float64)
    every = np.vstack(meanings)
    axes = np.linalg.svd(every - every.mean(axis=0), full_matrices=False)[2][:DIMENSIONS]
    return [
        np.hstack([_of_meaning(meaning, question), (meaning - every.mean(axis=0)) @ axes.T])
        for meaning, question in zip(meanings, questions, strict=True)
    ]


def _standardise(features: list[Array]) -> list[Array]:
    centred = [rows - rows.mean(axis=0) for rows in features]
    spread = np.vstack(centred).std(axis=0)
    return [rows / np.where(spread > 0, spread, 1.0) for rows in centred]


def _of_words(item: GuessedItem) -> Array:
    lengths = np.array([len(option) for option in item.options], dtype=np.float64)
    ranks = lengths.argsort().argsort()
    words = [frozenset(content(option)) for option in item.options]
    asked = frozenset(content(item.question))
    rows = []
    for place, option in enumerate(item.options):
        others = [other for at, other in enumerate(words) if at != place]
        rest = np.delete(lengths, place)
        row = [float(ranks[place] == rank) for rank in range(4)]
        row += [lengths[place] / lengths.mean(), max(0.0, 1 - lengths[place] / rest.min())]
        row.append(max(0.0, lengths[place] / rest.max() - 1))
        row += [float(bool(re.search(rf"\b(?:{cue})\b", option, re.IGNORECASE))) for cue in CUES]
        row += [len(words[place] & asked) / max(1, len(words[place]))]
        row += [sum(len(words[place] & other) for other in others) / max(1, len(words[place]))]
        row += [float("," in option), float("`" in option), float(any(map(str.isdigit, option)))]
        rows.append(row)
    return np.array(rows)


def _of_meaning(options: Array, question: Array) -> Array:
    alike = options @ options.T
    return np.column_stack([options @ question, (alike.sum(axis=1) - 1) / (len(options) - 1)])


def fit(features: Array, right: NDArray[np.intp], is_there: NDArray[np.bool_]) -> Array:
    """Return the weights of a softmax over the options that makes the right ones likeliest, by Adam.

    Args:
        features: [items, options, features]; an item with fewer options has rows that are not there.
    """
    weights = np.zeros(features.shape[2])
    first, second = np.zeros_like(weights), np.zeros_like(weights)
    chosen = features[np.arange(len(right)), right].mean(axis=0)
    for step in range(1, STEPS + 1):
        expected = np.einsum("io,iof->f", _softmax(features @ weights, is_there), features) / len(right)
        gradient = expected - chosen + DECAY * weights
        first, second = 0.9 * first + 0.1 * gradient, 0.999 * second + 0.001 * gradient**2
        weights = weights - RATE * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
    return weights


def _softmax(scores: Array, is_there: NDArray[np.bool_]) -> Array:
    powers: Array = np.where(is_there, np.exp(scores - scores.max(axis=1, keepdims=True)), 0.0)
    shares: Array = powers / powers.sum(axis=1, keepdims=True)
    return shares


def guess(items: list[GuessedItem], measured: list[Array]) -> Array:
    """Return how likely the guesser takes each option, fitted on the questions of other notes: [items, options].

    Args:
        measured: the features of each item's options, from `measure` or `measure_words`.
    """
    most = max(len(rows) for rows in measured)
    features = np.stack([np.pad(rows, ((0, most - len(rows)), (0, 0))) for rows in measured])
    is_there = np.array([[place < len(item.options) for place in range(most)] for item in items])
    right = np.array([item.right for item in items])
    notes = sorted({item.note for item in items})
    fold = np.array([notes.index(item.note) % FOLDS for item in items])
    likely = np.zeros(is_there.shape)
    for number in range(FOLDS):
        here, others = fold == number, fold != number
        weights = fit(features[others], right[others], is_there[others])
        likely[here] = _softmax(features[here] @ weights, is_there[here])
    return likely


def main() -> None:
    """Print the share that is guessed right."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--list", action="store_true", help="list what is guessed right, the surest first")
    parser.add_argument("--words", action="store_true", help="guess without the embedder")
    options = parser.parse_args()
    items = read_items()
    likely = guess(items, (measure_words if options.words else measure)(items))
    hits = [int(scores.argmax()) == item.right for item, scores in zip(items, likely, strict=True)]
    shortest = [min(range(len(item.options)), key=lambda at: len(item.options[at])) == item.right for item in items]
    chance = float(np.mean([1 / len(item.options) for item in items]))
    print(f"{len(items)} questions: {np.mean(hits):.3f} guessed right, chance {chance:.3f}")
    print(f"the shortest option is right in {np.mean(shortest):.3f}")
    if options.list:
        ranked = sorted(zip(items, likely, strict=True), key=lambda pair: -pair[1][pair[0].right])
        for item, scores in ranked:
            print(f"{scores[item.right]:.2f} {item.id} {'guessed' if scores.argmax() == item.right else ''}")


if __name__ == "__main__":
    main()
