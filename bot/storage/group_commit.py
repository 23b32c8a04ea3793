"""Group commit: run waiting units of work in one transaction, with a savepoint for each and one commit for all."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.commands.refusals import busy

MOST = 64
"""Most units of work in one transaction."""
LONG_S = 0.02
"""Seconds after which a transaction takes no further unit, because the finished ones wait for its commit."""


@dataclass
class CommitState:
    """The state that a transaction and its caller share: committing, or given up before the commit."""

    is_committing: bool = False
    is_given_up: bool = False
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def begin(self) -> None:
        """Begin an attempt; TryLater if the caller gave up."""
        with self._turn:
            self.is_committing = False
            if self.is_given_up:
                raise busy()

    def commit(self) -> None:
        """Start the commit; TryLater if the caller gave up and was told that nothing changed."""
        with self._turn:
            if self.is_given_up:
                raise busy()
            self.is_committing = True

    def give_up(self) -> bool:
        """Stop waiting; return whether it is certain that nothing will be saved."""
        with self._turn:
            self.is_given_up = True
            return not self.is_committing


class Undone(Exception):
    """A group transaction was rolled back before its commit; each unit can run alone."""


@dataclass
class QueuedWork:
    """A unit of work in the queue.

    Args:
        fn: its function of the session.
        goes_along: whether it may share a transaction; a long one would delay the others.
        since: when it was queued, by the monotonic clock.
        context: the context of its event, for log lines.
    """

    fn: Callable[[Session], Any]
    promise: CommitState
    goes_along: bool = True
    since: float = field(default_factory=time.monotonic)
    answer: Future[Any] = field(default_factory=Future)
    context: Context = field(default_factory=copy_context)

    def run_on(self, connection: Connection) -> Any:
        """Run the function in a connection's transaction, which its session never commits; return its result."""
        with Session(connection, expire_on_commit=False, join_transaction_mode="rollback_only") as session:
            try:
                result = self.fn(session)
            except StopIteration as error:  # a future can't carry it: its caller would wait for ever
                raise RuntimeError("a unit of work asked for more than there is") from error
            session.flush()
        return result


class CommitQueue(deque[QueuedWork]):
    """The units that wait, oldest first; any thread appends, the writer thread takes."""

    def take(self, *, along: bool = False) -> QueuedWork | None:
        """Remove and return the next unit that its caller has not cancelled; None if there is none.

        Args:
            along: only a unit that may share a transaction.
        """
        while self and (self[0].goes_along or not along):
            unit = self.popleft()
            if unit.answer.set_running_or_notify_cancel():
                return unit
        return None


def carry_out(engine: Engine, units: list[QueuedWork], queue: CommitQueue) -> list[Callable[[], None]]:
    """Run units in one transaction, as many as time allows, and return what resolves the future of each.

    A unit that fails is rolled back alone.

    Args:
        units: the first unit; those that are taken from the queue are appended.

    Raises:
        Undone: an error before the commit that may come from a single unit.
        SQLAlchemyError, OSError: the commit failed; nothing was saved.
    """
    outcomes: list[Callable[[], None]] = []
    done: list[QueuedWork] = []
    until = time.monotonic() + LONG_S
    with engine.connect() as connection:
        try:
            transaction = connection.begin()
            for unit in units:  # the list grows meanwhile
                outcomes.append(_run_in_savepoint(connection, unit, done))
                if len(units) < MOST and time.monotonic() < until and (following := queue.take(along=True)):
                    units.append(following)
            for unit in done:
                unit.promise.commit()
        except Exception as error:
            raise Undone from error
        transaction.commit()
    return outcomes


def _run_in_savepoint(connection: Connection, unit: QueuedWork, done: list[QueuedWork]) -> Callable[[], None]:
    """Run a unit in a savepoint; database errors are raised, because they may have rolled back more than that.

    The commit releases it. `begin_nested` would compile its statements each time, which takes longer than a short unit.
    """
    connection.exec_driver_sql("SAVEPOINT unit")
    try:
        unit.promise.begin()
        result = unit.context.run(unit.run_on, connection)
    except (SQLAlchemyError, OSError):
        raise
    except BaseException as error:  # noqa: BLE001  (it is raised to the caller of the unit)
        connection.exec_driver_sql("ROLLBACK TO unit")
        return partial(unit.answer.set_exception, error)
    done.append(unit)
    return partial(unit.answer.set_result, result)
