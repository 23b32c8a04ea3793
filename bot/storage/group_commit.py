"""Units of work that wait for the one writer, in one transaction: a savepoint for each, one commit for all.

What a transaction and the one who waits for it agree on, so that nobody is told what is not so.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.commands.refusals import busy
from bot.storage.read_cache import session_of


@dataclass
class CommitState:
    """What a transaction and the one who waits for it agree on: committed, or given up before."""

    is_committing: bool = False
    is_given_up: bool = False
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def begin(self) -> None:
        """Try it, maybe again."""
        with self._turn:
            self.is_committing = False
            if self.is_given_up:
                raise busy()

    def commit(self) -> None:
        """Go beyond recall; TryLater if whoever waited was already told that nothing was changed."""
        with self._turn:
            if self.is_given_up:
                raise busy()
            self.is_committing = True

    def give_up(self) -> bool:
        """Wait no longer; return whether it is certain that nothing is kept."""
        with self._turn:
            self.is_given_up = True
            return not self.is_committing


MOST = 64

"""Units of work in one transaction."""

LONG_S = 0.02

"""After so long a transaction takes in no more: those whose work is done wait for its commit."""


class Undone(Exception):
    """A transaction of several was undone before its commit, and nobody was told anything: each can run by itself."""


@dataclass
class QueuedWork:
    """A unit of work and what was promised to whoever waits for it.

    Args:
        fn: what it does with its session.
        goes_along: whether it may share a transaction; one that may take long would hold up the others.
        since: when it came, by the monotonic clock.
        context: in which event it was asked for, so that what is logged on its way says so.
    """

    fn: Callable[[Session], Any]
    promise: CommitState
    goes_along: bool = True
    since: float = field(default_factory=time.monotonic)
    answer: Future[Any] = field(default_factory=Future)
    context: Context = field(default_factory=copy_context)

    def carried_out(self, connection: Connection) -> Any:
        """Do what it is about in the transaction of a connection, and return what comes of it."""
        with session_of(connection) as session:
            result = self.fn(session)
            session.flush()
        return result


Outcome = Callable[[], None]

"""Tells whoever waits for a unit what came of it."""


class CommitQueue:
    """The units that wait, in the order in which they came; any thread adds, the writer's takes."""

    def __init__(self) -> None:
        self._units: deque[QueuedWork] = deque()

    def add(self, unit: QueuedWork) -> None:
        """Have a unit wait."""
        self._units.append(unit)

    def take(self) -> list[QueuedWork]:
        """Return what waits and can share a transaction, or one that goes alone; those called off are passed over."""
        taken: list[QueuedWork] = []
        while self._units and len(taken) < MOST and (not taken or self._units[0].goes_along):
            unit = self._units.popleft()
            if unit.answer.running() or unit.answer.set_running_or_notify_cancel():
                taken.append(unit)
                if not unit.goes_along:
                    break
        return taken

    def put_back(self, units: Sequence[QueuedWork]) -> None:
        """Have units that were taken be the next ones again."""
        self._units.extendleft(reversed(units))


def carry_out(engine: Engine, units: Sequence[QueuedWork]) -> list[Outcome]:
    """Carry out units in one transaction, as many as it has time for, and return how each of these ended.

    A unit that refuses or fails leaves nothing behind, and those beside it are kept.

    Raises:
        Undone: something went wrong before the commit that may be no fault of all of them.
        SQLAlchemyError, OSError: the commit failed, and nothing is kept.
    """
    outcomes: list[Outcome] = []
    kept: list[QueuedWork] = []
    until = time.monotonic() + LONG_S
    with engine.connect() as connection:
        try:
            transaction = connection.begin()
            for unit in units:
                outcomes.append(_tried(connection, unit, kept))
                if time.monotonic() >= until:
                    break
            for unit in kept:
                unit.promise.commit()
        except Exception as error:
            raise Undone from error
        transaction.commit()
    return outcomes


def _tried(connection: Connection, unit: QueuedWork, kept: list[QueuedWork]) -> Outcome:
    """Run a unit behind a savepoint; what the database itself refuses may have undone more than that, and is raised.

    The savepoint is the driver's: one of the mapper's would cost as much as a transaction.
    """
    said = connection.connection.driver_connection
    assert said is not None
    said.execute("SAVEPOINT unit")
    try:
        unit.promise.begin()
        result = unit.context.run(unit.carried_out, connection)
    except (SQLAlchemyError, sqlite3.Error, OSError):
        raise
    except BaseException as error:  # noqa: BLE001  (it belongs to whoever awaits the unit)
        said.execute("ROLLBACK TO unit")
        said.execute("RELEASE unit")
        told = exhausted(error) if isinstance(error, StopIteration) else error
        return partial(unit.answer.set_exception, told)
    said.execute("RELEASE unit")
    kept.append(unit)
    return partial(unit.answer.set_result, result)


def exhausted(error: StopIteration) -> RuntimeError:
    """Return what stands for an error that no future carries: its caller would wait for ever."""
    told = RuntimeError("a unit of work asked for more than there is")
    told.__cause__ = error
    return told


def tell_all(units: Sequence[QueuedWork], error: Exception) -> None:
    """Tell whoever waits for these units that none of them was kept, and why."""
    for unit in units:
        unit.answer.set_exception(error)
