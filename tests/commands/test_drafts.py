"""What was typed is never lost: not to a busy database, not to a fault, not to a slow one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.commands.refusals import busy
from bot.messages.call import Call
from bot.messages.errors import TryLater
from bot.messages.reply import File, Listing, Reply
from tests.commands.sample_app import Desk, Memory, desk, target

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


async def test_a_busy_database_gives_back_what_was_typed() -> None:
    memory = Away()
    at = desk(memory)
    memory.is_away = True
    reply = await at.say("ada", LINE)
    assert "I'm busy" in reply.plain() and not reply.buttons and reply.audience == "private"
    assert "I couldn't save what you typed. Copy it from here:" in reply.plain()
    assert [block.code for block in reply.blocks if isinstance(block, Listing)] == [*LINE.args.values()]
    memory.is_away = False
    assert "45 minutes" in (await at.say("ada", LINE)).plain()


async def test_a_text_too_long_for_a_message_is_given_back_as_a_file() -> None:
    memory = Away()
    at = desk(memory)
    memory.is_away = True
    note = "read " * 800
    reply = await at.say("ada", replace(LINE, args={"minutes": "45", "note": note}))
    assert [(file.name, file.text) for file in reply.blocks if isinstance(file, File)] == [("note.txt", note)]


async def test_a_few_words_stay_on_the_button_while_the_database_is_away() -> None:
    memory = Away()
    at = desk(memory)
    memory.is_away = True
    reply = await at.say("ada", replace(LINE, args={"minutes": "45", "note": "read"}))
    assert "I'm busy" in reply.plain() and [b.label for b in reply.buttons] == ["Try again"]
    assert await filled(at, "ada", target(reply, "Try again")) == {"minutes": "45", "note": "read"}


async def test_a_fault_keeps_what_was_typed() -> None:
    at = desk()
    args = {"minutes": "45", "note": "fault" + " " * 80}
    reply = await at.say("ada", replace(LINE, args=args))
    assert "Fault " in reply.plain()
    again = target(reply, "Try again")
    assert await filled(at, "ada", again) == args
    assert await filled(desk(at.memory), "ada", again) == args, "a restart lost it"
    assert await filled(at, "ben", again) == {"minutes": "", "note": ""}


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
    at.dispatcher.form_s = 0.05
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
