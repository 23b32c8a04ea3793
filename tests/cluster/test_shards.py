"""Processes share a bot's shards by leases: each has one owner, and who is dead has none."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update

from bot.chat.shards import UnsharedShards, WantedShards
from bot.cluster.process_registry import LeaseRow, ProcessRegistry, present
from bot.cluster.shards import RESUMABLE, SharedShards, open_sharing
from bot.storage.unit_of_work import Database, Work


def member(database: Database, name: str) -> SharedShards:
    return SharedShards(database, ProcessRegistry({"gateway"}, name), "discord")


def dies(database: Database, name: str, ago: timedelta = timedelta(seconds=1)) -> None:
    """Have the time of all that a process has said be over, for so long."""

    def end(work: Work) -> None:
        over = present(work) - ago
        work.session.execute(update(LeaseRow).where(LeaseRow.owner == name).values(until=over))

    database.run_sync(end)


async def test_a_second_process_gets_half_one_by_one_and_each_only_once_it_is_connected(database: Database) -> None:
    one, two = member(database, "one"), member(database, "two")
    assert (await one.look(4, ())).mine == (0, 1, 2, 3)
    assert (await two.look(4, ())).mine == ()
    handing = await one.look(4, {0, 1, 2, 3})
    assert handing.is_calm and handing.mine == (0, 1, 2, 3)  # the seat of the second is new to it only now
    handing = await one.look(4, {0, 1, 2, 3})
    assert handing.mine == (0, 1, 2) and handing.may_go({0, 1, 2, 3}) == []
    assert (await one.look(4, {0, 1, 2, 3})).mine == (0, 1, 2)
    assert (await two.look(4, {3})).mine == (3,)
    after = await one.look(4, {0, 1, 2, 3})
    assert after.may_go({0, 1, 2, 3}) == [3]
    assert (await one.look(4, {0, 1, 2})).mine == (0, 1)
    assert (await two.look(4, {3})).mine == (2, 3)
    assert (await two.look(4, {2, 3})).is_calm
    assert (await one.look(4, {0, 1})).mine == (0, 1)


async def test_what_a_dead_process_had_is_free(database: Database) -> None:
    one, two = member(database, "one"), member(database, "two")
    await one.look(2, ())
    await one.look(2, {0, 1})
    assert (await two.look(2, ())).mine == ()
    dies(database, "one")
    assert (await two.look(2, ())).mine == (0, 1)
    late = await one.look(2, {0, 1})  # it was not dead at all
    assert late.mine == () and late.may_go({0, 1}) == []
    await two.look(2, {0, 1})
    assert (await one.look(2, {0, 1})).may_go({0, 1}) == [0, 1]


async def test_what_the_dead_was_connected_with_is_told_to_who_takes_its_part(database: Database) -> None:
    one, two = member(database, "one"), member(database, "two")
    await one.look(2, ())
    await one.look(2, {0}, lines={0: "abc"})
    assert (await two.look(2, ())).left == {}, "it lives"
    dies(database, "one")
    assert (await two.look(2, ())).left == {0: "abc"}
    assert (await two.look(2, {0}, lines={0: "def"})).left == {}, "it is connected itself"
    await two.leave()
    assert (await one.look(2, ())).left == {}, "who ends by itself has ended its sessions"


async def test_what_was_said_long_ago_is_not_told(database: Database) -> None:
    one, two = member(database, "one"), member(database, "two")
    await one.look(1, ())
    await one.look(1, {0}, lines={0: "abc"})
    dies(database, "one", RESUMABLE + timedelta(seconds=1))
    assert (await two.look(1, ())).left == {}


async def test_who_was_only_cut_off_takes_its_own_back(database: Database) -> None:
    one = member(database, "one")
    await one.look(1, ())
    dies(database, "one")
    assert (await one.look(1, {0})).mine == (0,)


async def test_who_ends_hands_over_all_and_gets_nothing_more(database: Database) -> None:
    one, two = member(database, "one"), member(database, "two")
    await one.look(3, ())
    await two.look(3, ())
    ending = await one.look(3, {0, 1, 2}, is_ending=True)
    assert ending.mine == () and ending.seats == {"two"} and ending.may_go({0, 1, 2}) == []
    assert (await two.look(3, {0, 1})).mine == (0, 1, 2)
    assert (await one.look(3, {0, 1, 2}, is_ending=True)).may_go({0, 1, 2}) == [0, 1]


async def test_what_gets_no_connection_goes_to_another(database: Database) -> None:
    one, two = member(database, "one"), member(database, "two")
    await one.look(2, ())
    await two.look(2, ())
    assert (await one.look(2, {0}, stuck=(1,))).mine == (0,)
    assert (await two.look(2, ())).mine == (1,)


async def test_who_leaves_has_nothing(database: Database) -> None:
    one, two = member(database, "one"), member(database, "two")
    await one.look(2, ())
    await one.leave()
    found = await two.look(2, ())
    assert found.mine == (0, 1) and found.seats == {"two"}


async def test_the_number_is_that_which_living_processes_go_by(database: Database) -> None:
    one, two = member(database, "one"), member(database, "two")
    await one.look(2, ())
    assert (await two.look(8, ())).count == 2
    await one.leave()
    assert (await two.look(8, ())).count == 8


async def test_one_process_registers_the_commands(database: Database) -> None:
    assert await member(database, "one").may_register()
    assert not await member(database, "two").may_register()


async def test_what_is_over_for_long_is_forgotten(database: Database) -> None:
    await member(database, "one").look(2, ())

    def age(work: Work) -> None:
        work.session.execute(update(LeaseRow).values(until=present(work) - timedelta(hours=2)))

    database.run_sync(age)
    await ProcessRegistry({"gateway"}, "two").beat(database)
    assert database.run_sync(lambda work: work.session.scalars(select(LeaseRow)).all()) == []


def test_one_process_alone_and_one_whose_shards_are_named_share_nothing(database: Database) -> None:
    is_alone = database.url.startswith("sqlite")
    opened = open_sharing(database, ProcessRegistry(()), "discord", WantedShards())
    assert isinstance(opened, UnsharedShards) == is_alone
    assert isinstance(open_sharing(database, ProcessRegistry(()), "discord", WantedShards(4, (1,))), UnsharedShards)
