"""Thread pools for slow work (database, notes, drawings), whose daemon threads never block the exit."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from contextlib import suppress
from functools import partial
from queue import Empty, SimpleQueue
from typing import Any, ParamSpec, TypeVar

T = TypeVar("T")
P = ParamSpec("P")


class DaemonThreadPool(Executor):
    """Runs jobs in the order of their submission. The threads start with the first job.

    The executors of the standard library make the process wait for their threads, even if a database hangs.

    Args:
        begin: the first call of each thread.
    """

    def __init__(self, name: str, count: int, begin: Callable[[], None] = lambda: None) -> None:
        self._jobs: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._name, self._count, self._begin = name, count, begin
        self._threads: list[threading.Thread] = []
        self._starting, self._is_over = threading.Lock(), False

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Queue a job and return its future."""
        if self._is_over:
            raise RuntimeError("these threads have ended")
        with self._starting:
            if (number := len(self._threads)) < self._count:
                self._threads.append(threading.Thread(target=self._serve, name=f"{self._name}-{number}", daemon=True))
                self._threads[-1].start()
        future: Future[T] = Future()
        self._jobs.put(partial(fulfil, future, partial(fn, *args, **kwargs)))
        return future

    @property
    def waiting(self) -> int:
        """The number of jobs that no thread has started."""
        return self._jobs.qsize()

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Run the queued jobs, or drop them and leave their futures pending, then end the threads."""
        self._is_over = True
        with suppress(Empty):
            while cancel_futures:
                self._jobs.get_nowait()
        for _ in self._threads:
            self._jobs.put(None)
        for thread in self._threads if wait else ():
            thread.join()

    def _serve(self) -> None:
        self._begin()
        while (job := self._jobs.get()) is not None:
            job()
            del job


def fulfil(future: Future[Any], job: Callable[[], Any]) -> None:
    """Run a job and set its result or error on its future, unless that was cancelled."""
    if future.running() or future.set_running_or_notify_cancel():
        try:
            future.set_result(job())
        except BaseException as error:  # noqa: BLE001  (it is raised to the caller)
            future.set_exception(error)


def run_in_thread(job: Callable[[], T]) -> Future[T]:
    """Run a job in a new daemon thread, for a caller with a time-out."""
    future: Future[T] = Future()
    threading.Thread(target=fulfil, args=(future, job), name="db-aside", daemon=True).start()
    return future
