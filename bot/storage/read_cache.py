"""Read much in few statements: plain rows past the mapper, and what a unit of work has read already.

Declare a statement once, at the top of its module, with `bindparam`: to build one costs more than to run it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from functools import cache
from typing import Any, TypeVar, TypeVarTuple

from sqlalchemy import CompoundSelect, Connection, Row, Select, event
from sqlalchemy.orm import Mapper, ORMExecuteState, Session, class_mapper
from sqlalchemy.orm.attributes import instance_state

from bot.storage.base import Base
from bot.storage.prepared import ask

T = TypeVar("T")
R = TypeVar("R", bound=Base)
Ts = TypeVarTuple("Ts")
_READINGS, _CONNECTION = "readings", "connection"


def rows(session: Session, statement: Select[*Ts] | CompoundSelect[*Ts], **values: object) -> Sequence[Row[*Ts]]:
    """Return the rows of a statement that chooses columns, not whole objects."""
    session.flush()
    return ask(connection(session), statement, values)


def session_of(connection: Connection) -> Session:
    """Return a session that leaves the transaction of its connection to whoever has begun it.

    One with a transaction of its own takes the time of four statements to begin and to commit it. A unit of work that
    is to leave nothing behind raises.
    """
    session = Session(connection, expire_on_commit=False, join_transaction_mode="rollback_only")
    session.info[_CONNECTION] = connection
    return session


def connection(session: Session) -> Connection:
    """Return the connection of a session's transaction; the session itself takes half a statement's time to tell."""
    found: Connection | None = session.info.get(_CONNECTION)
    if session.in_nested_transaction():
        return session.connection()  # which sets the savepoint that the session has put off
    if found is None or found.closed:
        found = session.info[_CONNECTION] = session.connection()
    return found


def made(session: Session, kind: type[R], values: Sequence[Any]) -> R | None:
    """Return a table's row as its object in this unit of work, as if the mapper had read it, in a fifth of the time.

    Args:
        values: what the row holds, in the order of the table's columns, its number first; None of all where an outer
            join found no row, and then there is no object either.
    """
    if values[0] is None:
        return None
    mapper, names = _shape(kind)
    key = mapper.identity_key_from_primary_key((values[0],))
    known: R | None = session.identity_map.get(key)
    if known is not None:
        return known
    one: R = mapper.class_manager.new_instance()
    one.__dict__.update(zip(names, values, strict=True))
    state = instance_state(one)
    state.key, state.session_id = key, session.hash_key  # what `Session.add` comes to for a row that is there
    session.identity_map.add(state)
    return one


def find(session: Session, kind: type[R], number: int) -> R | None:
    """Return a table's row by its number, the object that is there already or one that is read now, or None."""
    mapper, _ = _shape(kind)
    found: R | None = session.identity_map.get(mapper.identity_key_from_primary_key((number,)))
    return found if found is not None else session.get(kind, number)


@cache
def _shape(kind: type[Base]) -> tuple[Mapper[Any], list[str]]:
    return class_mapper(kind), [column.key for column in kind.__table__.c]


def recall(session: Session, key: Hashable, of: tuple[type[Base], ...], read: Callable[[], T]) -> T:
    """Return what was read under this key in this unit of work, or read it.

    Args:
        of: the tables that it was read from; a change of one of them has it read again.
    """
    session.flush()
    readings = _readings(session)
    if key not in readings:
        readings[key] = (of, read())
    found: T = readings[key][1]
    return found


def remember(session: Session, key: Hashable, of: tuple[type[Base], ...], value: object) -> None:
    """Have `recall` return a value that was read together with others."""
    _readings(session)[key] = (of, value)


def forget(session: Session, *changed: type[Base]) -> None:
    """Drop what was read from tables that have changed."""
    readings = _readings(session)
    for key in [key for key, (of, _) in readings.items() if not set(changed).isdisjoint(of)]:
        del readings[key]


def start_over(session: Session, but: type[Base]) -> None:
    """Drop all that was read, except from one table alone."""
    readings = _readings(session)
    for key in [key for key, (of, _) in readings.items() if of != (but,)]:
        del readings[key]


def _readings(session: Session) -> dict[Hashable, tuple[tuple[type[Base], ...], Any]]:
    found: dict[Hashable, tuple[tuple[type[Base], ...], Any]] = session.info.setdefault(_READINGS, {})
    return found


@event.listens_for(Session, "after_flush")
def _flushed(session: Session, _: object) -> None:
    if session.deleted:  # the database deletes what hangs on a row
        _readings(session).clear()
    else:
        forget(session, *{type(row) for row in (*session.new, *session.dirty)})


@event.listens_for(Session, "do_orm_execute")
def _executed(state: ORMExecuteState) -> None:
    if not state.is_select:
        _readings(state.session).clear()


@event.listens_for(Session, "after_soft_rollback")
def _rolled_back(session: Session, _: object) -> None:
    _readings(session).clear()
