"""Tables of questions: what was asked and answered within the hour, and what a group has asked of late."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.answers.compose.turns import ANSWERED_MAX, ASKED_MAX
from bot.storage.base import Base, UtcDateTime


class Exchange(Base):
    """One turn of a conversation: a question and its answer, for an hour.

    `thread` is where the answer stands, "" outside of threads, and `begins` says that the thread began with it.
    Turns of one `chain` are one conversation. A private one was read by its asker alone.
    """

    __tablename__ = "conversation_turn"
    __table_args__ = (
        UniqueConstraint("key"),
        Index(None, "platform", "tenant", "room", "thread"),
        Index(None, "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(8))
    chain: Mapped[str] = mapped_column(String(8), index=True)
    platform: Mapped[str] = mapped_column(String(16))
    tenant: Mapped[str] = mapped_column(String(64))
    room: Mapped[str] = mapped_column(String(80))
    thread: Mapped[str] = mapped_column(String(64))
    begins: Mapped[bool]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    is_private: Mapped[bool]
    asked: Mapped[str] = mapped_column(String(ASKED_MAX))
    answered: Mapped[str] = mapped_column(String(ANSWERED_MAX))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Question(Base):
    """A question of a group and whether the notes answered it, for as long as the setting says.

    `key` is that of its turn. Who asked stands there only where it was asked before the group and went unanswered.
    `settled` says what moderators made of it: "" nothing yet, "noted", or "dismissed".
    """

    __tablename__ = "question"
    __table_args__ = (UniqueConstraint("key"), Index(None, "group_id", "settled", "id"), Index(None, "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(8))
    group_id: Mapped[int] = mapped_column(ForeignKey("study_group.id", ondelete="CASCADE"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    asked: Mapped[str] = mapped_column(String(ASKED_MAX))
    coverage: Mapped[str] = mapped_column(String(8))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    settled: Mapped[str] = mapped_column(String(10), default="")
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
