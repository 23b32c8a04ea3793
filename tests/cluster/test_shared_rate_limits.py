"""Buckets that several processes share."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.base.clock import SystemClock
from bot.base.rate_limiter import LocalLimiterStore, Rate, RateLimiter
from bot.cluster.shared_rate_limits import (
    SWEPT_AFTER,
    BucketRow,
    SharedLimiterStore,
    hold,
    open_limiter_store,
    sweep,
    take,
)
from bot.storage.unit_of_work import Database, Work

RATE = Rate(10, 2)


def test_tokens_are_taken_one_after_the_other_whoever_takes_them(database: Database) -> None:
    waits = [database.run_sync(lambda work: take(work, "discord", RATE, 10, 5.0)) for _ in range(3)]
    assert waits[0] == pytest.approx(-0.1)
    assert waits[0] < waits[1] <= 0.9 + 1e-6  # by the clock, which goes on meanwhile
    assert waits[1] < waits[2] <= 1.9 + 1e-6
    assert database.run_sync(lambda work: take(work, "slack", RATE, 1, 5.0)) == pytest.approx(-0.1)


def test_what_is_too_far_away_is_not_taken_and_a_hold_is_for_all(database: Database) -> None:
    database.run_sync(lambda work: hold(work, "discord", 30))
    for _ in range(2):
        assert 29 < database.run_sync(lambda work: take(work, "discord", RATE, 8, 2.0)) <= 30
    database.run_sync(lambda work: hold(work, "discord", 1))
    assert database.run_sync(lambda work: take(work, "discord", RATE, 8, 2.0)) > 29


def test_a_bucket_that_nobody_uses_is_forgotten(database: Database) -> None:
    for name in ("old", "new"):
        database.run_sync(lambda work, name=name: take(work, name, RATE, 1, 1.0))  # type: ignore[misc]

    def age(work: Work) -> None:
        work.session.get_one(BucketRow, "old").free_at -= SWEPT_AFTER + timedelta(minutes=1)

    database.run_sync(age)
    database.run_sync(lambda work: sweep(work, SystemClock().now()))
    assert [row.name for row in database.run_sync(lambda work: list(work.session.query(BucketRow)))] == ["new"]


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
async def test_two_processes_keep_one_pace_and_lose_none_of_it(database: Database) -> None:
    gates = [RateLimiter(SharedLimiterStore(database), "discord", Rate(100, 5)) for _ in range(2)]
    loop = asyncio.get_running_loop()
    at: list[float] = []

    async def one(gate: RateLimiter) -> None:
        await gate.turn(is_due=True)
        at.append(loop.time())

    began = loop.time()
    await asyncio.gather(*(one(gate) for gate in gates for _ in range(30)))
    assert len(at) == 60
    assert max(at) - began > 0.5, "two processes at once are faster than the pace"


async def test_while_the_database_is_away_a_process_goes_by_its_own() -> None:
    away = SharedLimiterStore(Database("postgresql://nobody@127.0.0.1:1/none"))
    assert await away.take("discord", RATE, 1, 1.0) <= 0
    await away.hold("discord", 30)
    assert await away.take("discord", RATE, 1, 1.0) > 29


def test_where_one_process_has_the_database_no_row_is_written(database: Database) -> None:
    is_alone = database.url.startswith("sqlite")
    assert isinstance(open_limiter_store(database), LocalLimiterStore if is_alone else SharedLimiterStore)
