"""Posts on their way into a room, with Discord's refusals and the network's faults."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import aiohttp
import discord
import pytest
from simcord.backend.errors import BackendError

from bot.chat.platform import (
    Declined,
    DeliveryUnknown,
    Gone,
    Later,
    PersonGone,
    Post,
    Sent,
    ThreadFailed,
    ThreadGone,
    TokenRejected,
)
from bot.commands.context import Place
from bot.messages import markup
from bot.messages.call import Call
from bot.messages.reply import Button, Reply, say
from bot.platforms.discord import render
from bot.platforms.discord.adapter import DiscordPlatform
from bot.platforms.discord.client import DiscordApi
from bot.platforms.discord.deliver import deliver
from tests.platforms.discord.world import HOSTILE, Server, connected, said

TAG = "abcdefghij0123456789"
UNIT = say("Why it matters", title="Unit 7", buttons=(Button("Check in", Call("checkin", ask=True), "primary"),))


def post(s: Server, reply: Reply = UNIT, **more: Any) -> Post:
    defaults: dict[str, Any] = {"place": Place("discord", str(s.guild.id), str(s.channel.id)), "action": "post"}
    return Post(key="k", tag=TAG, reply=reply, **{**defaults, **more})


async def test_a_post_carries_its_tag_as_nonce_and_on_its_buttons() -> None:
    async with connected() as s:
        sent = await s.platform.deliver(post(s), False)
        message = s.channel.last_message
        assert message is not None
        assert sent == Sent(str(message.id))
        (body,) = s.requests("POST", "/messages")
        assert (body["nonce"], body["enforce_nonce"]) == (TAG, True)
        assert body["components"][0]["components"][0]["custom_id"] == f"1:checkin!~{TAG}"
        assert (await s.ada.click(message, label="Check in")).modal is not None


async def test_a_click_that_edits_a_post_keeps_its_tag_and_notifies_nobody() -> None:
    async with connected() as s:
        counting = say(markup.ping(str(s.bo.id), "Bo"), buttons=(Button("Count", Call("bump", {"n": "1"})),))
        await s.platform.deliver(post(s, counting), False)
        message = s.channel.last_message
        assert message is not None
        assert [m.id for m in message.mentions] == [s.bo.id]
        await s.ada.click(message, label="Count")
        body = s.requests("POST", "/callback")[-1]["data"]
        assert body["components"][0]["components"][0]["custom_id"] == f"1:bump?n=2~{TAG}"
        assert body["allowed_mentions"]["users"] == []


async def test_a_hostile_post_notifies_only_whom_it_pings() -> None:
    async with connected() as s:
        await s.platform.deliver(post(s, say(markup.escape(HOSTILE) + markup.ping(str(s.ada.id), HOSTILE))), False)
        message = s.channel.last_message
        assert message is not None
        assert [m.id for m in message.mentions] == [s.ada.id]
        assert not message.mention_everyone
        assert message.role_mentions == []


async def test_a_post_never_notifies_everyone_not_even_by_the_number_of_their_role() -> None:
    async with connected() as s:
        everyone = s.guild.default_role.id
        said_to_all = markup.ping(f"role:{everyone}", "For all who want to know")
        for reply in (
            say(said_to_all, "Why", title="Unit 7"),
            replace(say(said_to_all, "Why", title="Unit 7"), accent=1),
        ):
            await s.platform.deliver(post(s, reply), False)
            body = s.requests("POST", "/messages")[-1]
            assert body["allowed_mentions"]["roles"] == []
            assert str(everyone) not in str(body["content"]) + str(body["embeds"])


@pytest.mark.parametrize("is_forum", [False, True])
async def test_a_post_whose_ping_discord_refuses_goes_out_without_it(is_forum: bool) -> None:
    async with connected() as s:
        wanted = replace(say(markup.ping("role:777", "For all"), "Why", title="Unit 7"), accent=1)
        s.env.inject_error(
            "POST", f"/channels/*/{'threads' if is_forum else 'messages'}", status=400, code=50035, times=1
        )
        room = s.guild.create_forum_channel("units") if is_forum else s.channel
        sent = await s.platform.deliver(post(s, wanted, place=Place("discord", str(s.guild.id), str(room.id))), False)
        message = await s.platform._api.message(sent.ref if is_forum else str(room.id), sent.ref)
        assert message["content"] == "**Unit 7**"
        assert message["embeds"][0]["description"] == "Why"


async def test_a_thread_is_opened_and_one_that_exists_counts_as_done() -> None:
    async with connected() as s:
        first = await s.platform.deliver(post(s, thread_title="  Talk\nhere " + "x" * 200), False)
        assert first.thread == first.ref
        (thread,) = s.channel.threads
        assert thread.name is not None
        assert len(thread.name) <= 100
        assert s.requests("POST", "/threads")[0]["auto_archive_duration"] == 10080
        s.env.inject_error("POST", "/channels/*/messages/*/threads", status=400, code=160004, times=1)
        assert await s.platform.deliver(post(s, thread_title="Talk", sent_ref=first.ref), True) == first
        inside = await s.platform.deliver(post(s, place=replace(post(s).place, thread=first.thread)), False)
        assert thread.last_message is not None
        assert str(thread.last_message.id) == inside.ref


async def test_a_message_whose_thread_fails_is_not_sent_again() -> None:
    async with connected() as s:
        s.env.inject_error("POST", "/channels/*/messages/*/threads", status=403, code=50013, times=1)
        with pytest.raises(ThreadFailed, match="Create Public Threads") as failed:
            await s.platform.deliver(post(s, thread_title="Talk"), False)
        sent = await s.platform.deliver(post(s, thread_title="Talk", sent_ref=failed.value.sent.ref), True)
        assert sent.thread is not None
        assert [m.content for m in s.channel.history() if "Why it matters" in m.content] == [
            "### Unit 7\n\nWhy it matters"
        ]


@pytest.mark.parametrize(
    ("denied", "blamed"),
    [("read_message_history", "Read Message History"), ("create_public_threads", "Create Public Threads")],
)
async def test_the_permission_that_keeps_a_thread_shut_is_named(denied: str, blamed: str) -> None:
    async with connected() as s:
        deny = discord.PermissionOverwrite(**{denied: False})
        room = s.guild.create_text_channel("shut", overwrites={s.guild.default_role: deny})
        s.env.inject_error("POST", "/channels/*/messages/*/threads", status=403, code=50001, times=1)
        with pytest.raises(ThreadFailed, match=f"Give me {blamed} in the channel"):
            place = Place("discord", str(s.guild.id), str(room.id))
            await s.platform.deliver(post(s, thread_title="Talk", place=place), False)


@pytest.mark.parametrize(("status", "code"), [(500, 0), (400, 50035)])
async def test_any_trouble_with_a_thread_leaves_its_message_known(status: int, code: int) -> None:
    async with connected() as s:
        s.env.inject_error("POST", "/channels/*/messages/*/threads", status=status, code=code, times=1)
        with pytest.raises(ThreadFailed) as failed:
            await s.platform.deliver(post(s, thread_title="Talk"), False)
        assert failed.value.sent.ref == str(s.channel.history()[0].id)


@pytest.mark.parametrize(
    ("status", "code", "words"),
    [
        (404, 10003, "gone"),
        (403, 50001, "Send Messages in Threads"),
        (403, 50013, "Send Messages in Threads"),
        (400, 50083, "locked"),
        (400, 160005, "locked"),
        (400, 160006, "limit of active threads"),
    ],
)
async def test_a_thread_that_takes_nothing_is_not_the_channels_fault(status: int, code: int, words: str) -> None:
    async with connected() as s:
        first = await s.platform.deliver(post(s, thread_title="Talk"), False)
        inside = post(s, place=replace(post(s).place, thread=first.thread))
        s.env.inject_error("POST", f"/channels/{first.thread}/messages", status=status, code=code, times=1)
        with pytest.raises(ThreadGone, match=words):
            await s.platform.deliver(inside, False)


async def test_a_deleted_thread_is_told_from_a_deleted_channel() -> None:
    async with connected() as s:
        first = await s.platform.deliver(post(s, thread_title="Talk"), False)
        assert first.thread is not None
        inside = post(s, place=replace(post(s).place, thread=first.thread))
        s.env.backend.delete_channel(int(first.thread))
        with pytest.raises(ThreadGone, match="The thread is gone"):
            await s.platform.deliver(inside, False)
        s.env.backend.delete_channel(s.channel.id)
        with pytest.raises(Gone, match="I can't find the channel"):
            await s.platform.deliver(inside, False)


async def test_a_message_that_belongs_to_another_answers_it_even_if_that_was_deleted() -> None:
    async with connected() as s:
        first = await s.platform.deliver(post(s), False)
        await s.platform.deliver(post(s, say("One day left"), reply_to=first.ref), False)
        answer = s.channel.last_message
        assert answer is not None
        assert answer.reference is not None
        assert str(answer.reference.message_id) == first.ref
        s.env.backend.delete_message(s.channel.id, int(first.ref))
        sent = await s.platform.deliver(replace(post(s, say("An hour left"), reply_to=first.ref), tag="x" * 20), False)
        assert str(s.channel.last_message.id if s.channel.last_message else "") == sent.ref


async def test_a_late_retry_finds_the_first_message_by_its_tag() -> None:
    async with connected() as s:
        first = await s.platform.deliver(post(s), False)
        await s.ada.send(s.channel, f"~{TAG} is not the bot's")
        found = await s.platform.deliver(post(s), True)
        assert (found, found.was_there, first.was_there) == (first, True, False)
        other = await s.platform.deliver(replace(post(s), tag="z" * 20), True)
        assert other != first


async def test_a_message_is_edited_and_deleted_and_a_missing_one_needs_neither() -> None:
    async with connected() as s:
        first = await s.platform.deliver(post(s), False)
        edit = post(s, say("Changed", tone="good"), action="edit", ref=first.ref)
        assert await s.platform.deliver(edit, False) == first
        assert said(s.channel.last_message) == "Changed"
        assert s.channel.last_message is not None
        assert s.channel.last_message.components == []
        delete = post(s, action="delete", ref=first.ref)
        for _ in range(2):
            assert await s.platform.deliver(delete, False) == first
        assert s.channel.history() == []
        assert await s.platform.deliver(edit, True) == first


async def test_a_direct_message_opens_its_room_once() -> None:
    async with connected() as s:
        place = Place("discord", None, f"@{s.ada.id}")
        for n in range(2):
            await s.platform.deliver(post(s, say(f"Reminder {n}"), place=place, thread_title="none here"), False)
        assert said(s.ada.user.dm_channel.last_message) == "Reminder 1"
        assert len(s.requests("POST", "/users/@me/channels")) == 1


@pytest.mark.parametrize(
    ("status", "code", "meaning", "words"),
    [
        (403, 50013, Gone, "Send Messages"),
        (403, 50001, Gone, "View Channel"),
        (404, 10003, Gone, "can't find the channel"),
        (403, 50007, Gone, "direct messages"),
        (403, 50278, PersonGone, "no longer shares a server with me"),
        (404, 10013, PersonGone, "no longer on Discord"),
        (403, 40333, Gone, "code 40333"),
        (400, 200000, Declined, "AutoMod"),
        (400, 20028, Later, "later"),
        (429, 0, Later, "later"),
        (401, 0, TokenRejected, "token"),
        (500, 0, DeliveryUnknown, "internal error"),
        (400, 50035, discord.HTTPException, "50035"),
    ],
)
async def test_what_discord_refuses_is_told_as_what_it_means(
    status: int, code: int, meaning: type[Exception], words: str
) -> None:
    async with connected() as s:
        s.env.inject_error("POST", "/channels/*/messages", status=status, code=code, times=1)
        with pytest.raises(meaning, match=words):
            await s.platform.deliver(post(s), False)


async def test_a_missing_permission_in_the_channel_is_gone() -> None:
    async with connected() as s:
        closed = s.guild.create_text_channel(
            "closed", overwrites={s.guild.default_role: discord.PermissionOverwrite(send_messages=False)}
        )
        with pytest.raises(Gone, match="Send Messages"):
            await s.platform.deliver(post(s, place=Place("discord", str(s.guild.id), str(closed.id))), False)


async def test_before_the_connection_stands_a_post_waits() -> None:
    with pytest.raises(Later):
        await DiscordPlatform("token").deliver(Post("k", TAG, "post", Place("discord", "1", "2"), UNIT), False)


class Broken:
    """An HTTP client whose network fails."""

    def __init__(self, fault: Callable[[], Exception]) -> None:
        self.fault = fault

    async def request(self, *_: Any, **__: Any) -> Any:
        raise self.fault()


def _refused() -> Exception:
    key: Any = None
    return aiohttp.ClientConnectorError(key, OSError(111, "refused"))


@pytest.mark.parametrize(
    ("fault", "action", "meaning"),
    [
        (_refused, "post", Later),
        (aiohttp.ServerDisconnectedError, "post", DeliveryUnknown),
        (TimeoutError, "post", DeliveryUnknown),
        (lambda: ConnectionResetError(104, "reset"), "post", DeliveryUnknown),
        (aiohttp.ServerDisconnectedError, "edit", Later),
        (lambda: discord.RateLimited(90.0), "post", Later),
    ],
)
async def test_a_broken_connection_is_unsure_only_where_something_may_have_arrived(
    fault: Callable[[], Exception], action: Any, meaning: type[Exception]
) -> None:
    broken: Any = Broken(fault)
    api = DiscordApi(lambda: broken)
    one = Post("k", TAG, action, Place("discord", "1", "2"), UNIT, ref="3")
    with pytest.raises(meaning):
        await deliver(api, one, False, "9")


async def test_a_weekly_post_has_its_phases_colour_and_its_edit_notifies_nobody_again() -> None:
    async with connected() as s:
        role = s.guild.create_role("learners", mentionable=True)
        unit = replace(UNIT, accent=2, blocks=(*say(markup.ping(f"role:{role.id}", "learners")).blocks, *UNIT.blocks))
        first = await s.platform.deliver(post(s, unit), False)
        message = s.channel.last_message
        assert message is not None
        assert [r.id for r in message.role_mentions] == [role.id]
        assert message.embeds[0].colour
        changed = replace(unit, blocks=(*unit.blocks, *say("1 of 2 checked in").blocks))
        await s.platform.deliver(post(s, changed, action="edit", ref=first.ref), False)
        (body,) = s.requests("PATCH", "/messages/")
        assert body["allowed_mentions"] == render.NOBODY
        assert "1 of 2 checked in" in said(s.channel.last_message)
        assert await s.platform.deliver(post(s, unit), True) == first


async def test_a_post_that_was_sent_as_text_becomes_a_coloured_one_by_its_next_edit() -> None:
    async with connected() as s:
        first = await s.platform.deliver(post(s), False)
        await s.platform.deliver(post(s, replace(UNIT, accent=0), action="edit", ref=first.ref), False)
        message = s.channel.last_message
        assert message is not None
        assert message.content == "**Unit 7**"
        assert message.embeds[0].description == "Why it matters"


async def test_in_a_forum_each_post_is_a_thread_and_the_talk_goes_into_it() -> None:
    async with connected() as s:
        forum = s.guild.create_forum_channel("units")
        at = Place("discord", str(s.guild.id), str(forum.id))
        first = await s.platform.deliver(post(s, place=at, thread_title="Unit 7 of 53: Vectors"), False)
        assert first.thread == first.ref
        (thread,) = forum.threads
        assert (str(thread.id), thread.name) == (first.ref, "Unit 7 of 53: Vectors")
        (opened,) = s.requests("POST", f"/channels/{forum.id}/threads")
        assert opened["message"]["components"][0]["components"][0]["custom_id"].endswith(f"~{TAG}")
        assert not {"nonce", "enforce_nonce", "message_reference"} & set(opened["message"])
        inside = await s.platform.deliver(post(s, say("Read this"), place=replace(at, thread=first.thread)), False)
        assert [m.content for m in thread.history() if str(m.id) == inside.ref] == ["Read this"]
        changed = replace(UNIT, blocks=say("1 of 2 checked in").blocks)
        await s.platform.deliver(post(s, changed, place=at, action="edit", ref=first.ref), False)
        assert "1 of 2 checked in" in next(said(m) for m in thread.history() if str(m.id) == first.ref)
        assert await s.platform.deliver(post(s, place=at, thread_title="x", sent_ref=first.ref), True) == first
        await s.platform.deliver(post(s, place=at, action="delete", ref=first.ref), False)
        assert first.ref not in [str(m.id) for m in thread.history()]


async def test_a_forum_post_without_a_thread_title_is_called_by_its_own() -> None:
    async with connected() as s:
        forum = s.guild.create_forum_channel("units")
        at = Place("discord", str(s.guild.id), str(forum.id))
        await s.platform.deliver(post(s, place=at), False)
        await s.platform.deliver(post(s, say("Some *words*\nand more " + "x" * 200), place=at), False)
        assert sorted(t.name or "" for t in forum.threads) == ["Some *words*", "Unit 7"]


@pytest.mark.parametrize("is_archived", [False, True])
async def test_a_late_retry_in_a_forum_finds_the_first_post_by_its_tag(is_archived: bool) -> None:
    async with connected() as s:
        forum = s.guild.create_forum_channel("units")
        at = Place("discord", str(s.guild.id), str(forum.id))
        first = await s.platform.deliver(post(s, place=at, thread_title="Unit 7"), False)
        await s.platform.deliver(replace(post(s, place=at, thread_title="Unit 7"), tag="y" * 20), False)
        if is_archived:
            s.env.backend.get_thread(int(first.ref)).thread_metadata.archived = True  # type: ignore[union-attr]
        assert await s.platform.deliver(post(s, place=at, thread_title="Unit 7"), True) == first
        assert len(s.requests("POST", f"/channels/{forum.id}/threads")) == 2
        other = await s.platform.deliver(replace(post(s, place=at, thread_title="Unit 7"), tag="z" * 20), True)
        assert other.ref not in {first.ref}
        assert len(s.requests("POST", f"/channels/{forum.id}/threads")) == 3


@pytest.mark.parametrize("is_cached", [True, False])
async def test_nobody_asks_what_kind_a_text_channel_is(is_cached: bool) -> None:
    async with connected() as s:
        if not is_cached:
            s.platform._api.kind_of = lambda _: None  # as where another process has the server
        first = await s.platform.deliver(post(s), False)
        await s.platform.deliver(post(s, action="edit", ref=first.ref), False)
        await s.platform.deliver(post(s, action="delete", ref=first.ref), False)
        asked = [r for r in s.env.http_requests if r.method == "GET" and r.path.endswith(f"/channels/{s.channel.id}")]
        assert asked == []


async def test_a_forum_that_is_not_known_is_found_out_by_what_discord_says() -> None:
    async with connected() as s:
        s.platform._api.kind_of = lambda _: None
        forum = s.guild.create_forum_channel("units")
        at = Place("discord", str(s.guild.id), str(forum.id))
        s.env.inject_error("POST", f"/channels/{forum.id}/messages", status=400, code=50008, times=1)
        first = await s.platform.deliver(post(s, place=at), False)
        await s.platform.deliver(replace(post(s, place=at), tag="y" * 20), False)
        assert len(forum.threads) == 2 and len(s.requests("POST", f"/channels/{forum.id}/messages")) == 1
        s.platform._api._is_forum.clear()
        await s.platform.deliver(post(s, place=at, action="delete", ref=first.ref), False)
        (thread,) = [thread for thread in forum.threads if str(thread.id) == first.ref]
        assert first.ref not in [str(m.id) for m in thread.history()]


async def test_a_forum_post_is_never_repeated_blindly_and_the_next_try_finds_it() -> None:
    async with connected() as s:
        forum = s.guild.create_forum_channel("units")
        at = Place("discord", str(s.guild.id), str(forum.id))
        opened = s.env.backend.create_forum_post

        def and_fail(*args: Any, **more: Any) -> Any:
            opened(*args, **more)
            s.env.backend.create_forum_post = opened  # type: ignore[method-assign]
            raise BackendError(502, 0, "Bad Gateway")

        s.env.backend.create_forum_post = and_fail  # type: ignore[method-assign]
        with pytest.raises(DeliveryUnknown):
            await s.platform.deliver(post(s, place=at, thread_title="Unit 7"), False)
        (thread,) = forum.threads
        found = await s.platform.deliver(post(s, place=at, thread_title="Unit 7"), True)
        assert (found.ref, len(forum.threads)) == (str(thread.id), 1)
