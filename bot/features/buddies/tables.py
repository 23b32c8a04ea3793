"""Tables of buddies: who wants one, and who was paired with whom for which unit."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.base import Base, UtcDateTime


class BuddyWish(Base):
    """Whether a member of a group wants a buddy, and since when; to want one again counts from then on.

    `rests_from` is the unit from which on they get none, because they were silent on those before.
    """

    __tablename__ = "buddy_preference"

    group_id: Mapped[int] = mapped_column(ForeignKey("study_group.id", ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True, index=True)
    is_on: Mapped[bool]
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    rests_from: Mapped[str | None] = mapped_column(String(32))


class Pairing(Base):
    """A member's place in a pair for a unit: those of one number are together.

    `asked_at` is when they were asked whether they met, `answer` what they said: "yes", "no" or nothing yet.
    """

    __tablename__ = "pairing"

    group_id: Mapped[int] = mapped_column(ForeignKey("study_group.id", ondelete="CASCADE"), primary_key=True)
    unit_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True, index=True)
    number: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer: Mapped[str] = mapped_column(String(3), default="")
