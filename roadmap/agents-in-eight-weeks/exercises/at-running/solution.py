"""Build a runner whose runs survive a crash: a journal of steps, retries, a budget and a report of costs.

`price` turns token counts into money, `call_with_retries` repeats what may be repeated, `run_step` does a step once and
then reads it from the journal, `run_agent` is the agent loop made of such steps, and `report` says what a run cost.
Model, tools and journal are given; a real journal would be a table or a file.

Run this file to see a run that crashes and goes on. It takes about 120 minutes to write.
Check it: python check.py at-running
"""

import json
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any


class Transient(Exception):
    """An error that may pass: a time-out, a rate limit, a service that restarts."""


class OverBudget(Exception):
    """The run has cost more than it may cost."""


@dataclass(frozen=True)
class Prices:
    """Dollars for a million tokens."""

    fresh: float
    cached: float
    output: float


@dataclass(frozen=True)
class Reply:
    """A model's reply: a tool call (tool and arguments) or, if the tool is "", a final answer in `text`."""

    tool: str
    arguments: dict[str, Any]
    text: str
    fresh: int
    cached: int
    output: int


class Journal:
    """Finished steps of all runs: JSON values by key. They outlive the process, as the lines of a file would."""

    def __init__(self) -> None:
        self._lines: dict[str, str] = {}

    def read(self, key: str) -> Any:
        """Return a step's record, or None if the step has not been finished."""
        return json.loads(self._lines[key]) if key in self._lines else None

    def write(self, key: str, record: Any) -> None:
        """Keep the record of a finished step; a step is never written twice."""
        assert key not in self._lines, f"The step {key} was written twice."
        self._lines[key] = json.dumps(record)

    def list_steps(self) -> list[str]:
        """Return the keys of all finished steps, in the order in which they were written."""
        return list(self._lines)


def price(reply: Reply, prices: Prices) -> float:
    """Return the dollars of a reply: fresh and cached input and output, each at its own price for a million tokens."""
    dollars = reply.fresh * prices.fresh + reply.cached * prices.cached + reply.output * prices.output
    return dollars / 1_000_000


def call_with_retries(
    call: Callable[[], Any],
    retries: int = 3,
    first: float = 0.5,
    cap: float = 8,
    sleep: Callable[[float], None] = time.sleep,
    draw: Callable[[float, float], float] = random.uniform,
) -> Any:
    """Call, and after a Transient error call again, at most 1 + `retries` times; other errors are raised at once.

    The pause before retry number n (from 0) is drawn between 0 and `first` × 2 to the power of n, and at most `cap`.
    """
    for number in range(retries + 1):
        try:
            return call()
        except Transient:
            if number == retries:
                raise
            sleep(draw(0, min(cap, first * 2**number)))
    raise AssertionError("unreachable")


def run_step(journal: Journal, key: str, work: Callable[[], Any]) -> Any:
    """Return the record of a step: from the journal if it is there, else do the work and write it down."""
    record = journal.read(key)
    if record is None:
        record = {"value": work()}
        journal.write(key, record)
    return record["value"]


def ask_model(model: Callable[[list[str]], Reply], messages: list[str], prices: Prices) -> dict[str, Any]:
    """Return the model's reply as a record, with its "dollars"."""
    reply = call_with_retries(partial(model, messages))
    return {**vars(reply), "dollars": price(reply, prices)}


def run_agent(
    run: str,
    model: Callable[[list[str]], Reply],
    tools: dict[str, Callable[..., str]],
    journal: Journal,
    prices: Prices,
    dollars: float,
) -> str:
    """Run the loop until the model answers; started again with the same `run`, it goes on where it stopped.

    Step n has two records: `RUN/n/model`, what `ask_model` returns, and `RUN/n/tool`, the tool's result. A tool is
    called with retries, and with the key of its record as the extra argument `key`, so that its service can ignore a
    repetition. Before each model call OverBudget is raised if the finished steps of this run cost `dollars` or more.
    After a tool call two messages join the list: `call TOOL ARGUMENTS` with the arguments as JSON, and `result TEXT`.
    """
    messages: list[str] = []
    spent, number = 0.0, 0
    while True:
        if spent >= dollars:
            raise OverBudget(f"{run} has cost {spent:.4f} dollars")
        work = partial(ask_model, model, list(messages), prices)
        reply = run_step(journal, f"{run}/{number}/model", work)
        spent += reply["dollars"]
        if not reply["tool"]:
            return str(reply["text"])
        key = f"{run}/{number}/tool"
        use = partial(tools[reply["tool"]], **reply["arguments"], key=key)
        result = run_step(journal, key, partial(call_with_retries, use))
        messages += [f"call {reply['tool']} {json.dumps(reply['arguments'])}", f"result {result}"]
        number += 1


def report(journal: Journal, run: str) -> dict[str, float]:
    """Return the dollars of each step of a run, by its number as text, and their sum as "total"."""
    costs: dict[str, float] = {}
    for key in journal.list_steps():
        owner, number, kind = key.rsplit("/", 2)
        if owner == run and kind == "model":
            costs[number] = journal.read(key)["value"]["dollars"]
    return {**costs, "total": sum(costs.values())}


if __name__ == "__main__":
    PAID: dict[str, str] = {}

    def pay(amount: int, key: str) -> str:
        """Pay once for each key, and lose the connection after the first payment."""
        is_new = key not in PAID
        PAID[key] = f"{amount} euros"
        if is_new:
            raise SystemExit("the process dies after the payment")
        return "paid"

    def scripted(messages: list[str]) -> Reply:
        """Pay, then answer."""
        if messages:
            return Reply("", {}, "Done.", 200, 3_000, 20)
        return Reply("pay", {"amount": 300}, "", 3_000, 0, 40)

    book, rates = Journal(), Prices(3, 0.3, 15)
    try:
        run_agent("run-1", scripted, {"pay": pay}, book, rates, 1)
    except SystemExit as crash:
        print("Crash:", crash, "Journal:", book.list_steps())
    print(run_agent("run-1", scripted, {"pay": pay}, book, rates, 1), PAID, report(book, "run-1"))
