"""Tables of roadmaps: those that a server has for itself. The others are files."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.base import Base, UtcDateTime


class OwnRoadmap(Base):
    """A roadmap of one server's own.

    `outline` is what somebody wrote, `yaml` what became of it, as the file of a folder has it: the ids of its units
    stay when the outline changes. One that was removed after a group had walked it stays for that group's record. No
    number comes twice, even when its row is gone: groups and buttons go by it.
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
