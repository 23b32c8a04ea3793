"""What processes on one PostgreSQL tell each other, and who of them takes an event that each of them hears."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

import pytest
from sqlalchemy import text

from bot.base.clock import MovableClock
from bot.cluster import pg_notify
from bot.cluster.pg_notify import MISSED, ROOM, NotificationListener
from bot.delivery.local_feed import SqlFeed
from bot.delivery.processed_events import Hearing
from bot.messages.errors import TryLater
from bot.messages.reply import say
from bot.storage.unit_of_work import Database
from tests.storage.fixtures import run_alone


async def until(found: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not found():
            await asyncio.sleep(0.01)


def is_listening(database: Database) -> bool:
    asked = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'trailmate news' AND query LIKE 'LISTEN%'"
    return bool(database.run_sync(lambda work: work.session.scalar(text(asked)), writes=False))


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
async def test_a_message_of_the_page_is_heard_by_others_also_after_the_connection_was_lost(
    database: Database, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pg_notify, "AGAIN_S", 0.02)
    heard: list[str] = []
    listening = asyncio.create_task(NotificationListener(database, heard.append).listen())
    await until(lambda: heard == [ROOM])  # what was said before it listened
    feed = SqlFeed(database, clock)
    ref = await feed.add("k", "general", None, say("hello"))
    await until(lambda: heard == [ROOM] * 2)
    await feed.edit(ref, say("bye"))
    await until(lambda: heard == [ROOM] * 3)
    ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'trailmate news'"
    run_alone(database.url, ended)
    await until(lambda: heard[3:] == [MISSED])
    listening.cancel()
    with suppress(asyncio.CancelledError):
        await listening


async def test_of_two_processes_that_hear_an_event_one_takes_it(database: Database) -> None:
    one, two = Hearing(database), Hearing(database)
    taken = [await one("discord:1"), await two("discord:1"), await two("discord:2")]
    assert taken == ([True, True, True] if database.url.startswith("sqlite") else [True, False, True])


async def test_an_event_is_taken_where_the_database_does_not_say(monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*_: object, **__: object) -> bool:
        raise TryLater("later")

    database = Database("postgresql://nobody@localhost/none")
    monkeypatch.setattr(database, "run", fail)
    assert await Hearing(database)("discord:1")
