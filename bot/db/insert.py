"""The guarded inserts that every service uses instead of catching IntegrityError."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.db.base import Base


def insert_once(session: Session, row: type[Base], **values: object) -> int | None:
    """Insert a row unless one of its unique keys exists; return its new id, or None if one did."""
    is_postgres = session.get_bind().dialect.name == "postgresql"
    statement = (postgresql.insert(row) if is_postgres else sqlite.insert(row)).values(**values)
    chosen = statement.on_conflict_do_nothing().returning(row.__table__.c.id)
    return session.execute(chosen).scalar()


def put(session: Session, row: type[Base], rows: Sequence[Mapping[str, object]]) -> None:
    """Insert rows, or bring those that exist to the given values; each names all of its columns."""
    if not rows:
        return
    is_postgres = session.get_bind().dialect.name == "postgresql"
    statement = postgresql.insert(row) if is_postgres else sqlite.insert(row)
    keys = [column.name for column in row.__table__.primary_key]
    changed = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    session.execute(statement.on_conflict_do_update(index_elements=keys, set_=changed), [dict(one) for one in rows])
