"""Storage faults such as a full disk, with a sentence for people and a fix for the operator."""

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
    """A storage fault.

    Args:
        name: two or three words, for /healthz.
        sentence: a sentence for the person whose change couldn't be saved.
        fix: how the operator can fix it, in sentences.
    """

    name: str
    sentence: str
    fix: str


class StorageTrouble(Busy):
    """Nothing was saved because of a fault that the operator has to fix."""

    def __init__(self, fault: StorageFault) -> None:
        super().__init__(fault.sentence)
        self.fault = fault


def _make_fault(name: str, what: str, fix: str) -> StorageFault:
    return StorageFault(
        name, f"{what}, so I saved nothing. The bot's operator has to fix this. Please try again later.", fix
    )


MOVED = _make_fault(
    "moved away",
    "My database file was moved away",
    "The database file was moved, and I've saved nothing since. "
    "Put the same file back, with its -wal file. Or stop the bot, restore a backup, and start it again.",
)
FULL = _make_fault("disk full", "My disk is full", "The database's disk is full. Free some space.")
READ_ONLY = _make_fault(
    "read-only",
    "I can't write to my database",
    "The database or its folder is not writable. Give the bot's user write access to both, "
    "and check if the disk is mounted read-only.",
)
STANDBY = _make_fault(
    "read-only",
    "My database is read-only",
    "The database server is read-only. Check if it is a standby, or if default_transaction_read_only is on.",
)
RECOVER = (
    'If you have no backup of a SQLite file, copy what is readable: sqlite3 OLD ".recover --ignore-freelist" | '
    "sqlite3 NEW. docs/operations.md has the steps."
)
CORRUPT = _make_fault(
    "damaged",
    "My database is damaged",
    f"The database file is damaged. Stop the bot, copy the file, and restore a backup. {RECOVER}",
)
NOT_ALLOWED = _make_fault(
    "not permitted",
    "My database doesn't allow this",
    "The database's user lacks permissions. In psql, as the database's owner or as postgres, type "
    "GRANT ALL ON SCHEMA public TO USER; or ALTER DATABASE NAME OWNER TO USER; "
    "with USER and NAME from TRAILMATE_DATABASE_URL.",
)
NO_HANDLES = _make_fault(
    "out of file handles",
    "I have too many files open",
    "The process has reached its limit of open files. Raise it (`ulimit -n`, LimitNOFILE=) and check who connects.",
)
CANNOT_OPEN = _make_fault(
    "cannot be opened",
    "I cannot open my database",
    "I can't open the database file. Check that it exists and belongs to the bot's user.",
)
DISK_ERROR = _make_fault(
    "disk error", "My disk reports errors", "Reading or writing the database failed. Check the disk and its cable."
)
AWAY = StorageFault(
    "unreachable",
    "I can't reach my database, so I saved nothing. Please try again in a minute.",
    "The database server doesn't answer. Check that it runs, and check TRAILMATE_DATABASE_URL.",
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
    """Return the storage fault that caused an error; None for any other error."""
    if isinstance(error, OSError):
        return _BY_ERRNO.get(error.errno or 0)
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        code = getattr(cause, "sqlite_errorcode", 0)
        # SQLite reports "I/O error" if the disk has no room for the log's index
        fault = FULL if code == sqlite3.SQLITE_IOERR_SHMSIZE else _BY_SQLITE.get(code & 0xFF)
        # SQLite also reports "cannot open" or "I/O error" if the process has no file handle left
        return NO_HANDLES if fault in (CANNOT_OPEN, DISK_ERROR) and _is_out_of_handles() else fault
    return _BY_SQLSTATE.get(str(getattr(cause, "sqlstate", None)))


def refine_fault(fault: StorageFault | None, file: Path) -> StorageFault | None:
    """Return READ_ONLY instead of DISK_ERROR if the file's disk is read-only, which SQLite reports as a disk error."""
    return READ_ONLY if fault is DISK_ERROR and not _takes_writes(file) else fault


def _takes_writes(file: Path) -> bool:
    """Whether a file is writable, without opening it: closing it would release SQLite's locks."""
    try:
        with TemporaryFile(dir=file.parent):
            return os.access(file, os.W_OK)
    except OSError as error:
        return error.errno not in (errno.EROFS, errno.EACCES, errno.EPERM)


def _is_out_of_handles() -> bool:
    """Whether too few file handles are left for a database, its log, the log's index and a journal."""
    with ExitStack() as opened:
        try:
            for _ in range(4):
                opened.callback(os.close, os.open(os.devnull, os.O_RDONLY))
        except OSError as error:
            return error.errno in (errno.EMFILE, errno.ENFILE)
    return False


class DatabaseFile:
    """Remembers the identity of a database file, to detect that it was replaced or truncated.

    A file that is renamed or deleted stays open and takes commits that are lost. Only the path reveals that.
    """

    def __init__(self, path: Path) -> None:
        self._path, self._log = path, path.with_name(path.name + "-wal")
        self._known: tuple[int, int] | None = None
        self._size = 0
        self._known_log: tuple[int, int] | None = None

    def note(self) -> None:
        """Remember the current files; a write-ahead log exists from its first commit on."""
        self._known, self._known_log = _read_identity(self._path), _read_identity(self._log)
        self.note_size()

    def note_size(self) -> None:
        """Remember the current size of the database file."""
        self._size = _read_size(self._path)

    def has_shrunk(self) -> bool:
        """Whether the database file is smaller than before, by truncation or VACUUM. About 1 µs."""
        size = _read_size(self._path)
        self._size = max(size, self._size)
        return size < self._size

    def forget_log(self) -> None:
        """Forget the write-ahead log's identity, because SQLite recreates it after the last connection closes."""
        self._known_log = None

    def is_same(self) -> bool:
        """Whether the database and its write-ahead log are still the opened files. About 3 µs."""
        if _read_identity(self._path) != self._known:
            return False
        if self._known_log is None:
            self._known_log = _read_identity(self._log)
        return _read_identity(self._log) == self._known_log


def _read_size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _read_identity(path: Path) -> tuple[int, int] | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_dev, stat.st_ino
