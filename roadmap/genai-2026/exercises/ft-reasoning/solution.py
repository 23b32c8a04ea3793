"""Compare a direct answer, step by step and a vote over five samples, and work out GRPO advantages.

The model is yours: these functions read its answers and compare accuracy with tokens. When all checks pass, give a
small instruct model 50 word problems with checkable answers and hand the results to `write_table`; then work out the
advantages of two groups of your rewards.
It takes about 90 minutes, and two hours more with a model.

Check it: python check.py ft-reasoning
"""

import csv
import math
import re
from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import numpy as np


class Sample(NamedTuple):
    """One answer of the model to a problem."""

    text: str
    tokens: int


class Problem(NamedTuple):
    """A word problem's right number, and the samples of each method."""

    answer: str
    direct: Sample
    steps: Sample
    votes: list[Sample]  # five samples, step by step, at a temperature above 0


def read_number(text: str) -> Fraction | None:
    """The number after the last "Answer:" or, if there is none, the last number of the text; None without a number.

    "1,250.50", "-3", "3/4" and "$12." are numbers; a comma groups thousands.
    """
    if "Answer:" in text:
        text = text.rpartition("Answer:")[2].strip().partition("\n")[0]
    numbers = re.findall(r"-?\d+(?:,\d{3})*(?:\.\d+)?(?:/[1-9]\d*)?", text)
    if not numbers:
        return None
    top, _, bottom = numbers[-1].replace(",", "").partition("/")
    return Fraction(top) / Fraction(bottom or 1)


def is_right(text: str, answer: str) -> bool:
    """Whether the text's number equals the right one; 0.5, 0.50 and 1/2 are equal, and no number is wrong."""
    number = read_number(text)
    return number is not None and number == read_number(answer)


def vote(texts: list[str]) -> Fraction | None:
    """The commonest number; of equally common ones the first; texts without a number don't vote."""
    numbers = [number for number in map(read_number, texts) if number is not None]
    return Counter(numbers).most_common(1)[0][0] if numbers else None


def majority_right(p: float, votes: int) -> float:
    """The chance that more than half of an odd number of independent answers are right, with two possible answers."""
    most = range(votes // 2 + 1, votes + 1)
    return sum(math.comb(votes, right) * p**right * (1 - p) ** (votes - right) for right in most)


def best_of(p: float, count: int) -> float:
    """The chance that at least one of `count` independent answers is right."""
    return 1 - (1 - p) ** count


def wilson(right: int, count: int) -> tuple[float, float]:
    """95% Wilson interval of a share, with z = 1.96."""
    z, share = 1.96, right / count
    centre = (share + z**2 / (2 * count)) / (1 + z**2 / count)
    half = z / (1 + z**2 / count) * math.sqrt(share * (1 - share) / count + z**2 / (4 * count**2))
    return centre - half, centre + half


def advantages(rewards: list[float]) -> np.ndarray:
    """GRPO: (r - mean) / standard deviation of the group; all 0 if all rewards are equal."""
    group = np.array(rewards, dtype=float)
    spread = group.std()
    return np.zeros(len(group)) if spread == 0 else (group - group.mean()) / spread


def clipped_objective(ratio: float, advantage: float, clip: float = 0.2) -> float:
    """min(ratio A, clip(ratio, 1 - clip, 1 + clip) A)."""
    return min(ratio * advantage, min(max(ratio, 1 - clip), 1 + clip) * advantage)


def cost_per_task(price: float, solved: float, failure: float) -> float:
    """Euros for a task: the price of the answer and the expected cost of a failure."""
    return price + (1 - solved) * failure


def break_even(price: float, solved: float, thinking_price: float, thinking_solved: float) -> float:
    """The cost of a failure from which thinking pays; infinite if thinking doesn't solve more."""
    gain = thinking_solved - solved
    return (thinking_price - price) / gain if gain > 0 else math.inf


def write_table(path: Path, problems: list[Problem]) -> None:
    """Write a CSV file with the columns method, accuracy, low, high, tokens for the methods direct, steps and vote.

    The interval is Wilson's; tokens are the mean per problem, for the vote those of all five samples.
    """
    results = {
        "direct": [(is_right(p.direct.text, p.answer), p.direct.tokens) for p in problems],
        "steps": [(is_right(p.steps.text, p.answer), p.steps.tokens) for p in problems],
        "vote": [
            (vote([s.text for s in p.votes]) == read_number(p.answer), sum(s.tokens for s in p.votes)) for p in problems
        ],
    }
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["method", "accuracy", "low", "high", "tokens"])
        for method, rows in results.items():
            right = sum(mark for mark, _ in rows)
            numbers = (right / len(rows), *wilson(right, len(rows)), sum(tokens for _, tokens in rows) / len(rows))
            writer.writerow([method, *(round(number, 4) for number in numbers)])
