"""Tables of calendars: who subscribes, and which version of each event they have been given."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.base import Base, UtcDateTime

UID_MAX = 60


class CalendarFeed(Base):
    """A secret address at which one person's calendar subscribes; only a hash of it is kept."""

    __tablename__ = "calendar_feed"

    id: Mapped[int] = mapped_column(primary_key=True)
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), unique=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CalendarEvent(Base):
    """An event of a group as calendars were given it last: once it is another, its sequence goes up."""

    __tablename__ = "calendar_event"

    group_id: Mapped[int] = mapped_column(ForeignKey("study_group.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(String(UID_MAX), primary_key=True)
    mark: Mapped[str] = mapped_column(String(16))
    sequence: Mapped[int]
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
