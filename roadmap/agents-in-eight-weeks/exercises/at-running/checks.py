"""Checks of the exercise at-running."""

import contextlib
from types import ModuleType
from typing import Any

MINUTES = 120


class Crash(BaseException):
    """The process dies here."""


class World:
    """A scripted model and a service that books rooms; the process dies before or after call `dies_at`."""

    def __init__(self, exercise: ModuleType, dies_at: int = 0, *, after: bool = False) -> None:
        self.exercise, self.dies_at, self.after = exercise, dies_at, after
        self.n_calls = self.asked = 0
        self.bookings: dict[str, str] = {}
        self.attempts: list[tuple[str, str]] = []

    def _do(self, work: Any) -> Any:
        self.n_calls += 1
        dies = self.n_calls == self.dies_at
        if dies and not self.after:
            raise Crash
        result = work()
        if dies:
            raise Crash
        return result

    def model(self, messages: list[str]) -> Any:
        """Book two rooms, then answer; each reply costs 0.01 dollars at the prices of `run`."""
        return self._do(lambda: self._reply(messages))

    def _reply(self, messages: list[str]) -> Any:
        self.asked += 1
        number = len(messages) // 2
        if number == 2:
            return self.exercise.Reply("", {}, f"Booked after {len(messages)} messages.", 2000, 10000, 200)
        return self.exercise.Reply("book", {"room": "AB"[number]}, "", 2000, 10000, 200)

    def book(self, room: str, key: str) -> str:
        """Book a room once for each key."""

        def work() -> str:
            self.attempts.append((room, key))
            self.bookings.setdefault(key, room)
            return f"booked {room}"

        return str(self._do(work))


def run(exercise: ModuleType, world: World, journal: Any, dollars: float = 1, name: str = "run-1") -> Any:
    """Run the agent once in a world."""
    prices = exercise.Prices(3, 0.1, 15)
    return exercise.run_agent(name, world.model, {"book": world.book}, journal, prices, dollars)


def check_price(exercise: ModuleType) -> None:
    """Fresh input, cached input and output each have their own price."""
    reply = exercise.Reply("", {}, "hi", 2_000, 10_000, 200)
    dollars = exercise.price(reply, exercise.Prices(3, 0.3, 15))
    assert abs(dollars - 0.012) < 1e-9, (
        f"2,000 fresh, 10,000 cached and 200 output tokens at 3, 0.3 and 15 dollars a million gave {dollars}; "
        "expected 0.006 + 0.003 + 0.003 = 0.012."
    )


def check_retries(exercise: ModuleType) -> None:
    """A transient error is retried at most `retries` times, and another error not at all."""
    calls = []

    def fail(error: Exception, times: int) -> Any:
        calls.append(1)
        if len(calls) <= times:
            raise error
        return "answer"

    answer = exercise.call_with_retries(lambda: fail(exercise.Transient("busy"), 2), 3, sleep=lambda _: None)
    assert (answer, len(calls)) == ("answer", 3), f"After two transient errors: {answer!r} in {len(calls)} calls."
    for error, expected in ((exercise.Transient("busy"), 4), (ValueError("no such room"), 1)):
        calls.clear()
        try:
            exercise.call_with_retries(lambda error=error: fail(error, 99), 3, sleep=lambda _: None)
        except type(error):
            pass
        else:
            raise AssertionError(
                f"A call that always fails with {type(error).__name__} raised nothing; raise its error."
            )
        assert len(calls) == expected, (
            f"A call that always fails with {type(error).__name__} was made {len(calls)} times; expected {expected}."
        )


def check_pauses(exercise: ModuleType) -> None:
    """The longest pauses double up to the cap, and the pause is drawn between 0 and that."""
    bounds, slept = [], []

    def draw(low: float, high: float) -> float:
        bounds.append((low, high))
        return high / 2

    def fail() -> None:
        raise exercise.Transient("busy")

    with contextlib.suppress(exercise.Transient):
        exercise.call_with_retries(fail, 5, 1, 8, sleep=slept.append, draw=draw)
    expected = [(0, 1), (0, 2), (0, 4), (0, 8), (0, 8)]
    assert bounds == expected, f"With first=1 and cap=8 the pauses were drawn between {bounds}; expected {expected}."
    assert slept == [0.5, 1, 2, 4, 4], (
        f"The pauses were {slept}; sleep as long as was drawn, and not after the last try."
    )


def check_step(exercise: ModuleType) -> None:
    """A finished step is read and not done again, also if its result is None or empty."""
    for value in ("text", "", None, 0):
        journal, done = exercise.Journal(), []

        def work(value: Any = value, done: list[int] = done) -> Any:
            done.append(1)
            return value

        results = [exercise.run_step(journal, "run-1/0/tool", work) for _ in range(2)]
        assert results == [value, value], f"A step with the result {value!r} returned {results}."
        assert len(done) == 1, (
            f"A step with the result {value!r} was done {len(done)} times; write it down and read it."
        )


def check_run(exercise: ModuleType) -> None:
    """A run without trouble calls the tools, reads their results and returns the answer."""
    world, journal = World(exercise), exercise.Journal()
    answer = run(exercise, world, journal)
    assert list(world.bookings.values()) == ["A", "B"], (
        f"The agent booked {list(world.bookings.values())}; expected A, B."
    )
    assert answer == "Booked after 4 messages.", f"The answer is {answer!r}; two calls and two results are 4 messages."
    expected = ["run-1/0/model", "run-1/0/tool", "run-1/1/model", "run-1/1/tool", "run-1/2/model"]
    assert journal.list_steps() == expected, f"The journal has the steps {journal.list_steps()}; expected {expected}."


def check_crash(exercise: ModuleType) -> None:
    """Wherever the process dies, the next start finishes the run and books each room once."""
    for after in (False, True):
        for dies_at in range(1, 6):
            world, journal = World(exercise, dies_at, after=after), exercise.Journal()
            where = f"The process died {'after' if after else 'before'} call {dies_at} of 5"
            try:
                run(exercise, world, journal)
            except Crash:
                n_finished = len(journal.list_steps())
                assert n_finished == dies_at - 1, (
                    f"{where}, and {n_finished} steps were written; a step is written after it."
                )
            else:
                raise AssertionError(f"{where}, but the run went on; a crash is no error to be caught.")
            answer = run(exercise, world, journal)
            assert answer == "Booked after 4 messages.", f"{where}; the second start answered {answer!r}."
            rooms = list(world.bookings.values())
            assert rooms == ["A", "B"], f"{where}, and the bookings are {rooms}; use the same `key` for the same step."
            assert world.n_calls <= 6, (
                f"{where}, and {world.n_calls} calls were made in all; finished steps are only read."
            )
    world, journal = World(exercise), exercise.Journal()
    run(exercise, world, journal)
    run(exercise, world, journal, name="run-2")
    assert len(world.bookings) == 4, "A second run booked nothing; the key must hold the name of the run."


def check_budget(exercise: ModuleType) -> None:
    """The budget counts the whole run, also what was spent before a restart."""
    journal = exercise.Journal()
    for start in (1, 2):
        world = World(exercise)
        try:
            run(exercise, world, journal, 0.019)
        except exercise.OverBudget:
            limit = 2 if start == 1 else 0
            assert world.asked == limit, (
                f"With 0.019 dollars and 0.01 a reply the model was asked {world.asked} times at start {start}; "
                f"expected {limit}, since finished steps are read and count."
            )
        else:
            raise AssertionError("A run of three replies at 0.01 dollars ended without OverBudget at a limit of 0.019.")


def check_report(exercise: ModuleType) -> None:
    """The report gives the cost of each step of one run, and the sum."""
    journal = exercise.Journal()
    for name in ("run-1", "run-10"):
        run(exercise, World(exercise), journal, name=name)
    costs = exercise.report(journal, "run-1")
    assert set(costs) == {"0", "1", "2", "total"}, (
        f"The report of a run of three steps has the entries {sorted(costs)}."
    )
    assert abs(costs["total"] - 0.03) < 1e-9, (
        f"Three replies at 0.01 dollars cost {costs['total']:.4f}; expected 0.0300."
    )
