"""Prepare chats for fine-tuning with loss masking, and compare a tuned small model with a prompted large one.

`encode` stands in for a tokeniser. When all checks pass, fine-tune a model of under 200 million parameters on 100 and
on 1,000 labelled examples with three seeds each, prompt a larger model on the same 300 test cases, and hand your
results to `write_table`. Choose one option in writing.
It takes about 90 minutes, and several hours more for the training.

Check it: python check.py ft-fine-tuning
"""

import csv
import math
import zlib
from pathlib import Path
from typing import NamedTuple

import numpy as np

ROLES = {"system": 1, "user": 2, "assistant": 3}  # the token that opens a turn
END = 4  # the token that ends a turn
IGNORE = -100

Example = tuple[list[int], list[int]]  # token ids and labels of equal length


class Option(NamedTuple):
    """One way to do the task, with its results on the same test cases."""

    name: str
    runs: list[list[bool]]  # for each seed: whether each test case is right; a prompted model has one run
    tokens_in: float  # mean per request
    tokens_out: float
    price_in: float  # euros per million tokens
    price_out: float


def encode(text: str) -> list[int]:
    """Token ids of a text, one from 5 to 999 for each word."""
    return [5 + zlib.crc32(word.encode()) % 995 for word in text.split()]


def build_example(messages: list[dict[str, str]]) -> Example:
    """Turns as role token, content, END; labels are the ids in the assistant's content and its END, else IGNORE."""
    raise NotImplementedError(
        "role token, content and END for each turn; labels only for the assistant's content and END"
    )


def truncate(examples: list[Example], limit: int) -> list[Example]:
    """Cut ids and labels to the limit and drop the examples in which no label is left to train."""
    raise NotImplementedError("cut both lists, keep examples with a trained label")


def masked_loss(logits: np.ndarray, labels: list[int]) -> float:
    """Mean cross-entropy of logits (length, vocabulary): position t predicts label t + 1, IGNORE doesn't count."""
    raise NotImplementedError("log-softmax, shift by one, average the trained positions")


def count_steps(examples: int, batch: int, epochs: int) -> int:
    """Optimiser steps; the last batch of an epoch may be smaller."""
    raise NotImplementedError("batches per epoch, rounded up, times epochs")


def bootstrap_interval(right: list[bool], rng: np.random.Generator, draws: int = 2000) -> tuple[float, float]:
    """95% percentile interval of the accuracy: draw as many cases as there are, with replacement, `draws` times."""
    raise NotImplementedError("draw cases with replacement, means, percentiles")


def paired_interval(
    first: list[bool], second: list[bool], rng: np.random.Generator, draws: int = 2000
) -> tuple[float, float]:
    """95% percentile interval of accuracy(second) - accuracy(first): the same drawn cases for both."""
    raise NotImplementedError("the gain of each case, drawn with replacement")


def forgotten(before: dict[str, float], after: dict[str, float], allowed: float = 0.02) -> list[str]:
    """Names of the old skills whose score fell by more than `allowed`, the worst first."""
    raise NotImplementedError("how far each skill fell; those above the limit, sorted")


def cost_per_1000(option: Option) -> float:
    """Euros for 1,000 requests."""
    raise NotImplementedError("tokens times price, for input and output")


def break_even(project: float, saving_per_1000: float) -> float:
    """Requests after which a project of so many euros has paid for itself; infinite if nothing is saved."""
    raise NotImplementedError("project by saving for each request")


def write_table(path: Path, options: list[Option]) -> None:
    """Write a CSV file with the columns option, accuracy, low, high, spread, cost.

    Accuracy is the mean of the seeds, the interval is that of all runs together case by case (the mean of a case over
    the seeds counts as its mark), spread is the highest minus the lowest accuracy of a seed, cost is per 1,000.
    """
    raise NotImplementedError("mean, interval by cases, spread by seeds, cost; a row for each option")
