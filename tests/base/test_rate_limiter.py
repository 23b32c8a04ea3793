"""The pace of requests: how many in any second, who goes first, and what a hold does."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.base.rate_limiter import AHEAD_S, LimiterBusy, LocalLimiterStore, Rate, RateLimiter


class Time:
    """Seconds that pass while somebody sleeps, so that a minute takes none.

    Args:
        late: by how much whoever sleeps wakes up too late, by turns.
    """

    def __init__(self, late: Sequence[float] = (0.0,)) -> None:
        self.s, self._late = 1000.0, itertools.cycle(late)

    def now(self) -> float:
        return self.s

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(0)
        self.s += seconds + next(self._late)


def gate(time: Time, rate: Rate, limiter_store: LocalLimiterStore | None = None) -> RateLimiter:
    return RateLimiter(limiter_store or LocalLimiterStore(time.now), "there", rate, now=time.now, sleep=time.sleep)


@given(
    st.lists(st.floats(0, 0.4), min_size=1, max_size=200),
    st.integers(1, 60),
    st.integers(1, 5),
)
def test_no_second_sees_more_tokens_than_come_in_it_and_are_held(waits: list[float], pace: int, holds: int) -> None:
    rate, free_at, now, used = Rate(pace, holds), 0.0, 100.0, list[float]()
    for wait in waits:
        now += wait
        first, free_at = rate.take(free_at, now)
        used.append(max(first, now))
    used.sort()
    for at in used:
        assert sum(at <= other < at + 1 - 1e-6 for other in used) <= pace + holds


@given(st.integers(2, 60), st.integers(1, 5))
def test_who_always_wants_one_gets_the_whole_pace(pace: int, holds: int) -> None:
    rate, free_at, now = Rate(pace, holds), 0.0, 100.0
    for _ in range(10 * pace):
        first, free_at = rate.take(free_at, now)
        now = max(first, now)
    assert now - 100 <= 10


def test_tokens_that_gathered_make_up_for_a_short_pause_and_no_more() -> None:
    rate = Rate(10, 3)
    _, free_at = rate.take(0, 100)
    assert [rate.take(free_at, at)[0] for at in (100.0, 100.1, 105.0)] == pytest.approx([99.9, 99.9, 104.8])


async def passed(time: Time, turns: dict[str, Callable[[], object]]) -> list[str]:
    order: list[str] = []

    async def one(name: str, turn: Callable[[], object]) -> None:
        await turn()  # type: ignore[misc]
        order.append(name)

    await asyncio.gather(*(one(name, turn) for name, turn in turns.items()))
    return order


async def test_an_answer_goes_before_all_that_was_due_anyway() -> None:
    time = Time()
    one = gate(time, Rate(10))
    due = {f"post {n}": lambda: one.turn(is_due=True) for n in range(20)}
    order = await passed(time, {**due, "answer": lambda: one.turn()})
    assert order.index("answer") <= 1
    assert [name for name in order if name != "answer"] == list(due)
    assert time.s - 1000 == pytest.approx(2.0)


@given(st.lists(st.sampled_from([0.0, 0.001, 0.03, 0.3, 1.5]), min_size=1, max_size=20), st.integers(1, 3))
def test_who_wakes_up_late_does_not_make_up_for_it_at_once(late: list[float], holds: int) -> None:
    time, at = Time(late), list[float]()
    one = gate(time, Rate(46, holds))

    async def request() -> None:
        await one.turn(is_due=True)
        at.append(time.s)

    async def all_of_them() -> None:
        await asyncio.gather(*(request() for _ in range(120)))

    asyncio.run(all_of_them())
    assert len(at) == 120
    assert max(sum(first <= other < first + 1 for other in at) for first in at) <= 46 + holds + 3


async def test_who_wakes_up_a_little_late_loses_none_of_the_pace() -> None:
    time = Time([0.0, 0.002, 0.02])
    one = gate(time, Rate(46))
    await asyncio.gather(*(one.turn(is_due=True) for _ in range(460)))
    assert time.s - 1000 == pytest.approx(10, abs=0.1)


async def test_the_line_moves_where_every_token_comes_too_late() -> None:
    one = gate(Time([5.0]), Rate(1000))
    await asyncio.wait_for(asyncio.gather(*(one.turn() for _ in range(40))), 1)


async def test_two_lines_before_one_bucket_have_its_pace_together() -> None:
    time = Time()
    limiter_store = LocalLimiterStore(time.now)
    one, other = (gate(time, Rate(10), limiter_store) for _ in range(2))
    await asyncio.gather(*(line.turn() for line in (one, other) for _ in range(30)))
    assert time.s - 1000 >= 5.8


async def test_who_has_given_up_takes_no_token() -> None:
    time = Time()
    one = gate(time, Rate(1))
    waiting = [asyncio.create_task(one.turn()) for _ in range(8)]
    await asyncio.sleep(0)
    for task in waiting[1:]:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    began = time.s
    await one.turn()
    assert time.s - began <= 2


async def test_a_hold_sends_all_away_at_once_until_it_is_over() -> None:
    time = Time()
    one = gate(time, Rate(10))
    await one.hold(30)
    for is_due in (False, True):
        with pytest.raises(LimiterBusy) as held:
            await one.turn(is_due=is_due)
        assert held.value.after_s == pytest.approx(30)
    time.s += 30 - AHEAD_S / 2
    await one.turn()
    assert time.s == pytest.approx(1030)


async def test_a_fault_of_whoever_keeps_the_bucket_leaves_nobody_waiting() -> None:
    class Broken(LocalLimiterStore):
        async def take(self, name: str, rate: Rate, count: int, most_s: float) -> float:
            raise OSError

    time = Time()
    one = gate(time, Rate(10), Broken())
    with pytest.raises(LimiterBusy):
        await asyncio.wait_for(one.turn(), 1)
