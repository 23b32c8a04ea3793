"""What was typed is never lost: not to a busy database, not to a fault, not to a slow one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.commands.drafts import MOST, MemoryDrafts
from bot.commands.refusals import busy
from bot.messages.call import Call
from bot.messages.errors import TryLater
from bot.messages.reply import Reply
from tests.commands.sample_app import NOW, Desk, Memory, desk, target

LINE = Call("log", {"minutes": "45", "note": "read " * 30})


class Away(Memory):
    """A database that answers nobody while `is_away`, or writers alone."""

    is_away = False

    async def _busy(self) -> Any:
        raise busy()

    def run(self, fn: Callable[[Any], Any], *, writes: bool = True) -> Any:
        return self._busy() if self.is_away else super().run(fn, writes=writes)


async def filled(at: Desk, who: str, call: Call) -> dict[str, str]:
    form = await at.dispatcher.form(at.event(who, call))
    return {f.key: f.value for f in form.fields}


async def test_a_busy_database_keeps_what_was_typed_for_the_one_who_typed_it() -> None:
    memory = Away()
    at = desk(memory)
    memory.is_away = True
    reply = await at.say("ada", LINE)
    assert "I'm busy" in reply.plain() and [b.label for b in reply.buttons] == ["Try again"]
    again = target(reply, "Try again")
    assert await filled(at, "ada", again) == dict(LINE.args)
    memory.is_away = False
    assert await filled(at, "ada", again) == dict(LINE.args)
    assert await filled(at, "ben", again) == {"minutes": "", "note": ""}
    assert "45 minutes" in (await at.say("ada", LINE)).plain()


async def test_a_fault_keeps_what_was_typed() -> None:
    at = desk()
    reply = await at.say("ada", replace(LINE, args={"minutes": "45", "note": "fault"}))
    assert "Fault " in reply.plain()
    again = target(reply, "Try again")
    assert await filled(at, "ada", again) == {"minutes": "45", "note": "fault"}
    assert await filled(desk(at.memory), "ada", again) == {"minutes": "45", "note": "fault"}, "a restart lost it"


async def test_a_slow_command_that_fails_keeps_its_question() -> None:
    at = desk()
    reply = await at.say("ada", "ask fault")
    assert await filled(at, "ada", target(reply, "Try again")) == {"question": "fault"}


async def test_what_was_sent_from_a_draft_goes_back_into_its_form() -> None:
    memory = Away()
    at = desk(memory)
    wrong = await at.say("ada", replace(LINE, args={"minutes": "soon", "note": "read"}))
    draft = target(wrong, "Correct it").args["draft"]
    memory.is_away = True
    reply = await at.say("ada", Call("log", {"draft": draft}))
    assert target(reply, "Try again") == Call("log", {"draft": draft}, ask=True)


async def test_a_draft_that_cannot_be_read_in_time_is_offered_again_and_never_an_empty_form() -> None:
    at = desk()
    at.dispatcher.forms.initial_s = 0.05
    reply = await at.say("ada", replace(LINE, args={"minutes": "soon", "note": "read"}))
    again = target(reply, "Correct it")
    at.memory.delay_s = 0.3
    with pytest.raises(TryLater) as refusal:
        await at.dispatcher.form(at.event("ada", again))
    assert [(b.label, b.target) for b in refusal.value.buttons] == [("Try again", again)]


async def test_a_command_without_a_form_says_when_to_try_again_and_no_more() -> None:
    memory = Away()
    memory.is_away = True
    reply: Reply = await desk(memory).say("ada", "cheer")
    assert "Please try again" in reply.plain() and not reply.buttons


def test_what_is_held_ends_after_an_hour_and_makes_room() -> None:
    at = desk()
    typed = MemoryDrafts()
    event = at.event("ada", LINE)
    first = typed.hold(event, NOW)
    assert typed.find(first, event.account, NOW + timedelta(minutes=59)) == LINE
    assert typed.find(first, event.account, NOW + timedelta(hours=1)) is None
    assert typed.find(first, at.event("ben", LINE).account, NOW) is None
    for _ in range(MOST):
        typed.hold(event, NOW)
    assert typed.find(first, event.account, NOW) is None
