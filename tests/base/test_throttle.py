"""How often what changes quickly is shown."""

from __future__ import annotations

import asyncio
import itertools
import logging

import pytest

from bot.base.rate_limiter import Throttle


class Stage:
    """A clock that the test moves, and what was shown when; a showing may take long, or fail."""

    def __init__(self, every_s: float = 1.0) -> None:
        self.now_s, self.shown = 0.0, list[tuple[float, str]]()
        self.trouble: Exception | None = None
        self.curtain = asyncio.Event()
        self.curtain.set()
        self._moved = asyncio.Condition()
        self.throttle = Throttle(self._show, every_s, now=lambda: self.now_s, sleep=self._sleep)

    async def _sleep(self, seconds: float) -> None:
        until = self.now_s + seconds
        async with self._moved:
            await self._moved.wait_for(lambda: self.now_s >= until)

    async def _show(self, state: str) -> None:
        if self.trouble is not None:
            raise self.trouble
        await self.curtain.wait()
        self.shown.append((self.now_s, state))

    async def move(self, to_s: float) -> None:
        """Move the clock and let everything run that is due."""
        self.now_s = to_s
        for _ in range(10):
            async with self._moved:
                self._moved.notify_all()
            await asyncio.sleep(0)


async def test_the_first_state_is_shown_at_once() -> None:
    stage = Stage()
    await stage.throttle.put("looking")
    assert stage.shown == [(0.0, "looking")]


async def test_of_states_that_come_too_soon_the_latest_is_shown_when_its_time_has_come() -> None:
    stage = Stage()
    for state in ("a", "ab", "abc"):
        await stage.throttle.put(state)
    await stage.move(0.9)
    assert stage.shown == [(0.0, "a")]
    await stage.move(1.0)
    assert stage.shown == [(0.0, "a"), (1.0, "abc")]


async def test_a_stream_is_shown_at_its_pace_to_its_last_word() -> None:
    stage = Stage()
    for tenth in range(35):
        await stage.move(tenth / 10)
        await stage.throttle.put(f"{tenth} words")
    await stage.move(9.0)
    assert [state for _, state in stage.shown] == ["0 words", "9 words", "19 words", "29 words", "34 words"]
    times = [at for at, _ in stage.shown]
    assert all(later - earlier >= 1.0 for earlier, later in itertools.pairwise(times))


async def test_after_a_pause_the_next_state_is_shown_at_once_again() -> None:
    stage = Stage()
    await stage.throttle.put("a")
    await stage.move(5.0)
    await stage.throttle.put("b")
    assert stage.shown == [(0.0, "a"), (5.0, "b")]


async def test_what_waits_is_forgotten_when_the_answer_itself_is_there() -> None:
    stage = Stage()
    await stage.throttle.put("a")
    await stage.throttle.put("b")
    await stage.throttle.stop()
    await stage.move(5.0)
    assert stage.shown == [(0.0, "a")]
    await stage.throttle.put("c")
    assert stage.shown[1:] == [(5.0, "c")], "it can be used again"


async def test_stopping_waits_for_what_is_being_shown_so_that_it_does_not_overtake_the_answer() -> None:
    stage = Stage()
    await stage.throttle.put("a")
    await stage.throttle.put("b")
    stage.curtain.clear()
    await stage.move(1.0)
    stopping = asyncio.create_task(stage.throttle.stop())
    await stage.move(1.1)
    assert not stopping.done()
    stage.curtain.set()
    await stopping
    assert stage.shown == [(0.0, "a"), (1.1, "b")]


async def test_two_states_are_never_shown_at_the_same_time_however_slow_one_is() -> None:
    stage = Stage()
    stage.curtain.clear()
    first = asyncio.create_task(stage.throttle.put("a"))
    await stage.move(3.0)
    await stage.throttle.put("b")
    await stage.move(4.0)
    assert stage.shown == []
    stage.curtain.set()
    await first
    await stage.move(4.1)
    assert [state for _, state in stage.shown] == ["a", "b"]


async def test_trouble_is_for_who_put_a_state_now_and_in_the_log_without_its_text_for_one_shown_later(
    caplog: pytest.LogCaptureFixture,
) -> None:
    stage = Stage()
    stage.trouble = RuntimeError("what ada wrote")
    with pytest.raises(RuntimeError):
        await stage.throttle.put("a")
    await stage.throttle.put("b")
    with caplog.at_level(logging.WARNING, "bot"):
        await stage.move(1.0)
    assert "RuntimeError" in caplog.text
    assert "ada" not in caplog.text
    stage.trouble = None
    await stage.throttle.put("c")
    await stage.move(2.0)
    assert [state for _, state in stage.shown] == ["c"]


async def test_a_state_that_is_offered_holds_nobody_up_and_the_latest_wins() -> None:
    stage = Stage(0.0)
    stage.curtain.clear()
    for state in ("a", "ab", "abc"):
        stage.throttle.offer(state)
        await asyncio.sleep(0)
    stage.curtain.set()
    await stage.move(1.0)
    assert [state for _, state in stage.shown] == ["a", "abc"]


async def test_trouble_with_what_is_offered_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    stage = Stage(0.0)
    stage.trouble = RuntimeError("429")
    stage.throttle.offer("a")
    await stage.move(1.0)
    assert "a passing state was not shown" in caplog.text


async def test_what_was_offered_is_not_shown_after_the_end() -> None:
    stage = Stage(0.0)
    stage.throttle.offer("a")
    await stage.throttle.stop()
    await stage.move(1.0)
    assert stage.shown == []
