"""One event on its way: what its command is told."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.commands import parsing
from bot.commands.command import Command, Param, command
from bot.commands.context import Actor, Context, Invocation, Place, RoomAccess
from bot.commands.registry import Registry
from bot.commands.request import Request
from bot.messages.call import Call
from bot.messages.reply import Reply, say
from bot.understanding.intents import hear
from tests.commands.sample_app import NOW, desk, log

ROOM = Place("local", "t", "other")


@command("rest", which=Param("Group"))
def rest(ctx: Context, until: date) -> Reply:
    """Take a rest."""
    return say(f"until {until}")


def turn_of(runs: Command, line: str | Call) -> Request:
    """Return the turn of a line that Ada said just before midnight in London."""
    call = (
        hear(Registry([runs], fallback=runs.name, root=runs.name), line, "mention") if isinstance(line, str) else line
    )
    return Request(runs, desk().event("ada", call), NOW.replace(hour=23))


def ada_in(zone: str) -> Actor:
    return Actor(7, "ada", "Ada", zone)


def test_days_are_read_where_the_caller_is() -> None:
    turn = turn_of(rest, "rest until tomorrow")
    days = {zone: turn.args_on(turn.context(ada_in(zone)).today)["until"] for zone in ("UTC", "Pacific/Kiritimati")}
    assert days == {"UTC": date(2026, 3, 3), "Pacific/Kiritimati": date(2026, 3, 4)}


def test_the_group_that_was_typed_is_known_before_its_caller_is() -> None:
    assert turn_of(rest, "rest tomorrow cohort=Night owls").group_named == "Night owls"
    assert turn_of(rest, "rest tomorrow").group_named is None
    assert turn_of(log, "log 45 cohort=Night").group_named is None
    assert turn_of(rest, "rest someday cohort=Night owls").group_named is None


def test_the_group_is_typed_to_a_command_and_not_handed_to_it() -> None:
    assert [p.key for p in rest.params] == ["until", "group"]
    assert turn_of(rest, "rest tomorrow cohort=Night owls").args_on(NOW.date()) == {"until": date(2026, 3, 3)}


def test_a_call_for_a_form_has_no_arguments_yet() -> None:
    turn = turn_of(log, Call("log", {"minutes": "45", "note": "read"}, ask=True))
    assert turn.args_on(NOW.date()) == {}


def test_an_event_counts_at_its_own_time_and_with_what_is_known_of_rooms() -> None:
    turn = turn_of(rest, "rest tomorrow")
    event: Invocation = turn.invocation
    late = Request(
        rest, Invocation(event.call, event.account, event.place, "k", turn.now - timedelta(minutes=5)), turn.now
    )
    ctx = late.seeing(RoomAccess({ROOM: "hidden"})).context(ada_in("UTC"))
    assert (ctx.now, ctx.place, ctx.call) == (turn.now - timedelta(minutes=5), event.place, event.call)
    assert ctx.sight.of([ROOM]) == ["hidden"]


def test_another_call_leaves_the_event_as_it_was() -> None:
    turn = turn_of(rest, "rest tomorrow")
    other = turn.calling(Call("rest", {"until": "friday"}))
    assert (other.call.args["until"], other.invocation.key) == ("friday", turn.invocation.key)
    assert turn.call.args["until"] == "tomorrow"


@pytest.mark.parametrize("line", ["log 45 read", "help", "ask why"])
async def test_the_arguments_of_a_call_are_read_once(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    at, plan, read = desk(), parsing.plan, list[str]()
    at.clock.move_to(NOW.replace(hour=23))

    def counted(of: Command, call: Call, today: date) -> object:
        read.append(call.name)
        return plan(of, call, today)

    monkeypatch.setattr(parsing, "plan", counted)
    await at.say("ada", line, zone="Pacific/Kiritimati")
    assert len(read) == 1
