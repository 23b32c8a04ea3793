"""Mentions, replies and direct messages through a real client."""

from __future__ import annotations

import re

import discord
import pytest

from bot.commands.refusals import busy, unread
from bot.messages.errors import TryLater
from bot.storage.faults import AWAY, StorageTrouble
from tests.platforms.discord.world import HOSTILE, World, connected, said


async def test_a_private_answer_to_a_mention_waits_behind_a_button_for_its_reader() -> None:
    async with connected() as s:
        await s.ada.send(s.channel, f"<@{s.me}> hello")
        line = s.channel.last_message
        assert line is not None
        assert line.content == "Only you can see the answer."
        assert line.reference is not None
        shown = await s.ada.click(line, label="Show me")
        assert shown.ephemeral
        assert said(shown.response) == "Hello Ada"
        refused = await s.bo.click(line, label="Show me")
        assert refused.ephemeral
        assert "somebody else" in said(refused.response)


async def test_a_public_answer_to_a_mention_is_a_reply_that_pings_nobody() -> None:
    async with connected() as s:
        await s.ada.send(s.channel, f"<@{s.me}> shout {HOSTILE}")
        reply = s.channel.last_message
        assert reply is not None
        assert "Shout" in reply.content
        assert reply.mentions == []
        assert not reply.mention_everyone
        (body,) = s.requests("POST", f"/channels/{s.channel.id}/messages")
        assert body["allowed_mentions"] == {"parse": [], "users": [], "roles": [], "replied_user": False}
        assert body["enforce_nonce"]


async def test_an_error_is_told_to_its_reader_only() -> None:
    async with connected() as s:
        await s.ada.send(s.channel, f"<@{s.me}> refuse")
        line = s.channel.last_message
        assert line is not None
        assert line.content == "That didn't work. Only you can see why."
        assert "Only on Sundays" in said((await s.ada.click(line, label="Show me")).response)


async def test_a_limit_is_told_by_direct_message_else_below_the_message() -> None:
    async with connected() as s:
        asked = await s.ada.send(s.channel, f"<@{s.me}> hurry")
        told = s.ada.user.dm_channel.last_message
        assert told is not None and said(told) == "Please go on in 9 seconds."
        s.env.inject_error("POST", "/channels/*/messages", status=403, code=50007, times=1)
        refused = await s.ada.send(s.channel, f"<@{s.me}> hurry")
        assert [m.id for m in s.channel.history()][:2] == [asked.id, refused.id]
        assert said(s.channel.last_message) == "Please go on in 9 seconds."
        assert len(s.ada.user.dm_channel.history()) == 1
        assert "9 seconds" in said((await s.ada.slash(s.channel, "hurry")).response)


async def test_a_hello_is_answered_by_direct_message_else_behind_a_button_and_thanks_leave_no_line() -> None:
    async with connected() as s:
        sent = [await s.ada.send(s.channel, f"<@{s.me}> hi")]
        told = s.ada.user.dm_channel.last_message
        assert told is not None and said(told) == "Heard: hi"
        s.env.inject_error("POST", "/channels/*/messages", status=403, code=50007, times=1)
        sent.append(await s.ada.send(s.channel, f"<@{s.me}> hi there"))
        shown = s.channel.last_message
        assert shown is not None and said((await s.ada.click(shown, label="Show me")).response) == "Heard: hi there"
        sent += [shown, await s.ada.send(s.channel, f"<@{s.me}> thanks!")]
        assert [m.id for m in s.channel.history()] == [m.id for m in sent]
        assert not [r.path for r in s.env.http_requests if "/reactions/" in r.path]


async def test_a_mention_that_needs_a_form_offers_it_where_it_was_said() -> None:
    async with connected() as s:
        await s.ada.send(s.channel, f"<@{s.me}> checkin 45")
        line = s.channel.last_message
        assert line is not None
        opened = await s.bo.click(line, label="Check in")
        assert opened.modal is not None
        assert opened.modal["title"] == "Check in"


async def test_a_question_in_passing_is_understood() -> None:
    async with connected() as s:
        await s.ada.send(s.channel, f"what is a token, <@{s.me}>?")
        assert s.channel.last_message is not None
        assert s.channel.last_message.content == "You asked: what is a token ?"
        await s.ada.send(s.channel, f"hey <@{s.me}> shout loud")
        assert s.channel.last_message.content.endswith("loud")


@pytest.mark.parametrize("line", ["sick this week", "remind everyone", "frobnicate"])
async def test_what_is_neither_command_nor_question_is_answered_to_its_writer_alone(line: str) -> None:
    async with connected() as s:
        await s.ada.send(s.channel, f"<@{s.me}> {line}")
        told = s.channel.last_message
        assert told is not None and told.content == "Only you can see the answer."
        assert said((await s.ada.click(told, label="Show me")).response) == f"Heard: {line}"


async def test_a_slash_typed_after_a_mention_is_understood() -> None:
    async with connected() as s:
        await s.ada.send(s.channel, f"<@{s.me}> /study checkin 20 did some")
        line = s.channel.last_message
        assert line is not None
        assert said((await s.ada.click(line, label="Show me")).response).startswith("Logged 20 min: did some")


async def test_a_direct_message_is_a_command_line() -> None:
    async with connected() as s:
        await s.ada.user.send_dm("checkin 1h30 read two papers")
        answer = s.ada.user.dm_channel.last_message
        assert said(answer).startswith("Logged 90 min: read two papers")
        assert s.world.invocations[-1].place.room == f"@{s.ada.id}"


async def test_a_direct_message_with_a_file_is_heard_and_its_file_is_the_link() -> None:
    async with connected() as s:
        await s.ada.user.send_dm("hello")
        room = s.ada.user.dm_channel
        assert room is not None
        files = s.env.backend.store_attachments(room.id, [("notes.txt", b"read")])
        await s.ada.user.send_dm("checkin 25", attachments=files)
        answer = s.ada.user.dm_channel.last_message
        assert said(answer).startswith("Logged 25 min: notes.txt")
        call = s.world.invocations[-1].call
        assert re.fullmatch(r"https://discord\.com/channels/@me/\d+/\d+", call.args["link"])


async def test_a_mention_that_is_put_in_soon_after_is_heard_once() -> None:
    async with connected() as s:
        message = await s.ada.send(s.channel, "shout one")
        await s.ada.edit(message, f"<@{s.me}> shout one")
        await s.ada.edit(message, f"<@{s.me}> shout two")
        answers = [m.content for m in s.channel.history() if str(m.author.id) == s.me]
        assert len(answers) == 1 and answers[0].endswith("one")


async def test_a_reply_to_the_bot_is_meant_for_it() -> None:
    async with connected() as s:
        await s.ada.send(s.channel, f"<@{s.me}> shout one")
        first = s.channel.last_message
        assert first is not None
        await s.bo.send(s.channel, "shout two", reply_to=first)
        assert s.channel.last_message is not None
        assert s.channel.last_message.content.endswith("two")


async def test_what_is_not_meant_for_the_bot_stays_unanswered() -> None:
    async with connected() as s:
        robot = s.guild.add_member(s.env.create_user("robot", bot=True))
        await s.ada.send(s.channel, "shout one")
        await s.ada.send(s.channel, "@everyone look")
        await robot.send(s.channel, f"<@{s.me}> shout one")
        assert len(s.channel.history()) == 3
        assert s.world.invocations == []


async def test_a_mention_in_a_thread_names_the_channel_and_the_thread() -> None:
    async with connected() as s:
        await s.ada.slash(s.channel, "shout")
        message = s.channel.last_message
        assert message is not None
        thread_id = await s.platform._api.open_thread(str(s.channel.id), str(message.id), "Talk")
        await s.env.settle()
        (thread,) = s.channel.threads
        await s.bo.send(thread, f"<@{s.me}> shout there")
        assert thread.last_message is not None
        assert thread.last_message.content.endswith("there")
        place = s.world.invocations[-1].place
        assert (place.room, place.thread) == (str(s.channel.id), thread_id)


async def test_a_moderators_message_proves_it() -> None:
    async with connected() as s:
        role = s.guild.create_role("Lead", permissions=discord.Permissions(manage_guild=True))
        mod = s.guild.add_member(s.env.create_user("mo"), roles=[role])
        await mod.send(s.channel, f"<@{s.me}> cohort end")
        assert s.world.invocations[-1].account.grants == {"moderates", f"role:{role.id}"}
        await s.ada.send(s.channel, f"<@{s.me}> cohort end")
        assert s.world.invocations[-1].account.grants == frozenset()


async def test_a_message_brings_the_roles_of_its_author() -> None:
    async with connected() as s:
        owls, larks = s.guild.create_role("Owls"), s.guild.create_role("Larks")
        eve = s.guild.add_member(s.env.create_user("eve"), roles=[owls, larks])
        await eve.send(s.channel, f"<@{s.me}> hello")
        assert s.world.invocations[-1].account.grants == {f"role:{owls.id}", f"role:{larks.id}"}
        await eve.send_dm("hello")
        assert s.world.invocations[-1].account.grants == frozenset()


async def test_a_slow_answer_is_announced_and_brought_up_to_date() -> None:
    async with connected(World(slowness=1.0)) as s:
        await s.ada.send(s.channel, f"<@{s.me}> ask what is a token")
        assert s.channel.last_message is not None
        assert s.channel.last_message.content == "You asked: what is a token"
        assert len(s.channel.history()) == 2
        assert any(r.path.endswith("/typing") for r in s.env.http_requests)


async def test_where_the_bot_may_not_write_the_answer_goes_to_the_person() -> None:
    async with connected() as s:
        quiet = discord.PermissionOverwrite(send_messages=False)
        closed = s.guild.create_text_channel("closed", overwrites={s.guild.default_role: quiet})
        writer = s.guild.add_member(
            s.env.create_user("mo"), roles=[s.guild.create_role("A", permissions=discord.Permissions.all())]
        )
        await writer.send(closed, f"<@{s.me}> shout hi")
        assert len(closed.history()) == 1
        assert said(writer.user.dm_channel.last_message).endswith("hi")


async def test_a_refused_answer_is_logged_without_what_was_said(caplog: pytest.LogCaptureFixture) -> None:
    async with connected() as s:
        s.env.inject_error("POST", "/channels/*/messages", status=400, code=50035, times=1)
        await s.ada.send(s.channel, f"<@{s.me}> shout secret words")
        assert "code 50035" in caplog.text
        assert "secret words" not in caplog.text


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("hello", "I'm busy at the moment. Please try again in a minute."),
        ("refuse", "can't tell whether I saved that"),
    ],
)
async def test_what_cannot_be_set_aside_in_time_is_told_so_that_nobody_says_it_again_unseen(
    line: str, told: str
) -> None:
    async with connected() as s:

        def slow(*_: object) -> str:
            raise TryLater("I am busy.")

        s.world.drafts.keep = slow  # type: ignore[method-assign, assignment]
        await s.ada.send(s.channel, f"<@{s.me}> {line}")
        assert told in said(s.channel.last_message)
        assert "Hello" not in said(s.channel.last_message)


@pytest.mark.parametrize("busy", [busy(), unread(), StorageTrouble(AWAY)])
async def test_a_refusal_for_a_database_that_is_away_is_said_as_it_is_and_not_set_aside(busy: TryLater) -> None:
    async with connected() as s:

        async def away(*_: object, **__: object) -> None:
            raise busy

        s.world.dispatcher._run = away  # type: ignore[assignment]
        s.world.drafts.keep = away  # type: ignore[method-assign, assignment]
        await s.ada.send(s.channel, f"<@{s.me}> hello")
        told = s.channel.last_message
        assert busy.sentence in said(told) and told is not None and not told.components


async def test_what_cannot_be_set_aside_becomes_a_fault_without_the_answer() -> None:
    async with connected() as s:

        def broken(*_: object) -> str:
            raise RuntimeError("boom")

        s.world.drafts.keep = broken  # type: ignore[method-assign, assignment]
        await s.ada.send(s.channel, f"<@{s.me}> hello")
        told = said(s.channel.last_message)
        assert "can't tell whether I saved that" in told and "Fault `" in told
        assert "Hello" not in told and "Nothing was changed" not in told
