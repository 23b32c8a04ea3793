"""Checks of the exercise py-async."""

import asyncio
import time
from types import ModuleType

MINUTES = 90


class StubModel:
    """A model that counts its calls; each prompt fails `failures` times before it is answered."""

    def __init__(self, seconds: float = 0.02, failures: int = 0) -> None:
        self.seconds, self.failures = seconds, failures
        self.calls: dict[str, int] = {}
        self.in_flight = self.peak = 0

    async def __call__(self, prompt: str) -> str:
        self.calls[prompt] = self.calls.get(prompt, 0) + 1
        self.in_flight += 1
        self.peak = max(self.peak, self.in_flight)
        try:
            await asyncio.sleep(self.seconds)
        finally:
            self.in_flight -= 1
        if self.calls[prompt] <= self.failures:
            raise ConnectionError("overloaded")
        return prompt.upper()


def check_fake_model(exercise: ModuleType) -> None:
    """The fake model takes 0.1 to 0.5 s and fails in about one call of ten."""

    async def time_call() -> tuple[float, bool]:
        start = time.perf_counter()
        try:
            await exercise.fake_model("hello")
        except ConnectionError:
            return time.perf_counter() - start, True
        return time.perf_counter() - start, False

    async def run() -> list[tuple[float, bool]]:
        return await asyncio.gather(*(time_call() for _ in range(1000)))

    calls = asyncio.run(run())
    shortest, longest = min(seconds for seconds, _ in calls), max(seconds for seconds, _ in calls)
    failures = sum(failed for _, failed in calls)
    assert 0.08 < shortest < 0.2 and 0.4 < longest < 2, (
        f"1,000 calls at once took {shortest:.2f} to {longest:.2f} s each; "
        "each has to await asyncio.sleep for 0.1 to 0.5 s, at random."
    )
    assert 50 <= failures <= 160, (
        f"{failures} of 1,000 calls raised ConnectionError; about 100 are expected (one in ten)."
    )


def check_timeout(exercise: ModuleType) -> None:
    """A call that hangs is given up after the time-out."""

    async def run() -> float:
        start = time.perf_counter()
        try:
            async with asyncio.timeout(2):
                await exercise.ask_once(StubModel(seconds=60), "hello", asyncio.Semaphore(1), 0.1)
        except TimeoutError:
            return time.perf_counter() - start
        raise AssertionError("ask_once answered although the model hangs; it has to return what the model returns.")

    seconds = asyncio.run(run())
    assert seconds < 1, "A model that hangs was still awaited after 2 s with a time-out of 0.1 s; use asyncio.timeout."


def check_timeout_starts_with_permit(exercise: ModuleType) -> None:
    """Waiting for a permit does not count towards the time-out."""

    async def run() -> list[object]:
        gate, model = asyncio.Semaphore(1), StubModel(seconds=0.2)
        calls = (exercise.ask_once(model, prompt, gate, 0.5) for prompt in "abcd")
        return await asyncio.gather(*calls, return_exceptions=True)

    answers = asyncio.run(run())
    assert not any(isinstance(answer, TimeoutError) for answer in answers), (
        "Four calls of 0.2 s, one at a time, with a time-out of 0.5 s each: the last one timed out while it waited "
        "for its permit; start the time-out inside `async with gate`."
    )
    assert answers == list("ABCD"), f"Four calls through one permit gave {answers}; expected A, B, C and D."


def check_retries(exercise: ModuleType) -> None:
    """A request is tried again after a failure, at most 1 + `retries` times."""

    async def run(failures: int) -> tuple[object, int]:
        model = StubModel(seconds=0, failures=failures)
        outcome = await exercise.ask_with_retries(model, "hello", asyncio.Semaphore(1), 0.5, 3, 0.01)
        return outcome, model.calls.get("hello", 0)

    outcome, calls = asyncio.run(run(2))
    assert (outcome.answer, outcome.error, outcome.attempts) == ("HELLO", None, 3), (
        f"The model failed twice and then answered; expected answer HELLO, error None and 3 attempts, got {outcome}."
    )
    outcome, calls = asyncio.run(run(99))
    assert calls == 4, f"A model that always fails was called {calls} times; 3 retries make 4 calls."
    assert outcome.answer is None and outcome.error, (
        f"A model that always fails ended as {outcome}; expected answer None and the last error as text."
    )
    assert outcome.attempts == 4, f"4 calls were made and the outcome says {outcome.attempts} attempts."


def check_backoff_outside_permit(exercise: ModuleType) -> None:
    """A request that waits for its next attempt holds no permit."""

    async def run() -> list[str]:
        gate, order = asyncio.Semaphore(1), []
        failing, quick = StubModel(seconds=0.01, failures=1), StubModel(seconds=0.01)

        async def ask(model: StubModel, name: str) -> None:
            await exercise.ask_with_retries(model, name, gate, 1.0, 3, 0.4)
            order.append(name)

        await asyncio.gather(ask(failing, "failing"), ask(quick, "quick"))
        return order

    order = asyncio.run(run())
    assert order == ["quick", "failing"], (
        "With one permit, a quick request had to wait until another one had slept and tried again; "
        "leave `async with gate` before the backoff sleep."
    )


def check_limit(exercise: ModuleType) -> None:
    """The requests overlap, and never more than the limit are in flight."""
    model = StubModel(seconds=0.01)
    asyncio.run(exercise.ask_all(model, [f"q{i}" for i in range(200)], limit=20, seconds=5))
    assert model.peak <= 20, f"{model.peak} requests were in flight at once; the limit is 20 for all requests together."
    assert model.peak > 1, "Only one request was in flight at a time; make a task for each before you await the first."
    assert model.peak == 20, f"At most {model.peak} requests were in flight; 20 are allowed and 200 were waiting."


def check_run(exercise: ModuleType) -> None:
    """All 200 requests end as an answer or an error, in under 10 s."""

    async def unsteady_model(prompt: str) -> str:
        number = int(prompt[1:])
        calls[number] = calls.get(number, 0) + 1
        await asyncio.sleep(60 if number % 50 == 0 else 0.1 + number % 4 * 0.05)
        if number % 40 == 1 or (number % 3 == 0 and calls[number] == 1):
            raise ConnectionError("overloaded")
        return prompt.upper()

    calls: dict[int, int] = {}
    prompts, start = [f"q{i}" for i in range(200)], time.perf_counter()
    try:
        outcomes = asyncio.run(exercise.ask_all(unsteady_model, prompts, limit=20, seconds=0.4))
    except* (ConnectionError, TimeoutError):
        outcomes = None
    seconds = time.perf_counter() - start
    assert outcomes is not None, "One failed request ended the whole run; turn its error into an Outcome."
    assert [outcome.prompt for outcome in outcomes] == prompts, (
        f"{len(outcomes)} outcomes came back for 200 prompts, or in another order; return one for each, in their order."
    )
    assert all((outcome.answer is None) != (outcome.error is None) for outcome in outcomes), (
        "An outcome has both an answer and an error, or neither; exactly one of the two is None."
    )
    errors = sum(outcome.error is not None for outcome in outcomes)
    assert errors == 9, f"{errors} requests ended with an error; in this run 9 can never succeed and 191 can."
    assert seconds < 10, f"200 requests took {seconds:.1f} s; with 20 in flight they take under 10 s."
