"""Rows as engine-independent plain values, for backups and moves between engines.

A number is a number; yes is 1 and no is 0; an instant is UTC as `2026-03-02 08:00:00.000000`, a day `2026-03-02`, an
hour `08:00:00.000000`; JSON stays the text that it was stored as; bytes are lower-case hexadecimal, and so are vectors,
as the bytes that SQLite keeps of them.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import islice
from typing import Any, Literal, Protocol

from sqlalchemy import (
    ARRAY,
    JSON,
    Boolean,
    Connection,
    Date,
    DateTime,
    LargeBinary,
    MetaData,
    Numeric,
    String,
    Table,
    Time,
)
from sqlalchemy import Integer as WholeNumber
from sqlalchemy.types import TypeEngine

Value = str | int | float | None
Row = Sequence[Value]
Kind = Literal["number", "text", "yes", "instant", "day", "hour", "json", "bytes"]

_AT_ONCE = 2000
"""Rows in memory at a time."""
_KINDS: tuple[tuple[type[TypeEngine[Any]], Kind], ...] = (
    (Boolean, "yes"),
    (DateTime, "instant"),
    (Date, "day"),
    (Time, "hour"),
    (JSON, "json"),
    (LargeBinary, "bytes"),
    (ARRAY, "bytes"),
    (WholeNumber, "number"),
    (Numeric, "number"),
    (String, "text"),
)
_READ: Mapping[str, Mapping[str, str]] = {
    "sqlite": {"bytes": "CASE WHEN {0} IS NOT NULL THEN lower(hex({0})) END"},
    "postgresql": {
        "yes": "{0}::int",
        "instant": "to_char({0} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')",
        "day": "to_char({0}, 'YYYY-MM-DD')",
        "hour": "to_char({0}, 'HH24:MI:SS.US')",
        "json": "{0}::text",
        "bytes": "encode({0}, 'hex')",
    },
}
"""SQL expressions that convert columns to plain values, by engine and kind."""
_WIDE = {"instant": len("2026-03-02 08:00:00.000000"), "hour": len("08:00:00.000000")}


@dataclass(frozen=True)
class TableShape:
    """A table's name, and its columns with their kinds."""

    name: str
    columns: tuple[tuple[str, Kind], ...]
    keys: tuple[str, ...] = field(default=(), compare=False)


@dataclass
class TableChecksum:
    """The number of rows, and an order-independent checksum over them."""

    rows: int = 0
    total: int = 0

    def add(self, line: bytes) -> None:
        """Add a row, as written by `line_of`."""
        self.rows += 1
        self.total = (self.total + int.from_bytes(blake2b(line, digest_size=16).digest())) % (1 << 128)

    @property
    def mark(self) -> str:
        """The checksum as 32 characters."""
        return f"{self.total:032x}"


class RowSource(Protocol):
    """A source of whole tables: a database or a backup."""

    @property
    def revision(self) -> str:
        """The migration that its tables are of."""

    @property
    def shapes(self) -> Sequence[TableShape]:
        """Its tables in order of their foreign keys."""

    @property
    def counts(self) -> Mapping[str, int]:
        """The number of rows of each table."""

    def counter(self, shape: TableShape) -> int | None:
        """Return the highest id that a table ever assigned, if known."""

    def rows(self, shape: TableShape) -> Iterator[Row]:
        """Yield a table's rows."""


def line_of(row: Row) -> bytes:
    """Return a row as a line of JSON."""
    return json.dumps(list(row), ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


class Tables:
    """Reads and writes the tables of an open database as plain values.

    Args:
        connection: in a transaction; as a source, with snapshot isolation.
        names: the tables to use; others are ignored.
    """

    def __init__(self, connection: Connection, names: Collection[str]) -> None:
        self._connection = connection
        self._dialect = connection.dialect.name
        self._quote = connection.dialect.identifier_preparer.quote
        known = MetaData()
        known.reflect(connection, only=lambda name, _: name in names)
        self.shapes = tuple(_read_shape(table) for table in known.sorted_tables)
        self._vectors = {
            table.name: {column.name for column in table.columns if isinstance(column.type, ARRAY)}
            for table in known.sorted_tables
        }
        self.counts = {shape.name: self._count(shape) for shape in self.shapes}

    @property
    def revision(self) -> str:
        """The migration that the tables are of."""
        return revision(self._connection) or ""

    def _count(self, shape: TableShape) -> int:
        return int(self._connection.exec_driver_sql(f"SELECT count(*) FROM {self._quote(shape.name)}").scalar_one())  # noqa: S608

    def rows(self, shape: TableShape) -> Iterator[Row]:
        """Yield a table's rows in key order, with a few thousand in memory."""
        how, vectors = _READ[self._dialect], self._at_vectors(shape)
        read = ", ".join(
            self._quote(name) if at in vectors else how.get(kind, "{0}").format(self._quote(name))
            for at, (name, kind) in enumerate(shape.columns)
        )
        asked = f"SELECT {read} FROM {self._quote(shape.name)}"  # noqa: S608
        if shape.keys:
            asked += f" ORDER BY {', '.join(map(self._quote, shape.keys))}"
        rows = self._connection.exec_driver_sql(asked, execution_options={"yield_per": _AT_ONCE})
        widths = [(at, _WIDE[kind]) for at, (_, kind) in enumerate(shape.columns) if kind in _WIDE]
        for row in rows:
            values = _pad_fractions(row, widths)
            for at in vectors:
                values[at] = _pack_vector(values[at])
            yield values

    def write(self, shape: TableShape, rows: Iterable[Row]) -> None:
        """Insert rows; raises DBAPIError or psycopg's errors."""
        names = ", ".join(self._quote(name) for name, _ in shape.columns)
        table = self._quote(shape.name)
        if self._dialect == "postgresql":
            vectors = self._at_vectors(shape)
            driver: Any = self._connection.connection.driver_connection
            with driver.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(_convert_for_postgres(shape, row, vectors))
            return
        marks = ", ".join("?" * len(shape.columns))
        blobs = [at for at, (_, kind) in enumerate(shape.columns) if kind == "bytes"]
        waiting = (_convert_for_sqlite(row, blobs) for row in rows)
        while batch := list(islice(waiting, _AT_ONCE)):
            self._connection.exec_driver_sql(f"INSERT INTO {table} ({names}) VALUES ({marks})", batch)  # noqa: S608

    def _at_vectors(self, shape: TableShape) -> list[int]:
        return [at for at, (name, _) in enumerate(shape.columns) if name in self._vectors[shape.name]]

    def counter(self, shape: TableShape) -> int | None:
        """Return the highest id that a table ever assigned, if the engine stores that."""
        if shape.keys != ("id",) or dict(shape.columns)["id"] != "number":
            return None
        run = self._connection.exec_driver_sql
        if self._dialect == "sqlite":
            if not self._counts_on(shape):
                return None
            row: int | None = run("SELECT seq FROM sqlite_sequence WHERE name = ?", (shape.name,)).scalar()
            return row
        sequence = self._sequence(shape)
        if sequence is None:
            return None
        last, is_called = run(f"SELECT last_value, is_called FROM {sequence}").one()  # noqa: S608
        return int(last) if is_called else None

    def count_from(self, shape: TableShape, counter: int | None) -> None:
        """Set the id counter above every id that was ever assigned."""
        if shape.keys != ("id",) or dict(shape.columns)["id"] != "number":
            return
        run = self._connection.exec_driver_sql
        most = run(f"SELECT max(id) FROM {self._quote(shape.name)}").scalar() or 0  # noqa: S608
        if not (last := max(most, counter or 0)):
            return
        if self._dialect == "postgresql":
            if (sequence := self._sequence(shape)) is not None:
                run(f"SELECT setval('{sequence}', {last:d})")
        elif self._counts_on(shape):
            run("DELETE FROM sqlite_sequence WHERE name = ?", (shape.name,))
            run("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (shape.name, last))

    def _counts_on(self, shape: TableShape) -> bool:
        asked = "SELECT sql LIKE '%AUTOINCREMENT%' FROM sqlite_master WHERE type = 'table' AND name = ?"
        return bool(self._connection.exec_driver_sql(asked, (shape.name,)).scalar())

    def _sequence(self, shape: TableShape) -> str | None:
        row: str | None = self._connection.exec_driver_sql(
            "SELECT pg_get_serial_sequence(%s, 'id')", (self._quote(shape.name),)
        ).scalar()
        return row


def revision(connection: Connection) -> str | None:
    """Return the schema revision of a database; None before the first migration."""
    if not connection.dialect.has_table(connection, "alembic_version"):
        return None
    row: str | None = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return row


def _read_shape(table: Table) -> TableShape:
    columns = tuple((column.name, _find_kind(column.type)) for column in table.columns)
    return TableShape(table.name, columns, tuple(column.name for column in table.primary_key))


def _find_kind(of: TypeEngine[Any]) -> Kind:
    return next((kind for known, kind in _KINDS if isinstance(of, known)), "text")


def _pad_fractions(row: Sequence[Any], widths: Sequence[tuple[int, int]]) -> list[Any]:
    """Pad instants and times to microseconds, because SQLite stores text as written."""
    values = list(row)
    for at, width in widths:
        value = values[at]
        if value is not None and len(value) != width:
            whole, _, part = str(value).partition(".")
            values[at] = f"{whole}.{part:0<6}"
    return values


def _convert_for_sqlite(row: Row, blobs: Sequence[int]) -> tuple[Any, ...]:
    values: list[Any] = list(row)
    for at in blobs:
        values[at] = None if values[at] is None else bytes.fromhex(values[at])
    return tuple(values)


def _pack_vector(numbers: Sequence[float] | None) -> str | None:
    return None if numbers is None else struct.pack(f"<{len(numbers)}f", *numbers).hex()


def _convert_for_postgres(shape: TableShape, row: Row, vectors: Collection[int]) -> list[Any]:
    values: list[Any] = list(row)
    for at, (_, kind) in enumerate(shape.columns):
        if values[at] is None:
            continue
        if at in vectors:
            packed = bytes.fromhex(values[at])
            values[at] = list(struct.unpack(f"<{len(packed) // 4}f", packed))
        elif kind == "bytes":
            values[at] = f"\\x{values[at]}"
        elif kind == "instant":
            values[at] = f"{values[at]}+00"
    return values
