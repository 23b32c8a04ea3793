"""Run functions as transactions on database threads."""

from __future__ import annotations

import asyncio
import concurrent.futures
import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Self, TypeVar

from sqlalchemy import Engine, event, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.base.clock import SystemClock
from bot.base.thread_pool import DaemonThreadPool, fulfil, run_in_thread
from bot.commands.refusals import busy, unanswered, unread
from bot.messages.errors import UserError
from bot.storage import engine as engines
from bot.storage import faults
from bot.storage.faults import DatabaseFile, StorageFault, StorageTrouble
from bot.storage.group_commit import CommitQueue, CommitState, QueuedWork, Undone, carry_out
from bot.storage.write_probe import is_over, is_whole

T = TypeVar("T")
RETRIES = 2
PATIENCE_S = 5.0
"""Time-out for a transaction in the caller, because a hanging server doesn't apply its own time-outs."""
CLOSE_S = 10.0
SOUND_S = 60.0
"""Least seconds between integrity checks of a damaged file."""
_LEAST_MS = 50
_SYSTEM = SystemClock()
log = logging.getLogger(__name__)


class Work:
    """A unit of work: its session, its start time, and the services built for it."""

    def __init__(self, session: Session, made_at: datetime, *, writes: bool = True) -> None:
        self.session = session
        self.made_at = made_at
        self.writes = writes
        self.services: dict[type, Any] = {}


class Database:
    """The database with its threads.

    SQLite: one writer thread that commits waiting units of work as a group (`group_commit`), and three read-only
    threads. PostgreSQL: a pool of eight threads and connections; reads use read-only transactions.

    Args:
        url: `sqlite:///FILE` or `postgresql://USER:PASSWORD@HOST/NAME`.
        real_now: the machine's clock, independent of the movable clock; `ahead` corrects it by the server's.
    """

    patience_s = PATIENCE_S
    """The default time-out of a transaction in seconds."""

    def __init__(self, url: str, *, real_now: Callable[[], datetime] = _SYSTEM.now) -> None:
        self.url = url
        self.machine_now, self.ahead = real_now, timedelta()
        self.real_now: Callable[[], datetime] = lambda: self.machine_now() + self.ahead
        self._is_sqlite, self._own = engines.is_sqlite(url), threading.local()
        self._engines: dict[bool, Engine] = {}
        self._threads: dict[bool, DaemonThreadPool] = {}
        self._waiting = CommitQueue()
        self._whereabouts: DatabaseFile | None = None
        self._fault: StorageFault | None = None
        self._sound_at = 0.0

    @property
    def fault(self) -> StorageFault | None:
        """The current storage fault, as the latest transaction found it."""
        if self._whereabouts is not None and not self._whereabouts.is_same():
            return faults.MOVED
        return self._fault

    @property
    def waiting(self) -> int:
        """The number of jobs that wait for a thread."""
        return sum(pool.waiting for pool in set(self._threads.values()))

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """Open the engines and start their threads, once; Unreachable on failure."""
        if self._threads:
            return
        try:
            self._open()
            self.run_sync(lambda work: work.session.execute(text("SELECT 1")))
            if self._is_sqlite:
                self._watch(DatabaseFile(engines.sqlite_file(self.url)))
        except Exception as error:  # noqa: BLE001  (whatever keeps us from connecting is told alike)
            self.close()
            raise engines.unreachable(error) from None

    def _watch(self, whereabouts: DatabaseFile) -> None:
        whereabouts.note()
        for change in ("connect", "close"):
            event.listen(self._engines[True], change, lambda *_: whereabouts.forget_log())
        self._whereabouts = whereabouts

    def _open(self) -> None:
        if self._is_sqlite:
            writer = engines.sqlite_writer(self.url, self._patience_ms)
            self._engines = {True: writer, False: engines.sqlite_reader(self.url)}
            self._threads = {
                True: DaemonThreadPool("db-writer", 1),
                False: DaemonThreadPool("db-reader", engines.READERS),
            }
        else:
            writer = engines.postgres(self.url)
            self._engines = {True: writer, False: writer.execution_options(postgresql_readonly=True)}
            shared = DaemonThreadPool("db", engines.POOL)
            self._threads = {True: shared, False: shared}

    def close(self, within_s: float = CLOSE_S) -> None:
        """Finish running and queued jobs, then close all connections; hanging jobs end with the process."""
        pools, self._threads = set(self._threads.values()), {}
        ended = list(self._engines.values())

        def end() -> None:
            for pool in pools:
                pool.shutdown()
            for engine in ended:
                engine.dispose()

        if concurrent.futures.wait({run_in_thread(end)}, within_s).not_done:
            log.warning("the database did not answer in %.0f s: what it was doing ends with the process", within_s)
            return
        self._engines = {}
        self._whereabouts = None

    async def run(self, fn: Callable[[Work], T], *, writes: bool = True, within_s: float | None = None) -> T:
        """Run `fn` as one transaction on a database thread and return its result.

        `fn` may run again after a deadlock or a lost connection, so it must touch nothing but its Work. If the caller
        is cancelled, a write still runs; a read that hasn't started is dropped. A write that doesn't reach its commit
        within `within_s` (default `patience_s`) is rolled back.

        Raises:
            TryLater: the database did not answer in time; nothing was changed, unless the sentence says otherwise.
            StorageTrouble: nothing was saved because of a fault that the operator has to fix.
        """
        within_s = self.patience_s if within_s is None else within_s
        promise = CommitState()
        job = self._submit(fn, writes, promise, within_s <= self.patience_s)
        answer = asyncio.wrap_future(job)
        answer.add_done_callback(_retrieve_error)
        try:
            await asyncio.wait({answer}, timeout=within_s)
        except asyncio.CancelledError:
            if not writes:
                job.cancel()
            raise
        if not answer.done():
            answer.cancel()
            raise self._give_up(job, promise, within_s, writes=writes)
        return answer.result()

    def _give_up(self, job: Future[T], promise: CommitState, within_s: float, *, writes: bool) -> UserError:
        job.cancel()
        is_undone, was_away = promise.give_up(), self._fault == faults.AWAY
        log.warning("the database did not answer in %.0f s", within_s)
        if not self._is_sqlite:
            self._note(faults.AWAY)
        if writes and not is_undone:
            return unanswered()
        return StorageTrouble(faults.AWAY) if was_away else busy() if writes else unread()

    def run_sync(self, fn: Callable[[Work], T], *, writes: bool = True) -> T:
        """Run `fn` and block until it is done, for the command line and tests."""
        return self._submit(fn, writes, CommitState()).result()

    async def empty_log(self) -> bool:
        """Truncate SQLite's write-ahead log, so that deleted data is gone from the disk.

        Return False if a reader still needs the log; then try again later.
        """
        if not self._is_sqlite or not self._threads:
            return True
        return await asyncio.wrap_future(self._threads[True].submit(self._empty_log))

    def _empty_log(self) -> bool:
        log_file = engines.sqlite_file(self.url + "-wal")
        if not log_file.exists() or log_file.stat().st_size == 0:
            return True
        self._check_whereabouts()
        try:
            return engines.empty_log(self._engines[True])
        except (SQLAlchemyError, sqlite3.Error) as error:
            self._look_for_fault(error, writes=True)
            return False

    def _submit(
        self, fn: Callable[[Work], T], writes: bool, promise: CommitState, goes_along: bool = True
    ) -> Future[T]:
        if getattr(self._own, "is_database_thread", False):
            raise RuntimeError("a unit of work cannot wait for another one")
        if not self._threads:
            raise RuntimeError("the database is not started")
        unit = QueuedWork(lambda session: fn(Work(session, self.real_now(), writes=writes)), promise, goes_along)
        if writes and self._is_sqlite:
            self._waiting.append(unit)
            self._threads[writes].submit(self._take)
            return unit.answer
        return self._threads[writes].submit(unit.context.run, self._run_with_retries, unit, writes)

    def _take(self) -> None:
        """Run the queued writes in one transaction, or one by one if that fails."""
        self._own.is_database_thread = True
        if (first := self._waiting.take()) is None:  # an earlier job has taken them all
            return
        for unit in self._commit_group([first]) if first.goes_along and self._waiting else [first]:
            fulfil(unit.answer, partial(unit.context.run, self._run_with_retries, unit, True))

    def _commit_group(self, units: list[QueuedWork]) -> Sequence[QueuedWork]:
        """Run a unit and those behind it in one transaction and resolve them; return those that have to run alone."""
        self._own.since = units[0].since
        try:
            self._check_whereabouts()
            outcomes = carry_out(self._engines[True], units, self._waiting)
        except (Undone, StorageTrouble):
            return units
        except Exception as error:  # noqa: BLE001  (it is raised to the callers)
            refusal = self._build_refusal(error)
            for unit in units:
                unit.answer.set_exception(refusal)
            return ()
        try:
            self._check_whereabouts()
        except StorageTrouble as moved:
            for unit in units:
                unit.answer.set_exception(moved)
            return ()
        self._note_success()
        for tell in outcomes:
            tell()
        return ()

    def _build_refusal(self, error: Exception) -> Exception:
        try:
            self._look_for_fault(error, writes=True)
            self._may_run_again(error, is_committing=True)
        except UserError as refusal:
            return refusal
        return error

    def _patience_ms(self) -> int:
        waited = (time.monotonic() - self._own.since) * 1000
        return max(_LEAST_MS, engines.BUSY_MS - int(waited))

    def _run_with_retries(self, unit: QueuedWork, writes: bool) -> Any:
        self._own.is_database_thread, self._own.since = True, unit.since
        for tries_left in range(RETRIES, -1, -1):
            unit.promise.begin()
            try:
                return self._run_once(unit, writes)
            except (SQLAlchemyError, OSError) as error:
                self._look_for_fault(error, writes)
                if not self._may_run_again(error, writes and unit.promise.is_committing):
                    raise
                log.warning("a transaction was undone (%s), %d tries left", type(error).__name__, tries_left)
                if not tries_left:
                    is_away = not self._is_sqlite and engines.is_lost(error)
                    raise (StorageTrouble(faults.AWAY) if is_away else busy() if writes else unread()) from error
            time.sleep(0.05 * 4 ** (RETRIES - tries_left))
        raise AssertionError

    def _run_once(self, unit: QueuedWork, writes: bool) -> Any:
        if writes:
            self._check_whereabouts()
        with self._engines[writes].connect() as connection:
            transaction = connection.begin()
            result = unit.run_on(connection)
            unit.promise.commit()
            transaction.commit()
        if writes:
            self._check_whereabouts()
            self._note_success()
        return result

    def _note_success(self) -> None:
        """Record a success and check whether the fault is over: a commit alone may have written nothing."""
        now = time.monotonic()
        if self._fault is None or now < self._sound_at:
            return
        if self._fault == faults.CORRUPT:
            self._sound_at = now + SOUND_S
        if is_over(self._fault, self._engines):
            self._note(None)

    def _check_whereabouts(self) -> None:
        """Refuse a commit to a file that was moved, deleted or truncated."""
        if self._whereabouts is None:
            return
        if not self._whereabouts.is_same():
            self._note(faults.MOVED)
            raise StorageTrouble(faults.MOVED)
        if self._whereabouts.has_shrunk():
            if not is_whole(self.url):
                self._note(faults.CORRUPT)
                raise StorageTrouble(faults.CORRUPT)
            self._whereabouts.note_size()

    def _look_for_fault(self, error: Exception, writes: bool) -> None:
        fault = faults.diagnose(error)
        if self._is_sqlite:
            fault = faults.refine_fault(fault, engines.sqlite_file(self.url))
        is_ours = fault in (faults.READ_ONLY, faults.STANDBY) and not writes  # of a reader that writes
        if fault is None or is_ours:
            if engines.is_lost(error):
                self._note(faults.AWAY)
            return
        self._note(fault)
        raise StorageTrouble(fault) from error

    def _note(self, fault: StorageFault | None) -> None:
        """Store the current fault, and log it only when it appears or disappears."""
        if fault == self._fault or (self._fault == faults.CORRUPT and fault is not None):
            return
        self._sound_at = time.monotonic() + SOUND_S if fault == faults.CORRUPT else 0.0
        self._fault = fault
        if fault is None:
            log.warning("the database keeps what it is told again")
        else:
            log.error("the database is in trouble (%s): %s", fault.name, fault.fix)

    def _may_run_again(self, error: Exception, is_committing: bool) -> bool:
        if engines.is_busy(error):
            log.warning("the database is busy")
            raise busy() from error
        is_lost = not self._is_sqlite and engines.is_lost(error)
        if is_lost and is_committing:  # it may be kept: the answer did not come
            raise unanswered() from error
        return is_lost or engines.is_rolled_back(error)


def _retrieve_error(answer: asyncio.Future[Any]) -> None:
    """Look at an error, so that the event loop doesn't log it if nobody waits any more."""
    if not answer.cancelled():
        answer.exception()
