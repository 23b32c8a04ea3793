"""Processes share a bot's shards by leases: each group has one owner, and who is dead has none."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update

from bot.chat.shards import WantedShards
from bot.cluster.process_registry import LeaseRow, ProcessRegistry, present
from bot.cluster.shards import GRACE, LASTS, DatabaseShardLeases, open_leases
from bot.storage.unit_of_work import Database, Work


def member(database: Database, name: str) -> DatabaseShardLeases:
    return DatabaseShardLeases(database, ProcessRegistry({"gateway"}, name), "discord")


def falls_silent(database: Database, name: str, ago: timedelta = GRACE) -> None:
    """Have the leases of a process be over for so long."""

    def end(work: Work) -> None:
        over = present(work) - ago
        work.session.execute(update(LeaseRow).where(LeaseRow.owner == name).values(until=over))

    database.run_sync(end)


async def test_a_second_process_gets_half_one_by_one(database: Database) -> None:
    first, second = member(database, "first"), member(database, "second")
    assert (await first.renew(4, ())).mine == (0, 1, 2, 3)
    assert (await second.renew(4, ())).mine == ()
    assert (await first.renew(4, {0, 1})).mine == (0, 1, 2, 3), "it gives nothing while it connects"
    assert (await first.renew(4, {0, 1, 2, 3})).mine == (0, 1, 2)
    assert (await second.renew(4, ())).mine == (3,)
    assert (await first.renew(4, {0, 1, 2, 3})).served == frozenset(), "the second is not connected yet"
    assert (await second.renew(4, {3})).mine == (2, 3)
    after = await first.renew(4, {0, 1, 3})
    assert after.mine == (0, 1) and after.served == {3} and after.are_all_leased
    assert (await first.renew(4, {0, 1})).mine == (0, 1)


async def test_what_a_dead_process_had_is_free_and_its_silence_is_told(database: Database) -> None:
    first, second = member(database, "first"), member(database, "second")
    await first.renew(2, {0, 1})
    assert (await second.renew(2, ())).mine == ()
    falls_silent(database, "first", GRACE / 2)
    assert (await second.renew(2, ())).mine == (), "it may come back at once"
    falls_silent(database, "first")
    taken = await second.renew(2, ())
    assert taken.mine == (0, 1) and taken.silent_since.keys() == {0, 1}
    now = database.run_sync(present)
    assert timedelta() < now - taken.silent_since[0] - LASTS < timedelta(minutes=1)
    assert (await second.renew(2, ())).silent_since == {}, "it is told once"
    late = await first.renew(2, {0, 1})
    assert late.mine == () and late.served == frozenset(), "the one before serves until the other is connected"
    assert (await second.renew(2, {0, 1})).mine == (0,)
    back = await first.renew(2, {0, 1})
    assert back.mine == (1,) and back.served == {0}


async def test_after_an_outage_of_the_database_each_takes_its_own_back(database: Database) -> None:
    first, second = member(database, "first"), member(database, "second")
    await first.renew(2, {0, 1})
    await second.renew(2, ())
    await first.renew(2, {0, 1})
    assert (await second.renew(2, ())).mine == (1,)
    for name in ("first", "second"):
        falls_silent(database, name, timedelta(seconds=1))
    assert (await first.renew(2, {0})).mine == (0,)
    assert (await second.renew(2, {1})).mine == (1,)


async def test_who_ends_gives_all_back_and_gets_nothing_more(database: Database) -> None:
    first, second = member(database, "first"), member(database, "second")
    await first.renew(3, ())
    await second.renew(3, ())
    ending = await first.renew(3, {0, 1, 2}, gives_up=True)
    assert ending.mine == () and ending.processes == 1 and ending.served == frozenset()
    taken = await second.renew(3, ())
    assert taken.mine == (0, 1, 2) and taken.silent_since == {}, "nothing was missed"
    await second.renew(3, {0, 1})
    assert (await first.renew(3, {0, 1, 2}, gives_up=True)).served == {0, 1}


async def test_who_leaves_has_nothing(database: Database) -> None:
    first, second = member(database, "first"), member(database, "second")
    await first.renew(2, ())
    await first.leave()
    taken = await second.renew(2, ())
    assert taken.mine == (0, 1) and taken.processes == 1


async def test_the_number_of_shards_is_that_of_living_processes(database: Database) -> None:
    first, second = member(database, "first"), member(database, "second")
    await first.renew(2, ())
    assert (await second.renew(8, ())).count == 2
    await first.leave()
    assert (await second.renew(8, ())).count == 8


async def test_one_process_registers_the_commands(database: Database) -> None:
    assert await member(database, "first").may_register()
    assert not await member(database, "second").may_register()


async def test_what_is_over_for_long_is_forgotten(database: Database) -> None:
    await member(database, "first").renew(2, ())

    def age(work: Work) -> None:
        work.session.execute(update(LeaseRow).values(until=present(work) - timedelta(hours=2)))

    database.run_sync(age)
    await ProcessRegistry({"gateway"}, "second").beat(database)
    assert database.run_sync(lambda work: work.session.scalars(select(LeaseRow)).all()) == []


def test_one_process_alone_and_one_whose_shards_are_named_lease_nothing(database: Database) -> None:
    is_alone = database.url.startswith("sqlite")
    assert (open_leases(database, ProcessRegistry(()), "discord", WantedShards()) is None) == is_alone
    assert open_leases(database, ProcessRegistry(()), "discord", WantedShards(4, (1,))) is None
