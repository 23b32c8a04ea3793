"""Tables of people: tenants, accounts, and what they are still to be told."""

from __future__ import annotations

from datetime import date, datetime, time

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, true
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.base import Base, UtcDateTime


class Tenant(Base):
    """A server, a workspace or the local page; nothing of one is ever shown in another."""

    __tablename__ = "tenant"
    __table_args__ = (UniqueConstraint("platform", "external_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    platform: Mapped[str] = mapped_column(String(16))
    external_id: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(100), default="")


class AccountRow(Base):
    """A person on one platform, unique in the platform's own scope.

    `sees_pictures` is whether private answers show them pictures, else the words of these.
    `made_at` is by the machine's clock.
    """

    __tablename__ = "account"
    __table_args__ = (UniqueConstraint("platform", "scope", "external_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    platform: Mapped[str] = mapped_column(String(16))
    scope: Mapped[str] = mapped_column(String(64))
    external_id: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(100))
    zone: Mapped[str | None] = mapped_column(String(64))
    has_own_zone: Mapped[bool] = mapped_column(default=False)
    quiet_from: Mapped[time] = mapped_column(default=time(22, 0))
    quiet_until: Mapped[time] = mapped_column(default=time(8, 0))
    sees_pictures: Mapped[bool] = mapped_column(default=True, server_default=true())
    reminded_on: Mapped[date | None]
    unreachable_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    made_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Notice(Base):
    """A sentence for a person, told once in their next private answer."""

    __tablename__ = "notice"
    __table_args__ = (UniqueConstraint("account_id", "key"), Index("ix_notice_untold", "account_id", "told_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(100))
    markdown: Mapped[str] = mapped_column(String(600))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
