"""Fill a database from a backup or another database, atomically."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Collection, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Connection, inspect
from sqlalchemy.exc import SQLAlchemyError

from bot.base import fsync
from bot.maintenance import migrate
from bot.maintenance.backup import TELL_EVERY, BackupError, Tell
from bot.maintenance.table_rows import Row, RowSource, TableChecksum, Tables, TableShape, line_of
from bot.storage import engine as engines
from bot.storage.faults import diagnose

Finish = Callable[[Connection], None]
_PARTS = ("-wal", "-shm", "-journal")
_WHOLE = ".whole"
GONE = "I lost the database server. Nothing was changed. Check that it runs, then try again."


@dataclass(frozen=True)
class Target:
    """The database to fill.

    Args:
        tables: the names of all tables of this version.
    """

    url: str
    tables: Collection[str]

    @property
    def new(self) -> Path:
        """The temporary file for a new SQLite database."""
        file = engines.sqlite_file(self.url)
        return file.with_name(f"{file.name}.restoring")

    def is_empty(self) -> bool:
        """Whether the database has no data; an unreadable file is not empty."""
        if engines.is_sqlite(self.url):
            file = engines.sqlite_file(self.url)
            if not file.exists() or not file.stat().st_size:
                return True
        with engines.snapshot(self.url) as connection:
            try:
                return not any(Tables(connection, self.tables).counts.values())
            except SQLAlchemyError:
                return False

    def fill(self, source: RowSource, tell: Tell, finish: Finish, *, kept: Path | None = None) -> None:
        """Replace all data with that of a source, migrated to this version.

        If the process dies midway, the database is unchanged.

        Args:
            tell: reports progress; each row is written and read back.
            finish: further changes in the same transaction, with foreign keys enforced.
            kept: the new name of the old SQLite file.

        Raises:
            BackupError: the rows don't fit the tables, a checksum differs, or the disk is full.
        """
        try:
            self._fill(source, tell, finish, kept)
        except Exception as error:
            if engines.is_broken_off(error):
                raise BackupError(GONE) from error
            if (fault := diagnose(error)) is None:
                raise
            raise BackupError(f"{fault.fix} Nothing was changed.") from error

    def _fill(self, source: RowSource, tell: Tell, finish: Finish, backup: Path | None) -> None:
        if engines.is_sqlite(self.url):
            with _making(self.new) as connection:
                _load(connection, source, tell)
            _finish(self.new, finish)
            put_in_place(self.new, engines.sqlite_file(self.url), backup)
            return
        engine = engines.single(self.url)
        try:
            with engine.begin() as connection:
                _drop(connection, {*self.tables, *(shape.name for shape in source.shapes), migrate.VERSION_TABLE})
                _load(connection, source, tell)
                finish(connection)
        finally:
            engine.dispose()


def put_in_place(new: Path, file: Path, backup: Path | None) -> None:
    """Replace a SQLite file by another atomically; a process killed before that leaves the old one.

    Args:
        backup: the new name of the old file; None deletes it.
    """
    _settle(new)
    if file.exists():
        log = file.with_name(f"{file.name}-wal")
        if backup is not None and log.exists():  # the file may be too damaged to checkpoint its log
            _copy(log, backup.with_name(f"{backup.name}-wal"))
        is_whole = _settle(file)
        if backup is not None:
            _keep(file, backup)
            if is_whole:
                backup.with_name(f"{backup.name}-wal").unlink(missing_ok=True)
            fsync.sync_folder(file.parent)
        for part in _PARTS:  # SQLite would apply these to the new file
            file.with_name(file.name + part).unlink(missing_ok=True)
        fsync.sync_folder(file.parent)  # the deletion must survive a power cut for the same reason
    fsync.put(new, file)


def _keep(file: Path, backup: Path) -> None:
    """Hard-link a file to a second name, so that it always has at least one name."""
    try:
        os.link(file, backup)
    except OSError:  # a file system without links
        _copy(file, backup)


def _copy(file: Path, to: Path) -> None:
    shutil.copy2(file, to)
    fsync.sync(to)


def _settle(file: Path) -> bool:
    """Checkpoint a SQLite file's log and sync it to disk; return whether that worked."""
    mode = None
    with suppress(sqlite3.Error), closing(sqlite3.connect(file)) as opened:
        mode = opened.execute("PRAGMA journal_mode=DELETE").fetchone()[0]
    fsync.sync(file)
    return mode == "delete"


@contextmanager
def _making(new: Path) -> Iterator[Connection]:
    """Create a SQLite file in one transaction without durability; delete it on any error."""
    _remove(new)
    with _open_new(new, are_keys_kept=False) as connection:
        yield connection


@contextmanager
def _open_new(new: Path, *, are_keys_kept: bool) -> Iterator[Connection]:
    keys = "ON" if are_keys_kept else "OFF"
    engine = engines.single(f"sqlite:///{new}")
    try:
        with engine.connect() as connection:
            driver = connection.connection.driver_connection
            assert driver is not None
            for pragma in ("journal_mode=MEMORY", "synchronous=OFF", "cache_size=-65536", f"foreign_keys={keys}"):
                driver.execute(f"PRAGMA {pragma}")
            with connection.begin():
                yield connection
    except BaseException:
        engine.dispose()
        _remove(new)
        raise
    engine.dispose()


def _finish(new: Path, finish: Finish) -> None:
    """Run `finish` on a filled SQLite file, then VACUUM it to erase deleted rows.

    A separate transaction, because SQLite can turn foreign keys on only between transactions.
    """
    with _open_new(new, are_keys_kept=True) as connection:
        finish(connection)
        migrate.check_references(connection)
    whole = new.with_name(f"{new.name}{_WHOLE}")
    try:
        engines.make_file(whole)
        with closing(sqlite3.connect(new)) as opened:
            opened.execute("VACUUM INTO ?", (str(whole),))
        whole.replace(new)
    except BaseException:
        _remove(new)
        raise


def _remove(file: Path) -> None:
    for part in ("", *_PARTS, _WHOLE):
        file.with_name(file.name + part).unlink(missing_ok=True)


def _drop(connection: Connection, names: Collection[str]) -> None:
    """Drop those of the tables that exist; foreign tables stay."""
    quote = connection.dialect.identifier_preparer.quote
    if there := sorted({*names} & {*inspect(connection).get_table_names()}):
        connection.exec_driver_sql(f"DROP TABLE {', '.join(map(quote, there))} CASCADE")


def _load(connection: Connection, source: RowSource, tell: Tell) -> None:
    migrate.make(connection, source.revision)
    theirs = {shape.name: shape for shape in source.shapes}
    tables = Tables(connection, theirs)
    if strange := _compare_shapes(source, tables):
        raise BackupError(f"The tables {', '.join(strange)} don't belong to revision {source.revision}.")
    total = 2 * sum(source.counts.values())
    sent, done = dict[str, TableChecksum](), 0
    # tables in order of their foreign keys, columns in the source's order, which differs between migrations
    shapes = [replace(theirs[shape.name], keys=shape.keys) for shape in tables.shapes]
    for shape in shapes:
        sent[shape.name] = TableChecksum()
        _write(
            tables,
            shape,
            _count_rows(source.rows(theirs[shape.name]), sent[shape.name], _offset_progress(done, total, tell)),
        )
        tables.count_from(shape, source.counter(theirs[shape.name]))
        done += sent[shape.name].rows
    for shape in shapes:
        arrived = TableChecksum()
        for _ in _count_rows(tables.rows(shape), arrived, _offset_progress(done, total, tell)):
            pass
        if arrived != sent[shape.name]:
            raise BackupError(f"{shape.name} arrived with {arrived.rows} of {sent[shape.name].rows} rows.")
        done += arrived.rows
    if source.revision != migrate.head():
        migrate.make(connection)
    migrate.check_references(connection)
    tell(total, total)


def _offset_progress(done: int, total: int, tell: Tell) -> Callable[[int], None]:
    return lambda more: tell(done + more, total)


def _compare_shapes(source: RowSource, tables: Tables) -> list[str]:
    ours = {shape.name: {*shape.columns} for shape in tables.shapes}
    return sorted(shape.name for shape in source.shapes if ours.get(shape.name) != {*shape.columns})


def _write(tables: Tables, shape: TableShape, rows: Iterator[Row]) -> None:
    try:
        tables.write(shape, rows)
    except BackupError:
        raise
    except Exception as error:
        if diagnose(error) is not None or engines.is_broken_off(error):
            raise
        reason = str(getattr(error, "orig", None) or error).split("\n", 1)[0]
        raise BackupError(f"{shape.name} can't be stored there: {reason}. Nothing was changed.") from error


def _count_rows(rows: Iterator[Row], into: TableChecksum, tell: Callable[[int], None]) -> Iterator[Row]:
    for row in rows:
        into.add(line_of(row))
        if not into.rows % TELL_EVERY:
            tell(into.rows)
        yield row
