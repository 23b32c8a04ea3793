"""Send 200 requests to an unreliable model API, at most 20 in flight, with a time-out and up to three retries each.

`fake_model` stands for the service. `ask_once` is one attempt, `ask_with_retries` repeats it, and `ask_all` runs all
requests and collects one `Outcome` each. Put the time-out inside the permit and the backoff sleep outside it.

Run this file to see the counts. It takes about 90 minutes to write.
Check it: python check.py py-async
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

Model = Callable[[str], Awaitable[str]]


@dataclass
class Outcome:
    """How one request ended: with an answer or with an error."""

    prompt: str
    answer: str | None
    error: str | None
    attempts: int


async def fake_model(prompt: str) -> str:
    """Sleep 0.1 to 0.5 s; then raise ConnectionError in one call of ten, else return an answer."""
    await asyncio.sleep(random.uniform(0.1, 0.5))
    if random.random() < 0.1:
        raise ConnectionError("the model is overloaded")
    return f"answer to {prompt}"


async def ask_once(model: Model, prompt: str, gate: asyncio.Semaphore, seconds: float) -> str:
    """Wait for a permit, then for the answer; raise TimeoutError `seconds` after the permit was given."""
    async with gate, asyncio.timeout(seconds):
        return await model(prompt)


async def ask_with_retries(
    model: Model, prompt: str, gate: asyncio.Semaphore, seconds: float = 0.4, retries: int = 3, first_wait: float = 0.05
) -> Outcome:
    """Ask until an answer comes, at most 1 + `retries` times; wait `first_wait`, then twice as long each time."""
    error = ""
    for attempt in range(retries + 1):
        if attempt:
            await asyncio.sleep(first_wait * 2 ** (attempt - 1) * random.uniform(0.5, 1.5))
        try:
            answer = await ask_once(model, prompt, gate, seconds)
        except (TimeoutError, ConnectionError) as failure:
            error = f"{type(failure).__name__}: {failure}"
        else:
            return Outcome(prompt, answer, None, attempt + 1)
    return Outcome(prompt, None, error, retries + 1)


async def ask_all(
    model: Model, prompts: list[str], limit: int = 20, seconds: float = 0.4, retries: int = 3, first_wait: float = 0.05
) -> list[Outcome]:
    """Send all prompts, at most `limit` in flight; the outcomes stand in the order of the prompts."""
    gate = asyncio.Semaphore(limit)
    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(ask_with_retries(model, prompt, gate, seconds, retries, first_wait)) for prompt in prompts
        ]
    return [task.result() for task in tasks]


if __name__ == "__main__":
    start = time.perf_counter()
    outcomes = asyncio.run(ask_all(fake_model, [f"question {i}" for i in range(200)]))
    answered = sum(outcome.answer is not None for outcome in outcomes)
    attempts = sum(outcome.attempts for outcome in outcomes)
    print(f"{answered} answers, {len(outcomes) - answered} errors, {attempts} calls")
    print(f"{time.perf_counter() - start:.1f} s")
