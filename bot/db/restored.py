"""When the database was last put back from a backup: what was due until then may have gone out, unknown to it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.db.base import Base
from bot.db.outbox import OutboxRow
from bot.db.reading import recall


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
    return any(row.due_at <= restored_at for restored_at in _list(session))


def era(session: Session, at: datetime) -> str:
    """Return the mark of what falls due at an instant: "" before a first backup was put back.

    What was kept after that backup is lost, and its numbers are given again. So what is due from then on has another
    mark than what had these numbers; what was due until then has its own again, by which it is found where it stands.
    """
    last = max((one for one in _list(session) if one < at), default=None)
    return "" if last is None else str(int(last.timestamp()))


def _list(session: Session) -> Sequence[datetime]:
    chosen = select(Restoration.restored_at)
    return recall(session, Restoration, (Restoration,), lambda: session.scalars(chosen).all())
