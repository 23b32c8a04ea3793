from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bot.core import binding
from bot.core.call import Call
from bot.core.command import command
from bot.core.context import Account, Context, Invocation, Place
from bot.core.reply import Reply, say
from bot.core.turn import Turn
from tests.core.desk import desk

LATE = datetime(2026, 3, 2, 23, 0, tzinfo=UTC)


@command("away")
def away(ctx: Context, until: date, reason: str = "") -> Reply:
    """Be away."""
    return say(f"away until {until}")


async def _show(reply: Reply) -> None:
    return None


def turn_of(until: str) -> Turn:
    call = Call("away", {"until": until})
    planned = binding.plan(away, call, LATE.date())
    assert isinstance(planned, binding.Ready)
    event = Invocation(call, Account("local", "local", "ada", "Ada"), Place("local", "local", "general"), "k")
    return Turn(away, event, planned.args, LATE, _show)


def test_a_day_reads_from_where_the_caller_is() -> None:
    turn = turn_of("tomorrow")
    assert turn.args_on(date(2026, 3, 3)) == {"until": date(2026, 3, 4), "reason": ""}
    assert turn.args_on(date(2026, 3, 2)) == {"until": date(2026, 3, 3), "reason": ""}


@pytest.mark.parametrize("line", ["log 45 read", "help", "ask why"])
async def test_the_arguments_of_a_call_are_read_once(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    at, plan, read = desk(), binding.plan, list[str]()
    at.clock.move_to(LATE)

    def counted(of: object, call: Call, today: date) -> object:
        read.append(call.name)
        return plan(of, call, today)  # type: ignore[arg-type]

    monkeypatch.setattr(binding, "plan", counted)
    await at.say("ada", line, zone="Pacific/Kiritimati")
    assert len(read) == 1
