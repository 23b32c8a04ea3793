"""Checks of answers, votes, intervals, advantages, costs and the table."""

import csv
import math
import tempfile
from fractions import Fraction
from pathlib import Path
from types import ModuleType

import numpy as np

MINUTES = 90


def check_read_number(exercise: ModuleType) -> None:
    """The final number is found after "Answer:", or at the end of the text."""
    for text, expected in (
        ("3 boxes of 4 are 12.", 12),
        ("Answer: 7 apples", 7),
        ("Answer: 5? No, 3 + 4. Answer: 7\nI checked 2 cases.", 7),
        ("It costs $1,250.50.", Fraction("1250.5")),
        ("That is -3 degrees", -3),
        ("Answer: 3/4", Fraction(3, 4)),
        ("From 2 to 9, so 1,000,000", 1_000_000),
    ):
        number = exercise.read_number(text)
        assert number == expected, f"The final number of {text!r} is {expected}, but you read {number}."
    assert exercise.read_number("I don't know.") is None, "A text without a number must give None."


def check_is_right(exercise: ModuleType) -> None:
    """Numbers are compared by value, and no number is wrong."""
    for text, answer, expected in (
        ("Answer: 0.50", "1/2", True),
        ("12.0 apples", "12", True),
        ("Answer: 112", "12", False),
        ("no idea", "12", False),
        ("0.3333", "1/3", False),
    ):
        result = exercise.is_right(text, answer)
        assert result == expected, f"{text!r} is {'right' if expected else 'wrong'} if the answer is {answer}."


def check_vote(exercise: ModuleType) -> None:
    """The commonest number wins, and texts without a number don't vote."""
    for texts, expected in (
        (["Answer: 7", "8", "so 7.0", "9", "8", "7"], 7),
        (["?", "none", "?", "4", "5", "5"], 5),
        (["Answer: 3", "4"], 3),
    ):
        number = exercise.vote(texts)
        assert number == expected, f"The vote over {texts} is {expected}, not {number}; compare values, not texts."
    assert exercise.vote(["?", "?"]) is None, "Without any number the vote must be None."


def check_majority(exercise: ModuleType) -> None:
    """A vote strengthens what the model leans to: 60% becomes 68, 40% becomes 32."""
    for p, votes, expected in ((0.6, 5, 0.68256), (0.4, 5, 0.31744), (0.6, 25, 0.84623), (0.7, 1, 0.7)):
        chance = exercise.majority_right(p, votes)
        assert abs(chance - expected) < 0.0005, (
            f"{votes} votes at {p:.0%} are right with {expected:.3f}, not {chance:.3f}; add up all cases with "
            "more than half."
        )


def check_best_of(exercise: ModuleType) -> None:
    """Four tries at 30% hold a right one with 76%."""
    for count, expected in ((4, 0.7599), (8, 0.94235), (1, 0.3)):
        chance = exercise.best_of(0.3, count)
        assert abs(chance - expected) < 0.0005, f"{count} tries at 30% reach {expected:.3f}, not {chance:.3f}."


def check_wilson(exercise: ModuleType) -> None:
    """35 of 50 has the interval 0.56 to 0.81, and 50 of 50 stays below 1."""
    for right, low, high in ((35, 0.5625, 0.8090), (50, 0.9287, 1.0), (0, 0.0, 0.0713)):
        interval = exercise.wilson(right, 50)
        assert abs(interval[0] - low) < 0.002 and abs(interval[1] - high) < 0.002, (
            f"The Wilson interval of {right} of 50 is {low:.3f} to {high:.3f}, not {interval[0]:.3f} to "
            f"{interval[1]:.3f}."
        )


def check_advantages(exercise: ModuleType) -> None:
    """The advantages of a group sum to zero, and equal rewards give zeros."""
    for rewards, expected in (
        ([1, 0, 0, 1], [1, -1, -1, 1]),
        ([1, 0, 0, 1, 0, 0, 0, 0], [1.732, -0.577, -0.577, 1.732, -0.577, -0.577, -0.577, -0.577]),
        ([1, 1, 1, 0], [0.577, 0.577, 0.577, -1.732]),
    ):
        values = np.asarray(exercise.advantages(rewards))
        assert abs(values.sum()) < 1e-9, (
            f"The advantages of {rewards} sum to {values.sum():.3f}, not 0: subtract the mean."
        )
        assert np.allclose(values, expected, atol=0.001), (
            f"The rewards {rewards} have the advantages {expected}, not {values.round(3).tolist()}; divide by the "
            "standard "
            "deviation of the group, with n in the denominator."
        )
    with np.errstate(all="ignore"):
        equal = np.asarray(exercise.advantages([1, 1, 1, 1]))
    assert np.array_equal(equal, np.zeros(4)), f"Four right answers teach nothing: zeros, not {equal.tolist()}."


def check_clip(exercise: ModuleType) -> None:
    """Pushing further than the clip brings nothing, and a step in the wrong direction isn't clipped."""
    for ratio, advantage, expected in (
        (1.1, 1.73, 1.903),
        (1.5, 1.73, 2.076),
        (0.5, -0.58, -0.464),
        (1.5, -0.58, -0.87),
    ):
        value = exercise.clipped_objective(ratio, advantage)
        assert abs(value - expected) < 0.001, (
            f"Ratio {ratio} and advantage {advantage} count {expected:.3f}, not {value:.3f}; take the smaller of "
            "both products."
        )


def check_costs(exercise: ModuleType) -> None:
    """Thinking that solves 90% instead of 70% pays from 0.285 euros per failure."""
    for price, solved, failure, expected in ((0.003, 0.7, 0.1, 0.033), (0.06, 0.9, 1.0, 0.16)):
        cost = exercise.cost_per_task(price, solved, failure)
        assert abs(cost - expected) < 1e-9, (
            f"Price {price}, {solved:.0%} solved and {failure} per failure cost {expected} per task, not {cost:.3f}."
        )
    point = exercise.break_even(0.003, 0.7, 0.06, 0.9)
    assert abs(point - 0.285) < 1e-6, f"The break-even is (0.06 - 0.003) / (0.9 - 0.7) = 0.285, not {point:.3f}."
    assert exercise.break_even(0.003, 0.7, 0.06, 0.7) == math.inf, "Thinking that solves no more never pays: infinity."


def check_table(exercise: ModuleType) -> None:
    """The table has accuracy with interval and tokens for all three methods."""
    problems = []
    for n in range(50):
        votes = [exercise.Sample(f"Answer: {n if n % 5 != 4 or k < 2 else n + 1}", 100 + k) for k in range(5)]
        if n % 10 == 9:
            votes = [exercise.Sample("I don't know.", 100 + k) for k in range(5)]
        problems.append(
            exercise.Problem(
                str(n),
                exercise.Sample(f"Answer: {n if n % 2 else n + 1}", 5),
                exercise.Sample(f"2 steps, so {n if n % 10 < 7 else n - 1}", 80 + n % 2),
                votes,
            )
        )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "results.csv"
        exercise.write_table(path, problems)
        with path.open(newline="") as file:
            rows = {
                row.pop("method"): {key: float(value) for key, value in row.items()} for row in csv.DictReader(file)
            }
    assert sorted(rows) == ["direct", "steps", "vote"], (
        f"The table must have direct, steps and vote, not {sorted(rows)}."
    )
    for method, accuracy, low, high, tokens in (
        ("direct", 0.5, 0.3664, 0.6336, 5),
        ("steps", 0.7, 0.5625, 0.8090, 80.5),
        ("vote", 0.8, 0.6696, 0.8876, 510),
    ):
        row = rows[method]
        assert abs(row["accuracy"] - accuracy) < 0.001, (
            f"The method {method} is right in {accuracy:.0%} of the problems, but the table says {row['accuracy']:.0%}."
        )
        assert abs(row["low"] - low) < 0.002 and abs(row["high"] - high) < 0.002, (
            f"The interval of {method} is {low:.3f} to {high:.3f}, but the table says {row['low']:.3f} to "
            f"{row['high']:.3f}."
        )
        assert abs(row["tokens"] - tokens) < 0.01, (
            f"The method {method} takes {tokens} tokens per problem, but the table says {row['tokens']:.1f}; a "
            "vote pays all "
            "five samples."
        )
