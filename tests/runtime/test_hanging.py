"""A PostgreSQL that neither works nor falls: everybody is told in time, nothing counts that was said not to."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.delivery.processed_events import SqlInbox
from bot.messages.errors import TryLater
from bot.storage import engine as engines
from bot.storage import faults
from bot.storage.unit_of_work import Database, Work
from tests.runtime.test_process import Process, get
from tests.storage.fixtures import run_alone
from tests.storage.sample_app import START, make_tables


@contextmanager
def hanging(url: str) -> Iterator[None]:
    """Have the server and each of its processes stand still."""
    engine = engines.single(url)
    with engine.connect() as connection:
        backend = int(connection.scalar(text("SELECT pg_backend_pid()")) or 0)
        server = int(Path(f"/proc/{backend}/stat").read_text().rsplit(")", 1)[1].split()[1])
    os.kill(server, signal.SIGSTOP)
    stopped = [server, *map(int, Path(f"/proc/{server}/task/{server}/children").read_text().split())]
    for pid in stopped[1:]:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in reversed(stopped):
            os.kill(pid, signal.SIGCONT)
        engine.dispose()


@pytest.fixture
def url(postgres_url: str) -> str:
    run_alone(postgres_url, "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
    return postgres_url


def accept(work: Work, key: str = "event") -> bool:
    return SqlInbox().accept(work, key, START)


async def test_who_writes_is_told_in_time_and_what_was_not_kept_is_not_kept_later(url: str) -> None:
    make_tables(url)
    with Database(url) as database:
        await database.run(lambda work: accept(work, "before"))
        with hanging(url):
            began = time.monotonic()
            answers = await asyncio.gather(
                *(database.run(partial(accept, key=f"{n}"), within_s=1) for n in range(12)),
                return_exceptions=True,
            )
            assert time.monotonic() - began < 3
            first, *others = answers
            assert isinstance(first, TryLater) and "haven't changed anything" in first.sentence
            assert database.fault == faults.AWAY
            with pytest.raises(faults.StorageTrouble, match="can't reach my database, so I saved nothing") as read:
                await database.run(partial(accept, key="read"), writes=False, within_s=0.1)
            assert {str(a) for a in others} == {str(read.value)}
        for n in range(12):
            assert await database.run(partial(accept, key=f"{n}"), within_s=20)
        assert database.fault is None


async def test_who_is_not_told_whether_it_was_kept_is_asked_to_look(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    make_tables(url)
    with Database(url) as database:
        from sqlalchemy import RootTransaction

        commit = RootTransaction.commit

        def slowly(transaction: RootTransaction) -> None:
            time.sleep(0.5)
            commit(transaction)

        monkeypatch.setattr(RootTransaction, "commit", slowly)
        with pytest.raises(TryLater, match="Check in a minute"):
            await database.run(accept, within_s=0.2)
        monkeypatch.undo()
        assert not await database.run(accept, within_s=20), "it was kept after all"


def test_a_database_that_hangs_keeps_nobody_from_closing_it(url: str) -> None:
    make_tables(url)
    database = Database(url)
    database.start()
    with hanging(url):
        with pytest.raises(TryLater):
            asyncio.run(database.run(accept, within_s=0.2))
        began = time.monotonic()
        database.close(0.5)
        assert time.monotonic() - began < 2
    for thread in threading.enumerate():
        if thread.name.startswith("db"):
            thread.join(20)


@pytest.mark.nightly
def test_the_process_answers_for_its_health_and_ends_while_the_server_hangs(tmp_path: Path, url: str) -> None:
    with Process(tmp_path, "run", TRAILMATE_DATABASE_URL=url) as process:
        address = process.address + "/healthz"
        assert get(address)[0] == 200
        with hanging(url):
            for _ in range(3):
                began = time.monotonic()
                status, said = get(address)
                assert (status, json.loads(said)["database"]) == (503, "unreachable")
                assert time.monotonic() - began < 3
            began = time.monotonic()
            with Process(tmp_path, "doctor", TRAILMATE_DATABASE_URL=url) as doctor:
                assert doctor.wait(60) == 1
            # the connection's own time-out or the doctor's may come first; either names what to look at
            assert "FIX  Database" in doctor.all and "TRAILMATE_DATABASE_URL" in doctor.all
            assert "Traceback" not in doctor.all
            process.tell(signal.SIGTERM)
            assert process.wait(10) == 0
