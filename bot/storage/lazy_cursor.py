"""The columns of a result of psycopg, made when somebody looks at them.

SQLAlchemy asks for them at every statement, and looks at those of the first alone: making all of them each time takes
longer than reading the row. Without psycopg this module cannot be imported.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from psycopg import Column, Cursor


class Columns(Sequence[Any]):
    """What a cursor's result has for columns, of which the number is known.

    Args:
        made: makes them, as psycopg does.
    """

    def __init__(self, count: int, made: Callable[[], list[Column] | None]) -> None:
        self._count, self._made = count, made

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, index: Any) -> Any:
        return (self._made() or [])[index]


class LazyCursor(Cursor[Any]):
    """A cursor whose description is made when somebody looks at it."""

    @property
    def description(self) -> Any:
        """The columns of the present result, None if it is none of rows."""
        count = self.pgresult.nfields if self.pgresult else 0
        return Columns(count, lambda: super(LazyCursor, self).description) if count else None
