"""Interactions through a real client, against Discord's rules in process."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import discord
import pytest
from simcord.backend.models import ResponseKind

from bot.chat.platform import Post
from bot.commands.context import Place
from bot.commands.registry import Registry
from bot.messages.call import Call
from bot.messages.reply import Button, Reply, say
from bot.platforms.discord import listen
from tests.platforms.discord.world import HOSTILE, Server, World, connected, fields_of, said


async def test_a_private_command_is_answered_for_its_caller_alone() -> None:
    async with connected() as s:
        result = await s.ada.slash(s.channel, "hello")
        assert result.ephemeral
        assert said(result.response) == "Hello Ada"
        assert s.world.invocations[-1].account.tenant == str(s.guild.id)
        assert s.world.invocations[-1].account.tenant_name == "Study hall"
        assert s.world.invocations[-1].place.room == str(s.channel.id)


async def test_a_public_command_is_answered_for_all() -> None:
    async with connected() as s:
        result = await s.ada.slash(s.channel, "shout", words="good morning")
        assert not result.ephemeral
        assert said(result.response) == "### Shout\n\ngood morning"


async def test_a_private_commands_public_answer_is_public() -> None:
    async with connected() as s:
        assert not (await s.ada.slash(s.channel, "share")).ephemeral


async def test_an_error_of_a_public_command_is_private_at_once() -> None:
    async with connected() as s:
        result = await s.ada.slash(s.channel, "refuse")
        assert result.ephemeral
        assert said(result.response).endswith("Only on Sundays.")


async def test_an_error_of_a_public_command_is_private_even_after_a_public_promise() -> None:
    async with connected(World(delay_s=0.8)) as s:
        result = await s.ada.slash(s.channel, "refuse")
        assert [r["type"] for r in s.requests("POST", "/callback")] == [5]
        assert result.response is None, "the neutral line is taken away"
        (private,) = result.followups
        assert private.ephemeral
        assert said(private).endswith("Only on Sundays.")
        edits = s.requests("PATCH", "/messages/@original")
        assert [e["content"] for e in edits] == ["Only the person who asked can see the answer."]


async def test_a_public_answer_after_a_private_promise_is_public() -> None:
    async with connected(World(delay_s=0.8)) as s:
        result = await s.ada.slash(s.channel, "share")
        assert result.response is None
        assert [(m.ephemeral, m.content) for m in result.followups] == [(False, "For all to see")]


async def test_a_fault_is_private_and_names_its_reference() -> None:
    async with connected() as s:
        result = await s.ada.slash(s.channel, "crash")
        assert result.ephemeral
        assert "Fault `" in said(result.response)


async def test_an_answer_that_takes_long_is_promised_within_a_second() -> None:
    async with connected(World(delay_s=1.5)) as s:
        clicked = time.monotonic()
        waiting = asyncio.ensure_future(s.ada.slash(s.channel, "hello"))
        while not any(r.path.endswith("/callback") for r in s.env.http_requests):
            await asyncio.sleep(0.02)
        assert time.monotonic() - clicked < 1.0
        result = await waiting
        assert [r["type"] for r in s.requests("POST", "/callback")] == [5]
        assert result.ephemeral
        assert said(result.response) == "Hello Ada"


async def test_a_slow_command_promises_at_once_and_shows_where_it_is() -> None:
    async with connected(World(slowness=0.3)) as s:
        result = await s.ada.slash(s.channel, "ask", question="what is a token?")
        assert [r["type"] for r in s.requests("POST", "/callback")] == [5]
        assert not result.ephemeral
        assert said(result.response) == "You asked: what is a token?"
        edits = [e["content"] for e in s.requests("PATCH", "/messages/@original")]
        assert edits == ["Looking…", "You asked: what is a token?"]


async def test_a_slow_commands_error_replaces_what_was_shown_to_all() -> None:
    async with connected() as s:
        result = await s.ada.slash(s.channel, "ask", question="forbidden")
        assert result.response is None
        assert [(m.ephemeral, "Not that one." in said(m)) for m in result.followups] == [(True, True)]


async def test_a_repeated_event_gets_no_second_answer() -> None:
    async with connected() as s:
        emit = s.env.backend.emit

        def twice(event: str, payload: Any) -> None:
            emit(event, payload)
            if event == "INTERACTION_CREATE":
                emit(event, payload)

        s.env.backend.emit = twice  # type: ignore[method-assign]
        await s.ada.slash(s.channel, "shout")
        assert len(s.channel.history()) == 1
        assert len(s.requests("POST", "/callback")) == 1
        s.world.delay_s = 0.8
        await s.ada.slash(s.channel, "shout")
        assert len(s.channel.history()) == 2


async def test_a_form_opens_with_fields_that_fit_their_kind_and_is_submitted() -> None:
    async with connected() as s:
        opened = await s.ada.slash(s.channel, "checkin", minutes="45", unit="u7")
        assert opened.modal is not None
        assert opened.modal["title"] == "Check in"
        controls = fields_of(opened.modal)
        assert list(controls) == ["minutes", "note", "link", "mood", "share_it"]
        assert (controls["minutes"]["value"], controls["note"]["style"]) == ("45", 2)
        assert [o["value"] for o in controls["mood"]["options"]] == ["fine", "tired"]
        sent = await s.ada.submit_modal(opened, {"minutes": "1h30", "note": "read two papers", "mood": ["tired"]})
        assert sent.ephemeral
        assert said(sent.response).strip() == "Logged 90 min: read two papers (tired, False, u7)"


async def test_a_wrong_form_is_kept_and_offered_for_correction() -> None:
    async with connected() as s:
        opened = await s.ada.slash(s.channel, "checkin")
        wrong = await s.ada.submit_modal(opened, {"minutes": "soon", "note": "all of it"})
        assert wrong.modal is None
        assert wrong.ephemeral
        assert "not a length of time" in said(wrong.response)
        assert wrong.response is not None
        again = await s.ada.click(wrong.response, label="Correct it")
        controls = fields_of(again.modal)
        assert (controls["minutes"]["value"], controls["note"]["value"]) == ("soon", "all of it")
        right = await s.ada.submit_modal(again, {"minutes": "30", "note": "all of it"})
        assert said(right.response).strip().startswith("Logged 30 min: all of it")


async def test_a_refusal_of_the_service_is_offered_for_correction_too() -> None:
    async with connected() as s:
        result = await s.ada.slash(s.channel, "checkin", minutes="20h", note="a lot")
        assert result.ephemeral
        assert "720 minutes" in said(result.response)
        assert result.response is not None
        assert (await s.ada.click(result.response, label="Correct it")).modal is not None


async def test_a_form_that_is_still_missing_something_is_never_answered_by_a_form() -> None:
    async with connected() as s:
        opened = await s.ada.slash(s.channel, "checkin")
        missing = await s.ada.submit_modal(opened, {"minutes": "45", "note": " "})
        assert missing.modal is None
        assert missing.response is not None
        assert missing.ephemeral
        again = await s.ada.click(missing.response, label="Check in")
        assert fields_of(again.modal)["minutes"]["value"] == "45"


async def test_choosing_a_person_and_a_room_in_a_form() -> None:
    async with connected() as s:
        role = s.guild.create_role("Lead", permissions=_manage())
        mod = s.guild.add_member(s.env.create_user("mo"), roles=[role])
        opened = await mod.slash(s.channel, "cohort create", name="Owls", notes="n" * 500, channel=s.channel)
        controls = fields_of(opened.modal)
        assert list(controls) == ["name", "timezone", "start", "channel", "lead"]
        assert controls["channel"]["default_values"] == [{"id": str(s.channel.id), "type": "channel"}]
        ids = {key: control["custom_id"] for key, control in controls.items()}
        typed = {
            ids["name"]: "Owls",
            ids["timezone"]: "Europe/Berlin",
            ids["channel"]: [s.channel],
            ids["lead"]: [s.bo],
        }
        sent = await mod.submit_modal(opened, typed)
        shown = said(sent.response)
        assert f"Owls in Europe/Berlin, #{s.channel.id}, {s.bo.id}, 5" in shown
        assert "n" * 300 in shown


async def test_an_interaction_brings_the_roles_of_its_caller() -> None:
    async with connected() as s:
        owls = s.guild.create_role("Owls")
        eve = s.guild.add_member(s.env.create_user("eve"), roles=[owls])
        await eve.slash(s.channel, "hello")
        assert s.world.invocations[-1].account.grants == {f"role:{owls.id}"}
        await s.ada.slash(s.channel, "hello")
        assert s.world.invocations[-1].account.grants == frozenset()


async def test_only_who_manages_the_server_is_a_moderator() -> None:
    async with connected(shows_all=True) as s:
        result = await s.ada.slash(s.channel, "cohort end")
        assert "Only moderators" in said(result.response)
        boss = s.guild.add_member(s.env.create_user("mo"), roles=[s.guild.create_role("L", permissions=_manage())])
        assert said((await boss.slash(s.channel, "cohort end")).response) == "Ended"


async def test_values_are_suggested_while_somebody_types() -> None:
    async with connected(shows_all=True) as s:
        boss = s.guild.add_member(s.env.create_user("mo"), roles=[s.guild.create_role("L", permissions=_manage())])
        assert await s.ada.autocomplete(s.channel, "cohort create", "name", "ow") == []
        zones = await boss.autocomplete(s.channel, "cohort create", "timezone", "berl")
        assert zones[0]["value"] == "Europe/Berlin"
        names = await boss.autocomplete(s.channel, "cohort create", "name", "ow")
        assert [c["value"] for c in names] == ["owls"]
        lengths = await s.ada.autocomplete(s.channel, "checkin", "minutes", "50")
        assert lengths == [{"name": "50 min", "value": "50"}]
        days = await boss.autocomplete(s.channel, "cohort create", "start", "mon")
        assert "next monday" in [c["value"] for c in days]


async def test_a_click_edits_the_message_it_was_made_on() -> None:
    async with connected() as s:
        await s.ada.slash(s.channel, "shout")
        message = s.channel.last_message
        assert message is not None
        for _ in range(2):
            assert message is not None
            await s.bo.click(message, label="Count")
            message = s.channel.last_message
        assert message is not None
        assert message.content == "Count 2"


async def test_a_late_answer_to_a_click_still_edits_its_message() -> None:
    async with connected(World(delay_s=0.8)) as s:
        await s.ada.slash(s.channel, "shout")
        assert s.channel.last_message is not None
        result = await s.bo.click(s.channel.last_message, label="Count")
        assert result._interaction.response_kind is ResponseKind.DEFERRED_UPDATE
        assert s.channel.last_message.content == "Count 1"


async def test_a_late_private_answer_to_a_click_on_a_public_message_stays_private() -> None:
    async with connected() as s:
        await s.ada.slash(s.channel, "shout")
        message = s.channel.last_message
        assert message is not None
        s.world.delay_s = 0.8
        _point(s, message.id, Call("hello"))
        result = await s.bo.click(message, label="Count")
        assert [(m.ephemeral, said(m)) for m in result.followups] == [(True, "Hello Bo")]
        assert message.content.endswith("hey")


async def test_an_old_button_that_means_nothing_any_more_is_told_so_privately() -> None:
    async with connected() as s:
        await s.ada.slash(s.channel, "shout")
        message = s.channel.last_message
        assert message is not None
        for stale in ("9:other", Call("vanished").pack()):
            _point(s, message.id, stale)
            result = await s.ada.click(message, label="Count")
            assert result.ephemeral
            assert "no longer works" in said(result.response)


async def test_a_button_that_asks_for_a_form_without_fields_is_answered() -> None:
    async with connected() as s:
        await s.ada.slash(s.channel, "shout")
        message = s.channel.last_message
        assert message is not None
        _point(s, message.id, Call("hello", ask=True))
        result = await s.ada.click(message, label="Count")
        assert result.modal is None and said(result.response) == "Hello Ada"


async def test_in_a_direct_message_nothing_has_to_be_hidden() -> None:
    async with connected() as s:
        result = await s.ada.user.slash("hello")
        assert not result.ephemeral
        assert said(result.response) == "Hello Ada"
        place = s.world.invocations[-1].place
        assert (place.tenant, place.room) == (None, f"@{s.ada.id}")


async def test_what_people_type_never_notifies_anybody() -> None:
    async with connected() as s:
        await s.ada.slash(s.channel, "shout", words=HOSTILE)
        message = s.channel.last_message
        assert message is not None
        assert not message.mention_everyone
        assert message.mentions == []
        assert message.role_mentions == []
        (body,) = (r["data"] for r in s.requests("POST", "/callback"))
        assert body["allowed_mentions"] == {"parse": [], "users": [], "roles": [], "replied_user": False}


async def test_an_answer_that_discord_finds_malformed_becomes_a_fault_message() -> None:
    async with connected() as s:
        s.env.inject_error("POST", "/interactions/*/callback", status=400, code=50035, times=1)
        result = await s.ada.slash(s.channel, "hello")
        assert "can't tell whether I saved that" in said(result.response)
        assert "Fault `" in said(result.response)


async def test_an_answer_that_comes_too_late_is_logged_without_its_token(caplog: pytest.LogCaptureFixture) -> None:
    async with connected() as s:
        s.env.inject_error("POST", "/interactions/*/callback", status=404, code=10062, times=1)
        result = await s.ada.slash(s.channel, "hello")
        assert not result.acknowledged
        assert "code 10062" in caplog.text
        assert "simcord_interaction" not in caplog.text


async def test_an_unknown_interaction_is_left_alone() -> None:
    class Odd:
        type = object()

    await listen.Interactions(None, Registry(()), None, None).take(Odd())  # type: ignore[arg-type]


def _point(server: Server, message_id: int, target: Call | str) -> None:
    """Give the first button of a message another target."""
    stored = server.env.backend.get_message(server.channel.id, message_id)
    stored.components[0]["components"][0]["custom_id"] = target if isinstance(target, str) else target.pack()


def _manage() -> discord.Permissions:
    return discord.Permissions(manage_guild=True)


ASKED = Reply(say("Why it matters").blocks, (Button("Ask", Call("ask", ask=True)),), "Unit 7", accent=1)


async def asked_on_a_post(s: Server, *, has_thread: bool = True, is_locked: bool = False) -> tuple[Any, str]:
    """Have Ada ask by the button of a unit's post; return what she sees, and the post's id."""
    here = Place("discord", str(s.guild.id), str(s.channel.id))
    post = Post("k", "abcdefghij0123456789", "post", here, ASKED, thread_title="Unit 7" if has_thread else None)
    sent = await s.platform.deliver(post, False)
    form = await s.ada.click(next(m for m in s.channel.history() if str(m.id) == sent.ref), label="Ask")
    if is_locked:
        s.env.inject_error("POST", "/channels/*/messages", status=400, code=50083)
    return await s.ada.submit_modal(form, {"question": "what is a token?"}), sent.ref


async def test_what_is_asked_on_a_units_post_is_answered_in_its_thread_and_the_asker_is_led_there() -> None:
    async with connected(World(slowness=0.1)) as s:
        result, ref = await asked_on_a_post(s)
        assert result.ephemeral
        assert said(result.response) == f"The answer is in <#{ref}>."
        (thread,) = s.channel.threads
        assert thread.last_message is not None
        assert said(thread.last_message) == "You asked: what is a token?"
        assert "You asked" not in "".join(map(said, s.channel.history()))


async def test_a_post_without_a_thread_or_with_one_that_takes_nothing_is_answered_where_it_stands() -> None:
    async with connected() as s:
        result, _ = await asked_on_a_post(s, has_thread=False)
        assert (result.ephemeral, said(result.response)) == (False, "You asked: what is a token?")
    async with connected() as s:
        result, _ = await asked_on_a_post(s, is_locked=True)
        assert [(m.ephemeral, said(m)) for m in result.followups] == [(False, "You asked: what is a token?")]
        assert result.response is None, "the private promise is taken away"


async def test_a_refusal_of_what_was_asked_on_a_post_stays_private() -> None:
    async with connected() as s:
        here = Place("discord", str(s.guild.id), str(s.channel.id))
        post = Post("k", "abcdefghij0123456789", "post", here, ASKED, thread_title="Unit 7")
        sent = await s.platform.deliver(post, False)
        form = await s.ada.click(next(m for m in s.channel.history() if str(m.id) == sent.ref), label="Ask")
        result = await s.ada.submit_modal(form, {"question": "forbidden"})
        assert result.ephemeral
        assert "Not that one." in said(result.response)


async def test_who_may_not_open_a_form_still_reads_what_they_are_to_be_told() -> None:
    async with connected(World(news="You were taken out."), shows_all=True) as s:
        refused = await s.ada.slash(s.channel, "cohort create")
        assert refused.modal is None
        assert "Only moderators can do that" in said(refused.response)
        assert said(refused.response).endswith("You were taken out.")
