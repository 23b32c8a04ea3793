from __future__ import annotations

import pytest

from bot.chat.platform import Gone, Post
from bot.commands.context import Place
from bot.messages.reply import say
from bot.platforms.web.adapter import deliver
from tests.platforms.local import Local

GENERAL = Place("local", "local", "general")


async def test_a_post_is_stored_once_even_if_it_is_delivered_again() -> None:
    feed = Local().feed
    post = Post("unit-7", "t" * 20, "post", GENERAL, say("Unit 7"), thread_title="Unit 7")
    first, again = await deliver(feed, post), await deliver(feed, post)
    assert first == again
    assert first.thread is not None
    assert [m.reply for m in await feed.list_messages("general")] == [say("Unit 7")]


async def test_a_post_for_a_thread_stands_in_the_thread() -> None:
    feed = Local().feed
    opened = await deliver(feed, Post("a", "t" * 20, "post", GENERAL, say("Unit"), thread_title="Unit"))
    place = Place("local", "local", "general", opened.thread)
    await deliver(feed, Post("b", "t" * 20, "post", place, say("Prompt")))
    assert len(await feed.list_messages("general")) == 1
    assert [m.reply for m in await feed.list_messages("general", opened.thread)] == [say("Prompt")]


async def test_only_the_thread_is_opened_where_the_message_is_out_already() -> None:
    feed = Local().feed
    ref = await feed.add("a", "general", None, say("Unit"))
    sent = await deliver(feed, Post("other", "t" * 20, "post", GENERAL, say("Unit"), thread_title="Unit", sent_ref=ref))
    assert (sent.ref, sent.thread) == (ref, ref)
    assert len(feed.messages) == 1


async def test_an_edit_and_a_removal_change_their_message() -> None:
    feed = Local().feed
    ref = (await deliver(feed, Post("a", "t" * 20, "post", GENERAL, say("1 of 60")))).ref
    await deliver(feed, Post("b", "t" * 20, "edit", GENERAL, say("2 of 60"), ref=ref))
    assert feed.messages[ref].reply == say("2 of 60")
    await deliver(feed, Post("c", "t" * 20, "delete", GENERAL, say(""), ref=ref))
    assert not feed.messages


async def test_a_room_that_the_page_has_not_is_gone_and_says_what_there_is() -> None:
    with pytest.raises(Gone, match="#general"):
        await deliver(Local().feed, Post("a", "t" * 20, "post", Place("local", "local", "cellar"), say("x")))
