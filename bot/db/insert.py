"""The guarded insert that every service uses instead of catching IntegrityError."""

from __future__ import annotations

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.db.base import Base


def insert_once(session: Session, row: type[Base], **values: object) -> int | None:
    """Insert a row unless one of its unique keys exists; return its new id, or None if one did."""
    is_postgres = session.get_bind().dialect.name == "postgresql"
    statement = (postgresql.insert(row) if is_postgres else sqlite.insert(row)).values(**values)
    chosen = statement.on_conflict_do_nothing().returning(row.__table__.c.id)
    return session.execute(chosen).scalar()
