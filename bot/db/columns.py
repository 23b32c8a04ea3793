"""The columns of a result of psycopg, each made when somebody looks at it.

SQLAlchemy asks for them at every statement, and looks at those of the first alone: making all of them each time takes
longer than reading the row. Without psycopg this module cannot be imported.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from psycopg import Column, Cursor


class Columns(Sequence[Any]):
    """What a cursor's result has for columns."""

    def __init__(self, cursor: Cursor[Any], count: int) -> None:
        self._cursor, self._count = cursor, count

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, index: Any) -> Any:
        return [Column(self._cursor, n) for n in range(self._count)][index]


class LazyCursor(Cursor[Any]):
    """A cursor whose description is made when somebody looks at it."""

    @property
    def description(self) -> Any:
        """The columns of the present result, None if it is none of rows."""
        count = self.pgresult.nfields if self.pgresult else 0
        return Columns(self, count) if count else None
