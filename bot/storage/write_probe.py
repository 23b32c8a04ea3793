"""Check whether a database is writable, without changing it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from contextlib import suppress

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from bot.storage import engine as engines
from bot.storage import faults
from bot.storage.faults import StorageFault

LEAST_FREE = 20_000_000
"""Least free bytes on the disk: a week of a busy group, and the write-ahead log."""


def probe(url: str) -> StorageFault | None:
    """Return the fault that would keep the bot from using an existing database; None if there is none."""
    try:
        fault = _look(url)
    except (DBAPIError, OSError) as error:
        if engines.is_busy(error):  # somebody writes, so it can be written
            return None
        fault = faults.diagnose(error)
        if engines.is_sqlite(url):
            fault = faults.refine_fault(fault, engines.sqlite_file(url))
        return fault or (faults.AWAY if engines.is_lost(error) else faults.CANNOT_OPEN)
    return fault


def is_over(fault: StorageFault, engines_of: Mapping[bool, Engine]) -> bool:
    """Check with a test write whether a fault is over; another commit may have written nothing.

    Args:
        engines_of: the engines, by whether they write.
    """
    writer = engines_of[True]
    with suppress(DBAPIError, OSError):
        if fault == faults.CORRUPT:
            return writer.dialect.name != "sqlite" or _is_whole(engines_of[False])
        with writer.begin() as connection:
            if writer.dialect.name != "sqlite":
                return connection.exec_driver_sql("SHOW transaction_read_only").scalar() != "on"
            _write_back(connection)
        return True
    return False


def is_whole(url: str) -> bool:
    """Whether a SQLite file is intact, checked on a connection without a page cache."""
    engine = engines.sqlite_reader(url)
    try:
        return _is_whole(engine)
    except DBAPIError:
        return False
    finally:
        engine.dispose()


def _is_whole(engine: Engine) -> bool:
    with engine.connect() as connection:
        return bool(connection.exec_driver_sql("PRAGMA quick_check(1)").scalar() == "ok")


def _write_back(connection: Connection) -> None:
    version = connection.exec_driver_sql("PRAGMA user_version").scalar()
    connection.exec_driver_sql(f"PRAGMA user_version={version}")


def _look(url: str) -> StorageFault | None:
    if engines.is_sqlite(url) and not os.access(engines.sqlite_file(url).parent, os.W_OK):
        return faults.READ_ONLY  # SQLite itself says that it cannot open the file
    engine = engines.single(url)
    try:
        with engine.connect() as connection:
            if not engines.is_sqlite(url):
                is_frozen = connection.exec_driver_sql("SHOW transaction_read_only").scalar() == "on"
                return faults.READ_ONLY if is_frozen else None
            if shutil.disk_usage(engines.sqlite_file(url).parent).free < LEAST_FREE:
                return faults.FULL
            if connection.exec_driver_sql("PRAGMA quick_check(1)").scalar() != "ok":
                return faults.CORRUPT
            _write_back(connection)  # a transaction that is to write begins with the lock
            connection.rollback()
            return None
    finally:
        engine.dispose()
