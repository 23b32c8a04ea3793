"""Fast reads: plain rows without the ORM, and a cache of reads within one unit of work.

Declare statements once, at the top of a module, with `bindparam`: building one costs more than running it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from functools import cache
from typing import Any, TypeVar, TypeVarTuple

from sqlalchemy import CompoundSelect, Connection, Row, Select, event
from sqlalchemy.orm import Mapper, ORMExecuteState, Session, class_mapper

from bot.storage.base import Base

T = TypeVar("T")
R = TypeVar("R", bound=Base)
Ts = TypeVarTuple("Ts")
_READINGS, _CONNECTION = "readings", "connection"


def rows(session: Session, statement: Select[*Ts] | CompoundSelect[*Ts], **values: object) -> Sequence[Row[*Ts]]:
    """Return the rows of a statement that selects columns, not objects."""
    session.flush()
    return connection(session).execute(statement, values).all()


def session_of(connection: Connection) -> Session:
    """Return a session that joins its connection's transaction and never commits it.

    A transaction of its own would cost as much as four statements. To roll back, a unit of work raises.
    """
    session = Session(connection, expire_on_commit=False, join_transaction_mode="rollback_only")
    session.info[_CONNECTION] = connection
    return session


def connection(session: Session) -> Connection:
    """Return the connection of a session's transaction from a cache: `Session.connection()` costs half a statement."""
    cached: Connection | None = session.info.get(_CONNECTION)
    if session.in_nested_transaction():
        return session.connection()  # this also emits the session's pending savepoint
    if cached is None or cached.closed:
        cached = session.info[_CONNECTION] = session.connection()
    return cached


def find(session: Session, kind: type[R], number: int) -> R | None:
    """Return a row's object by id, from the session or the database, or None."""
    mapper, _ = _map_columns(kind)
    loaded: R | None = session.identity_map.get(mapper.identity_key_from_primary_key((number,)))
    return loaded if loaded is not None else session.get(kind, number)


@cache
def _map_columns(kind: type[Base]) -> tuple[Mapper[Any], list[str]]:
    return class_mapper(kind), [column.key for column in kind.__table__.c]


def read_cached(session: Session, key: Hashable, of: tuple[type[Base], ...], read: Callable[[], T]) -> T:
    """Return the cached value of a key in this unit of work, or read and cache it.

    Args:
        of: the tables that it depends on; a change to one of them drops the value.
    """
    session.flush()
    readings = _get_cache(session)
    if key not in readings:
        readings[key] = (of, read())
    value: T = readings[key][1]
    return value


def cache_value(session: Session, key: Hashable, of: tuple[type[Base], ...], value: object) -> None:
    """Cache a value for `recall`, for values that were read together with others."""
    _get_cache(session)[key] = (of, value)


def drop_cached(session: Session, *changed: type[Base]) -> None:
    """Drop cached values that depend on changed tables."""
    readings = _get_cache(session)
    for key in [key for key, (of, _) in readings.items() if not set(changed).isdisjoint(of)]:
        del readings[key]


def start_over(session: Session, but: type[Base]) -> None:
    """Drop all cached values, except those that depend on one table only."""
    readings = _get_cache(session)
    for key in [key for key, (of, _) in readings.items() if of != (but,)]:
        del readings[key]


def _get_cache(session: Session) -> dict[Hashable, tuple[tuple[type[Base], ...], Any]]:
    readings: dict[Hashable, tuple[tuple[type[Base], ...], Any]] = session.info.setdefault(_READINGS, {})
    return readings


@event.listens_for(Session, "after_flush")
def _drop_flushed(session: Session, _: object) -> None:
    if session.deleted:  # the database also deletes dependent rows
        _get_cache(session).clear()
    else:
        drop_cached(session, *{type(row) for row in (*session.new, *session.dirty)})


@event.listens_for(Session, "do_orm_execute")
def _drop_after_write(state: ORMExecuteState) -> None:
    if not state.is_select:
        _get_cache(state.session).clear()


@event.listens_for(Session, "after_soft_rollback")
def _drop_all(session: Session, _: object) -> None:
    _get_cache(session).clear()
