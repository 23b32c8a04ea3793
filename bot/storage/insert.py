"""Conflict-safe inserts and upserts, used instead of catching IntegrityError."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cache

from sqlalchemy import ColumnElement, Index, Table, UniqueConstraint
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningInsert

from bot.storage.base import Base
from bot.storage.read_cache import drop_cached

Made = postgresql.Insert | sqlite.Insert


def insert_once(session: Session, row: type[Base], **values: object) -> int | None:
    """Insert a row unless one with its key exists; return its new id, or None if one does.

    The key is the unique constraint of which every column is given. Any other conflict, such as on the id, is raised.
    """
    session.flush()
    drop_cached(session, row)
    key = _key(row, frozenset(name for name, value in values.items() if value is not None))
    return session.connection().execute(_build_insert_once(row, _dialect_name(session), key), values).scalar()


def insert(session: Session, row: type[Base], **values: object) -> int:
    """Insert a row, bypassing the ORM, and return its id."""
    session.flush()
    drop_cached(session, row)
    return session.connection().execute(_build_insert(row, _dialect_name(session)), values).scalar_one()


def put(
    session: Session, row: type[Base], rows: Sequence[Mapping[str, object]], *, left_alone: Collection[str] = ()
) -> None:
    """Upsert rows by primary key; each row has all of its columns.

    Args:
        left_alone: columns that stay unchanged in an existing row.
    """
    if not rows:
        return
    session.flush()
    drop_cached(session, row)
    statement = _build_upsert(row, _dialect_name(session), tuple(name for name in rows[0] if name not in left_alone))
    session.connection().execute(statement, [dict(row) for row in rows])


def insert_unless(
    session: Session, row: type[Base], values: Mapping[str, object], *, replaces: ColumnElement[bool]
) -> bool:
    """Insert a row, or update the existing one if `replaces` holds for it; return False if it doesn't."""
    session.flush()
    drop_cached(session, row)
    made = _insert(row, _dialect_name(session)).values(values)
    keys = [column.name for column in row.__table__.primary_key]
    changed = {name: made.excluded[name] for name in values if name not in keys}
    statement = made.on_conflict_do_update(index_elements=keys, set_=changed, where=replaces)
    return session.connection().execute(statement.returning(*row.__table__.primary_key)).first() is not None


def _dialect_name(session: Session) -> str:
    return session.get_bind().dialect.name


def _insert(row: type[Base], dialect: str) -> Made:
    table = row.__table__
    assert isinstance(table, Table)
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


@cache
def _key(row: type[Base], given: frozenset[str]) -> tuple[str, ...]:
    """Return the columns of the given unique key; a table without one has its id."""
    table = row.__table__
    assert isinstance(table, Table)
    unique: list[UniqueConstraint | Index] = [index for index in table.indexes if index.unique]
    unique += [constraint for constraint in table.constraints if isinstance(constraint, UniqueConstraint)]
    keys = [tuple(column.name for column in constraint.columns) for constraint in unique] or [("id",)]
    (given_key,) = (key for key in keys if given.issuperset(key))
    return given_key


@cache
def _build_insert_once(row: type[Base], dialect: str, key: tuple[str, ...]) -> ReturningInsert[int]:
    return _insert(row, dialect).on_conflict_do_nothing(index_elements=key).returning(row.__table__.c.id)


@cache
def _build_insert(row: type[Base], dialect: str) -> ReturningInsert[int]:
    return _insert(row, dialect).returning(row.__table__.c.id)


@cache
def _build_upsert(row: type[Base], dialect: str, names: tuple[str, ...]) -> Made:
    made = _insert(row, dialect)
    keys = [column.name for column in row.__table__.primary_key]
    changed = {name: made.excluded[name] for name in names if name not in keys}
    return made.on_conflict_do_update(index_elements=keys, set_=changed)
