"""Tables of who continues after a part, and of the public links to certificates."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.base import Base, UtcDateTime


class Onward(Base):
    """A member's word that they go on with a leg, which is known by its first unit."""

    __tablename__ = "part_choice"

    __table_args__ = (UniqueConstraint("group_id", "unit_id", "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("study_group.id", ondelete="CASCADE"))
    unit_id: Mapped[str] = mapped_column(String(32))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    said_at: Mapped[datetime] = mapped_column(UtcDateTime)


NAME_MAX = 60


class CertificateLink(Base):
    """A public page with a member's certificate, at an unguessable address; it shows what stands here and nothing else.

    `key` is the address's last part, `course` is empty for a course with one part.
    """

    __tablename__ = "certificate_link"

    __table_args__ = (UniqueConstraint("group_id", "account_id", "part"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("study_group.id", ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    part: Mapped[int]
    name: Mapped[str] = mapped_column(String(NAME_MAX))
    subject: Mapped[str] = mapped_column(String(200))
    course: Mapped[str] = mapped_column(String(200))
    phase_id: Mapped[str] = mapped_column(String(80))
    since_on: Mapped[date]
    until_on: Mapped[date]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
