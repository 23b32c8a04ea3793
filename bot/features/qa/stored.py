"""Rows of a group's own notes that stay in PostgreSQL: pgvector compares them, exactly, and none is held in memory.

The cosines are those that the leg in memory computes, and what a chunk's nearness is made of them is the same function,
so both rank alike. Where the extension is not there and may not be made, rows are held in memory as on SQLite.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bot.core.errors import UserError
from bot.db.work import Database, Work
from bot.features.qa.index import dense
from bot.features.qa.index.dense import Scores
from bot.llm.base import Matrix, Vector

log = logging.getLogger(__name__)

_COSINES = text(
    "SELECT 1 - (CAST(vector AS vector) <=> CAST(:question AS vector)) FROM group_note_row WHERE note_id = ANY(:ids) "
    "ORDER BY array_position(CAST(:ids AS integer[]), note_id), at"
)
_ROWS = text(
    "SELECT vector FROM group_note_row WHERE note_id = ANY(:ids) "
    "ORDER BY array_position(CAST(:ids AS integer[]), note_id), at OFFSET :first LIMIT :count"
)
_THERE = text("SELECT 1 FROM pg_extension WHERE extname = 'vector'")
_OFFERED = text("SELECT 1 FROM pg_available_extensions WHERE name = 'vector'")
_MAKE = text("CREATE EXTENSION IF NOT EXISTS vector")


def has_pgvector(work: Work) -> bool:
    """Say whether the database compares vectors itself, making the extension where that is allowed."""
    session = work.session
    if session.get_bind().dialect.name != "postgresql":
        return False
    if session.scalar(_THERE) is not None:
        return True
    if session.scalar(_OFFERED) is None or not work.writes:
        return False
    try:
        with session.begin_nested():
            session.execute(_MAKE)
    except SQLAlchemyError:
        log.warning("the extension vector is there, and this user may not create it: own notes are compared in memory")
        return False
    return True


@dataclass(frozen=True)
class StoredLeg:
    """Implements `dense.Leg` over the rows of notes in the database.

    Args:
        ids: the notes, in the order of their chunks.
        starts, count: the first row of each chunk, and how many there are.
    """

    database: Database
    ids: tuple[int, ...]
    starts: npt.NDArray[np.intp]
    count: int
    dim: int

    def nearness(self, question: Vector) -> Scores:
        """Return float [n_chunks]; nothing is near where the notes have changed meanwhile or the database is away."""
        said = f"[{','.join(map(str, question.tolist()))}]"
        found = self._read(lambda work: work.session.scalars(_COSINES, {"question": said, "ids": [*self.ids]}).all())
        cosines = np.asarray(found, dtype=np.float32) if len(found) == self.count else np.zeros(self.count, np.float32)
        return dense.by_chunk(cosines, self.starts)

    def rows(self, number: int) -> Matrix:
        """Return the rows of one chunk."""
        first = int(self.starts[number])
        end = int(self.starts[number + 1]) if number + 1 < len(self.starts) else self.count
        given = {"ids": [*self.ids], "first": first, "count": end - first}
        found = self._read(lambda work: work.session.scalars(_ROWS, given).all())
        is_whole = len(found) == end - first
        return np.asarray(found, np.float32) if is_whole else np.zeros((end - first, self.dim), np.float32)

    def __len__(self) -> int:
        """Count the chunks."""
        return len(self.starts)

    def _read(self, look: Callable[[Work], Sequence[object]]) -> Sequence[object]:
        try:
            return self.database.run_sync(look, writes=False)
        except (UserError, SQLAlchemyError) as error:
            log.warning("the rows of a group's own notes were not read (%s)", type(error).__name__)
            return []
