from __future__ import annotations

import asyncio
import logging
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import RootTransaction, text
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from bot.delivery.processed_events import SqlInbox
from bot.messages.errors import NotFound, TryLater
from bot.storage import engine as engines
from bot.storage import unit_of_work as works
from bot.storage.engine import Unreachable, single
from bot.storage.unit_of_work import Database, Work
from tests.storage.sample_app import START, make_tables


def accept(work: Work, key: str = "event") -> bool:
    return SqlInbox().accept(work, key, START)


def is_free(database: Database, key: str = "event") -> bool:
    return database.run_sync(lambda work: accept(work, key))


def reopen(database: Database) -> None:
    """Close, which waits for what was begun, and start again."""
    database.close()
    database.start()


def count(work: Work) -> int:
    row = work.session.scalar(text("SELECT count(*) FROM processed_event"))
    assert isinstance(row, int)
    return row


async def test_a_unit_of_work_commits_as_one(database: Database) -> None:
    assert await database.run(accept)
    assert not await database.run(accept)
    assert await database.run(count, writes=False) == 1


async def test_a_refusal_undoes_everything_and_reaches_the_caller(database: Database) -> None:
    def refuse(work: Work) -> None:
        accept(work)
        raise NotFound("There is no such unit.")

    with pytest.raises(NotFound):
        await database.run(refuse)
    assert is_free(database)


async def test_who_names_no_time_waits_as_long_as_the_database_has_patience(database: Database) -> None:
    database.patience_s = 0.05
    with pytest.raises(TryLater):
        await database.run(lambda work: time.sleep(0.4))
    assert await database.run(lambda work: 1, within_s=20) == 1


@pytest.mark.parametrize("error", [StopIteration("nothing there"), StopAsyncIteration(), GeneratorExit()])
async def test_whatever_a_unit_of_work_raises_reaches_its_caller(database: Database, error: BaseException) -> None:
    def fail(work: Work) -> None:
        accept(work)
        raise error

    with pytest.raises(BaseException) as caught:
        await asyncio.wait_for(database.run(fail), 5)
    assert not isinstance(caught.value, TimeoutError)
    assert error in (caught.value, caught.value.__cause__)
    assert is_free(database)


async def test_a_read_that_takes_too_long_is_told_as_what_changes_nothing(database: Database) -> None:
    hold = threading.Event()
    with pytest.raises(TryLater) as told:
        await database.run(lambda _: hold.wait(5), writes=False, within_s=0.05)
    hold.set()
    assert told.value.sentence == "I'm busy at the moment. Please try again in a minute."


async def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises(SQLAlchemyError):
        await database.run(accept, writes=False)
    assert is_free(database)


async def test_many_writers_at_once_each_get_their_turn(database: Database) -> None:
    answers = await asyncio.gather(*(database.run(partial(accept, key=f"{n % 20}")) for n in range(60)))
    assert sum(answers) == 20


async def test_a_write_whose_caller_gave_up_is_carried_out(database: Database) -> None:
    begun, go = threading.Event(), threading.Event()

    def slowly(work: Work, key: str = "event") -> bool:
        begun.set()
        go.wait(5)
        return accept(work, key)

    first = asyncio.create_task(database.run(slowly))
    queued = asyncio.create_task(database.run(partial(slowly, key="queued")))
    await asyncio.to_thread(begun.wait, 5)
    for task in (first, queued):
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    go.set()
    reopen(database)
    assert not is_free(database)
    assert not is_free(database, "queued")


def test_a_loop_that_ends_early_disturbs_no_transaction(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    go = threading.Event()

    def slowly(work: Work) -> bool:
        go.wait(5)
        return accept(work)

    async def give_up() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(database.run(slowly), 0.02)

    asyncio.run(give_up())
    go.set()
    reopen(database)
    assert not is_free(database)
    assert not caplog.records


def test_a_unit_of_work_cannot_wait_for_another(database: Database) -> None:
    with pytest.raises(RuntimeError, match="cannot wait"):
        database.run_sync(lambda work: database.run_sync(count))


def test_a_database_that_is_not_started_says_so(url: str) -> None:
    with pytest.raises(RuntimeError, match="not started"):
        Database(url).run_sync(count)


def test_texts_reach_no_error(database: Database) -> None:
    row = {"at": START.isoformat(), "key": "a secret text"}
    insert = text("INSERT INTO processed_event (key, state, accepted_at) VALUES (:key, 'answered', :at)")

    def twice(work: Work) -> None:
        work.session.execute(insert, row)
        work.session.execute(insert, row)

    with pytest.raises(IntegrityError) as error:
        database.run_sync(twice)
    assert "secret" not in f"{error.value} {error.value.orig} {error.value.args} {error.getrepr(style='short')}"


def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    (tmp_path / "trailmate.db").mkdir()
    with pytest.raises(Unreachable, match="cannot be opened"):
        Database(f"sqlite:///{tmp_path / 'trailmate.db'}").start()


def test_a_server_that_is_not_there_is_named_without_the_password(tmp_path: Path) -> None:
    with pytest.raises(Unreachable) as error:
        Database(f"postgresql://me:hunter2@/x?host={tmp_path}").start()
    assert "hunter2" not in str(error.value)


SYNCHRONOUS = engines.SYNCHRONOUS
"""As the bot has it: the tests wait for no disk."""


def test_sqlite_is_set_as_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "SYNCHRONOUS", SYNCHRONOUS)
    url = f"sqlite:///{tmp_path / 'deep' / 'trailmate.db'}"

    def settings(work: Work) -> list[object]:
        names = ("journal_mode", "synchronous", "foreign_keys", "temp_store", "secure_delete", "query_only")
        return [work.session.scalar(text(f"PRAGMA {name}")) for name in names]

    with Database(url) as database:
        assert database.run_sync(settings) == ["wal", 2, 1, 2, 1, 0]
        assert database.run_sync(settings, writes=False) == ["wal", 2, 1, 2, 1, 1]


async def test_when_another_process_holds_sqlite_everyone_is_told_within_the_wait(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'trailmate.db'}"
    make_tables(url)
    with Database(url) as database:
        other = sqlite3.connect(tmp_path / "trailmate.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        jobs = (database.run(partial(accept, key=f"{n}")) for n in range(5))
        answers = await asyncio.gather(*jobs, return_exceptions=True)
        assert all(isinstance(answer, TryLater) for answer in answers)
        assert 1.3 < time.monotonic() - began < 4.5
        assert await database.run(count, writes=False) == 0
        other.execute("ROLLBACK")
        other.close()
        assert await database.run(accept)


@pytest.fixture
def postgres(postgres_url: str) -> str:
    make_tables(postgres_url)
    return postgres_url


def test_a_lost_connection_runs_the_work_again_in_a_new_session(postgres: str) -> None:
    sessions = []

    def once(work: Work) -> bool:
        sessions.append(work.session)
        if len(sessions) == 1:
            work.session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
        return True

    with Database(postgres) as database:
        assert database.run_sync(once)
    assert len(set(map(id, sessions))) == 2


def test_connections_that_died_while_nobody_used_them_cost_one_more_try(postgres: str) -> None:
    tries = []

    def ask(work: Work) -> int:
        tries.append(work)
        return int(work.session.scalar(text("SELECT 1")) or 0)

    with Database(postgres) as database, single(postgres).connect() as other:
        database.run_sync(ask)
        dies = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'trailmate'"
        assert other.execute(text(f"{dies} AND datname = current_database()")).all()
        assert database.run_sync(ask) == 1
        assert database.fault is None
    assert len(tries) == 3


def test_a_connection_that_is_lost_for_good_becomes_a_refusal(postgres: str) -> None:
    tries = []

    def always(work: Work) -> None:
        tries.append(work)
        work.session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    with Database(postgres) as database, pytest.raises(TryLater, match="can't reach my database, so I saved nothing"):
        database.run_sync(always)
    assert len(tries) == 1 + works.RETRIES


@pytest.mark.parametrize("writes", [True, False])
def test_after_a_commit_whose_answer_is_lost_nobody_is_told_that_nothing_was_changed(
    postgres: str, monkeypatch: pytest.MonkeyPatch, writes: bool
) -> None:
    tries: list[Work] = []
    commit = RootTransaction.commit

    def commit_and_lose(transaction: RootTransaction) -> None:
        commit(transaction)
        if len(tries) == 1:
            raise ConnectionResetError

    with Database(postgres) as database:
        monkeypatch.setattr(RootTransaction, "commit", commit_and_lose)
        with pytest.raises(TryLater, match="can't tell") if writes else nullcontext():
            database.run_sync(lambda work: tries.append(work), writes=writes)
    assert len(tries) == (1 if writes else 2), "a read may be asked again"


async def test_a_deadlock_is_untied_by_running_again(postgres: str, caplog: pytest.LogCaptureFixture) -> None:
    meet = threading.Barrier(2, timeout=10)
    runs: list[str] = []

    def cross(first: str, second: str) -> Callable[[Work], None]:
        def work_on(work: Work) -> None:
            runs.append(first)
            work.session.execute(text("SET LOCAL deadlock_timeout = 50"))
            work.session.execute(text(f"SELECT pg_advisory_xact_lock({first})"))
            if len(runs) <= 2:
                meet.wait()
            work.session.execute(text(f"SELECT pg_advisory_xact_lock({second})"))

        return work_on

    with Database(postgres) as database, caplog.at_level(logging.WARNING):
        await asyncio.gather(database.run(cross("1", "2")), database.run(cross("2", "1")))
    assert len(runs) == 3


def test_waits_on_postgresql_are_bounded(postgres: str) -> None:
    names = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
    with Database(postgres) as database:
        found = database.run_sync(lambda work: [work.session.scalar(text(f"SHOW {name}")) for name in names])
    assert found == ["10s", "1500ms", "15s"]
