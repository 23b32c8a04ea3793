from __future__ import annotations

from datetime import timedelta

import pytest

from bot.base.clock import MovableClock
from bot.chat.feed import Feed, FeedCount, RoomMessage
from bot.delivery.local_feed import SqlFeed
from bot.messages.reply import say
from bot.storage.unit_of_work import Database
from tests.storage.sample_app import START


@pytest.fixture
def feed(database: Database, clock: MovableClock) -> Feed:
    return SqlFeed(database, clock)


async def said(feed: Feed, room: str = "general", thread: str | None = None) -> list[str]:
    return [m.reply.plain() for m in await feed.list_messages(room, thread)]


async def test_messages_come_back_oldest_first_and_the_newest_only(feed: Feed, clock: MovableClock) -> None:
    ref = await feed.add("1", "general", None, say("one"), "ada")
    clock.move_to(START + timedelta(hours=1))
    for n in ("2", "3"):
        await feed.add(n, "general", None, say(n))
    assert (await feed.list_messages("general"))[0] == RoomMessage(ref, "general", None, "ada", say("one"), START)
    assert [m.reply.plain() for m in await feed.list_messages("general", last=2)] == ["2", "3"]
    assert await said(feed, "@ada") == []


async def test_the_same_key_is_stored_once(feed: Feed) -> None:
    first = await feed.add("key", "general", None, say("one"))
    assert await feed.add("key", "general", None, say("two")) == first
    assert await said(feed) == ["one"]


async def test_a_message_is_found_by_its_ref_as_long_as_it_is_there(feed: Feed) -> None:
    ref = await feed.add("1", "general", "7", say("one"), "ada")
    assert await feed.find(ref) == RoomMessage(ref, "general", "7", "ada", say("one"), START)
    await feed.remove(ref)
    for gone in (ref, "999", "", "x", "9" * 40):
        assert await feed.find(gone) is None


async def test_a_message_is_edited_and_taken_away_for_good(feed: Feed) -> None:
    ref = await feed.add("key", "general", None, say("one"))
    await feed.edit(ref, say("two"))
    assert await said(feed) == ["two"]
    await feed.remove(ref)
    await feed.edit(ref, say("three"))
    assert await feed.add("key", "general", None, say("one")) == ref
    assert await said(feed) == []


async def test_a_thread_is_opened_once_and_holds_its_own_messages(feed: Feed) -> None:
    ref = await feed.add("key", "general", None, say("week 1"))
    thread = await feed.open_thread(ref, "Week 1")
    assert await feed.open_thread(ref, "Week 1") == thread
    await feed.add("prompt", "general", thread, say("prompt"))
    assert (await said(feed), await said(feed, thread=thread)) == (["week 1"], ["prompt"])
    assert (await feed.list_messages("general"))[0].thread_title == "Week 1"


async def test_what_stands_in_rooms_and_threads_is_counted_without_what_was_taken_away(feed: Feed) -> None:
    week, other = [await feed.add(f"week {n}", "general", None, say("week")) for n in (1, 2)]
    for n in range(3):
        newest = await feed.add(f"reply {n}", "general", week, say("reply"))
    await feed.remove(await feed.add("gone", "general", week, say("gone")))
    note = await feed.add("note", "@ada", None, say("note"))
    spots = [("general", None), ("general", week), ("general", other), ("@ada", None), ("@ben", None)]
    assert await feed.tally(spots) == {
        ("general", None): FeedCount(2, other),
        ("general", week): FeedCount(3, newest),
        ("@ada", None): FeedCount(1, note),
    }
    assert await feed.tally([]) == {}


@pytest.mark.parametrize("ref", ["", "x", "²", "-1", "999999"])
async def test_a_ref_that_names_nothing_changes_nothing(feed: Feed, ref: str) -> None:
    await feed.add("key", "general", None, say("one"))
    await feed.edit(ref, say("two"))
    await feed.remove(ref)
    assert await said(feed) == ["one"]
