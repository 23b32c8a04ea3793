"""Threads for what may take long: a database, the notes, a drawing. None of them keeps the process from ending."""

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
"""What a thread's present job brings to loops, once it is done."""
_OWN = threading.local()
log = logging.getLogger(__name__)


class Crew(Executor):
    """Does jobs in the order in which they came; its threads begin with the first.

    The executors of the standard library have the process wait for their threads: a database that hangs would
    keep it for ever, and notes that are being embedded for as long as that takes.

    Args:
        begin: what each thread does first.
    """

    def __init__(self, name: str, count: int, begin: Job | None = None) -> None:
        self._name, self._count, self._begin = name, count, begin
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._beginning, self._is_over = threading.Lock(), False

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have a job done."""
        future: Future[T] = Future()
        job = partial(fn, **kwargs) if kwargs else fn
        self._put(lambda: _fulfil(future, job, args))
        return future

    def tell(self, job: Job) -> None:
        """Have a job done that nobody waits for; one that fails is logged."""
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
        """How many jobs no thread has begun."""
        return self._jobs.qsize()

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Do what was submitted, and end.

        Args:
            wait: until that is so.
            cancel_futures: what no thread has begun is not done, and nobody is told.
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
                with suppress(RuntimeError):  # the loop may be closed by now; what was done is done all the same
                    loop.call_soon_threadsafe(_hand_over, answers)


def aside(fn: Callable[[], T]) -> Future[T]:
    """Do one thing on a thread of its own, for a caller that will not wait for ever."""
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
        settle(future, fn, *args)


def settle(future: Future[T], fn: Callable[..., T], *args: Any) -> None:
    """Do what a running future stands for."""
    try:
        result = fn(*args)
    except BaseException as error:  # noqa: BLE001  (it belongs to whoever awaits the future)
        future.set_exception(error)
    else:
        future.set_result(result)


class Late(Exception):
    """What a thread does takes longer than somebody waits."""


async def within(job: Future[T], seconds: float) -> T:
    """Return what a thread does, or raise Late; whoever waits no longer leaves the job as it is."""
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
