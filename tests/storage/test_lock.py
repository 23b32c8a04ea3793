from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.storage import engine as engines
from bot.storage.lock import AlreadyRunning, Lock, Watch

HOLD = """
import sys
from bot.storage.lock import Lock
with Lock(sys.argv[1]):
    print("held", flush=True)
    input()
"""


def test_a_second_holder_is_refused_and_told_who_has_it(url: str) -> None:
    with Lock(url) as lock:
        assert lock.is_held()
        with pytest.raises(AlreadyRunning, match=f"process {os.getpid()}"):
            Lock(url, alone=True).acquire()
    with Lock(url, alone=True):
        pass
    assert not lock.is_held()


def test_the_lock_of_a_killed_process_is_free(url: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(AlreadyRunning, match=f"process {other.pid}"):
            Lock(url, alone=True).acquire()
        other.kill()
    for _ in range(200):
        try:
            with Lock(url, alone=True):
                return
        except AlreadyRunning:
            continue
    pytest.fail("the lock outlived its process")


def test_on_postgresql_processes_share_it_and_none_begins_while_one_has_it_alone(postgres_url: str) -> None:
    with Lock(postgres_url) as one, Lock(postgres_url) as two:
        assert one.is_held() and two.is_held()
        with pytest.raises(AlreadyRunning, match=f"process {os.getpid()} on .*, process"):
            Lock(postgres_url, alone=True).acquire()
    with Lock(postgres_url, alone=True), pytest.raises(AlreadyRunning, match="such as a restore"):
        Lock(postgres_url).acquire()


def restart(url: str) -> None:
    """Do to the lock what a restart of the server does: end its connection."""
    engine = engines.single(url)
    with engine.begin() as connection:
        ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'trailmate %'"
        connection.execute(text(ended))
    engine.dispose()


def test_a_lost_connection_is_replaced_and_the_lock_taken_again(postgres_url: str) -> None:
    with Lock(postgres_url) as lock:
        restart(postgres_url)
        assert lock.is_held()
        with pytest.raises(AlreadyRunning):
            Lock(postgres_url, alone=True).acquire()


async def test_a_lock_that_another_process_took_is_lost_until_that_one_ends(
    postgres_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    with Lock(postgres_url) as lock:
        watch = Watch(lock)
        assert await watch.look()
        restart(postgres_url)
        with Lock(postgres_url, alone=True):
            assert [await watch.look(), await watch.look(), watch.is_held] == [False, False, False]
        async with asyncio.timeout(5):  # the server frees a lock a moment after its connection has parted
            while not await watch.look():
                await asyncio.sleep(0.05)
    assert ["lost" in record.message for record in caplog.records] == [True, False]


async def test_a_look_that_does_not_come_back_has_found_no_lock_and_is_not_overtaken(tmp_path: Path) -> None:
    looks, goes_on = [], threading.Event()

    class Stuck(Lock):
        def is_held(self) -> bool:
            looks.append(1)
            return goes_on.wait(10)

    watch = Watch(Stuck(f"sqlite:///{tmp_path / 'x.db'}"), patience_s=0.05)
    assert [await watch.look(), await watch.look()] == [False, False]
    goes_on.set()
    assert (await watch.look(), len(looks)) == (True, 1)
