"""Tables of the digest: to whom a moderator had the bot write."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.base import Base, UtcDateTime


class KindWord(Base):
    """A moderator had the bot write to a member, so that nobody is written to twice a week."""

    __tablename__ = "kind_word"
    __table_args__ = (Index("ix_kind_word_account", "account_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id", ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
