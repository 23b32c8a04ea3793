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
    raise NotImplementedError("the part after the last Answer: and its last number, as a Fraction")


def is_right(text: str, answer: str) -> bool:
    """Whether the text's number equals the right one; 0.5, 0.50 and 1/2 are equal, and no number is wrong."""
    raise NotImplementedError("read both numbers and compare them")


def vote(texts: list[str]) -> Fraction | None:
    """The commonest number; of equally common ones the first; texts without a number don't vote."""
    raise NotImplementedError("count the numbers of the texts")


def majority_right(p: float, votes: int) -> float:
    """The chance that more than half of an odd number of independent answers are right, with two possible answers."""
    raise NotImplementedError("binomial chances of more than half")


def best_of(p: float, count: int) -> float:
    """The chance that at least one of `count` independent answers is right."""
    raise NotImplementedError("one minus the chance that all are wrong")


def wilson(right: int, count: int) -> tuple[float, float]:
    """95% Wilson interval of a share, with z = 1.96."""
    raise NotImplementedError("centre and half width of the Wilson interval")


def advantages(rewards: list[float]) -> np.ndarray:
    """GRPO: (r - mean) / standard deviation of the group; all 0 if all rewards are equal."""
    raise NotImplementedError("subtract the mean, divide by the standard deviation; zeros if it is 0")


def clipped_objective(ratio: float, advantage: float, clip: float = 0.2) -> float:
    """min(ratio A, clip(ratio, 1 - clip, 1 + clip) A)."""
    raise NotImplementedError("the smaller of the plain and the clipped product")


def cost_per_task(price: float, solved: float, failure: float) -> float:
    """Euros for a task: the price of the answer and the expected cost of a failure."""
    raise NotImplementedError("price plus share of failures times their cost")


def break_even(price: float, solved: float, thinking_price: float, thinking_solved: float) -> float:
    """The cost of a failure from which thinking pays; infinite if thinking doesn't solve more."""
    raise NotImplementedError("additional price by additional share solved")


def write_table(path: Path, problems: list[Problem]) -> None:
    """Write a CSV file with the columns method, accuracy, low, high, tokens for the methods direct, steps and vote.

    The interval is Wilson's; tokens are the mean per problem, for the vote those of all five samples.
    """
    raise NotImplementedError("right or wrong and tokens for each method; accuracy, interval, mean")
