"""Check a damaged SQLite file and copy the readable rows to a new one."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, MetaData
from sqlalchemy.orm import Session

from bot.maintenance import migrate
from bot.maintenance.backup import BackupError, Tell
from bot.maintenance.repair import orphans
from bot.maintenance.restore import making, put_in_place
from bot.maintenance.table_rows import AT_ONCE, Tables, TableShape
from bot.messages.numerals import numbered
from bot.storage.unit_of_work import Work

_OF_AN_INDEX = re.compile(r"row \d+ missing from index|wrong # of entries in index|non-unique entry in index")
_MOST = 1 << 62
_NAMED = 20


@dataclass
class Saved:
    """The result for one table: saved rows, and id ranges that can't be read."""

    table: str
    rows: int = 0
    refused: int = 0
    gaps: list[tuple[int, int | None]] = field(default_factory=list)

    def describe(self) -> str:
        """Describe the result in one line."""
        lost = [f"rows {first} to {'the end' if last is None else last} cannot be read" for first, last in self.gaps]
        refused = [f"{numbered(self.refused, 'row')} made no sense"] if self.refused else []
        return f"{self.table}: {numbered(self.rows, 'row')} saved" + "".join(f"; {loss}" for loss in (*lost, *refused))


def look(file: Path) -> list[str]:
    """Return the first integrity errors of a SQLite file; empty if it is sound."""
    try:
        with closing(sqlite3.connect(file)) as opened:
            reports = [str(row[0]) for row in opened.execute(f"PRAGMA integrity_check({_NAMED})")]
    except sqlite3.DatabaseError as error:
        if (error.sqlite_errorcode & 0xFF) not in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise
        return [str(error)]
    lines = [line for report in reports for line in report.splitlines() if not line.startswith("***")]
    return [] if lines == ["ok"] else lines


def is_of_indexes(wrong: Sequence[str]) -> bool:
    """Whether all errors concern indexes, which can be rebuilt from their tables."""
    return all(_OF_AN_INDEX.match(line) for line in wrong)


def reindex(file: Path) -> list[str]:
    """Rebuild all indexes; return the remaining errors."""
    with closing(sqlite3.connect(file)) as opened:
        opened.execute("REINDEX")
    return look(file)


def salvage(file: Path, backup: Path, tables: MetaData, now: datetime, tell: Tell) -> list[str]:
    """Replace a damaged file by a new one with all readable rows; return a line for each table.

    Args:
        backup: the new name of the damaged file.

    Raises:
        BackupError: no row is readable.
    """
    new = file.with_name(f"{file.name}.restoring")
    with closing(sqlite3.connect(file)) as old, making(new) as connection:
        old.text_factory = lambda data: data.decode("utf-8", "replace")
        migrate.make(connection)
        there = Tables(connection, tables.tables)
        copied = list(_copy_tables(old, there, connection, tell))
        if not any(saved.rows for saved in copied):
            raise BackupError(f"I can't read anything of {file}. Restore a backup (trailmate restore FILE --replace).")
        lines = [saved.describe() for saved in copied if saved.rows or saved.gaps or saved.refused]
        with Session(bind=connection) as session:
            work = Work(session, now)
            for repair in orphans(work, tables):
                repair.run(work)
                lines.append(f"{repair.damage}: {repair.does}")
        for shape in there.shapes:
            there.count_from(shape, None)
    put_in_place(new, file, backup)
    return lines


def _copy_tables(old: sqlite3.Connection, there: Tables, connection: Connection, tell: Tell) -> Iterator[Saved]:
    for done, shape in enumerate(there.shapes):
        tell(done, len(there.shapes))
        saved = Saved(shape.name)
        rows = _read_rows(old, shape, saved)
        names = ", ".join(f'"{name}"' for name, _ in shape.columns)
        marks = ", ".join("?" * len(shape.columns))
        while batch := list(islice(rows, AT_ONCE)):
            added = connection.exec_driver_sql(
                f'INSERT OR IGNORE INTO "{shape.name}" ({names}) VALUES ({marks})',  # noqa: S608
                batch,
            ).rowcount
            saved.rows += added
            saved.refused += len(batch) - added
        yield saved


def _read_rows(old: sqlite3.Connection, shape: TableShape, saved: Saved) -> Iterator[tuple[Any, ...]]:
    """Yield the readable rows by rowid, and record the unreadable ranges."""
    names = ", ".join(f'"{name}"' for name, _ in shape.columns)
    asked = f'SELECT rowid, {names} FROM "{shape.name}" WHERE rowid > ? ORDER BY rowid'  # noqa: S608

    def first(behind: int) -> int | None:
        """Return the place of the first row behind one, 0 if there is none; None if it cannot be read."""
        try:
            row = old.execute(f"{asked} LIMIT 1", (behind,)).fetchone()
        except sqlite3.DatabaseError:
            return None
        return 0 if row is None else int(row[0])

    at = -1
    while True:
        try:
            for place, *row in old.execute(asked, (at,)):
                yield tuple(row)
                at = place
            return
        except sqlite3.DatabaseError:
            behind = _find_gap_end(first, at)
        if behind is None:
            saved.gaps.append((at + 1, None))
            return
        saved.gaps.append((at + 1, behind))
        at = behind


def _find_gap_end(first: Any, at: int) -> int | None:
    """Return the last rowid of an unreadable range; None if nothing after it is readable."""
    step = 1
    while (row := first(at + step)) is None:
        step *= 2
        if at + step > _MOST:
            return None
    if not row:
        return None
    low, high = at + step // 2, at + step  # behind `high` rows can be read, behind `low` they cannot
    while high - low > 1:
        middle = (low + high) // 2
        if first(middle) is None:
            low = middle
        else:
            high = middle
    return high
