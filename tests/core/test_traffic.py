"""What is in flight when the process ends, and what those who wait are told."""

from __future__ import annotations

import asyncio

import pytest

from bot.core.errors import TryLater
from bot.core.traffic import Traffic


async def _slow(seconds: float) -> str:
    await asyncio.sleep(seconds)
    return "done"


async def test_an_event_is_admitted_once_until_it_is_forgotten() -> None:
    traffic = Traffic()
    assert traffic.admit("a")
    assert not traffic.admit("a")
    traffic.forget("a")
    assert traffic.admit("a")


async def test_what_is_done_in_time_is_returned() -> None:
    traffic = Traffic()
    assert await traffic.unless_ending(_slow(0)) == "done"
    assert await traffic.drain(0)


async def test_an_error_of_slow_work_comes_through() -> None:
    async def fail() -> str:
        raise ValueError("boom")

    with pytest.raises(ValueError, match="boom"):
        await Traffic().unless_ending(fail())


async def test_whoever_waits_when_the_process_ends_is_told_to_try_again() -> None:
    traffic = Traffic()

    async def answer() -> str:
        with traffic.counted():
            return await traffic.unless_ending(_slow(60))

    waiting = asyncio.create_task(answer())
    await asyncio.sleep(0)
    assert not await traffic.drain(0.01)
    assert waiting.done(), "the refusal comes within the drain"
    with pytest.raises(TryLater, match="being restarted"):
        await waiting
