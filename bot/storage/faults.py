"""What can be wrong with the place where the database is kept, told to people, and to whoever can mend it."""

from __future__ import annotations

import errno
import os
import sqlite3
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

from sqlalchemy.exc import DBAPIError

from bot.messages.errors import Busy


@dataclass(frozen=True)
class StorageFault:
    """One thing that is wrong.

    Args:
        name: two or three words, for /healthz.
        told: a sentence for the person whose message could not be kept.
        mend: what whoever runs the bot can do, in sentences.
    """

    name: str
    told: str
    mend: str


class StorageTrouble(Busy):
    """Nothing was kept, because of a fault that somebody has to mend."""

    def __init__(self, fault: StorageFault) -> None:
        super().__init__(fault.told)
        self.fault = fault


def _fault(name: str, what: str, mend: str) -> StorageFault:
    return StorageFault(
        name, f"{what}, so nothing was kept. Whoever runs me has to mend that; please try again later.", mend
    )


MOVED = _fault(
    "moved away",
    "My database file was moved away",
    "The database file is no longer where it was opened, and nothing has been kept since. "
    "Put that same file back, with its -wal file, or stop the bot, put a backup in its place, and start it again.",
)
FULL = _fault("disk full", "My disk is full", "The disk of the database is full: make room on it.")
READ_ONLY = _fault(
    "read-only",
    "I may not write to my database",
    "The database or its folder cannot be written: give the user who runs the bot the right to write both, "
    "and see whether their disk is mounted read-only, or has turned so over an error.",
)
STANDBY = _fault(
    "read-only",
    "My database takes no writes",
    "The database server takes no writes: see whether it is a standby, or whether default_transaction_read_only is on.",
)
CORRUPT = _fault(
    "damaged",
    "My database is damaged",
    "The database file is damaged: stop the bot, keep a copy of the file, and put a backup in its place, "
    "or have trailmate db check --repair save what can be read.",
)
NOT_ALLOWED = _fault(
    "not permitted",
    "I may not do that in my database",
    "The database's user may not do that. In psql, as who owns the database or as postgres, type "
    "GRANT ALL ON SCHEMA public TO USER; or ALTER DATABASE NAME OWNER TO USER; "
    "with USER and NAME as TRAILMATE_DATABASE_URL has them.",
)
NO_HANDLES = _fault(
    "out of file handles",
    "I have too many files open",
    "The process may open no more files: raise its limit (`ulimit -n`, LimitNOFILE=) and look at who connects to it.",
)
CANNOT_OPEN = _fault(
    "cannot be opened",
    "I cannot open my database",
    "The database file cannot be opened: see whether it is there, and belongs to the user who runs the bot.",
)
DISK_ERROR = _fault(
    "disk error", "My disk reports errors", "Reading or writing the database failed: look at the disk and its cable."
)
AWAY = StorageFault(
    "unreachable",
    "My database cannot be reached, so nothing was kept. Please try again in a minute.",
    "The database server does not answer: see whether it runs, and whether TRAILMATE_DATABASE_URL is right.",
)
_BY_SQLITE = {
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_PERM: READ_ONLY,
    sqlite3.SQLITE_CORRUPT: CORRUPT,
    sqlite3.SQLITE_NOTADB: CORRUPT,
    sqlite3.SQLITE_CANTOPEN: CANNOT_OPEN,
    sqlite3.SQLITE_IOERR: DISK_ERROR,
}
_BY_ERRNO = {
    errno.ENOSPC: FULL,
    errno.EDQUOT: FULL,
    errno.EROFS: READ_ONLY,
    errno.EACCES: READ_ONLY,
    errno.EPERM: READ_ONLY,
    errno.EMFILE: NO_HANDLES,
    errno.ENFILE: NO_HANDLES,
    errno.EIO: DISK_ERROR,
}
_BY_SQLSTATE = {
    "53100": FULL,
    "42501": NOT_ALLOWED,
    "3F000": NOT_ALLOWED,
    "25006": STANDBY,
    "XX001": CORRUPT,
    "XX002": CORRUPT,
    "58030": DISK_ERROR,
}


def diagnose(error: BaseException) -> StorageFault | None:
    """Return the fault of storage that an error comes from; None for any other error."""
    if isinstance(error, OSError):
        return _BY_ERRNO.get(error.errno or 0)
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        code = getattr(cause, "sqlite_errorcode", 0)
        # where there is no room for the log's index, SQLite says "I/O error"
        fault = FULL if code == sqlite3.SQLITE_IOERR_SHMSIZE else _BY_SQLITE.get(code & 0xFF)
        # SQLite says "cannot open" or "I/O error" also where the process has no handle left
        return NO_HANDLES if fault in (CANNOT_OPEN, DISK_ERROR) and _is_out_of_handles() else fault
    return _BY_SQLSTATE.get(str(getattr(cause, "sqlstate", None)))


def looked_at(fault: StorageFault | None, file: Path) -> StorageFault | None:
    """Return a fault of a SQLite file, looked at its disk: SQLite calls it an error where that has turned read-only."""
    return READ_ONLY if fault is DISK_ERROR and not _takes_writes(file) else fault


def _takes_writes(file: Path) -> bool:
    """Return whether a file may be written; it is not opened, since to close it would give up SQLite's locks."""
    try:
        with TemporaryFile(dir=file.parent):
            return os.access(file, os.W_OK)
    except OSError as error:
        return error.errno not in (errno.EROFS, errno.EACCES, errno.EPERM)


def _is_out_of_handles() -> bool:
    """Return whether there are no handles for a database, its log, the log's index and a journal at once."""
    with ExitStack() as opened:
        try:
            for _ in range(4):
                opened.callback(os.close, os.open(os.devnull, os.O_RDONLY))
        except OSError as error:
            return error.errno in (errno.EMFILE, errno.ENFILE)
    return False


class DatabaseFile:
    """Knows which file a path led to when it was opened, and whether it still leads there.

    A file that is renamed or removed stays open, and takes commits that nobody will find: only the path can tell.
    """

    def __init__(self, path: Path) -> None:
        self._path, self._log = path, path.with_name(path.name + "-wal")
        self._known: tuple[int, int] | None = None
        self._size = 0
        self._known_log: tuple[int, int] | None = None

    def note(self) -> None:
        """Remember the files that are there now; a write-ahead log is known from its first commit on."""
        self._known, self._known_log = _identity(self._path), _identity(self._log)
        self.note_size()

    def note_size(self) -> None:
        """Take the database file to be as long as it should be."""
        self._size = _size(self._path)

    def has_shrunk(self) -> bool:
        """Return whether the database file is shorter than it ever was: cut short, or vacuumed. About 1 µs."""
        size = _size(self._path)
        self._size = max(size, self._size)
        return size < self._size

    def forget_log(self) -> None:
        """Take the write-ahead log to be a new one: SQLite makes it anew when the last connection has gone."""
        self._known_log = None

    def is_same(self) -> bool:
        """Return whether the database and its write-ahead log are the files that were opened. About 3 µs."""
        if _identity(self._path) != self._known:
            return False
        if self._known_log is None:
            self._known_log = _identity(self._log)
        return _identity(self._log) == self._known_log


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
