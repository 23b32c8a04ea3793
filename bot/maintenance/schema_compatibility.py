"""Record in the database whether migrations were additive, so that an older version knows if it can run."""

from __future__ import annotations

import re
from pathlib import Path

from sqlalchemy import Connection, String, inspect, select
from sqlalchemy.orm import Mapped, mapped_column

from bot.base.files import bundled
from bot.storage.base import Base

_REVISION = re.compile(r'^revision = "(\w+)"\ndown_revision = (?:"(\w+)"|None)$', re.MULTILINE)
_NARROWS = re.compile(r"^is_additive = False$", re.MULTILINE)
LAST_COMMIT_WITH_RETIRED = "9cce79fd"
"""The last commit that can upgrade a database from a retired migration."""
RETIRED = frozenset((
    "05b77311d54e", "092c0e85a20f", "09590d0a09b5", "09a84ee53da5", "0e82d4d9e037", "111340161ed8", "1e329eac9c9f",
    "259125b2ea91", "2c8e5a91d7f4", "2c9bb4c88ba0", "2e9d8cb5a577", "388a35b8c141", "442d87e72478", "4f1b7c60d8e2",
    "4fedc2ffb28d", "502d58d54ce3", "52dfca30a6b6", "5b0c7e41d9a2", "5b1d0c7e9a42", "5c1e0a77d9b2", "5e1d0c9ab374",
    "67e291ea7f58", "68e9dd5d1dd8", "6b6cd86cf9db", "6e0b94c2d8a1", "70c03e49d850", "7b61c7d2b1f2", "7c3a91f04de2",
    "7d2f90b3c4e1", "7d40c2f1b6aa", "7eec3dd84568", "82a6a50d14fd", "833b2e4136b6", "8e8ce95fb9e3", "93e58f706bad",
    "9418b27cdbe4", "98e4c5f35421", "9bf267de8589", "9bf596b87aad", "9d3f6c2a41b7", "a3d94c07e5b8", "a6d2b8e4109f",
    "ad407a245992", "b354b917b480", "b7c41f0d2e95", "c27a2b943af9", "c41d7be02f95", "c48d1a224371", "c4a14974235c",
    "db0090d000d3", "dbca83ce8a5b", "e3480582f6e9", "f1d2a250904a", "f6e54fffb5e8", "f7b3f930fa07", "f7d04cdf7b0b",
))  # fmt: skip
"""The migrations that the current first migration replaces."""


class MigrationRow(Base):
    """An applied migration, and whether it was additive, so that an older version can still run."""

    __tablename__ = "migration"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    follows: Mapped[str | None] = mapped_column(String(32))
    is_additive: Mapped[bool]


def written(where: Path | None) -> dict[str, MigrationRow] | None:
    """Return this version's migrations by id, from the first lines of their files; None if one has another form.

    Args:
        where: the folder of migrations; the project's own by default.
    """
    migrations: dict[str, MigrationRow] = {}
    for file in ((where or bundled("migrations")) / "versions").glob("*.py"):
        text = file.read_text(encoding="utf-8")
        if (first := _REVISION.search(text)) is None:
            return None
        migrations[first[1]] = MigrationRow(id=first[1], follows=first[2], is_additive=not _NARROWS.search(text))
    return migrations


def record(connection: Connection, where: Path | None = None) -> None:
    """Record this version's migrations after they were applied, if the table exists."""
    own = (written(where) or {}).values()  # read before the transaction, which blocks others on SQLite
    if not inspect(connection).has_table(MigrationRow.__tablename__):
        return
    stored = set(connection.scalars(select(MigrationRow.id)))
    rows = [
        {"id": migration.id, "follows": migration.follows, "is_additive": migration.is_additive}
        for migration in own
        if migration.id not in stored
    ]
    if rows:
        connection.execute(MigrationRow.__table__.insert(), rows)  # type: ignore[attr-defined]


def is_beside(connection: Connection, present: set[str], where: Path | None = None) -> bool:
    """Whether a newer version migrated the database with additive migrations only.

    Args:
        present: the current revisions of the database.
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
