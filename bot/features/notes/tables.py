"""Tables of a group's own notes: what they say, and the rows by which their meaning is found."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import ARRAY, REAL, Dialect, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import TypeDecorator, TypeEngine

from bot.storage.base import Base, UtcDateTime

TITLE_MAX = 80
Vector = npt.NDArray[np.float32]


class UnitVector(TypeDecorator[Vector]):
    """A float32 vector: bytes on SQLite, and on PostgreSQL an array, which pgvector reads as a vector of its own."""

    impl = LargeBinary
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the type of the column."""
        return dialect.type_descriptor(ARRAY(REAL) if dialect.name == "postgresql" else LargeBinary())

    def process_bind_param(self, value: Vector | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        flat = np.asarray(value, dtype=np.float32)
        return flat.tolist() if dialect.name == "postgresql" else flat.tobytes()

    def process_result_value(self, value: Any, dialect: Dialect) -> Vector | None:
        if value is None:
            return None
        if dialect.name == "postgresql":
            return np.asarray(value, dtype=np.float32)
        return np.frombuffer(value, dtype=np.float32)


class GroupNote(Base):
    """A note of one group's own.

    `key` is the title as it is compared: a group has no two notes of one. `indexed_by` names the embedder of its rows;
    until it has some, words alone find it. `author_id` says who wrote it, `added_by` who brought it here. No number
    comes twice, even when its note is gone: buttons and the index go by it. `answers` holds the questions that it was
    written for, one a line. `unit_id` is the unit that it belongs to, "" for none.
    """

    __tablename__ = "group_note"
    __table_args__ = (UniqueConstraint("group_id", "key"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("study_group.id", ondelete="CASCADE"))
    title: Mapped[str] = mapped_column(String(TITLE_MAX))
    key: Mapped[str] = mapped_column(String(2 * TITLE_MAX))
    text: Mapped[str] = mapped_column(Text)
    size: Mapped[int]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"), index=True)
    added_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"), index=True)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)
    answers: Mapped[str] = mapped_column(Text, default="", server_default=sql("''"))
    indexed_by: Mapped[str | None] = mapped_column(String(80), index=True)
    unit_id: Mapped[str] = mapped_column(String(40), default="", server_default=sql("''"))


class NoteRow(Base):
    """One embedded text of a note, at its place among them; it goes with its note."""

    __tablename__ = "group_note_row"

    note_id: Mapped[int] = mapped_column(ForeignKey("group_note.id", ondelete="CASCADE"), primary_key=True)
    at: Mapped[int] = mapped_column(primary_key=True)
    hash: Mapped[str] = mapped_column(String(64))
    vector: Mapped[Vector] = mapped_column(UnitVector)
