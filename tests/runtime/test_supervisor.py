"""One platform falls, the others go on: restart with back-off, and one sentence for a final refusal."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any, cast
from unittest.mock import Mock

import pytest
from aiohttp import ClientConnectorError

from bot.chat.platform import Refused
from bot.runtime import supervisor
from bot.runtime.supervisor import LONGEST_S, Supervisor
from tests.kit import Partner

SECRET = "-".join(("xoxb", "secret"))
Deed = Callable[[Callable[[str], None]], Any]


class Falling(Partner):
    """Does one deed at each start, then serves until cancelled."""

    def __init__(self, name: str, *deeds: Deed) -> None:
        super().__init__(name)
        self.deeds, self.starts = list(deeds), 0

    async def run(self, registry: Any, dispatcher: Any, report: Callable[[str], None]) -> None:
        self.starts += 1
        report("connecting")
        if self.deeds:
            self.deeds.pop(0)(report)
            return
        report("ready")
        await asyncio.Event().wait()


def fall(report: Callable[[str], None]) -> None:
    raise ConnectionResetError(f"token {SECRET} was in this line")


def refuse(report: Callable[[str], None]) -> None:
    raise Refused("The token is not valid: make a new one in the developer portal.")


def end(report: Callable[[str], None]) -> None:
    return None


@pytest.fixture
def naps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long was waited between starts; nothing really waits."""
    slept: list[float] = []
    real = asyncio.sleep

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        await real(0)

    monkeypatch.setattr("bot.runtime.supervisor.asyncio.sleep", sleep)
    monkeypatch.setattr("bot.runtime.supervisor.random.uniform", lambda low, high: 1.0)
    return slept


def supervise(platform: Partner) -> Supervisor:
    return Supervisor(platform.name, lambda report: platform.run(cast(Any, None), cast(Any, None), report))


async def run_until(state: str, *supervised: Supervisor) -> list[asyncio.Task[None]]:
    tasks = [asyncio.create_task(s.run()) for s in supervised]
    async with asyncio.timeout(5):
        while not all(s.state in (state, "refused") for s in supervised):
            await asyncio.wait(tasks, timeout=0.01)
    return tasks


async def stop(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)


async def test_a_platform_that_falls_is_started_again_with_growing_waits(naps: list[float]) -> None:
    platform = Falling("slack", *[fall] * 9)
    tasks = await run_until("ready", supervise(platform))
    assert platform.starts == 10
    assert naps == [1, 2, 4, 8, 16, 32, LONGEST_S, LONGEST_S, LONGEST_S]
    await stop(tasks)


async def test_one_that_ends_by_itself_is_started_again(naps: list[float]) -> None:
    platform = Falling("slack", end)
    tasks = await run_until("ready", supervise(platform))
    assert platform.starts == 2
    await stop(tasks)


async def test_after_a_steady_time_the_waits_begin_anew(naps: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "STEADY_S", -1.0)
    tasks = await run_until("ready", supervise(Falling("slack", fall, fall, fall)))
    assert naps == [1, 1, 1]
    await stop(tasks)


async def test_a_final_refusal_is_one_sentence_and_no_restart(
    naps: list[float], caplog: pytest.LogCaptureFixture
) -> None:
    supervised = supervise(Falling("discord", refuse))
    tasks = await run_until("refused", supervised)
    await asyncio.wait(tasks)
    assert supervised.refused.is_set()
    assert supervised.refusal == "The token is not valid: make a new one in the developer portal."
    assert [r.getMessage() for r in caplog.records if r.levelno >= logging.ERROR] == [
        "discord: The token is not valid: make a new one in the developer portal."
    ]
    assert naps == []


async def test_the_others_go_on(naps: list[float]) -> None:
    sound, broken, refused = Falling("local"), Falling("slack", fall, fall), Falling("discord", refuse)
    supervised = [supervise(p) for p in (sound, broken, refused)]
    tasks = await run_until("ready", *supervised)
    assert [s.state for s in supervised] == ["ready", "ready", "refused"]
    assert (sound.starts, broken.starts, refused.starts) == (1, 3, 1)
    assert not tasks[0].done()
    await stop(tasks)


async def test_what_a_fault_says_stays_out_of_the_log(naps: list[float], caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    tasks = await run_until("ready", supervise(Falling("slack", fall)))
    assert "ConnectionResetError" in caplog.text
    assert "xoxb" not in caplog.text
    await stop(tasks)


async def test_a_cancellation_is_let_through() -> None:
    tasks = await run_until("ready", supervise(Falling("slack")))
    await stop(tasks)
    assert tasks[0].cancelled()


async def test_what_a_run_that_was_refused_still_reports_does_not_hide_the_refusal(naps: list[float]) -> None:
    reports: list[Callable[[str], None]] = []

    def refuse_and_keep(report: Callable[[str], None]) -> None:
        reports.append(report)
        report("ready")
        raise Refused("The token was revoked.")

    supervised = supervise(Falling("discord", refuse_and_keep))
    await asyncio.wait(await run_until("refused", supervised))
    reports[0]("connecting")  # an event of the connection that has just been closed
    assert supervised.state == "refused"


async def test_where_a_platform_fell_is_in_the_log_once_and_what_was_said_is_not(
    naps: list[float], caplog: pytest.LogCaptureFixture
) -> None:
    tasks = await run_until("ready", supervise(Falling("slack", fall, fall, fall)))
    await stop(tasks)
    traces = [r.getMessage() for r in caplog.records if r.levelno == logging.ERROR]
    assert len(traces) == 1
    assert "in fall" in traces[0] and "ConnectionResetError" in traces[0]
    assert SECRET not in caplog.text


async def test_a_start_without_a_network_logs_a_sentence_and_no_trace(
    naps: list[float], caplog: pytest.LogCaptureFixture
) -> None:
    def dial(report: Callable[[str], None]) -> None:
        raise ClientConnectorError(Mock(), OSError())

    await stop(await run_until("ready", supervise(Falling("discord", dial))))
    assert not [r for r in caplog.records if r.levelno == logging.ERROR]
    assert "discord fell (no connection); it starts again in 1 s" in caplog.text
