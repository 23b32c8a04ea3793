"""What chat models took, by group, member and day: numbers, never a question."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.base import Base, UtcDateTime


class UsageDay(Base):
    """What a member's answers took in a day of their group; without a group in a day of UTC."""

    __tablename__ = "usage_day"
    __table_args__ = (Index("ix_usage_day_group", "group_id", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int | None] = mapped_column(ForeignKey("study_group.id", ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    day: Mapped[date]
    answers: Mapped[int]
    prompt_tokens: Mapped[int]
    completion_tokens: Mapped[int]


class UsageHold(Base):
    """Tokens put aside for an answer that is being worded; one that never came lapses."""

    __tablename__ = "usage_hold"
    __table_args__ = (Index("ix_usage_hold_group", "group_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int | None] = mapped_column(ForeignKey("study_group.id", ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    tokens: Mapped[int]
    until: Mapped[datetime] = mapped_column(UtcDateTime)


class UsageLeft(Base):
    """What answers of somebody who was forgotten took in a day of their group, without them.

    `mark` tells on that day and the next whether it was them, should they come back: salted, and emptied after.
    """

    __tablename__ = "anonymous_usage"
    __table_args__ = (Index("ix_anonymous_usage_group", "group_id", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int | None] = mapped_column(ForeignKey("study_group.id", ondelete="CASCADE"))
    day: Mapped[date]
    answers: Mapped[int]
    tokens: Mapped[int]
    mark: Mapped[str] = mapped_column(String(64))
