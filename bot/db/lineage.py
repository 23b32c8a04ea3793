"""What each migration did, kept in the database, so that an older program knows whether it can work beside a newer."""

from __future__ import annotations

import re
from pathlib import Path

from sqlalchemy import Connection, String, inspect, select
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.base import Base
from bot.files import bundled

_REVISION = re.compile(r'^revision = "(\w+)"\ndown_revision = (?:"(\w+)"|None)$', re.MULTILINE)
_NARROWS = re.compile(r"^is_additive = False$", re.MULTILINE)


class MigrationRow(Base):
    """A migration that was carried out, and whether it only added what an older program can do without."""

    __tablename__ = "migration"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    follows: Mapped[str | None] = mapped_column(String(32))
    is_additive: Mapped[bool]


def written(where: Path | None) -> dict[str, MigrationRow] | None:
    """Return this program's migrations by their ids, as the first lines of files say; None if one is written otherwise.

    Args:
        where: the folder of migrations; the project's own by default.
    """
    found: dict[str, MigrationRow] = {}
    for file in ((where or bundled("migrations")) / "versions").glob("*.py"):
        text = file.read_text(encoding="utf-8")
        if (first := _REVISION.search(text)) is None:
            return None
        found[first[1]] = MigrationRow(id=first[1], follows=first[2], is_additive=not _NARROWS.search(text))
    return found


def record(connection: Connection, where: Path | None = None) -> None:
    """Keep what this program's migrations did, once they are carried out and there is a table for it."""
    own = (written(where) or {}).values()  # read first: from the next line on others wait on SQLite
    if not inspect(connection).has_table(MigrationRow.__tablename__):
        return
    kept = set(connection.scalars(select(MigrationRow.id)))
    rows = [{"id": one.id, "follows": one.follows, "is_additive": one.is_additive} for one in own if one.id not in kept]
    if rows:
        connection.execute(MigrationRow.__table__.insert(), rows)  # type: ignore[attr-defined]


def is_beside(connection: Connection, present: set[str], where: Path | None = None) -> bool:
    """Whether a newer program has brought the database to where it is, and all that it did was to add.

    Args:
        present: the revisions at which the database is.
    """
    known = written(where) or {}
    ahead = present - set(known)
    if not ahead or not inspect(connection).has_table(MigrationRow.__tablename__):
        return False
    did = {row.id: row for row in connection.execute(select(MigrationRow.__table__))}
    while ahead:
        row = did.get(ahead.pop())
        if row is None or not row.is_additive or row.follows is None:
            return False
        if row.follows not in known:
            ahead.add(row.follows)
    return True
