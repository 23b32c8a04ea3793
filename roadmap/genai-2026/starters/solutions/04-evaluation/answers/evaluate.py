"""Score answers against the questions: `python -m answers.evaluate ANSWERS [OTHERS]`."""

from __future__ import annotations

import json
import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

ARTICLES = frozenset({"a", "an", "the"})
ROUNDS, SEED = 2_000, 7
Judge = Callable[[str, str, str], int]
"""Is given a question and two answers, and says which is better: 1 or 2."""


@dataclass(frozen=True)
class Question:
    """A question with its short answer, its source and the passage that says it; None for all three: unanswerable."""

    id: str
    question: str
    answer: str | None
    source: str | None = None
    passage: str | None = None


def read_questions(file: Path) -> list[Question]:
    """Return the questions of a JSON file."""
    return [Question(**one) for one in json.loads(file.read_text(encoding="utf-8"))]


def read_answers(file: Path) -> dict[str, str | None]:
    """Return answers by the ids of their questions; None is a refusal."""
    return dict(json.loads(file.read_text(encoding="utf-8")))


def tokens(text: str) -> list[str]:
    """Return the words of a text in lower case, without punctuation and articles."""
    return [word for word in re.findall(r"\w+", text.lower()) if word not in ARTICLES]


def exact_match(given: str, wanted: str) -> float:
    """Return 1.0 if two answers have the same tokens in the same order, else 0.0."""
    return float(tokens(given) == tokens(wanted))


def token_f1(given: str, wanted: str) -> float:
    """Return the harmonic mean of precision and recall over tokens; a token counts as often as both have it."""
    ours, theirs = tokens(given), tokens(wanted)
    shared = sum((Counter(ours) & Counter(theirs)).values())
    return 2 * shared / (len(ours) + len(theirs)) if shared else 0.0


def points(questions: Sequence[Question], answers: dict[str, str | None]) -> list[float]:
    """Return one score from 0 to 1 for each question: the F1 of an answer, and 1 for a refusal that was right."""
    scores = []
    for one in questions:
        given = answers.get(one.id)
        if given is None or one.answer is None:
            scores.append(float(given is one.answer))
        else:
            scores.append(token_f1(given, one.answer))
    return scores


def scores(questions: Sequence[Question], answers: dict[str, str | None]) -> dict[str, float]:
    """Return exact match and F1 over what can be answered, and how often was refused, rightly and wrongly."""
    can = [one for one in questions if one.answer is not None]
    cannot = [one for one in questions if one.answer is None]
    pairs = [(answers.get(one.id) or "", one.answer or "") for one in can]
    return {
        "exact match": fmean(exact_match(given, wanted) for given, wanted in pairs),
        "token F1": fmean(token_f1(given, wanted) for given, wanted in pairs),
        "right refusals": fmean(answers.get(one.id) is None for one in cannot),
        "wrong refusals": fmean(answers.get(one.id) is None for one in can),
    }


def paired_interval(
    first: Sequence[float], second: Sequence[float], rounds: int = ROUNDS, seed: int = SEED
) -> tuple[float, float]:
    """Return the 95% bootstrap interval of the mean difference, second minus first, drawn by questions."""
    differences = [b - a for a, b in zip(first, second, strict=True)]
    rng = random.Random(seed)
    means = sorted(fmean(rng.choices(differences, k=len(differences))) for _ in range(rounds))
    return means[int(0.025 * rounds)], means[int(0.975 * rounds) - 1]


def both_ways(judge: Judge, question: str, first: str, second: str) -> int:
    """Return 1 or 2 if a judge prefers that answer in either order, and 0 for a tie if the order decides."""
    one_way, other_way = judge(question, first, second), judge(question, second, first)
    return one_way if one_way == 3 - other_way else 0


def main(arguments: list[str], questions: Path = Path("questions.json")) -> int:
    """Print the scores of one or two files of answers, and the interval of their difference."""
    if len(arguments) not in (1, 2):
        print("usage: python -m answers.evaluate ANSWERS [OTHERS]", file=sys.stderr)
        return 2
    asked = read_questions(questions)
    versions = [read_answers(Path(argument)) for argument in arguments]
    for argument, answers in zip(arguments, versions, strict=True):
        print(argument, *(f"{name} {value:.3f}" for name, value in scores(asked, answers).items()), sep="  ")
    if len(versions) == 2:
        low, high = paired_interval(points(asked, versions[0]), points(asked, versions[1]))
        print(f"second minus first: 95% interval {low:+.3f} to {high:+.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
