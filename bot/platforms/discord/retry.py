"""An answer that meets one fault is given once more: nobody asks a second time for what was lost on the way."""

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
"""What a request that Discord did not carry out, or of which that is not known, ends with."""


def cause(fault: Exception) -> str:
    """Return what the log says of one of these faults."""
    if isinstance(fault, discord.HTTPException):
        return f"status {fault.status}, code {fault.code}"
    return type(fault).__name__


async def patiently(request: Callable[[], Awaitable[T]], within_s: float = limits.REQUEST_S) -> T:
    """Return what a request of an answer brings, made again after a fault that is Discord's or the network's.

    Once after a server error or a broken connection, and after each wait that Discord asks for, a minute in all. What
    broke may have arrived: an edit or a message with a nonce is the same twice, a follow-up may then stand twice.

    Args:
        within_s: how long Discord may say nothing.
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
