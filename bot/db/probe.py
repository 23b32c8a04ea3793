"""Whether the bot could keep anything in a database, found out without keeping anything."""

from __future__ import annotations

import os
import shutil

from sqlalchemy.exc import DBAPIError

from bot.db import engine as engines
from bot.db import faults
from bot.db.faults import Fault

LEAST_FREE = 20_000_000
"""Bytes: a week of a busy group, and room for the write-ahead log."""


def probe(url: str) -> Fault | None:
    """Return what would keep the bot from working on a database that is there; None if nothing was found."""
    try:
        fault = _look(url)
    except (DBAPIError, OSError) as error:
        if engines.is_busy(error):  # somebody writes, so it can be written
            return None
        return faults.diagnose(error) or (faults.AWAY if engines.is_lost(error) else faults.CANNOT_OPEN)
    return fault


def _look(url: str) -> Fault | None:
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
            # a transaction that is to write begins with the lock; this one writes its page back as it was
            version = connection.exec_driver_sql("PRAGMA user_version").scalar()
            connection.exec_driver_sql(f"PRAGMA user_version={version}")
            connection.rollback()
            return None
    finally:
        engine.dispose()
