from __future__ import annotations

import asyncio
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import partial
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError, OperationalError

from bot.delivery.processed_events import SqlInbox
from bot.messages.errors import NotFound, TryLater
from bot.storage import faults, group_commit
from bot.storage.group_commit import CommitState
from bot.storage.unit_of_work import Database, Work
from tests.storage.sample_app import START, make_tables

Fn = Callable[[Work], Any]


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A transaction that takes in everything, on a busy machine too."""
    monkeypatch.setattr(group_commit, "LONG_S", 30)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "trailmate.db"


@pytest.fixture
def database(file: Path) -> Iterator[Database]:
    make_tables(f"sqlite:///{file}")
    with Database(f"sqlite:///{file}") as started:
        yield started


@pytest.fixture
def commits(database: Database) -> list[str]:
    """One entry for each commit of the writer."""
    found: list[str] = []
    event.listen(database._engines[True], "commit", lambda _: found.append("commit"))
    return found


def accept(work: Work, key: str = "event") -> bool:
    return SqlInbox().accept(work, key, START)


def of(*keys: str) -> list[Fn]:
    return [partial(accept, key=key) for key in keys]


def kept(database: Database) -> int:
    found = database.run_sync(
        lambda work: work.session.scalar(text("SELECT count(*) FROM processed_event")), writes=False
    )
    assert isinstance(found, int)
    return found


async def at_once(database: Database, *fns: Fn, within_s: Sequence[float | None] = ()) -> list[Any]:
    """Return what becomes of units that all wait when the writer turns to them."""
    begun, go = threading.Event(), threading.Event()

    def first(work: Work) -> None:
        work.session.execute(text("SELECT 1"))
        begun.set()
        go.wait(5)

    waits = asyncio.create_task(database.run(first))
    await asyncio.to_thread(begun.wait, 5)
    waiting = zip_longest(fns, within_s)
    jobs = [asyncio.create_task(database.run(fn, within_s=seconds)) for fn, seconds in waiting]
    await asyncio.sleep(0)
    go.set()
    await waits
    return await asyncio.gather(*jobs, return_exceptions=True)


async def test_what_waits_is_kept_by_one_commit(database: Database, commits: list[str]) -> None:
    assert await at_once(database, *of(*"abcda")) == [True, True, True, True, False]
    assert commits == ["commit"] * 2
    assert kept(database) == 4


async def test_no_more_than_so_many_share_a_commit(
    database: Database, commits: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(group_commit, "MOST", 3)
    assert await at_once(database, *of(*"abcdefg")) == [True] * 7
    assert commits == ["commit"] * 4  # the first alone, three, three, and one


@pytest.mark.parametrize("error", [NotFound("There is no such unit."), StopIteration(), GeneratorExit()])
async def test_one_that_fails_leaves_nothing_and_takes_nobody_along(
    database: Database, commits: list[str], error: BaseException
) -> None:
    def fail(work: Work) -> None:
        accept(work, "undone")
        work.session.flush()
        raise error

    before, failed, after = await at_once(database, *of("a"), fail, *of("b"))
    assert before is True and after is True
    assert error in (failed, failed.__cause__)
    assert commits == ["commit"] * 2
    assert kept(database) == 2


async def test_what_the_database_refuses_of_one_is_told_to_that_one(database: Database) -> None:
    insert = text("INSERT INTO processed_event (key, state, accepted_at) VALUES ('a', 'answered', '2026-01-01')")

    def twice(work: Work) -> None:
        work.session.execute(insert)
        work.session.execute(insert)

    before, failed, after = await at_once(database, *of("x"), twice, *of("y"))
    assert (before, after) == (True, True)
    assert isinstance(failed, IntegrityError)
    assert kept(database) == 2


async def test_what_was_given_up_before_the_commit_is_not_in_it(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[str] = []
    given_up = threading.Event()
    give_up = CommitState.give_up

    def noted(promise: CommitState) -> bool:
        is_undone = give_up(promise)
        given_up.set()
        return is_undone

    def slow(work: Work) -> bool:
        tries.append("slow")
        given_up.wait(5)
        return accept(work, "slow")

    monkeypatch.setattr(CommitState, "give_up", noted)

    database.patience_s = 30
    hurried, patient = await at_once(database, *of("hurried"), slow, within_s=[0.5])
    assert isinstance(hurried, TryLater) and "haven't changed anything" in hurried.sentence
    assert patient is True
    assert tries == ["slow"] * 2, "it was not known before"
    assert await at_once(database, *of("hurried", "slow")) == [True, False]


async def test_a_long_one_ends_the_transaction_and_the_next_ones_keep_their_turn(
    database: Database, commits: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(group_commit, "LONG_S", 0.25)
    said: list[str] = []

    def say(name: str, work: Work, takes_s: float = 0) -> bool:
        said.append(name)
        time.sleep(takes_s)
        return accept(work, name)

    long = partial(say, "long", takes_s=0.3)
    answers = await at_once(database, partial(say, "a"), long, partial(say, "b"), partial(say, "c"))
    assert answers == [True] * 4
    assert said == ["a", "long", "b", "c"]
    assert commits == ["commit"] * 3


async def test_one_that_may_take_long_goes_alone(database: Database, commits: list[str]) -> None:
    assert await at_once(database, *of("a", "b", "long", "c", "d"), within_s=[None, None, 60]) == [True] * 5
    assert commits == ["commit"] * 4


def full() -> OperationalError:
    error = sqlite3.OperationalError("database or disk is full")
    error.sqlite_errorcode = sqlite3.SQLITE_FULL
    return OperationalError("COMMIT", {}, error)


async def test_a_disk_that_is_full_at_the_commit_is_told_to_all(database: Database) -> None:
    errors = iter([None, full()])

    def commit(_: object) -> None:
        if (error := next(errors, None)) is not None:
            raise error

    event.listen(database._engines[True], "commit", commit)
    answers = await at_once(database, *of("a", "b", "c"))
    assert all(isinstance(a, TryLater) and "disk is full, so I saved nothing" in a.sentence for a in answers)
    assert kept(database) == 0
    assert await at_once(database, *of("a", "b", "c")) == [True] * 3
    assert database.fault is None


async def test_a_disk_that_is_full_for_one_is_told_to_that_one(database: Database) -> None:
    def limit(work: Work) -> None:
        pages = work.session.scalar(text("PRAGMA page_count"))
        work.session.execute(text(f"PRAGMA max_page_count = {pages}"))

    def much(work: Work) -> None:
        for n in range(400):
            accept(work, f"much {n}")

    database.run_sync(limit)
    small, failed = await at_once(database, *of("a"), much)
    assert small is True
    assert isinstance(failed, TryLater) and "full" in failed.sentence
    assert kept(database) == 1


async def test_a_file_that_was_moved_away_is_told_to_all(database: Database, file: Path) -> None:
    def move(_: Work) -> None:
        file.rename(file.with_name("away.db"))

    answers = await at_once(database, *of("a"), move, *of("b"))
    assert all(isinstance(a, TryLater) and "moved away" in a.sentence for a in answers)
    assert database.fault == faults.MOVED


async def test_whoever_dies_before_the_commit_has_kept_and_told_nothing(
    database: Database, file: Path, tmp_path: Path
) -> None:
    died = tmp_path / "died"
    died.mkdir()
    answered: list[str] = []

    def die(_: Work) -> None:
        for one in file.parent.glob("trailmate.db*"):
            shutil.copy(one, died)
        answered.extend(name for name in ("a", "b") if jobs[name].done())

    jobs: dict[str, asyncio.Task[bool]] = {}
    begun, go = threading.Event(), threading.Event()

    def first(work: Work) -> bool:
        begun.set()
        go.wait(5)
        return accept(work, "before")

    waits = asyncio.create_task(database.run(first))
    await asyncio.to_thread(begun.wait, 5)
    for name in ("a", "b"):
        jobs[name] = asyncio.create_task(database.run(partial(accept, key=name)))
    last = asyncio.create_task(database.run(die))
    await asyncio.sleep(0)
    go.set()
    await asyncio.gather(waits, *jobs.values(), last)
    assert not answered
    with closing(sqlite3.connect(died / "trailmate.db")) as left:
        assert left.execute("SELECT count(*) FROM processed_event").fetchone() == (1,)
    assert kept(database) == 3


async def test_a_writer_that_finds_all_taken_has_nothing_to_do(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    assert await at_once(database, *of("a", "b", "c", "d")) == [True] * 4
    assert await database.run(partial(accept, key="e"))
    assert not caplog.records
