"""Tables of live sessions, their answers and hosts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.base import Base, UtcDateTime

Says = Literal["coming", "perhaps", "not"]
TOPIC_MAX, REASON_MAX = 100, 200


class LiveHour(Base):
    """A live session of a group. Cancelled ones stay, so that nothing is announced twice.

    `has_host` is whether the post names a host: deleting a person's data clears `host_id`.
    """

    __tablename__ = "live_session"
    __table_args__ = (Index("ix_live_session_group", "group_id", "starts_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("study_group.id", ondelete="CASCADE"))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    minutes: Mapped[int]
    topic: Mapped[str] = mapped_column(String(TOPIC_MAX), default="")
    link: Mapped[str | None] = mapped_column(String(500))
    host_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    has_host: Mapped[bool] = mapped_column(default=False, server_default=false())
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancelled_for: Mapped[str | None] = mapped_column(String(REASON_MAX))

    @property
    def ends_at(self) -> datetime:
        """The end."""
        return self.starts_at + timedelta(minutes=self.minutes)


class HourAnswer(Base):
    """A member's last answer to a live session."""

    __tablename__ = "live_session_answer"
    __table_args__ = (UniqueConstraint("hour_id", "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    hour_id: Mapped[int] = mapped_column(ForeignKey("live_session.id", ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    says: Mapped[Says] = mapped_column(String(8))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class HourHost(Base):
    """A member who agreed to host live sessions of a group."""

    __tablename__ = "live_session_host"
    __table_args__ = (UniqueConstraint("group_id", "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("study_group.id", ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    agreed_at: Mapped[datetime] = mapped_column(UtcDateTime)
