"""Thread pools for slow work (database, notes, drawings), whose daemon threads never block the exit."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Executor, Future
from contextlib import suppress
from functools import partial
from queue import Empty, SimpleQueue
from typing import Any, ParamSpec, TypeVar

T = TypeVar("T")
P = ParamSpec("P")
Job = Callable[[], None]
Leaving = dict[asyncio.AbstractEventLoop, list[Job]]
"""Callbacks of each event loop that a thread hands over after its current job."""
_OWN = threading.local()
log = logging.getLogger(__name__)


class DaemonThreadPool(Executor):
    """Runs jobs in the order of their submission. The threads start with the first job.

    The executors of the standard library make the process wait for their threads: a database that hangs would keep
    the process for ever, and an embedding of notes would keep it until it is done.

    Args:
        begin: the first call of each thread.
    """

    def __init__(self, name: str, count: int, begin: Job | None = None) -> None:
        self._name, self._count, self._begin = name, count, begin
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._beginning, self._is_over = threading.Lock(), False

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Queue a job and return its future."""
        future: Future[T] = Future()
        job = partial(fn, **kwargs) if kwargs else fn
        self._put(lambda: _fulfil(future, job, args))
        return future

    def post(self, job: Job) -> None:
        """Queue a job that nobody waits for; its error is logged."""
        self._put(partial(_logged, job))

    def _put(self, job: Job) -> None:
        if self._is_over:
            raise RuntimeError("these threads have ended")
        if len(self._threads) < self._count:
            self._start()
        self._jobs.put(job)

    def _start(self) -> None:
        with self._beginning:
            for n in range(len(self._threads), self._count):
                thread = threading.Thread(target=self._serve, name=f"{self._name}-{n}", daemon=True)
                thread.start()
                self._threads.append(thread)

    @property
    def waiting(self) -> int:
        """The number of jobs that no thread has started."""
        return self._jobs.qsize()

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Run the queued jobs, then end the threads.

        Args:
            wait: whether to block until the threads have ended.
            cancel_futures: drop the jobs that no thread has started; their futures stay pending.
        """
        self._is_over = True
        with suppress(Empty):
            while cancel_futures:
                self._jobs.get_nowait()
        for _ in self._threads:
            self._jobs.put(None)
        for thread in self._threads if wait else ():
            thread.join()

    def _serve(self) -> None:
        if self._begin is not None:
            self._begin()
        leaving: Leaving = {}
        _OWN.leaving = leaving
        while (job := self._jobs.get()) is not None:
            job()
            del job
            while leaving:
                loop, answers = leaving.popitem()
                with suppress(RuntimeError):  # the loop may be closed by now; the job has run all the same
                    loop.call_soon_threadsafe(_hand_over, answers)


def run_in_thread(fn: Callable[[], T]) -> Future[T]:
    """Run a function in a new daemon thread, for a caller with a time-out."""
    future: Future[T] = Future()
    threading.Thread(target=_fulfil, args=(future, fn, ()), name="db-aside", daemon=True).start()
    return future


def _logged(job: Job) -> None:
    try:
        job()
    except Exception:
        log.exception("a job of a thread failed; the next ones are done")


def _fulfil(future: Future[T], fn: Callable[..., T], args: tuple[Any, ...]) -> None:
    if future.set_running_or_notify_cancel():
        resolve(future, fn, *args)


def resolve(future: Future[T], fn: Callable[..., T], *args: Any) -> None:
    """Run the function and set its result or error on a running future."""
    try:
        result = fn(*args)
    except BaseException as error:  # noqa: BLE001  (it belongs to whoever awaits the future)
        future.set_exception(error)
    else:
        future.set_result(result)


class Late(Exception):
    """A job takes longer than its caller waits."""


async def within(job: Future[T], seconds: float) -> T:
    """Return the result of a job, or raise Late after some seconds; the job runs on."""
    answer = on_loop(job)
    alarm = asyncio.get_running_loop().call_later(seconds, _ring, answer)
    try:
        return await answer
    finally:
        alarm.cancel()


def _ring(answer: asyncio.Future[Any]) -> None:
    if not answer.done():
        answer.set_exception(Late())


def on_loop(job: Future[T]) -> asyncio.Future[T]:
    """Return what a thread does as a future of the loop; one that nobody waits for any more is silent.

    What a thread has done by the end of a job wakes the loop once: each time, loop and thread would take Python's lock
    from one another.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[T] = loop.create_future()

    def hand_over() -> None:
        if answer.done() or job.cancelled():
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
