"""The numbers of the note on asyncio: rounds of calls, cancelled siblings, retries and lost additions."""

import asyncio
import math
import random
import time
from collections.abc import Awaitable, Callable

# versions: TaskGroup and timeout from Python 3.11; free threading experimental in 3.13, supported from 3.14
# named, not computed: a timeout of 0.4 s, jitter from 0.5 to 1.5, debug mode logs callbacks slower than 0.1 s


def seconds(calls: int, wait: float, in_flight: int) -> float:
    """Rounds times the wait of one call."""
    return math.ceil(calls / in_flight) * wait


assert seconds(20, 0.2, 1) == 4
assert seconds(20, 0.2, 5) == 0.8
assert (seconds(200, 0.5, 1), seconds(200, 0.5, 20)) == (100, 5)
assert round(seconds(12, 0.05, 4), 2) == 0.15
assert round(seconds(12, 0.05, 1), 2) == 0.6
assert seconds(45, 0.4, 10) == 2  # "Check yourself"
assert [2**attempt for attempt in range(3)] == [1, 2, 4]


async def twelve_jobs() -> float:
    """Seconds of twelve jobs behind a semaphore of four."""
    gate = asyncio.Semaphore(4)

    async def job() -> None:
        async with gate:
            await asyncio.sleep(0.05)

    start = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(12):
            group.create_task(job())
    return time.perf_counter() - start


assert asyncio.run(twelve_jobs()) > 0.14  # three rounds, with a margin


async def siblings() -> list[str]:
    """What happens when one job of a group fails."""
    log: list[str] = []

    async def slow() -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            log.append("cancelled")
            raise

    async def broken() -> None:
        await asyncio.sleep(0)
        raise ValueError("boom")

    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(slow())
            group.create_task(broken())
    except* ValueError as caught:
        log.append(str(caught.exceptions[0]))
    return log


assert asyncio.run(siblings()) == ["cancelled", "boom"]
assert not issubclass(asyncio.CancelledError, Exception)


async def call(gate: asyncio.Semaphore, request: Callable[[], Awaitable[str]], base: float) -> str | None:
    """One request with four attempts, as the note shows it."""
    for attempt in range(4):
        try:
            async with gate, asyncio.timeout(0.4):
                return await request()
        except (TimeoutError, ConnectionError):
            if attempt == 3:
                raise
        await asyncio.sleep(base * 2**attempt * random.uniform(0.5, 1.5))  # noqa: S311
    return None


async def third_time_lucky() -> tuple[str | None, int]:
    """A request that works at the third attempt."""
    attempts = 0

    async def flaky() -> str:
        nonlocal attempts
        attempts += 1
        if attempts < 3:
            raise ConnectionError("try again")
        return "ok"

    return await call(asyncio.Semaphore(20), flaky, 0.001), attempts


assert asyncio.run(third_time_lucky()) == ("ok", 3)


async def total(guarded: bool) -> int:
    """What ten tasks leave that each read, await and write back one more."""
    count = 0
    lock = asyncio.Lock()

    async def step() -> None:
        nonlocal count
        old = count
        await asyncio.sleep(0)
        count = old + 1

    async def locked() -> None:
        async with lock:
            await step()

    await asyncio.gather(*((locked if guarded else step)() for _ in range(10)))
    return count


assert asyncio.run(total(guarded=False)) == 1
assert asyncio.run(total(guarded=True)) == 10
