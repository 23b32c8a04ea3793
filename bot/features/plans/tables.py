"""The table of pledges."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.base import Base, UtcDateTime

PLEDGE_MAX = 200


class Pledge(Base):
    """What a member means to do for a unit, in a sentence of their own.

    `remind_at` is when they mean to begin, None if they said no time; `is_silent` that no reminder is to come.
    """

    __tablename__ = "pledge"

    group_id: Mapped[int] = mapped_column(ForeignKey("study_group.id", ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True, index=True)
    unit_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    text: Mapped[str] = mapped_column(String(PLEDGE_MAX))
    said_at: Mapped[datetime] = mapped_column(UtcDateTime)
    remind_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    is_silent: Mapped[bool] = mapped_column(default=False)
