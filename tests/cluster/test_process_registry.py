"""Processes that share a database know of each other, and one of them at a time does what only one has to."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.cluster.process_registry import (
    DEAD_AFTER,
    SWEPT_AFTER,
    LeaseRow,
    ProcessRegistry,
    ProcessRow,
    ahead_s,
    differing,
    list_living,
    present,
)
from bot.storage.unit_of_work import Database, Work
from tests.storage.sample_app import MachineClock

ONE, TWO = ProcessRegistry({"gateway"}, "one"), ProcessRegistry({"worker", "web"}, "two")
MINUTE = timedelta(minutes=1)


def living(database: Database) -> list[str]:
    return [one.id for one in database.run_sync(list_living, writes=False)]


def age(database: Database, who: str, by: timedelta) -> None:
    """Have a process have said nothing for so long."""

    def since(work: Work) -> None:
        work.session.get_one(ProcessRow, who).seen_at = present(work) - by

    database.run_sync(since)


async def test_processes_at_work_are_listed_with_what_they_do(database: Database) -> None:
    await ONE.beat(database, ["slack", "discord"])
    await TWO.beat(database)
    await ONE.beat(database, ["discord"])
    first, second = database.run_sync(list_living, writes=False)
    assert (first.id, first.roles, first.ready) == ("one", ("gateway",), ("discord",))
    assert (second.roles, second.ready) == (("web", "worker"), ())
    assert first.seen_s < 5 and "gateway" in first.description


async def test_what_processes_have_not_alike_is_named(database: Database) -> None:
    for name, marks in (("one", {"A": "1", "B": "2"}), ("two", {"A": "1", "B": "3"}), ("older", {})):
        await ProcessRegistry({"worker"}, name, marks=lambda marks=marks: marks).beat(database)  # type: ignore[misc]
    assert differing(database.run_sync(list_living, writes=False)) == ["B"]
    await ProcessRegistry({"worker"}, "two", marks=lambda: {"A": "1", "B": "2"}).beat(database)
    assert differing(database.run_sync(list_living, writes=False)) == []


async def test_one_that_says_nothing_is_dead_and_later_forgotten(database: Database) -> None:
    await ONE.beat(database)
    await TWO.beat(database)
    age(database, "one", DEAD_AFTER + MINUTE)
    assert living(database) == ["two"]
    age(database, "one", SWEPT_AFTER + MINUTE)
    await TWO.beat(database)
    assert database.run_sync(lambda work: work.session.get(ProcessRow, "one")) is None


async def test_one_that_ends_is_gone_at_once_and_leaves_what_it_had_taken(database: Database) -> None:
    await ONE.beat(database)
    assert database.run_sync(lambda work: ONE.takes(work, "upkeep", MINUTE))
    assert not database.run_sync(lambda work: TWO.takes(work, "upkeep", MINUTE))
    database.run_sync(ONE.leave)
    assert living(database) == []
    assert database.run_sync(lambda work: TWO.takes(work, "upkeep", MINUTE))


def test_what_one_has_taken_it_keeps_until_its_time_is_over(database: Database) -> None:
    for _ in range(2):
        assert database.run_sync(lambda work: ONE.takes(work, "upkeep", MINUTE))
    assert database.run_sync(lambda work: TWO.takes(work, "own notes", MINUTE))
    assert not database.run_sync(lambda work: TWO.takes(work, "upkeep", MINUTE))

    def lapse(work: Work) -> None:
        work.session.get_one(LeaseRow, "upkeep").until = present(work)

    database.run_sync(lapse)
    assert database.run_sync(lambda work: TWO.takes(work, "upkeep", MINUTE))
    assert not database.run_sync(lambda work: ONE.takes(work, "upkeep", MINUTE))


async def test_people_are_heard_where_any_process_that_takes_what_they_say_is_connected(database: Database) -> None:
    await TWO.beat(database, ["discord", "slack"])
    assert database.run_sync(TWO.hears) is None, "a process that only sends hears nobody"
    await ONE.beat(database, ["slack"])
    assert database.run_sync(TWO.hears) == frozenset({"slack"})
    await (third := ProcessRegistry({"gateway"}, "three")).beat(database, ["discord"])
    assert database.run_sync(TWO.hears) == frozenset({"slack", "discord"})
    age(database, "three", DEAD_AFTER + MINUTE)
    assert database.run_sync(third.hears) == frozenset({"slack"})
    age(database, "one", DEAD_AFTER + MINUTE)
    assert database.run_sync(TWO.hears) is None
    assert database.run_sync(ONE.hears) == frozenset(), "whoever asks is there"


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
async def test_leases_go_by_the_servers_clock_however_wrong_the_machines_is(
    database: Database, machine: MachineClock
) -> None:
    before = database.run_sync(present)
    machine.at = before - timedelta(days=3)
    await ONE.beat(database)
    measured_s = ahead_s(database)
    after = database.run_sync(present)
    assert before <= database.real_now() <= after
    assert database.ahead.total_seconds() <= measured_s <= (after - machine.at).total_seconds()


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
async def test_a_server_that_takes_long_to_say_its_time_shifts_no_clock(
    database: Database, machine: MachineClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ONE.beat(database)
    right, run = database.ahead, database.run

    async def slow(*given: Any, **more: Any) -> Any:
        found = await run(*given, **more)
        machine.pass_s(60)  # it came back after a minute: within that nothing can be said
        return found - timedelta(seconds=20)

    monkeypatch.setattr(database, "run", slow)
    await ONE.beat(database)
    assert database.ahead == right
