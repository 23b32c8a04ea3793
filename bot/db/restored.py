"""When the database was last put back from a backup: what was due until then may have gone out, unknown to it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.db.base import Base
from bot.db.outbox import OutboxRow


class Restoration(Base):
    """A backup that was put back: when it was made, and when it came back."""

    __tablename__ = "restoration"

    id: Mapped[int] = mapped_column(primary_key=True)
    made_at: Mapped[datetime]
    restored_at: Mapped[datetime]


def may_be_there(session: Session, row: OutboxRow) -> bool:
    """Whether a post that was never tried may stand there all the same, sent before an older database came back."""
    if row.action != "post":
        return False
    restored_at = session.scalar(select(func.max(Restoration.restored_at)))
    return restored_at is not None and row.due_at <= restored_at
