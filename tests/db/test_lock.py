from __future__ import annotations

import os
import subprocess
import sys

import pytest
from sqlalchemy import text

from bot.db import engine as engines
from bot.db.lock import AlreadyRunning, Lock

HOLD = """
import sys
from bot.db.lock import Lock
with Lock(sys.argv[1]):
    print("held", flush=True)
    input()
"""


def test_a_second_holder_is_refused_and_told_who_has_it(url: str) -> None:
    with Lock(url) as lock:
        assert lock.is_held()
        with pytest.raises(AlreadyRunning, match=f"process {os.getpid()}"):
            Lock(url).acquire()
    with Lock(url):
        pass
    assert not lock.is_held()


def test_the_lock_of_a_killed_process_is_free(url: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(AlreadyRunning, match=f"process {other.pid}"):
            Lock(url).acquire()
        other.kill()
    for _ in range(200):
        try:
            with Lock(url):
                return
        except AlreadyRunning:
            continue
    pytest.fail("the lock outlived its process")


def test_a_lost_connection_is_replaced_and_the_lock_taken_again(postgres_url: str) -> None:
    with Lock(postgres_url) as lock:
        engine = engines.single(postgres_url)
        with engine.begin() as connection:
            ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'trailmate %'"
            connection.execute(text(ended))
        engine.dispose()
        assert lock.is_held()
        with pytest.raises(AlreadyRunning):
            Lock(postgres_url).acquire()
