"""Retry the requests of an answer: after short waits that a platform asks for, and once after a fault."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import NamedTuple, TypeVar

T = TypeVar("T")


class RetryPause(NamedTuple):
    """Seconds before the next try; `is_fault` if the failed one may have been carried out, not only put off."""

    seconds: float
    is_fault: bool = False


async def retry(
    request: Callable[[], Awaitable[T]],
    find_pause: Callable[[Exception], RetryPause | None],
    within_s: float,
    after_fault: Callable[[], Awaitable[T]] | None = None,
) -> T:
    """Make a request, with retries, and return its result; raise the error after which there is no further try.

    Args:
        find_pause: returns how long to wait after an error; None if a further try is useless.
        within_s: the longest wait in all.
        after_fault: makes the request if it may have been carried out already, if that differs.
    """
    waited, may_fail = 0.0, True
    while True:
        try:
            return await request()
        except Exception as error:
            pause = find_pause(error)
            if pause is None or (pause.is_fault and not may_fail) or waited + pause.seconds > within_s:
                raise
        if pause.is_fault:
            request, may_fail = after_fault or request, False
        waited += pause.seconds
        await asyncio.sleep(pause.seconds)
