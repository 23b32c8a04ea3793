"""Table of greetings: where the bot has said hello."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.base import Base, UtcDateTime


class Hello(Base):
    """A server, or a channel of a workspace, that the bot has greeted; an empty room is the whole server."""

    __tablename__ = "greeting"
    __table_args__ = (UniqueConstraint("platform", "tenant", "room"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    platform: Mapped[str] = mapped_column(String(16))
    tenant: Mapped[str] = mapped_column(String(64))
    room: Mapped[str] = mapped_column(String(64))
    said_at: Mapped[datetime] = mapped_column(UtcDateTime)
