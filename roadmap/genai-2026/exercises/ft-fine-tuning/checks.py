"""Checks of labels, masked loss, intervals, costs and the table."""

import csv
import math
import tempfile
from pathlib import Path
from types import ModuleType

import numpy as np

MINUTES = 90
CHAT = [
    {"role": "system", "content": "Be brief."},
    {"role": "user", "content": "Do you true wheels?"},
    {"role": "assistant", "content": "Yes, on weekdays."},
    {"role": "user", "content": "How long?"},
    {"role": "assistant", "content": "Twenty minutes."},
]


def check_labels(exercise: ModuleType) -> None:
    """Only the assistant's words and its end token are trained."""
    ids, labels = exercise.build_example(CHAT)
    assert len(ids) == len(labels), f"Ids and labels must be equally long, not {len(ids)} and {len(labels)}."
    expected_ids: list[int] = []
    expected: list[int] = []
    for message in CHAT:
        words = exercise.encode(message["content"])
        expected_ids += [exercise.ROLES[message["role"]], *words, exercise.END]
        trained = message["role"] == "assistant"
        expected += [-100, *(words if trained else [-100] * len(words)), exercise.END if trained else -100]
    assert ids == expected_ids, "Each turn must be its role token, the tokens of its content and END."
    ends = [label for label, token in zip(labels, ids, strict=True) if token == exercise.END]
    assert ends == [-100, -100, 4, -100, 4], (
        f"The END tokens of the five turns have the labels {ends}; train those of the assistant, or it never stops."
    )
    wrong = next((n for n, pair in enumerate(zip(labels, expected, strict=True)) if pair[0] != pair[1]), 0)
    assert labels == expected, (
        f"Position {wrong} has the label {labels[wrong]}, not {expected[wrong]}; role tokens, system and user are "
        "-100, the assistant's words keep their ids."
    )


def check_truncate(exercise: ModuleType) -> None:
    """Ids and labels are cut together, and examples without an answer are dropped."""
    examples = [([1, 9, 4, 3, 8, 4], [-100, -100, -100, -100, 8, 4]), ([3, 7, 4], [-100, 7, 4])]
    kept = exercise.truncate(examples, 5)
    assert [list(part) for part in kept[0]] == [[1, 9, 4, 3, 8], [-100, -100, -100, -100, 8]], (
        f"With a limit of 5 the first example must lose its last id and label, but it is {kept[0]}."
    )
    kept = exercise.truncate(examples, 4)
    assert len(kept) == 1 and list(kept[0][0]) == [3, 7, 4], (
        f"With a limit of 4 the first example has no answer left and must go, but you kept {len(kept)} examples; "
        "its loss would be NaN."
    )


def check_masked_loss(exercise: ModuleType) -> None:
    """Answer tokens with probabilities 0.5, 0.25 and 0.8 have the loss 0.768."""
    probabilities = [0.1, 0.2, 0.5, 0.25, 0.8, 0.3]
    labels = [-100, -100, -100, 2, 0, 1]
    logits = np.zeros((6, 4))
    for t, (p, label) in enumerate(zip(probabilities[:5], [3, 3, 2, 0, 1], strict=True)):
        logits[t] = math.log((1 - p) / 3)
        logits[t, label] = math.log(p)
    logits[5] = [5, -5, 3, 1]
    loss = exercise.masked_loss(logits, labels)
    assert abs(loss - 0.7675) < 0.001, (
        f"The loss is {loss:.3f}, not 0.768: position t predicts label t + 1, and only trained labels are averaged."
    )
    shifted = exercise.masked_loss(logits + 2000, labels)
    assert abs(shifted - 0.7675) < 0.001, "Logits in the thousands overflow: subtract the largest one first."


def check_steps(exercise: ModuleType) -> None:
    """1,000 examples in batches of 16 for three epochs make 189 steps."""
    for examples, batch, epochs, expected in ((1000, 16, 3, 189), (64, 16, 2, 8), (5, 8, 3, 3)):
        steps = exercise.count_steps(examples, batch, epochs)
        assert steps == expected, (
            f"{examples} examples, batch {batch}, {epochs} epochs make {expected} steps, not {steps}; round up."
        )


def check_bootstrap(exercise: ModuleType) -> None:
    """85% of 300 cases has a 95% interval of about 4 points on both sides."""
    right = [True] * 255 + [False] * 45
    low, high = exercise.bootstrap_interval(right, np.random.default_rng(1))
    assert abs(low - 0.81) < 0.015 and abs(high - 0.89) < 0.015, (
        f"The interval of 255 right of 300 is about 0.81 to 0.89, not {low:.3f} to {high:.3f}; draw 300 cases with "
        "replacement and take the percentiles 2.5 and 97.5."
    )
    small = exercise.bootstrap_interval(right[::10], np.random.default_rng(1))
    assert small[1] - small[0] > 2 * (high - low), "30 cases must give an interval about three times as wide as 300."


def check_paired(exercise: ModuleType) -> None:
    """The difference of two systems is drawn case by case."""
    first = [True] * 150 + [False] * 150
    second = [True] * 150 + [True] * 12 + [False] * 138
    low, high = exercise.paired_interval(first, second, np.random.default_rng(2))
    assert 0.01 < low < 0.03 and 0.05 < high < 0.075, (
        f"12 of 300 cases are repaired and none broken: the gain is 0.04 with an interval of about 0.02 to 0.06, not "
        f"{low:.3f} to {high:.3f}; use the same drawn cases for both, and subtract the first from the second."
    )


def check_forgotten(exercise: ModuleType) -> None:
    """Old skills that fell by more than two points are named, the worst first."""
    before = {"arithmetic": 0.8, "portuguese": 0.7, "english": 0.9, "refusals": 0.95}
    after = {"arithmetic": 0.75, "portuguese": 0.4, "english": 0.94, "refusals": 0.94}
    names = exercise.forgotten(before, after)
    assert names == ["portuguese", "arithmetic"], (
        f"Portuguese fell by 30 points and arithmetic by 5, the others by 1 or less, but you named {names}."
    )


def check_cost(exercise: ModuleType) -> None:
    """Input and output tokens have prices of their own, and a saving of nothing never pays."""
    option = exercise.Option("prompt", [[True]], 1500, 20, 0.5, 2.0)
    cost = exercise.cost_per_1000(option)
    assert abs(cost - 0.79) < 1e-9, (
        f"1,500 tokens at 0.50 and 20 at 2 euros per million cost 0.79 euros per 1,000 requests, not {cost}."
    )
    requests = exercise.break_even(400, 0.8)
    assert abs(requests - 500_000) < 1e-6, f"400 euros and 0.80 saved per 1,000 pay after 500,000, not {requests:,.0f}."
    assert exercise.break_even(400, 0.0) == math.inf, "A project that saves nothing never pays: return infinity."
    assert exercise.break_even(400, -1.0) == math.inf, "A project that costs more per request never pays."


def check_table(exercise: ModuleType) -> None:
    """The table has accuracy with interval, seed spread and cost for all three options."""
    difficulty = np.random.default_rng(3).random(300)
    options = [
        exercise.Option(
            name, [[bool(right) for right in difficulty < share] for share in shares], tokens, 10, price, price
        )
        for name, shares, tokens, price in (
            ("tuned on 100", (0.7, 0.75, 0.8), 200, 0.1),
            ("tuned on 1,000", (0.86, 0.87, 0.88), 200, 0.1),
            ("prompted", (0.9,), 1500, 1.0),
        )
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "results.csv"
        exercise.write_table(path, options)
        with path.open(newline="") as file:
            rows = {row["option"]: row for row in csv.DictReader(file)}
    assert list(rows) == [option.name for option in options], (
        f"The table must have the three options, not {list(rows)}."
    )
    for option in options:
        row = {key: float(value) for key, value in rows[option.name].items() if key != "option"}
        seeds = [sum(run) / len(run) for run in option.runs]
        expected = {
            "accuracy": sum(seeds) / len(seeds),
            "spread": max(seeds) - min(seeds),
            "cost": (option.tokens_in + option.tokens_out) * option.price_in / 1000,
        }
        for key, value in expected.items():
            assert abs(row[key] - value) < 0.001, (
                f"The {key} of {option.name!r} is {value:.4f}, but the table says {row[key]:.4f}."
            )
        assert row["low"] < row["accuracy"] < row["high"], f"The interval of {option.name!r} doesn't hold its accuracy."
        marks = np.array(option.runs, dtype=float).mean(axis=0)
        width = 2 * 1.96 * marks.std() / math.sqrt(300)
        assert abs(row["high"] - row["low"] - width) < 0.012, (
            f"The interval of {option.name!r} is {row['high'] - row['low']:.3f} wide, but about {width:.3f} is "
            "expected: there are 300 cases, however many seeds."
        )
