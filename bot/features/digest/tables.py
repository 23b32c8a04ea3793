"""Tables of the digest: to whom a moderator had the bot write, and who reads it by a role."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.base import Base, UtcDateTime


class DigestReader(Base):
    """Somebody who moderates without being named, when they last proved it by reading the digest, and what they want.

    `is_told` is whether they hear that there is a new one.
    """

    __tablename__ = "digest_reader"

    group_id: Mapped[int] = mapped_column(ForeignKey("study_group.id", ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True, index=True)
    proved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    is_told: Mapped[bool] = mapped_column(default=True)


class KindWord(Base):
    """A moderator had the bot write to a member, so that nobody is written to twice a week."""

    __tablename__ = "nudge"
    __table_args__ = (Index("ix_nudge_account", "account_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("study_group.id", ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
