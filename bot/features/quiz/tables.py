"""Tables of quizzes: what somebody is being asked, and what they have answered."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.base import Base, UtcDateTime

GIVEN_MAX = 40
"""Characters of an answer: letters as they were shown, or a number."""


class QuizAttempt(Base):
    """Questions that somebody was given at once, to go on with until it is ended or too old."""

    __tablename__ = "quiz_attempt"
    __table_args__ = (Index("ix_quiz_attempt_open", "account_id", "roadmap_id", "ended_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    group_id: Mapped[int | None] = mapped_column(ForeignKey("study_group.id", ondelete="SET NULL"), index=True)
    roadmap_id: Mapped[str] = mapped_column(String(40))
    unit_id: Mapped[str] = mapped_column(String(40))
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class QuizItem(Base):
    """One question of an attempt: the seed of the order of its choices, and what is chosen but not yet answered."""

    __tablename__ = "quiz_item"
    __table_args__ = (UniqueConstraint("attempt_id", "place"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("quiz_attempt.id", ondelete="CASCADE"))
    place: Mapped[int]
    item_id: Mapped[str] = mapped_column(String(40))
    seed: Mapped[int]
    chosen: Mapped[str] = mapped_column(String(GIVEN_MAX), default="")


class WarmUpRow(Base):
    """The question that a unit's post asks a whole group; the roadmap is the one that has it."""

    __tablename__ = "warm_up"
    __table_args__ = (UniqueConstraint("group_id", "unit_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("study_group.id", ondelete="CASCADE"))
    unit_id: Mapped[str] = mapped_column(String(32))
    roadmap_id: Mapped[str] = mapped_column(String(40))
    item_id: Mapped[str] = mapped_column(String(40))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)


class QuizAnswer(Base):
    """A fact: somebody answered a question, rightly or not, in an attempt that it outlives or as a warm-up.

    The roadmap is the one that has the question, not one that is cut out of it. The rating is that of `spacing`.
    """

    __tablename__ = "quiz_answer"
    __table_args__ = (
        UniqueConstraint("attempt_id", "item_id"),
        Index("uq_quiz_answer_warm_up", "warm_up_id", "account_id", unique=True),
        Index("ix_quiz_answer_item", "account_id", "roadmap_id", "item_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    group_id: Mapped[int | None] = mapped_column(ForeignKey("study_group.id", ondelete="SET NULL"), index=True)
    attempt_id: Mapped[int | None] = mapped_column(ForeignKey("quiz_attempt.id", ondelete="SET NULL"))
    warm_up_id: Mapped[int | None] = mapped_column(ForeignKey("warm_up.id", ondelete="SET NULL"))
    roadmap_id: Mapped[str] = mapped_column(String(40))
    item_id: Mapped[str] = mapped_column(String(40))
    given: Mapped[str] = mapped_column(String(GIVEN_MAX))
    is_right: Mapped[bool]
    rating: Mapped[int] = mapped_column(server_default="3")
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class QuizDay(Base):
    """A fact: on a local day of theirs somebody answered as many questions of quizzes in a group as make one.

    `ends_at` is when that day ends in the zone in which it was spent; None of days from before it was kept.
    """

    __tablename__ = "quiz_day"
    __table_args__ = (Index("ix_quiz_day_member", "group_id", "account_id"),)

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("study_group.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class QuizCard(Base):
    """When a question comes back to somebody: what their answers to it make, as `spacing` has it."""

    __tablename__ = "quiz_card"
    __table_args__ = (Index("ix_quiz_card_due", "account_id", "due_at"),)

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    roadmap_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    item_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    state: Mapped[dict[str, Any]] = mapped_column(JSON)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ReviewHabit(Base):
    """How somebody wants to review: how many questions a day, and whether and when they are told of them."""

    __tablename__ = "review_settings"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    cap: Mapped[int]
    hour: Mapped[time]
    nudge: Mapped[str] = mapped_column(String(10), index=True)
