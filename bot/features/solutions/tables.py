"""Tables of solutions: what members show of their exercises, and what others answered."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.base import Base, UtcDateTime

TEXT_MAX, SENTENCE_MAX = 1000, 300
Audience = Literal["group", "buddy", "nobody"]


class Solution(Base):
    """A member's solution to a unit's exercise; the author alone decides who sees it.

    `picture` is a PNG, read only for itself; `picture_key` is its unguessable name, None without a picture.
    `in_closing` is whether the post at the part's end may show it.
    """

    __tablename__ = "solution"
    __table_args__ = (
        UniqueConstraint("group_id", "unit_id", "account_id"),
        Index("ix_solution_picture_key", "picture_key"),
        {"sqlite_autoincrement": True},  # a button may hold the id of a removed solution
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("study_group.id", ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    unit_id: Mapped[str] = mapped_column(String(32))
    text: Mapped[str] = mapped_column(String(TEXT_MAX), default="")
    link: Mapped[str | None] = mapped_column(String(500))
    picture: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    picture_key: Mapped[str | None] = mapped_column(String(24))
    seen_by: Mapped[Audience] = mapped_column(String(8))
    in_closing: Mapped[bool]
    shared_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SolutionFeedback(Base):
    """What a member answered to a solution: a sentence, and in `ticked` the criteria that are met, one a line."""

    __tablename__ = "solution_feedback"
    __table_args__ = (UniqueConstraint("solution_id", "author_id"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    solution_id: Mapped[int] = mapped_column(ForeignKey("solution.id", ondelete="CASCADE"))
    author_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    ticked: Mapped[str] = mapped_column(String(SENTENCE_MAX * 4), default="")
    sentence: Mapped[str] = mapped_column(String(SENTENCE_MAX))
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)
