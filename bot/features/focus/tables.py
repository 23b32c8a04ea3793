"""Tables of focus sessions and of who took part in their rounds."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.base import Base, UtcDateTime


class FocusSession(Base):
    """A session in which members study at the same time, in rounds with a break between them.

    `round` and `starts_at` are those of the newest round; `ended_at` is set once its end has been posted. `thread` is
    the platform's id of the thread that it was started in, and `voice` that of a voice channel.
    """

    __tablename__ = "focus_session"
    __table_args__ = (Index("ix_focus_session_group", "group_id", "ended_at"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("study_group.id", ondelete="CASCADE"))
    minutes: Mapped[int]
    thread: Mapped[str | None] = mapped_column(String(80))
    voice: Mapped[str | None] = mapped_column(String(80))
    round: Mapped[int] = mapped_column(default=1)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def ends_at(self) -> datetime:
        """The end of the newest round."""
        return self.starts_at + timedelta(minutes=self.minutes)


class FocusTime(Base):
    """The time of a member in a round; one who leaves and comes back has two. `account_id` goes with their data."""

    __tablename__ = "focus_time"

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("focus_session.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"), index=True)
    round: Mapped[int]
    from_at: Mapped[datetime] = mapped_column(UtcDateTime)
    until_at: Mapped[datetime] = mapped_column(UtcDateTime)
    is_checked_in: Mapped[bool] = mapped_column(default=False, server_default=false())

    @property
    def minutes(self) -> int:
        """Its length in whole minutes."""
        return (self.until_at - self.from_at) // timedelta(minutes=1)
