"""The tables of servers' own courses and their questions. Installed courses are files."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
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


SUGGESTED, ACCEPTED, RETIRED = "suggested", "accepted", "retired"
"""The states of a question; only accepted ones are asked."""


class CourseQuestion(Base):
    """A quiz question of a server's own course.

    A question has one right answer and one to three wrong ones, one a line. The right answer and the number
    of wrong ones never change: stored answers refer to choices by letter. Numbers are never used twice.

    `group_id` is the group in which it was written. `decided_by` accepted, refused or retired it last. `source` names
    what it was written from, such as a note; it may be empty, as may `why`.
    """

    __tablename__ = "course_question"
    __table_args__ = (
        Index("ix_course_question_course", "course_id", "state"),
        Index("ix_course_question_decided_at", "state", "decided_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("own_roadmap.id", ondelete="CASCADE"))
    group_id: Mapped[int | None] = mapped_column(ForeignKey("study_group.id", ondelete="SET NULL"), index=True)
    unit_id: Mapped[str] = mapped_column(String(40))
    prompt: Mapped[str] = mapped_column(Text)
    right_answer: Mapped[str] = mapped_column(Text)
    wrong_answers: Mapped[str] = mapped_column(Text)
    why: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(10))
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"), index=True)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ContentVersion(Base):
    """A state of a course or of a group's note, as it was after a change.

    `content` is the course's YAML, or the note's text. `place` is what was changed, such as `unit:verbs`. Changes of
    one author to one place within minutes are one version, from `made_at` to `changed_at`.
    """

    __tablename__ = "content_version"
    __table_args__ = (
        Index("ix_content_version_course", "course_id", "id"),
        Index("ix_content_version_note", "note_id", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int | None] = mapped_column(ForeignKey("own_roadmap.id", ondelete="CASCADE"))
    note_id: Mapped[int | None] = mapped_column(ForeignKey("group_note.id", ondelete="CASCADE"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"), index=True)
    place: Mapped[str] = mapped_column(String(80))
    content: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
