"""Tables of progress: an append-only record from which streaks and points are derived."""

from __future__ import annotations

from datetime import date, datetime
from typing import NewType

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.base import Base, UtcDateTime

CheckinId = NewType("CheckinId", int)


class Checkin(Base):
    """Someone worked on a unit; what came later is CheckinChange rows."""

    __tablename__ = "checkin"
    __table_args__ = (Index("ix_checkin_member", "cohort_id", "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id", ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    unit_id: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    day: Mapped[date]
    zone: Mapped[str] = mapped_column(String(64))
    minutes: Mapped[int]
    note: Mapped[str] = mapped_column(String(500))
    link: Mapped[str | None] = mapped_column(String(500))


class CheckinChange(Base):
    """An edit, a move or an undo of a check-in, with who did it; the newest says how it stands."""

    __tablename__ = "checkin_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    checkin_id: Mapped[int] = mapped_column(ForeignKey("checkin.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    unit_id: Mapped[str] = mapped_column(String(32))
    minutes: Mapped[int]
    note: Mapped[str] = mapped_column(String(500))
    link: Mapped[str | None] = mapped_column(String(500))
    author_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Ruling(Base):
    """A moderator excuses a member from a unit, voids it, or lifts what was ruled of it before."""

    __tablename__ = "ruling"
    __table_args__ = (Index("ix_ruling_member", "cohort_id", "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id", ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    unit_id: Mapped[str] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str] = mapped_column(String(200))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Away(Base):
    """An absence in the member's own days, said before it mattered; `ended_on` is its real last day if ended early."""

    __tablename__ = "away"
    __table_args__ = (Index("ix_away_member", "cohort_id", "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id", ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    from_on: Mapped[date]
    until_on: Mapped[date]
    zone: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(200), default="")
    said_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_on: Mapped[date | None]
