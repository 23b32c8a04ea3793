"""The table of thanks: who thanked whom, and for which message, without its words."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.base import Base, UtcDateTime


class Thank(Base):
    """One member thanks another; `about` tells one message from another, `on` is the giver's own day."""

    __tablename__ = "thanks"
    __table_args__ = (
        UniqueConstraint("group_id", "giver_id", "receiver_id", "about"),
        Index("ix_thanks_at", "group_id", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("study_group.id", ondelete="CASCADE"))
    giver_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"), index=True)
    receiver_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    about: Mapped[str] = mapped_column(String(32))
    on: Mapped[date]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
