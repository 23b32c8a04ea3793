"""The database lock: one process on SQLite, several on PostgreSQL, or one exclusively for a restore."""

from __future__ import annotations

import asyncio
import concurrent.futures
import logging
import os
import socket
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO, Self

from sqlalchemy import Connection, Engine, text

from bot.base.thread_pool import run_in_thread
from bot.storage import engine as engines

PATIENCE_S = 5.0
_PARTING_S = 0.5
log = logging.getLogger(__name__)
_LOCK = 0x7472_6C6B
_FAR = 1 << 20
"""Offset of the lock in the file on Windows, beyond the process id, which others must be able to read."""


class AlreadyRunning(Exception):
    """Another process holds the lock; the text names it."""


class Lock:
    """A lock that is released when the object is closed or the process dies.

    SQLite: a lock file beside the database. PostgreSQL: an advisory lock on its own connection, shared by running
    processes.

    Args:
        alone: take the lock exclusively, to replace the whole database.
    """

    def __init__(self, url: str, *, alone: bool = False) -> None:
        self._url, self._alone = url, alone
        self._is_wanted = False
        self._file: IO[str] | None = None
        self._engine: Engine | None = None
        self._connection: Connection | None = None

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def acquire(self) -> None:
        """Take the lock; AlreadyRunning if another process holds it."""
        self._is_wanted = True
        if engines.is_sqlite(self._url):
            self._acquire_file(engines.sqlite_file(self._url))
        else:
            self._acquire_server()

    def is_held(self) -> bool:
        """Whether this process holds the lock; a lock lost with its connection is taken again if it is free."""
        if self._file is not None or not self._is_wanted:
            return self._file is not None
        if self._connection is not None:
            with suppress(Exception):
                self._connection.execute(text("SELECT 1"))
                return True
            self._disconnect()
        try:
            if self._is_wanted:
                self._acquire_server()
        except Exception:  # noqa: BLE001  (the next look tries again)
            return False
        return self._connection is not None

    def release(self) -> None:
        """Release the lock; the lock file stays, empty."""
        if self._file is not None:
            with suppress(OSError):  # on a disk that takes no writes any more; who is dead holds no lock
                self._file.truncate(0)
            self._file.close()
            self._file = None
        self._is_wanted = False
        self._disconnect()

    def _disconnect(self) -> None:
        """Close the connection; one that hangs is abandoned, and the lock is freed when the process ends."""
        connection, engine = self._connection, self._engine
        self._connection = self._engine = None

        def part() -> None:
            if connection is not None:
                with suppress(Exception):
                    connection.close()
            if engine is not None:
                engine.dispose()

        concurrent.futures.wait({run_in_thread(part)}, timeout=_PARTING_S)

    def _acquire_file(self, database: Path) -> None:
        path = _lock_path(database)
        is_missed = path.exists() and (not database.exists() or database.stat().st_size == 0)
        is_new = not path.exists()
        engines.make_file(path)
        try:
            file = path.open("a+", encoding="ascii")
        except OSError as error:
            raise engines.unreachable(error) from None
        if not _lock_file(file):
            file.seek(0)
            holder = file.read(20).strip()
            file.close()
            who = f"process {holder}" if holder.isdigit() else "another process"
            raise AlreadyRunning(f"{_format_refusal(who)} Or use another data directory.")
        try:
            if os.fstat(file.fileno()).st_size:
                file.truncate(0)
            file.write(f"{os.getpid()}\n")
            file.flush()
        except OSError as error:
            with suppress(OSError):  # what could not be written is tried again as the file is closed
                file.close()
            if is_new:
                path.unlink(missing_ok=True)
            raise engines.unreachable(error) from None
        self._file = file
        if is_missed:
            log.warning(
                "There is no %s, or nothing in it, although the bot has run here before (%s is left of it): "
                "it begins with an empty one. If you did not mean that, stop it, put the file back and start again.",
                database,
                path.name,
            )

    def _acquire_server(self) -> None:
        self._engine = engines.single(self._url).execution_options(isolation_level="AUTOCOMMIT")
        try:
            self._connection = self._engine.connect()
        except Exception as error:  # noqa: BLE001  (whatever keeps us from connecting is told alike)
            self._disconnect()
            raise engines.unreachable(error) from None
        me = f"trailmate {os.getpid()} on {socket.gethostname()}"[:60]
        self._connection.execute(text("SELECT set_config('application_name', :me, false)"), {"me": me})
        take = "pg_try_advisory_lock" if self._alone else "pg_try_advisory_lock_shared"
        if self._connection.scalar(text(f"SELECT {take}(:lock)"), {"lock": _LOCK}):
            return
        holders = self._connection.scalars(
            text(
                "SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid "
                "WHERE l.locktype = 'advisory' AND l.granted AND l.objid = :lock AND l.objsubid = 1 "
                "AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) ORDER BY 1"
            ),
            {"lock": _LOCK},
        ).all()
        self._disconnect()
        who = (
            ", ".join(str(holder).replace("trailmate", "process") for holder in holders if holder) or "another process"
        )
        raise AlreadyRunning(_format_refusal(who) if self._alone else _ALONE.format(who))


def is_in_use(database: Path) -> bool:
    """Whether a process holds the lock of a SQLite database, which itself may be missing; creates no file."""
    try:
        with _lock_path(database).open("r+", encoding="ascii") as file:
            return not _lock_file(file)
    except OSError:
        return False


class Watch:
    """Checks on a thread whether the lock is still held: after a server restart, another process may have taken it.

    Args:
        patience_s: a check that takes longer counts as a lost lock.
    """

    def __init__(self, lock: Lock, patience_s: float = PATIENCE_S) -> None:
        self._lock, self._patience_s = lock, patience_s
        self._looking: asyncio.Future[bool] | None = None
        self.is_held = True

    async def look(self) -> bool:
        """Check once; waits for a check that is still running instead of starting another."""
        self._looking = self._looking or asyncio.wrap_future(run_in_thread(self._lock.is_held))
        done, _ = await asyncio.wait({self._looking}, timeout=self._patience_s)
        is_held = bool(done) and self._looking.result()
        if done:
            self._looking = None
        if is_held != self.is_held:
            self.is_held = is_held
            log.warning(
                "the lock on the database is %s", "ours again" if is_held else "lost: nothing is sent meanwhile"
            )
        return is_held


def _lock_path(database: Path) -> Path:
    return database.with_name(database.name + ".lock")


_ALONE = "Another program holds this database ({}), such as a restore. Start again when it's done."


def _format_refusal(who: str) -> str:
    return f"Trailmate is already running on this database ({who}). Stop that one first."


def _lock_file(file: IO[str]) -> bool:
    """Lock an open file without waiting; False if another process has it."""
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(_FAR)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
