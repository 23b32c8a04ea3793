"""Threads that keep no process from ending."""

from __future__ import annotations

import subprocess
import sys
import threading
import time

import pytest

from bot.base.thread_pool import DaemonThreadPool

BUSY = """
import time
from bot.base.thread_pool import DaemonThreadPool
begun = []
pool = DaemonThreadPool("busy", 1, lambda: begun.append(1))
pool.submit(time.sleep, 60)
while not begun:
    time.sleep(0.01)
pool.shutdown(wait=False, cancel_futures=True)
"""


def test_a_job_that_takes_a_minute_keeps_no_process_from_ending() -> None:
    began = time.monotonic()
    subprocess.run([sys.executable, "-c", BUSY], check=True, timeout=300)
    assert time.monotonic() - began < 40


def test_jobs_are_done_in_order_and_those_that_nobody_began_may_be_dropped() -> None:
    pool, go, done = DaemonThreadPool("one", 1), threading.Event(), list[int]()
    first = pool.submit(go.wait, 10)
    waiting = [pool.submit(done.append, n) for n in range(3)]
    go.set()
    pool.shutdown()
    assert first.result() and [one.result() for one in waiting] == [None] * 3 and done == [0, 1, 2]
    other, go = DaemonThreadPool("other", 1), threading.Event()
    other.submit(go.wait, timeout=10)
    left = other.submit(done.append, 3)
    while other.waiting > 1:
        time.sleep(0.001)
    other.shutdown(wait=False, cancel_futures=True)
    go.set()
    assert not left.done() and done == [0, 1, 2]
    with pytest.raises(RuntimeError, match="have ended"):
        other.submit(done.append, 4)
