"""Threads that wait for a database, of which none keeps the process from ending."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from contextlib import suppress
from queue import SimpleQueue
from typing import Any, TypeVar

T = TypeVar("T")
Job = Callable[[], None]
Leaving = dict[asyncio.AbstractEventLoop, list[Job]]
"""What a thread's present job brings to loops, once it is done."""
_OWN = threading.local()


class Crew:
    """Does jobs in the order in which they came.

    The executors of the standard library have the process wait for their threads; a database that hangs would
    keep it for ever.
    """

    def __init__(self, name: str, count: int) -> None:
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._threads = [threading.Thread(target=self._serve, name=f"{name}-{n}", daemon=True) for n in range(count)]
        for thread in self._threads:
            thread.start()

    def submit(self, fn: Callable[..., T], *args: Any) -> Future[T]:
        """Have a job done."""
        future: Future[T] = Future()
        self._jobs.put(lambda: _fulfil(future, fn, args))
        return future

    @property
    def waiting(self) -> int:
        """How many jobs no thread has begun."""
        return self._jobs.qsize()

    def finish(self) -> None:
        """Do what was submitted, and end."""
        for _ in self._threads:
            self._jobs.put(None)
        for thread in self._threads:
            thread.join()

    def _serve(self) -> None:
        leaving: Leaving = {}
        _OWN.leaving = leaving
        while (job := self._jobs.get()) is not None:
            job()
            del job
            while leaving:
                loop, answers = leaving.popitem()
                with suppress(RuntimeError):  # the loop may be closed by now; what was done is done all the same
                    loop.call_soon_threadsafe(_hand_over, answers)


def aside(fn: Callable[[], T]) -> Future[T]:
    """Do one thing on a thread of its own, for a caller that will not wait for ever."""
    future: Future[T] = Future()
    threading.Thread(target=_fulfil, args=(future, fn, ()), name="db-aside", daemon=True).start()
    return future


def _fulfil(future: Future[T], fn: Callable[..., T], args: tuple[Any, ...]) -> None:
    if future.set_running_or_notify_cancel():
        settle(future, fn, *args)


def settle(future: Future[T], fn: Callable[..., T], *args: Any) -> None:
    """Do what a running future stands for."""
    try:
        result = fn(*args)
    except BaseException as error:  # noqa: BLE001  (it belongs to whoever awaits the future)
        future.set_exception(error)
    else:
        future.set_result(result)


def on_loop(job: Future[T]) -> asyncio.Future[T]:
    """Return what a thread does as a future of the loop; one that nobody waits for any more is silent.

    What a thread has done by the end of a job wakes the loop once: each time, loop and thread would take Python's lock
    from one another.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[T] = loop.create_future()

    def hand_over() -> None:
        if answer.cancelled() or job.cancelled():
            return
        if (error := job.exception()) is not None:
            answer.set_exception(error)
        else:
            answer.set_result(job.result())

    def done(_: Future[T]) -> None:
        leaving: Leaving | None = getattr(_OWN, "leaving", None)
        if leaving is None:
            loop.call_soon(hand_over)  # by this loop's own thread: called off, or done before anybody looked
        else:
            leaving.setdefault(loop, []).append(hand_over)

    job.add_done_callback(done)
    return answer


def _hand_over(answers: Iterable[Job]) -> None:
    for hand_over in answers:
        hand_over()
