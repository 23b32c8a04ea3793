"""Retry the requests of answers after a temporary fault."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import aiohttp
import discord

from bot.platforms.discord import limits

T = TypeVar("T")
PAUSE_S, SERVER_ERROR = 0.5, 500
FAULTS = (discord.HTTPException, aiohttp.ClientError, OSError)
"""Errors of a request that Discord did not carry out, or whose outcome is unknown."""


def cause(fault: Exception) -> str:
    """Return a fault in words for the log."""
    if isinstance(fault, discord.HTTPException):
        return f"status {fault.status}, code {fault.code}"
    return type(fault).__name__


async def patiently(request: Callable[[], Awaitable[T]], within_s: float = limits.REQUEST_S) -> T:
    """Make a request of an answer, with retries, and return its result.

    It retries once after a server error or a broken connection, and after each wait that Discord asks for, for a minute
    in all. The failed request may have arrived: edits and messages with a nonce are safe, a follow-up may appear twice.

    Args:
        within_s: the time-out of each try.
    """
    waited, may_fail = 0.0, True
    while True:
        try:
            async with asyncio.timeout(within_s):
                return await request()
        except discord.RateLimited as limit:
            pause = limit.retry_after
            if waited + pause > limits.PATIENCE_S:
                raise
        except FAULTS as trouble:
            is_final = isinstance(trouble, discord.HTTPException) and trouble.status < SERVER_ERROR
            if is_final or not may_fail:
                raise
            pause, may_fail = PAUSE_S, False
        waited += pause
        await asyncio.sleep(pause)
