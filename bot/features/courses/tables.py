"""The table of servers' own courses. Installed courses are files."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.base import Base, UtcDateTime


class OwnRoadmap(Base):
    """A server's own course.

    `outline` is the text as written, `yaml` the course as a folder's file; unit ids stay when the outline changes. A
    course that was removed after a group had used it stays for that group's record. A number is never used twice,
    because groups and buttons refer to it.
    """

    __tablename__ = "own_roadmap"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("tenant.id", ondelete="CASCADE"), index=True)
    outline: Mapped[str] = mapped_column(Text)
    yaml: Mapped[str] = mapped_column(Text)
    added_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"), index=True)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
