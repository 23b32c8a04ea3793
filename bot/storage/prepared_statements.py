"""Statements that are asked of the driver itself: compiled once, their values and rows read by the types of columns.

SQLAlchemy takes three to five times as long as the driver for a short statement, most of it to find out anew what is
always the same for one that was declared once. One that is built anew each time, or holds a list that is spelled out,
is left to it, and so are all while somebody listens to what is asked.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Dialect
from sqlalchemy.sql.compiler import SQLCompiler

Processor = Callable[[Any], Any]
Way = tuple[str, ...]
"""A dialect's name, and after it the columns that an insert gives values to."""


class Prepared:
    """One statement as a driver is given it; `is_whole` says whether it always is the same text.

    Args:
        statement: one of SQLAlchemy's, with a `bindparam` for each value.
        names: the columns that an insert gives values to.
    """

    def __init__(self, statement: Any, dialect: Dialect, names: Sequence[str]) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=names or None)
        assert isinstance(compiled, SQLCompiler)
        self._sql, self._is_positional = compiled.string, compiled.positional
        left_out: list[Any] = list(compiled.insert_prefetch)
        self.is_whole = not any(bind.expanding for bind in compiled.binds.values()) and all(
            column.default.is_scalar for column in left_out
        )
        if not self.is_whole:
            return
        self._fixed = {name: bind.value for name, bind in compiled.binds.items() if not bind.required}
        self._fixed |= {column.key: column.default.arg for column in left_out}
        self._values: list[tuple[str, Processor | None]] = [
            (name, compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect))
            for name in compiled.positiontup or compiled.binds
        ]
        columns = [*(statement.exported_columns if statement.is_dml else statement.selected_columns)]
        readers = (column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns)
        self._readers = [(number, reader) for number, reader in enumerate(readers) if reader is not None]
        self._row: Any = namedtuple("Row", [str(column.key) for column in columns], rename=True) if columns else None

    def ask(self, connection: Connection, values: Mapping[str, object]) -> Sequence[Any]:
        """Return the rows as named tuples. Errors, also of a lost connection, are SQLAlchemy's."""
        try:
            driver: Any = connection.connection.driver_connection
            cursor = driver.execute(self._sql, self._bind(values))
            return [self._read(row) for row in cursor.fetchall()] if self._row is not None else ()
        except Exception as error:  # noqa: BLE001  (raised again, with what it means for the connection)
            connection._handle_dbapi_exception(error, self._sql, None, None, None)

    def _bind(self, values: Mapping[str, object]) -> Sequence[Any] | Mapping[str, Any]:
        given = {**self._fixed, **values}
        if self._is_positional:
            return [given[name] if process is None else process(given[name]) for name, process in self._values]
        return {name: given[name] if process is None else process(given[name]) for name, process in self._values}

    def _read(self, row: Iterable[Any]) -> Any:
        read = [*row]
        for number, reader in self._readers:
            read[number] = reader(read[number])
        return self._row._make(read)


_KNOWN: WeakKeyDictionary[Any, dict[Way, Prepared]] = WeakKeyDictionary()


def ask(connection: Connection, statement: Any, values: Mapping[str, object]) -> Sequence[Any]:
    """Return the rows of a statement: of a select, of a compound one, or of an insert with what it returns."""
    known = _KNOWN.get(statement)
    if known is None:  # one that is asked a second time was declared
        _KNOWN[statement] = {}
    elif _is_under_way(connection) and not (connection._has_events or connection.engine._has_events):
        way = (connection.dialect.name, *values) if statement.is_insert else (connection.dialect.name,)
        prepared = known.get(way)
        if prepared is None:
            prepared = known[way] = Prepared(statement, connection.dialect, way[1:])
        if prepared.is_whole:
            return prepared.ask(connection, values)
    result = connection.execute(statement, values)
    return result.all() if result.returns_rows else ()


def _is_under_way(connection: Connection) -> bool:
    """Whether a transaction has begun and was not rolled back; otherwise SQLAlchemy begins one, or refuses."""
    transaction = connection.get_transaction()
    return transaction is not None and transaction.is_active
