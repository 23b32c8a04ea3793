"""An answer that meets one fault is given once more: nobody asks a second time for what was lost on the way."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from bot.platforms.slack.client import ApiError

PATIENCE_S, FAULT_S = 60.0, 1.0
"""How long an answer waits where Slack asks to, and how long after a fault."""

Request = Callable[[], Awaitable[dict[str, Any]]]


async def patiently(once: Request, after_fault: Request) -> dict[str, Any]:
    """Do it again after the wait that Slack asks for, while that is short, and once after a fault.

    Args:
        after_fault: does it where it may have been done already.
    """
    waited, doing, may_fail = 0.0, once, True
    while True:
        try:
            return await doing()
        except ApiError as error:
            if error.after_s is not None:
                pause = error.after_s
            elif error.is_unsure and may_fail:
                pause, doing, may_fail = FAULT_S, after_fault, False
            else:
                raise
            if waited + pause > PATIENCE_S:
                raise
        waited += pause
        await asyncio.sleep(pause)
