"""Check a SQLite file for damage, and rebuild its indexes."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

_OF_AN_INDEX = re.compile(r"row \d+ missing from index|wrong # of entries in index|non-unique entry in index")
_NAMED = 20


def find_errors(file: Path) -> list[str]:
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


def is_of_indexes(errors: Sequence[str]) -> bool:
    """Whether all errors concern indexes, which can be rebuilt from their tables."""
    return all(_OF_AN_INDEX.match(line) for line in errors)


def reindex(file: Path) -> list[str]:
    """Rebuild all indexes; return the remaining errors."""
    with closing(sqlite3.connect(file)) as opened:
        opened.execute("REINDEX")
    return find_errors(file)
