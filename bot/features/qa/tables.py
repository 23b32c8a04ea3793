"""The table of passage vectors, kept by content so that an unchanged corpus computes nothing."""

from __future__ import annotations

from sqlalchemy import LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.base import Base


class PassageVector(Base):
    """The float32 vector of a text under one model, by the hash of the text."""

    __tablename__ = "passage_vector"
    __table_args__ = (UniqueConstraint("hash", "model"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    hash: Mapped[str] = mapped_column(String(64))
    model: Mapped[str] = mapped_column(String(64))
    vector: Mapped[bytes] = mapped_column(LargeBinary)
