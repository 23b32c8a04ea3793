"""Engines for SQLite and PostgreSQL with measured settings, and the classification of their errors."""

from __future__ import annotations

import re
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import NullPool

from bot.base import fsync
from bot.storage import faults

BUSY_MS = 1500
"""Lock time-out of a transaction, short enough for Discord's acknowledgement deadline."""
SYNCHRONOUS = "FULL"
"""SQLite's `synchronous` setting: each commit is synced to disk. With NORMAL, a power cut loses commits since the last
checkpoint."""
POOL = 8
READERS = 3
_STATEMENT_MS, _IDLE_MS = 10_000, 15_000
_SERVER = {
    "connect_timeout": 3,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
"""Keepalive settings that detect a lost server; a server that hangs is detected by time-outs in `Database.run`."""
_HOST = re.compile(r"""(\bhost(?: name)? ["'])[^"']*@""")
"""The text before the last @ of a host in a driver's message, which may be part of a password."""
_ROLLED_BACK = {"40001", "40P01"}
_TOO_LONG = {"55P03", "57014"}
_LOST = {None, "25P03", "53300", "57P01", "57P02", "57P03", "57P05"}


class Unreachable(Exception):
    """The database can't be opened; the text says why, without a password."""


def unreachable(error: BaseException) -> Unreachable:
    """Return the error for a database that can't be opened, with the fix if the reason is known."""
    cause = error.__cause__ or error
    reason = _HOST.sub(r"\1", str(getattr(cause, "orig", None) or cause).split("\n", 1)[0])
    fault = faults.diagnose(cause)
    return Unreachable(f"The database cannot be opened: {reason}.{f' {fault.fix}' if fault else ''}")


def describe_orphaned_log(path: Path) -> str:
    """Return what to do about the write-ahead log of a missing SQLite file; "" if there is none.

    SQLite deletes such a log, and its commits with it, once a new file stands next to it.
    """
    log_file = Path(f"{path}-wal")
    if path.exists() or not log_file.exists() or not log_file.stat().st_size:
        return ""
    return (
        f"{path} is missing, but its log {log_file.name} is here and holds the latest changes. Put the database file "
        "back. To start with an empty database instead, move the log away."
    )


def make_file(path: Path) -> None:
    """Create a file, and its folder if missing, that only the owner can access; Unreachable on failure."""
    try:
        fsync.make_folder(path.parent, 0o700)
        if orphaned := describe_orphaned_log(path):
            raise Unreachable(orphaned)
        if not path.exists():
            path.touch(mode=0o600)
    except OSError as error:
        raise unreachable(error) from None


def is_sqlite(url: str) -> bool:
    """Whether the URL is that of a SQLite file."""
    return make_url(url).get_backend_name() == "sqlite"


def sqlite_file(url: str) -> Path:
    """Return the file of a SQLite URL; an in-memory database raises ValueError."""
    name = make_url(url).database
    if not name or name == ":memory:" or name.startswith("file:"):
        raise ValueError("use a file: a database in memory cannot be shared by several threads")
    return Path(name)


def sqlite_writer(url: str, patience_ms: Callable[[], int] = lambda: BUSY_MS) -> Engine:
    """Return an engine with one connection whose transactions begin with BEGIN IMMEDIATE.

    Args:
        patience_ms: returns the lock time-out, called at the start of each transaction.
    """
    make_file(sqlite_file(url))
    engine = _sqlite(url, 1, query_only=False)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={patience_ms()}")
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def sqlite_reader(url: str) -> Engine:
    """Return an engine with read-only connections."""
    engine = _sqlite(url, READERS, query_only=True)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    return engine


def empty_log(engine: Engine) -> bool:
    """Checkpoint and truncate SQLite's write-ahead log; return False if a reader still needs it."""
    connection = engine.raw_connection()
    try:
        driver = connection.driver_connection
        assert driver is not None
        driver.execute("PRAGMA busy_timeout=0")  # a reader may take long, and writers would wait for it
        is_busy, _, _ = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not is_busy
    finally:
        connection.close()


def _sqlite(url: str, size: int, *, query_only: bool) -> Engine:
    """Return an engine whose caller begins each transaction: the driver itself begins one only at the first write."""
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_size=size,
        max_overflow=0,
        connect_args={"isolation_level": None, "check_same_thread": False, "timeout": BUSY_MS / 1000},
    )

    @event.listens_for(engine, "connect")
    def connect(connection: sqlite3.Connection, _: object) -> None:
        for pragma in (
            f"busy_timeout={BUSY_MS}",
            "journal_mode=WAL",
            f"synchronous={SYNCHRONOUS}",
            "foreign_keys=ON",
            "temp_store=MEMORY",
            "secure_delete=ON",
            f"query_only={'ON' if query_only else 'OFF'}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "checkin")
    def checkin(connection: sqlite3.Connection | None, _: object) -> None:
        if connection is not None and connection.in_transaction:  # a commit that failed leaves it open
            connection.rollback()

    return engine


def postgres(url: str) -> Engine:
    """Return an engine with a connection pool and time-outs for every wait.

    The pool doesn't check connections before use. A transaction on a lost connection runs again, and the pool is
    then replaced.
    """
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_size=POOL,
        max_overflow=0,
        pool_timeout=BUSY_MS / 1000,
        connect_args={**_SERVER, "application_name": "trailmate"},
    )

    @event.listens_for(engine, "connect")
    def connect(connection: Any, _: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SET statement_timeout = {_STATEMENT_MS}")
            cursor.execute(f"SET lock_timeout = {BUSY_MS}")
            cursor.execute(f"SET idle_in_transaction_session_timeout = {_IDLE_MS}")
        connection.commit()

    event.listen(engine, "handle_error", _hide_values)
    return engine


@contextmanager
def snapshot(url: str) -> Iterator[Connection]:
    """Open an existing database in one long read transaction (snapshot), while others may write.

    Raises:
        Unreachable: it can't be opened, or the SQLite file doesn't exist.
    """
    if is_sqlite(url):
        if not sqlite_file(url).is_file():
            raise Unreachable(f"There is no database {sqlite_file(url)}.")
        engine = sqlite_reader(url)
    else:
        engine = single(url).execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    try:
        connection = engine.connect()
    except Exception as error:  # noqa: BLE001  (whatever keeps us from connecting is told alike)
        raise unreachable(error) from None
    try:
        with connection:
            yield connection
    finally:
        engine.dispose()


def single(url: str) -> Engine:
    """Return an engine for migrations and locks, without a pool or time-outs; SQLite begins transactions explicitly."""
    if not is_sqlite(url):
        engine = create_engine(url, hide_parameters=True, poolclass=NullPool, connect_args=dict(_SERVER))
        event.listen(engine, "handle_error", _hide_values)
        return engine
    make_file(sqlite_file(url))
    engine = create_engine(url, hide_parameters=True, poolclass=NullPool, connect_args={"isolation_level": None})
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA secure_delete=ON"))
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def _hide_values(context: ExceptionContext) -> None:
    """Cut an error to its first line, because PostgreSQL's DETAIL contains the row, which must not be logged."""
    for error in (context.original_exception, context.sqlalchemy_exception):
        if error is not None and error.args and isinstance(error.args[0], str):
            with suppress(AttributeError):
                error.args = (error.args[0].split("\n", 1)[0], *error.args[1:])


def is_rolled_back(error: BaseException) -> bool:
    """Whether the error proves that the transaction was rolled back, so that it may run again."""
    return isinstance(error, DBAPIError) and _sqlstate(error) in _ROLLED_BACK


def is_busy(error: BaseException) -> bool:
    """Whether a lock, a statement or a connection timed out."""
    if isinstance(error, PoolTimeout):
        return True
    if not isinstance(error, DBAPIError):
        return False
    if isinstance(error.orig, sqlite3.Error):
        code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF
        return code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
    return _sqlstate(error) in _TOO_LONG


def is_lost(error: BaseException) -> bool:
    """Whether the connection to the server was lost or never established."""
    if isinstance(error, OSError):
        return True
    if not isinstance(error, DBAPIError) or isinstance(error.orig, sqlite3.Error):
        return False
    if error.connection_invalidated:
        return True
    state = _sqlstate(error)
    return isinstance(error, OperationalError | InterfaceError) and (state in _LOST or str(state).startswith("08"))


def is_broken_off(error: BaseException) -> bool:
    """Whether the server connection was lost, by an error of SQLAlchemy or of the driver."""
    if isinstance(error, DBAPIError):
        return is_lost(error)
    driver = sys.modules.get("psycopg")  # whoever has not loaded it speaks with no server
    if driver is None or not isinstance(error, driver.OperationalError | driver.InterfaceError):
        return False
    return error.sqlstate in _LOST or str(error.sqlstate).startswith("08")


def _sqlstate(error: DBAPIError) -> str | None:
    return getattr(error.orig, "sqlstate", None)
