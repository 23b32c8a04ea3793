"""Write a harness for agents: trials in a clean world, graded by the end state, with rates that have intervals.

A world is a dictionary, such as a small database. An agent is a function (world, request, random) that changes its
world and returns a report. A trial succeeds if the grader says so and nothing has changed that must not change. TASKS
holds five tasks, and two of their graders are broken: let `audit` find them.
The functions take about 110 minutes.

Check it: python check.py at-evaluation
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

World = dict[str, Any]
Agent = Callable[[World, str, Random], str]
Z = 1.96
"""Of a 95% interval."""


@dataclass(frozen=True)
class Task:
    """A task with its start, a grader of the end state, the keys of the world that may change, and a right solution."""

    name: str
    start: World
    request: str
    grade: Callable[[World], bool]
    may_change: frozenset[str]
    solution: Agent


@dataclass(frozen=True)
class Trial:
    """One attempt: whether it succeeded, which keys changed that must not, and what the agent reported."""

    success: bool
    violations: tuple[str, ...]
    report: str


def idle(world: World, request: str, random: Random) -> str:
    """An agent that does nothing and says that all went well."""
    return "Done."


def cancel(order: str) -> Agent:
    """Return an agent that cancels an order."""

    def agent(world: World, request: str, random: Random) -> str:
        world["orders"][order] = "cancelled"
        return "Cancelled."

    return agent


def move(world: World, request: str, random: Random) -> str:
    """An agent that moves the meeting to Friday."""
    world["calendar"]["review"] = "Friday"
    return "Moved."


SHOP: World = {"orders": {"a1": "open", "a2": "sent"}, "calendar": {"review": "Monday"}, "mail": []}
ORDERS, CALENDAR = frozenset({"orders"}), frozenset({"calendar"})
TASKS = [
    Task("cancel", SHOP, "Cancel a1.", lambda w: w["orders"]["a1"] == "cancelled", ORDERS, cancel("a1")),
    Task("move", SHOP, "Move the review to Friday.", lambda w: w["calendar"]["review"] == "Friday", CALENDAR, move),
    Task("keep", SHOP, "Cancel a2, if it is not sent yet.", lambda w: w["orders"]["a2"] == "sent", ORDERS, idle),
    Task("both", SHOP, "Cancel a1.", lambda w: len(w["orders"]) == 2, ORDERS, cancel("a1")),
    Task("late", SHOP, "Move the review to Friday.", lambda w: w["calendar"]["review"] == "friday", CALENDAR, move),
]


def find_violations(start: World, end: World, may_change: frozenset[str]) -> tuple[str, ...]:
    """Return the keys that were changed, added or removed although they must not, in the order of the alphabet."""
    keys = (start.keys() | end.keys()) - may_change
    return tuple(sorted(key for key in keys if key not in start or key not in end or start[key] != end[key]))


def run_trial(task: Task, agent: Agent, seed: int) -> Trial:
    """Run an agent once in a deep copy of the start, with Random(seed), and grade the end state.

    The report has no influence on the success. An exception of the agent is a failed trial whose report begins with
    "failed:". The grader gets a deep copy of the end.
    """
    world = copy.deepcopy(task.start)
    try:
        report = agent(world, task.request, Random(seed))
    except Exception as error:  # noqa: BLE001  whatever an agent raises is a failed trial
        return Trial(False, find_violations(task.start, world, task.may_change), f"failed: {error}")
    violations = find_violations(task.start, world, task.may_change)
    return Trial(task.grade(copy.deepcopy(world)) and not violations, violations, report)


def run_suite(tasks: Sequence[Task], agent: Agent, trials: int) -> dict[str, list[Trial]]:
    """Return the trials of each task by its name; the seeds are 0, 1, 2, ... for each task."""
    return {task.name: [run_trial(task, agent, seed) for seed in range(trials)] for task in tasks}


def audit(task: Task) -> list[str]:
    """Return what is wrong with a task: "passes without work", "rejects the solution", "varies".

    Without work passes a task that `idle` solves, unless its solution leaves the world as it is, too. A task varies if
    two trials of its solution with the seed 0 differ in their success.
    """
    faults = []
    end = copy.deepcopy(task.start)
    task.solution(end, task.request, Random(0))
    if run_trial(task, idle, 0).success and end != task.start:
        faults.append("passes without work")
    first, second = run_trial(task, task.solution, 0), run_trial(task, task.solution, 0)
    if first.success != second.success:
        faults.append("varies")
    elif not first.success:
        faults.append("rejects the solution")
    return faults


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """Return the Wilson interval of a rate: (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n)."""
    p, z2 = successes / trials, Z * Z
    half = Z * math.sqrt(p * (1 - p) / trials + z2 / (4 * trials * trials))
    middle, scale = p + z2 / (2 * trials), 1 + z2 / trials
    return (middle - half) / scale, (middle + half) / scale


def pass_at(k: int, results: Mapping[str, Sequence[Trial]]) -> float:
    """Return pass@k: the mean over the tasks of 1 - C(n - c, k) / C(n, k), for c successes in n trials."""
    values = []
    for trials in results.values():
        n, c = len(trials), sum(trial.success for trial in trials)
        values.append(1 - math.comb(n - c, k) / math.comb(n, k))
    return sum(values) / len(values)


def pass_all(k: int, results: Mapping[str, Sequence[Trial]]) -> float:
    """Return pass^k: the mean over the tasks of C(c, k) / C(n, k)."""
    values = []
    for trials in results.values():
        n, c = len(trials), sum(trial.success for trial in trials)
        values.append(math.comb(c, k) / math.comb(n, k))
    return sum(values) / len(values)


def compare(before: Mapping[str, Sequence[Trial]], after: Mapping[str, Sequence[Trial]]) -> tuple[int, int, float]:
    """Return on how many tasks the rate rose, on how many it fell, and the two-sided p of a sign test.

    Tasks with equal rates are left out. With w rises and l falls, p is 2 × P(at most min(w, l) heads in w + l tosses),
    at most 1; without any difference it is 1.
    """
    rates = [
        (
            sum(t.success for t in before[name]) / len(before[name]),
            sum(t.success for t in after[name]) / len(after[name]),
        )
        for name in before
    ]
    rose, fell = sum(b < a for b, a in rates), sum(b > a for b, a in rates)
    tosses = rose + fell
    tail = sum(math.comb(tosses, heads) for heads in range(min(rose, fell) + 1)) / 2**tosses
    return rose, fell, min(1.0, 2 * tail)
