"""Tables of gaps: what readers say of answers, and what moderators have made of what was missed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.base import Base, UtcDateTime

LINE_MAX = 200


class Rating(Base):
    """What one person says of one answer; gone with its question. `verdict` says what was wrong, if anything."""

    __tablename__ = "answer_rating"
    __table_args__ = (UniqueConstraint("question_id", "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    verdict: Mapped[str] = mapped_column(String(12))
    line: Mapped[str] = mapped_column(String(LINE_MAX), default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Heeded(Base):
    """A moderator has made something of a question that many missed: what was answered until then counts no more."""

    __tablename__ = "resolved_gap"

    group_id: Mapped[int] = mapped_column(ForeignKey("study_group.id", ondelete="CASCADE"), primary_key=True)
    item_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
