"""How groups begin, lived once for each way in which they do.

Most dialogues begin alike, and to begin takes as long as twenty lines of a conversation. So what the first one leaves
is kept for those that begin in the same way, in the same process.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.messages.reply import Reply

KEPT = TemporaryDirectory(prefix="trailmate-kept-")
"""Holds the databases from which worlds begin, until the last test is over."""


@dataclass(frozen=True)
class Beginning:
    """What a beginning left.

    Args:
        database: a copy of all that was stored.
        at: the instant at which it ended.
        last: what each person was told last.
        asked: the rooms of each question to a platform.
        reply: what came of it.
    """

    database: Path
    at: datetime
    last: dict[str, Reply]
    asked: list[set[str]]
    reply: Reply | None


@dataclass
class Changes:
    """Whether the test that runs may have changed the code; then what its beginning left is its own."""

    are_there: bool = False


CHANGES = Changes()
BEGINNINGS: dict[str, Beginning] = {}
"""What is kept, by how it came about."""


def is_unwritten(database: Path) -> bool:
    """Whether nothing was written into a database since it was opened."""
    log = database.with_name(database.name + "-wal")
    return not log.exists() or not log.stat().st_size


def keep(database: Path) -> Path | None:
    """Copy a database that is in use; None where an edit was sent: when the next may follow is told by real time."""
    kept = Path(KEPT.name, f"beginning-{len(BEGINNINGS)}.db")
    with closing(sqlite3.connect(database)) as theirs, closing(sqlite3.connect(kept)) as ours:
        theirs.backup(ours)
        edits: int = ours.execute("SELECT count(*) FROM outbox WHERE action = 'edit'").fetchone()[0]
    return None if edits else kept


def put_back(kept: Path, database: Path) -> None:
    """Have a database that is in use hold what was kept."""
    with closing(sqlite3.connect(kept)) as ours, closing(sqlite3.connect(database)) as theirs:
        ours.backup(theirs)
