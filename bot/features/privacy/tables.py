"""Who was forgotten, as every process and every backup knows it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.base import Base


class ForgottenMark(Base):
    """A person who was forgotten, unreadable: the salted mark of an account, and when."""

    __tablename__ = "erasure"

    salt: Mapped[str] = mapped_column(String(32), primary_key=True)
    mark: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[datetime]
