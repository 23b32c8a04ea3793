"""A database with rows in every table, made from the tables themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from alembic import command
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    Table,
    Time,
    create_engine,
    func,
    inspect,
    select,
)
from sqlalchemy.types import JSON

from bot.features.notes.tables import UnitVector
from bot.maintenance import migrate
from bot.maintenance.table_rows import Tables
from bot.runtime.catalogue import tables
from bot.storage import engine as engines
from bot.storage.base import UtcDateTime

EACH = 4
TEXTS = ("", "Zoë's \u201cnötes\u201d\n\tnew line", "\\N \\x00 \U0001f989 \u0301", "plain;--'\"")
_MAKE, MIGRATE = migrate.make, migrate._migrate


def make_quickly(connection: Connection, to: str = "head") -> None:
    """Do what `migrate.make` does, without the migrations where the newest tables are asked for."""
    if inspect(connection).has_table(migrate.VERSION_TABLE):
        _MAKE(connection, to)
        return
    if connection.dialect.name == "sqlite":
        for statement in _list_statements():
            connection.exec_driver_sql(statement)
    else:
        _create_tables(connection)
    if to not in ("head", migrate.head()):
        command.downgrade(migrate.configured(connection, None, None), to)


def migrate_quickly(connection: Connection, where: Path | None) -> None:
    """Do what `migrate._migrate` does, without the project's own migrations where a database is empty."""
    if where is not None or inspect(connection).has_table(migrate.VERSION_TABLE):
        MIGRATE(connection, where)
        return
    make_quickly(connection)
    connection.commit()


def _create_tables(connection: Connection) -> None:
    tables().create_all(connection)
    command.stamp(migrate.configured(connection, None, None), "head")


@cache
def _list_statements() -> Sequence[str]:
    """Return what makes the newest tables on SQLite."""
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        _create_tables(connection)
        made = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid")
        statements = [str(sql) for (sql,) in made if "sqlite_sequence" not in sql]
    engine.dispose()
    return [*statements, f"INSERT INTO {migrate.VERSION_TABLE} VALUES ('{migrate.head()}')"]


@pytest.fixture
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the newest tables without migrations, which other tests run."""
    monkeypatch.setattr(migrate, "make", make_quickly)
    monkeypatch.setattr(migrate, "names_at", lambda _: frozenset(tables().tables) - {"restoration"})


def fill(url: str, *, is_empty: bool = False) -> None:
    """Make every table, and a few rows in each that refer to those of others."""
    engine = engines.single(url)
    with engine.begin() as connection:
        make_quickly(connection)
        for table in () if is_empty else tables().sorted_tables:
            connection.execute(table.insert(), [dict(_row(table, at)) for at in range(1, EACH + 1)])
        if not is_empty:  # SQL's own nothing, beside JSON's
            connection.exec_driver_sql("UPDATE draft SET reply = NULL WHERE account_id = 1")
        if connection.dialect.name == "postgresql":
            for shape in Tables(connection, tables().tables).shapes:
                Tables(connection, {shape.name}).count_from(shape, EACH)
    engine.dispose()


def fill_empty(url: str) -> None:
    """Make at most two rows in each table that has none; they refer to the first rows of other tables."""
    engine = engines.single(url)
    with engine.begin() as connection:
        for table in tables().sorted_tables:
            if connection.scalar(select(func.count()).select_from(table)):
                continue
            parents = {
                key.parent.name: connection.scalars(select(key.column).order_by(key.column).limit(2)).all()
                for key in table.foreign_keys
            }
            for at in range(1, 1 + min([2, *map(len, parents.values())])):
                refers = {name: ids[at - 1] for name, ids in parents.items()}
                connection.execute(table.insert(), {**dict(_row(table, at)), **refers})
    engine.dispose()


def _row(table: Table, at: int) -> Iterator[tuple[str, Any]]:
    for column in table.columns:
        yield column.name, _value(column, at)


def _value(column: Column[Any], at: int) -> Any:
    if column.nullable and at == 1:
        return None
    if column.foreign_keys:
        return at
    of = column.type
    if isinstance(of, Boolean):
        return at % 2 == 0
    if isinstance(of, Integer):
        return at
    if isinstance(of, UnitVector):
        return np.linspace(-1, 1, 3 + at, dtype=np.float32) / 3
    if isinstance(of, DateTime | UtcDateTime):
        return datetime(2026, 3, 29, 0, 59, 59, 123456 * (at % 2), tzinfo=UTC) + timedelta(hours=at)
    if isinstance(of, Date):
        return date(2024, 2, 28) + timedelta(days=at)
    if isinstance(of, Time):
        return time(at, 30)
    if isinstance(of, JSON):
        return [None, {"b": [1.5, 2**53], "a": TEXTS[1]}, [TEXTS[2]], "one"][at - 1]
    if isinstance(of, LargeBinary):
        return bytes(range(256)) * at
    text = f"{at}{TEXTS[at - 1]}" if not column.primary_key else f"{column.name}{at}"
    return text[: getattr(of, "length", None) or len(text)]


@contextmanager
def opened(url: str) -> Iterator[Tables]:
    """Open every table of a database for reading."""
    with engines.snapshot(url) as connection:
        yield Tables(connection, tables().tables)


def everything(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Return all rows of all tables by the names of their columns, in an order that is the same on each engine."""
    told = dict[str, list[tuple[Any, ...]]]()
    with opened(url) as found:
        for shape in found.shapes:
            names = [name for name, _ in shape.columns]
            rows = (tuple(sorted(zip(names, row, strict=True))) for row in found.rows(shape))
            told[shape.name] = sorted(rows, key=repr)
    return told
