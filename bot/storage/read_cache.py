"""A cache of reads within one unit of work."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session

from bot.storage.base import Base

T = TypeVar("T")
_READINGS = "readings"


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
    """Cache a value that was read together with others."""
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
