"""Tables of the schedule: heartbeats, outages and muted reminders."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.base import Base, UtcDateTime


class Beat(Base):
    """One row: when the tick last ran while at least one platform was connected."""

    __tablename__ = "outage_heartbeat"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Outage(Base):
    """A gap between two ticks that was long enough to keep people from checking in."""

    __tablename__ = "outage"

    id: Mapped[int] = mapped_column(primary_key=True)
    from_at: Mapped[datetime] = mapped_column(UtcDateTime, unique=True)
    until_at: Mapped[datetime] = mapped_column(UtcDateTime)
    platform: ClassVar[None] = None

    @property
    def cause(self) -> str:
        """The cause that changes of a unit's dates carry."""
        return f"outage:{self.id}"


class PlatformBeat(Base):
    """When a tick last found a platform connected; one row per platform."""

    __tablename__ = "platform_heartbeat"

    id: Mapped[int] = mapped_column(primary_key=True)
    platform: Mapped[str] = mapped_column(String(16), unique=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class PlatformOutage(Base):
    """A time without any connection to a platform, long enough to keep people from checking in."""

    __tablename__ = "platform_outage"
    __table_args__ = (UniqueConstraint("platform", "from_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    platform: Mapped[str] = mapped_column(String(16))
    from_at: Mapped[datetime] = mapped_column(UtcDateTime)
    until_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @property
    def cause(self) -> str:
        """The cause that changes of a unit's dates carry."""
        return f"outage:{self.platform}:{self.id}"


class Mute(Base):
    """A member wants no further reminder of one unit."""

    __tablename__ = "mute"
    __table_args__ = (UniqueConstraint("group_id", "account_id", "unit_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("study_group.id", ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    unit_id: Mapped[str] = mapped_column(String(32))
