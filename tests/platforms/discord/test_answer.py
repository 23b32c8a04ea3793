"""Promises to Discord that are kept, overtaken or taken back."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast
from unittest.mock import Mock

import discord
import pytest

from bot.chat.platform import Post
from bot.commands.context import Place
from bot.commands.refusals import busy
from bot.messages.call import Call
from bot.messages.picture import EMPTY
from bot.messages.reply import Button, Reply, say
from bot.platforms.discord.answer import InteractionAnswer, MessageAnswer
from tests.kit import ANSWER, LOOKING, Told
from tests.platforms.discord.world import Server, World, connected, fields_of, said


async def test_a_promise_to_an_event_that_was_answered_before_is_taken_back() -> None:
    async with connected(World(delay_s=0.8)) as s:
        s.world.inbox.accept = lambda *_: False  # type: ignore[method-assign]
        result = await s.ada.slash(s.channel, "share")
        assert result.acknowledged
        assert result.response is None
        assert result.followups == []


async def test_an_answer_whose_message_was_dismissed_follows_anew() -> None:
    async with connected(World(delay_s=0.8)) as s:
        s.env.inject_error("PATCH", "/webhooks/*/messages/@original", status=404, code=10008, times=1)
        result = await s.ada.slash(s.channel, "hello")
        assert [said(m) for m in (result.response, *result.followups) if m] == ["Hello Ada"]


async def test_a_private_error_is_not_sent_where_the_public_promise_could_not_be_edited(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with connected(World(delay_s=0.8)) as s:
        s.env.inject_error("PATCH", "/webhooks/*/messages/@original", status=500, times=2)
        result = await s.ada.slash(s.channel, "refuse")
        assert not any("Sundays" in said(m) for m in (result.response, *result.followups) if m)
        assert "did not reach its reader" in caplog.text


async def test_a_form_with_a_slow_answer_shows_that_something_is_coming() -> None:
    async with connected(World(slowness=0.2)) as s:
        asks = say("Ask?", buttons=(Button("Ask", Call("ask", ask=True)),))
        await s.platform.deliver(_post(s, asks), False)
        assert s.channel.last_message is not None
        opened = await s.ada.click(s.channel.last_message, label="Ask")
        assert list(fields_of(opened.modal)) == ["question"]
        sent = await s.ada.submit_modal(opened, {"question": "what is a token?"})
        assert [r["type"] for r in s.requests("POST", "/callback")] == [9, 5]
        assert said(sent.response) == "You asked: what is a token?"
        assert not sent.ephemeral


async def test_a_step_takes_the_place_of_the_one_before_also_by_its_form() -> None:
    async with connected() as s:
        first = await s.ada.slash(s.channel, "step", n=1)
        assert first.response is not None and first.ephemeral
        second = await s.ada.click(first.response, label="Next")
        assert second.response is not None
        opened = await s.ada.click(second.response, label="Change")
        last = await s.ada.submit_modal(opened, {"n": "5"})
        assert said(last.response) == "Step 5"
        assert [r["type"] for r in s.requests("POST", "/callback")] == [4, 7, 9, 7]


async def test_a_slow_answer_to_a_click_is_shown_below_and_brought_up_to_date() -> None:
    async with connected(World(slowness=0.2)) as s:
        again = say("Ask?", buttons=(Button("Again", Call("ask", {"question": "why"})),))
        await s.platform.deliver(_post(s, again), False)
        assert s.channel.last_message is not None
        result = await s.ada.click(s.channel.last_message, label="Again")
        assert [said(m) for m in result.followups] == ["You asked: why"]
        assert [e["content"] for e in s.requests("PATCH", "/webhooks/")] == ["You asked: why"]


async def test_a_private_answer_never_replaces_what_others_read() -> None:
    async with connected() as s:
        for delay in (0.0, 1.0):
            s.world.delay_s = delay
            post = say("For all", buttons=(Button("Quietly", Call("whisper"), "primary"),))
            await s.platform.deliver(_post(s, post), False)
            message = s.channel.last_message
            assert message is not None
            result = await s.ada.click(message, label="Quietly")
            told = result.followups[0] if result.followups else result.response
            assert told is not None and (told.ephemeral, said(told)) == (True, "Between us")
            assert said(message) == "For all"


async def test_what_was_typed_into_a_form_that_fails_is_offered_again(monkeypatch: pytest.MonkeyPatch) -> None:
    async with connected() as s:
        opened = await s.ada.slash(s.channel, "checkin")

        async def busy_run(fn: object, *, writes: bool = True) -> Any:
            raise busy()

        with monkeypatch.context() as patch:
            patch.setattr(s.world.dispatcher, "_run", busy_run)
            told = await s.ada.submit_modal(opened, {"minutes": "45", "note": "read two papers"})
        assert told.ephemeral and "I'm busy" in said(told.response)
        assert told.response is not None
        again = fields_of((await s.ada.click(told.response, label="Try again")).modal)
        assert (again["minutes"]["value"], again["note"]["value"]) == ("45", "read two papers")


async def test_a_form_that_cannot_be_opened_says_why_privately() -> None:
    async with connected() as s:
        role = s.guild.create_role("Lead", permissions=discord.Permissions(manage_guild=True))
        boss = s.guild.add_member(s.env.create_user("mo"), roles=[role])
        too_much = await boss.slash(s.channel, "cohort create", name="Owls", notes="n" * 600)
        assert too_much.ephemeral
        assert "notes" in said(too_much.response)

        async def broken(_: object) -> Any:
            raise RuntimeError("boom")

        s.world.dispatcher.form = broken  # type: ignore[method-assign, assignment]
        fault = await s.ada.slash(s.channel, "checkin")
        assert fault.ephemeral
        assert "Fault `" in said(fault.response)


class Recorder:
    """Stands for the API and notes what is asked of it."""

    gallery = EMPTY

    def __init__(self) -> None:
        self.asked: list[tuple[str, Any]] = []
        self.troubles: list[Exception] = []
        self.known: dict[str, int] = {}

    def may_attach(self, _channel: str) -> bool:
        """Return yes."""
        return True

    async def standing(self, *_: Any) -> dict[str, str]:
        """Return no file."""
        return {}

    def __getattr__(self, name: str) -> Any:
        async def note(*args: Any) -> str:
            self.asked.append((name, args[2:]))
            if name == "send" and self.troubles:
                raise self.troubles.pop()
            return "5" if name == "send" else "77"

        return note


class Click:
    id, token, application_id = 1, "t", 2
    message = SimpleNamespace(flags=SimpleNamespace(ephemeral=False), attachments=[])
    app_permissions = discord.Permissions.all()


def exchange(**more: Any) -> tuple[InteractionAnswer, Recorder]:
    api: Any = Recorder()
    click: Any = Click()
    defaults: dict[str, Any] = {"tag": None, "is_private": False, "is_direct": False, "is_form": False}
    return InteractionAnswer(api, click, **{**defaults, **more}), api


async def test_states_are_shown_at_discords_pace_and_never_before_the_promise() -> None:
    one, api = exchange()
    await one.show(say("too early"))
    assert api.asked == []
    await one.defer(is_slow=True)
    for n in range(5):
        await one.show(say(f"state {n}"))
    await one.finish(say("done"))
    assert [name for name, _ in api.asked] == ["respond", "follow_up", "edit_answer"]
    assert api.asked[-1][1][1] == "77"


async def test_an_answer_that_edits_the_clicked_message_takes_away_what_was_shown_meanwhile() -> None:
    one, api = exchange()
    await one.defer(is_slow=True)
    await one.show(say("Looking"))
    await one.finish(Reply(say("Changed").blocks, replaces=True))
    assert [name for name, _ in api.asked] == ["respond", "follow_up", "delete_answer", "edit_answer"]


async def test_a_reply_that_names_no_audience_has_its_commands() -> None:
    for is_private, is_direct, flags in ((True, False, 64), (False, False, None), (True, True, None)):
        one, api = exchange(is_private=is_private, is_direct=is_direct)
        await one.first(say("hi"))
        assert api.asked[0][1][1].get("flags") == flags


async def test_it_is_told_where_an_answer_stands_that_others_read() -> None:
    for more, reply, last in (
        ({}, ANSWER, ("t1", None, "77", True)),
        ({"thread": "9"}, ANSWER, ("t1", "9", "5", True)),
        ({}, ANSWER.settled("private"), ("t1", None, "77", True)),
    ):
        told = Told("discord")
        one, _ = exchange(location=told.whereabouts, **more)
        await one.defer(is_slow=True)
        await one.show(LOOKING)
        await one.finish(reply)
        assert told.all == ([] if more else [("t1", None, "77", False)]) + [last]


async def test_nothing_is_told_of_an_answer_for_one_alone_or_of_what_answers_no_turn() -> None:
    told = Told("discord")
    one, _ = exchange(location=told.whereabouts, is_private=True)
    await one.defer(is_slow=True)
    await one.show(LOOKING)
    await one.finish(say("Between us"))
    two, _ = exchange(location=told.whereabouts)
    await two.first(say("hi"))
    assert told.all == []


async def test_it_is_told_where_the_reply_to_a_message_stands_also_where_it_had_to_go_to_its_reader() -> None:
    for trouble, where in ((None, None), (discord.Forbidden(Mock(status=403), {"code": 50013}), "7")):
        told, api = Told("discord"), Recorder()
        message: Any = SimpleNamespace(id=1, channel=SimpleNamespace(id=5), author=SimpleNamespace(id=7), guild="here")
        one = MessageAnswer(cast(Any, api), message, told.whereabouts)
        api.troubles = [trouble] if trouble else []
        await one.show(LOOKING)
        await one.finish(ANSWER)
        assert told.all == [("t1", where, "5", False), ("t1", where, "5", True)]


def _post(s: Server, reply: Reply) -> Post:
    return Post("k", "t" * 20, "post", Place("discord", str(s.guild.id), str(s.channel.id)), reply)
