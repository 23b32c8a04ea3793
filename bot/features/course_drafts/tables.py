"""The table of drafts of courses that a model makes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.base import Base, UtcDateTime

NEW, RUNNING, STOPPED, DONE = "new", "running", "stopped", "done"
"""The states of a draft; a new one waits until somebody has seen what it costs."""


class DraftedCourse(Base):
    """A course that a model drafts from somebody's material.

    `units` is JSON, a list of `StoredUnit`, empty until there is an outline. `course_id` is the course that accepted
    units go to. A process that works on the draft sets `due_at` ahead; if it dies, another takes over then. `problem`
    says why the draft waits or was stopped, or is empty.
    """

    __tablename__ = "course_draft"
    __table_args__ = (Index("ix_course_draft_state", "state", "due_at"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("tenant.id", ondelete="CASCADE"), index=True)
    group_id: Mapped[int | None] = mapped_column(ForeignKey("study_group.id", ondelete="SET NULL"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    course_id: Mapped[int | None] = mapped_column(ForeignKey("own_roadmap.id", ondelete="SET NULL"), index=True)
    title: Mapped[str] = mapped_column(String(60))
    source: Mapped[str] = mapped_column(String(100))
    material: Mapped[str] = mapped_column(Text)
    units: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10))
    problem: Mapped[str] = mapped_column(String(10))
    tries: Mapped[int]
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
