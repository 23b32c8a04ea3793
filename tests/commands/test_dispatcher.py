"""The way from an event to its answer."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.commands.context import Actor, Context, Invocation
from bot.commands.permissions import WHOEVER, Policy
from bot.commands.refusals import busy, refused, unanswered
from bot.commands.request import CallPlan
from bot.messages.call import Call
from bot.messages.errors import NotAllowed, NotFound, UserError
from bot.messages.reply import Reply, Text
from tests.commands.sample_app import NOW, SECRET, Memory, desk, target
from tests.kit import account_id


async def test_a_command_is_answered_with_its_declared_audience() -> None:
    at = desk()
    assert (await at.say("ada", "log 45 read")).audience == "private"
    assert (await at.say("ada", "cheer")).audience == "public"
    assert at.memory.journal == ["45 read", "cheer"]


async def test_a_repeated_event_is_silent_and_changes_nothing() -> None:
    at = desk()
    assert await at.answer(at.event("ada", "log 45 read", key="k")) is not None
    assert await at.answer(at.event("ada", "log 45 read", key="k")) is None
    assert at.memory.journal == ["45 read"]


async def test_a_repeated_event_is_silent_after_a_restart_too() -> None:
    at = desk()
    await at.answer(at.event("ada", "log 45 read", key="k"))
    later = desk(at.memory)
    assert await later.answer(later.event("ada", "log 45 read", key="k")) is None
    assert at.memory.journal == ["45 read"]


async def test_what_only_reads_is_answered_by_one_of_several_processes() -> None:
    at = desk()
    other = desk(at.memory)
    at.dispatcher._is_shared = other.dispatcher._is_shared = True
    assert await at.answer(at.event("ada", "help", key="k")) is not None
    assert await other.answer(other.event("ada", "help", key="k")) is None
    assert await other.answer(other.event("ada", "help", key="l")) is not None


async def test_two_deliveries_at_once_are_answered_once() -> None:
    at = desk()
    event = at.event("ada", "log 45 read", key="k")
    replies = await asyncio.gather(at.answer(event), at.answer(event))
    assert [r is None for r in replies].count(False) == 1
    assert at.memory.journal == ["45 read"]


async def test_a_refusal_of_a_public_command_is_private() -> None:
    at = desk()
    await at.say("ada", "cheer")
    reply = await at.say("ada", "cheer")
    assert (reply.audience, reply.tone, reply.plain()) == ("private", "error", "once is enough")


async def test_a_refused_event_that_comes_again_is_answered_again() -> None:
    at = desk()
    at.memory.journal.append("cheer")
    assert await at.answer(at.event("ada", "cheer", key="k")) is not None
    at.memory.journal.clear()
    reply = await at.answer(at.event("ada", "cheer", key="k"))
    assert reply is not None and reply.plain() == "hooray"


@pytest.mark.parametrize("line", ["log 45 fault", "ask fault"])
async def test_a_fault_gives_a_reference_and_logs_no_text(line: str, caplog: pytest.LogCaptureFixture) -> None:
    at = desk()
    with caplog.at_level(logging.DEBUG, "bot"):
        reply = await at.say("ada", line)
    assert (reply.audience, reply.tone) == ("private", "error")
    reference = reply.plain().split("Fault ")[1][:6]
    assert f"fault {reference} while answering" in caplog.text
    assert "RuntimeError" in caplog.text
    assert SECRET not in caplog.text
    assert at.memory.journal == []


async def test_a_fault_says_that_nothing_was_changed_where_that_is_certain() -> None:
    at = desk()
    assert ". Nothing was changed." in (await at.say("ada", "log 45 fault")).plain()
    told = (await at.say("ada", "ask fault")).plain()
    assert "can't tell whether I saved that" in told and "Nothing was changed" not in told


@pytest.mark.parametrize("trouble", [busy(), unanswered()])
async def test_what_a_slow_command_did_is_told_though_its_end_cannot_be_noted(
    trouble: UserError, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = desk()

    def finish(*_: object) -> None:
        raise trouble

    monkeypatch.setattr(at.memory.inbox, "finish", finish)
    reply = await at.say("ada", "ask why", key="k")
    assert (reply.plain(), reply.audience) == ("why, on 2026-03-02", "public")
    assert "ask was answered, and that is not noted" in caplog.text
    assert await at.answer(at.event("ada", "ask why", key="k")) is None


async def test_after_a_fault_the_same_event_may_come_again() -> None:
    at = desk()
    await at.say("ada", "log 45 fault", key="k")
    assert "k" not in at.memory.inbox.keys
    assert (await at.say("ada", "log 45 read", key="k")).tone == "plain"


async def test_a_guest_is_told_how_to_become_a_member() -> None:
    at = desk()
    reply = await at.say("guest", "log 45 read")
    assert reply.audience == "private"
    assert reply.plain() == "That's for members of the group. To join, type `join`."
    assert target(reply, "Join") == Call("join")
    assert at.memory.journal == []


async def test_a_member_is_no_moderator() -> None:
    at = desk()
    assert "Only moderators" in (await at.say("ada", "drop x")).plain()
    assert (await at.say("mo", "drop x")).plain() == "dropped x"


async def test_a_button_of_an_unknown_version_is_told_privately() -> None:
    reply = await desk().say("ada", Call("quiz answer", {"choice": "2"}))
    assert (reply.audience, reply.tone) == ("private", "error")
    assert "no longer works" in reply.plain()


async def test_commands_that_write_nothing_run_on_a_reader() -> None:
    at = desk()
    await at.say("ada", "help")
    assert at.memory.writes == [False]
    assert at.memory.inbox.keys == {}


async def test_a_slow_answer_is_claimed_shown_and_finished() -> None:
    at = desk()
    reply = await at.say("ada", "ask what is attention", key="k")
    assert [r.plain() for r in at.shown] == ["looking"]
    assert reply.audience == "public"
    assert at.memory.inbox.keys["k"][0] == "answered"


async def test_a_slow_answer_that_another_process_has_claimed_is_left_to_it() -> None:
    at = desk()
    at.memory.inbox.keys["k"] = ("claimed", NOW + timedelta(minutes=5))
    assert await at.answer(at.event("ada", "ask why", key="k")) is None
    assert at.shown == []


async def test_a_slow_answer_whose_claim_is_overdue_is_given_at_last() -> None:
    at = desk()
    at.memory.inbox.keys["k"] = ("claimed", NOW - timedelta(seconds=1))
    assert await at.answer(at.event("ada", "ask why", key="k")) is not None


async def test_a_slow_command_reads_days_where_its_caller_is() -> None:
    at = desk()
    at.clock.move_to(NOW.replace(hour=23))
    reply = await at.say("ada", "ask why", zone="Pacific/Kiritimati")
    assert reply.plain() == "why, on 2026-03-03"


async def test_a_wrong_value_is_kept_and_correct_it_opens_the_form_filled() -> None:
    at = desk()
    reply = await at.say("ada", "log minutes=soon note=read two papers")
    assert (reply.audience, reply.tone) == ("private", "error")
    assert "“soon” is not a length of time" in reply.plain()
    call = target(reply, "Correct it")
    assert at.dispatcher.plan(call).opens_form
    form = await at.dispatcher.form(at.event("ada", call))
    assert {f.key: f.value for f in form.fields} == {"minutes": "soon", "note": "read two papers"}
    assert form.call == Call("log")


async def test_what_a_service_refuses_is_kept_too() -> None:
    at = desk()
    reply = await at.say("ada", "log 45 refuse")
    assert reply.plain() == "Note: say more"
    assert [b.label for b in reply.buttons] == ["Correct it", "Help"]
    form = await at.dispatcher.form(at.event("ada", target(reply, "Correct it")))
    assert [f.value for f in form.fields] == ["45", "refuse"]
    assert at.memory.journal == []


async def test_what_a_slow_command_refuses_is_kept_too() -> None:
    at = desk()
    reply = await at.say("ada", "ask refuse")
    assert reply.audience == "private"
    form = await at.dispatcher.form(at.event("ada", target(reply, "Correct it")))
    assert [f.value for f in form.fields] == ["refuse"]


async def test_a_draft_opens_for_its_writer_only() -> None:
    at = desk()
    call = target(await at.say("ada", "log soon read"), "Correct it")
    form = await at.dispatcher.form(at.event("ben", call))
    assert [f.value for f in form.fields] == ["", ""]


async def test_a_form_that_cannot_open_is_offered_by_a_button_with_what_was_typed() -> None:
    at = desk()
    reply = await at.say("ada", "log 45")
    assert reply.audience == "private"
    assert "`log 45m read two papers`" in reply.plain()
    assert target(reply, "Log it") == Call("log", {"minutes": "45"}, ask=True)


async def test_what_was_typed_is_kept_for_the_form_however_long() -> None:
    at = desk()
    call = target(await at.say("ada", "log note=" + "long words " * 10), "Log it")
    form = await at.dispatcher.form(at.event("ada", call))
    assert form.fields[1].value == ("long words " * 10).strip()


async def test_a_command_without_a_form_says_how_it_is_typed() -> None:
    reply = await desk().say("mo", Call("help", {"command": "x" * 201}))
    assert reply.buttons == ()
    assert "Usage: `help [command=]`" in reply.plain()


async def test_confirming_a_draft_runs_what_it_keeps() -> None:
    at = desk()
    draft = at.memory.drafts.keep(True, account_id("ada"), Call("tune", {"word": "loud"}), None, NOW)
    confirm = Call("tune", {"draft": draft, "confirm": "yes"})
    assert not at.dispatcher.plan(confirm).opens_form
    assert (await at.say("ada", confirm)).plain() == "loud set"
    assert at.memory.journal == ["tuned loud"]


async def test_a_draft_of_somebody_else_or_an_hour_ago_is_not_confirmed() -> None:
    at = desk()
    call = target(await at.say("ada", "log soon read"), "Correct it")
    confirm = Call("tune", {"draft": call.args["draft"], "confirm": "yes"})
    assert "over an hour old" in (await at.say("ben", confirm)).plain()
    at.clock.move_to(NOW + timedelta(hours=1))
    assert "over an hour old" in (await at.say("ada", confirm)).plain()
    assert at.memory.journal == []


async def test_a_form_opens_filled_by_its_own_reading() -> None:
    at = desk()
    form = await at.dispatcher.form(at.event("ada", Call("tune", {}, 7)))
    assert (form.fields[0].value, form.call) == ("was 0", Call("tune", {}, 7))


async def test_what_a_button_carries_goes_before_what_the_form_reads() -> None:
    at = desk()
    form = await at.dispatcher.form(at.event("ada", Call("tune", {"word": "soft", "confirm": "yes"}, ask=True)))
    assert form.fields[0].value == "soft"
    assert form.call.args == {"confirm": "yes"}


async def test_a_form_whose_reading_takes_too_long_opens_empty() -> None:
    at = desk(Memory(delay_s=0.2))
    at.dispatcher.form_s = 0.02
    form = await at.dispatcher.form(at.event("ada", "tune"))
    assert form.fields[0].value == ""


async def test_whoever_may_not_send_a_form_is_told_before_filling_it_in() -> None:
    at = desk()
    with pytest.raises(NotAllowed, match="for members"):
        await at.dispatcher.form(at.event("guest", "log"))


async def test_suggestions_come_from_the_commands_own_reading() -> None:
    at = desk()
    param = at.dispatcher.registry.commands["log"].params[1]
    assert [c.label for c in await at.dispatcher.suggest(at.event("ada", "log"), param, "pap")] == ["pap0"]


@pytest.mark.parametrize("typed", ["fault", "refuse"])
async def test_trouble_while_suggesting_is_no_suggestion(typed: str, caplog: pytest.LogCaptureFixture) -> None:
    at = desk()
    param = at.dispatcher.registry.commands["log"].params[1]
    assert await at.dispatcher.suggest(at.event("ada", "log"), param, typed) == []
    assert SECRET not in caplog.text


async def test_suggestions_that_take_too_long_are_left_out() -> None:
    at = desk(Memory(delay_s=0.2))
    at.dispatcher.suggest_s = 0.02
    param = at.dispatcher.registry.commands["log"].params[1]
    assert await at.dispatcher.suggest(at.event("ada", "log"), param, "pap") == []


async def test_suggestions_are_for_those_who_may_run_the_command() -> None:
    at = desk()
    param = at.dispatcher.registry.commands["drop"].params[0]
    assert await at.dispatcher.suggest(at.event("ada", "drop"), param, "x") == []
    assert await at.dispatcher.suggest(at.event("mo", "drop"), param, "x") != []
    assert await at.dispatcher.suggest(at.event("mo", Call("gone")), param, "x") == []


async def test_a_private_answer_is_set_aside_behind_a_button() -> None:
    at = desk()
    event = at.event("ada", "log 45 read")
    reply = await at.answer(event)
    assert reply is not None
    line = await at.dispatcher.set_aside(event, reply)
    assert (line.audience, line.plain()) == ("public", "Only you can see the answer.")
    kept = at.memory.drafts.kept[target(line, "Show me").args["id"]]
    assert kept[2] == reply


async def test_a_private_error_is_set_aside_without_its_reason() -> None:
    at = desk()
    event = at.event("ada", "log 45 refuse")
    reply = await at.answer(event)
    assert reply is not None
    line = await at.dispatcher.set_aside(event, reply)
    assert line.plain() == "That didn't work. Only you can see why."


async def test_what_may_have_been_kept_is_not_said_to_have_failed_where_others_read() -> None:
    at = desk()
    line = await at.dispatcher.set_aside(at.event("ada", "log 45 read"), refused(unanswered()))
    assert line.plain() == "Only you can see the answer."


@pytest.mark.parametrize(
    ("late", "told"),
    [
        (timedelta(0), "08:00"),
        (timedelta(minutes=1), "07:59"),
        (timedelta(hours=2), "06:00"),
        (timedelta(hours=2, seconds=1), "08:00"),
        (timedelta(seconds=-1), "08:00"),
    ],
)
async def test_an_events_own_time_counts_within_two_hours_and_never_from_the_future(late: timedelta, told: str) -> None:
    reply = await desk().say("ada", "log 45 read", at=NOW - late)
    assert reply.plain().endswith(told)


def _by_the_way(work: object, ctx: Context, reply: Reply) -> Reply | None:
    return replace(reply, blocks=(*reply.blocks, Text("by the way"))) if work else None


async def test_the_epilogue_is_added_to_private_answers_and_to_no_other() -> None:
    at = desk(epilogue=_by_the_way)
    assert "by the way" in (await at.say("ada", "log 45 read")).plain()
    assert "by the way" not in (await at.say("ada", "cheer")).plain()


async def test_an_epilogue_that_has_something_to_note_gets_a_writer() -> None:
    at = desk(epilogue=_by_the_way)
    assert (await at.say("ada", "help")).plain() == "help None\n\nby the way"
    assert at.memory.writes == [False, True]


async def test_an_epilogue_without_anything_to_tell_costs_no_writer() -> None:
    at = desk(epilogue=lambda work, ctx, reply: reply)
    await at.say("ada", "help")
    assert at.memory.writes == [False]


async def test_draining_waits_for_what_is_in_flight() -> None:
    at = desk(Memory(delay_s=0.05))
    assert await at.dispatcher.drain(0)
    task = asyncio.create_task(at.say("ada", "log 45 read"))
    await asyncio.sleep(0)
    assert not await at.dispatcher.drain(0.001)
    assert await at.dispatcher.drain(2)
    assert at.memory.journal == ["45 read"]
    await task


def test_what_an_adapter_asks_before_it_acknowledges_needs_no_reading() -> None:
    plan = desk().dispatcher.plan
    assert plan(Call("log")) == CallPlan(opens_form=True, is_private=True, is_slow=False)
    assert plan(Call("log", {"minutes": "45"})).opens_form and plan(Call("tune")).opens_form
    assert not plan(Call("log", {"minutes": "45", "note": "read"})).opens_form
    assert plan(Call("ask", {"question": "why"})) == CallPlan(opens_form=False, is_private=False, is_slow=True)
    for gone in (Call("gone"), Call("gone", ask=True)):
        assert plan(gone) == CallPlan(opens_form=False, is_private=True, is_slow=False)


async def test_a_call_that_asks_for_the_form_of_a_command_without_fields_runs_it() -> None:
    at = desk()
    assert not at.dispatcher.plan(Call("cheer", ask=True)).opens_form
    assert (await at.say("ada", Call("cheer", ask=True))).plain() == "hooray"
    with pytest.raises(NotFound, match="nothing to fill in"):
        await at.dispatcher.form(at.event("ada", Call("cheer", ask=True)))


async def test_a_form_of_an_unknown_version_is_refused() -> None:
    at = desk()
    with pytest.raises(NotFound, match="no longer works"):
        await at.dispatcher.form(at.event("ada", Call("gone")))


async def test_only_so_many_events_are_remembered_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.commands.in_flight.RECENT", 2)
    at = desk()
    for key in ("a", "b", "c"):
        await at.say("ada", "help", key=key)
    assert await at.answer(at.event("ada", "help", key="c")) is None
    assert await at.answer(at.event("ada", "help", key="a")) is not None


class Asked(Memory):
    """Ports that remember by which policies identity was asked."""

    def identify(self, work: Any, invocation: Invocation, policy: Policy, named: str | None = None) -> Actor:
        """Note the policy."""
        self.policies = [*getattr(self, "policies", []), policy]
        return super().identify(work, invocation, policy, named)


async def test_who_somebody_is_is_asked_by_what_the_call_needs_and_a_draft_needs_nothing() -> None:
    memory = Asked()
    at = desk(memory)
    await at.say("ada", "log 45 read")
    assert memory.policies == [Policy(role="member")]
    await at.say("ada", "log far read")
    assert memory.policies[1:] == [WHOEVER]
