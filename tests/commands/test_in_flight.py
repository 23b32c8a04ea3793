"""What is in flight when the process ends, and what those who wait are told."""

from __future__ import annotations

import asyncio

import pytest

from bot.commands.in_flight import InFlight, PerUserQueue
from bot.messages.errors import TryLater


async def _slow(seconds: float) -> str:
    await asyncio.sleep(seconds)
    return "done"


async def test_an_event_is_admitted_once_until_it_is_forgotten() -> None:
    traffic = InFlight()
    assert traffic.admit("a")
    assert not traffic.admit("a")
    traffic.forget("a")
    assert traffic.admit("a")


async def test_what_is_done_in_time_is_returned() -> None:
    traffic = InFlight()
    assert await traffic.unless_ending(_slow(0)) == "done"
    assert await traffic.drain(0)


async def test_an_error_of_slow_work_comes_through() -> None:
    async def fail() -> str:
        raise ValueError("boom")

    with pytest.raises(ValueError, match="boom"):
        await InFlight().unless_ending(fail())


async def test_whoever_waits_when_the_process_ends_is_told_to_try_again() -> None:
    traffic = InFlight()

    async def answer() -> str:
        with traffic.counted():
            return await traffic.unless_ending(_slow(60))

    waiting = asyncio.create_task(answer())
    await asyncio.sleep(0)
    assert not await traffic.drain(0.01)
    assert waiting.done(), "the refusal comes within the drain"
    with pytest.raises(TryLater, match="I'm restarting"):
        await waiting


FULL = "You have {} questions waiting."


async def test_one_account_waits_in_its_own_line_and_another_does_not() -> None:
    traffic, turns, done = InFlight(), PerUserQueue(2, 50, FULL), list[str]()

    async def answer(who: str) -> None:
        async with turns.turn(who, traffic):
            await asyncio.sleep(0.01)
            done.append(who)

    crowd = [asyncio.create_task(answer("ada")) for _ in range(30)]
    await asyncio.sleep(0)
    await answer("ben")
    assert done.index("ben") <= 4
    await asyncio.gather(*crowd)
    assert done.count("ada") == 30
    assert not turns._lines, "nothing is kept of accounts that wait for nothing"


async def test_a_line_that_is_full_is_refused_with_its_length_and_moves_on() -> None:
    traffic, turns, gate = InFlight(), PerUserQueue(1, 2, FULL), asyncio.Event()

    async def answer() -> str:
        async with turns.turn("ada", traffic):
            await gate.wait()
            return "answered"

    waiting = [asyncio.create_task(answer()) for _ in range(3)]
    await asyncio.sleep(0)
    with pytest.raises(TryLater, match="You have 3 questions waiting"):
        await answer()
    gate.set()
    assert await asyncio.gather(*waiting) == ["answered"] * 3
    assert await answer() == "answered"


async def test_whoever_waits_for_a_turn_when_the_process_ends_is_told_to_try_again() -> None:
    traffic, turns = InFlight(), PerUserQueue(1, 5, FULL)

    async def answer() -> str:
        with traffic.counted():
            async with turns.turn("ada", traffic):
                return await traffic.unless_ending(_slow(60))

    waiting = [asyncio.create_task(answer()) for _ in range(3)]
    await asyncio.sleep(0)
    assert not await traffic.drain(0.01)
    for one in waiting:
        with pytest.raises(TryLater, match="I'm restarting"):
            await one
