"""Tables of groups: members, moderators, settings, opened units and planned dates."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, false, text, true
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.base import Base, UtcDateTime

Shows = Literal["board", "goal", "nothing"]
"""What the posts of a group tell of all its members together."""
_ALIVE = text("ended_at IS NULL")

COUNTED_MAX = 60
SWITCHES = {
    "has_reminders": "Reminders",
    "has_hints": "Hints before exercise answers",
    "has_quiz_points": "Daily quiz point",
    "has_warm_ups": "Warm-ups in threads",
    "has_weekly_round": "Weekly round of questions",
    "has_pictures": "Pictures",
}
"""Columns of a group that are on or off, with their labels, in the order of the parameters of `manage edit`."""


class Group(Base):
    """A group on a course in one channel of one tenant.

    Args:
        wake_at: when the schedule has to look at the group next; any change sets it to now.
        look: names the look in progress, so that an overtaken one stores nothing.
        last_unit: None is the course's last.
        has_breaks: whether a week without a unit follows each part.
        has_hints: whether an answer about the running unit's exercise begins with a hint.
        has_warm_ups: whether a unit's post asks a question from earlier units.
        has_pictures: whether posts and answers show pictures, or only their text.
        has_quiz_points: whether a day with a quiz earns a point.
        has_weekly_round: whether each unit's thread asks five questions.
        channel_shows: what posts show of members; "board" is who checked in, and the leaderboard at the end, "goal" is
            who checked in, and the group's goal.
        has_digest: whether moderators get the weekly digest.
        notified_role: the platform's id of the role that a unit's post notifies.
        end_asked_at: when a moderator ended the group.
        closed_at: when the closing message was posted.
        ended_at: when the channel became free.
    """

    __tablename__ = "study_group"
    __table_args__ = (
        Index("uq_study_group_room", "tenant_id", "room", unique=True, sqlite_where=_ALIVE, postgresql_where=_ALIVE),
        Index("ix_study_group_wake_at", "wake_at"),
        Index("ix_study_group_tenant_id", "tenant_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("tenant.id", ondelete="CASCADE"))
    room: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(60))
    zone: Mapped[str] = mapped_column(String(64))
    roadmap_id: Mapped[str] = mapped_column(String(32))
    rhythm: Mapped[str] = mapped_column(String(32))
    pace: Mapped[str] = mapped_column(String(16))
    first_unit: Mapped[str] = mapped_column(String(32))
    last_unit: Mapped[str | None] = mapped_column(String(32))
    starts_on: Mapped[date]
    confirmed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    has_reminders: Mapped[bool] = mapped_column(default=True)
    has_breaks: Mapped[bool] = mapped_column(default=False)
    has_hints: Mapped[bool] = mapped_column(default=True)
    has_warm_ups: Mapped[bool] = mapped_column(default=True, server_default=true())
    has_pictures: Mapped[bool] = mapped_column(default=True, server_default=true())
    has_weekly_round: Mapped[bool] = mapped_column(default=False, server_default=false())
    has_quiz_points: Mapped[bool] = mapped_column(default=False, server_default=false())
    channel_shows: Mapped[Shows] = mapped_column(String(8), default="board", server_default="board")
    has_digest: Mapped[bool] = mapped_column(default=True, server_default=true())
    notified_role: Mapped[str | None] = mapped_column(String(64))
    created_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    wake_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    look: Mapped[str | None] = mapped_column(String(16))
    end_asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def has_board(self) -> bool:
        """Whether what all read shows a board, and so may speak of it."""
        return self.channel_shows == "board"


class GroupModerator(Base):
    """A grant to moderate one group: "account:5", or "role:123" as the platform numbers its roles."""

    __tablename__ = "group_moderator"
    __table_args__ = (UniqueConstraint("group_id", "grant"), Index(None, "grant"))

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("study_group.id", ondelete="CASCADE"))
    grant: Mapped[str] = mapped_column(String(80))


class Membership(Base):
    """An account in a group; joining again keeps the first day and all history.

    `is_shown` is whether the others see it on the board, `sees_board` whether it wants to see the board itself.
    `stopped_at` is when the member last asked for no more reminders.
    """

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("account_id", "group_id"),
        Index("ix_membership_group", "group_id", "left_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    group_id: Mapped[int] = mapped_column(ForeignKey("study_group.id", ondelete="CASCADE"))
    joined_at: Mapped[datetime] = mapped_column(UtcDateTime)
    left_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    wants_reminders: Mapped[bool] = mapped_column(default=False)
    stopped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    is_shown: Mapped[bool] = mapped_column(default=True)
    sees_board: Mapped[bool] = mapped_column(default=True, server_default=true())
    alias: Mapped[str] = mapped_column(String(40), default="")


class Occurrence(Base):
    """A unit that has opened, as it was planned at that moment; later facts are OccurrenceChange rows.

    `kept` and `counted_for` say how many members kept it as its grace ended, and for how many it counted.
    """

    __tablename__ = "opened_unit"
    __table_args__ = (UniqueConstraint("group_id", "unit_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("study_group.id", ondelete="CASCADE"))
    unit_id: Mapped[str] = mapped_column(String(32))
    number: Mapped[int]
    opens_at: Mapped[datetime] = mapped_column(UtcDateTime)
    deadline_at: Mapped[datetime] = mapped_column(UtcDateTime)
    grace_until: Mapped[datetime] = mapped_column(UtcDateTime)
    counted: Mapped[str] = mapped_column(String(COUNTED_MAX), default="")
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    kept: Mapped[int | None]
    counted_for: Mapped[int | None]


class OccurrenceChange(Base):
    """A pause, a move or an outage that changed a unit's times; each kind once for each cause."""

    __tablename__ = "opened_unit_change"
    __table_args__ = (UniqueConstraint("group_id", "unit_id", "cause"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("study_group.id", ondelete="CASCADE"))
    unit_id: Mapped[str] = mapped_column(String(32))
    cause: Mapped[str] = mapped_column(String(40))
    deadline_at: Mapped[datetime] = mapped_column(UtcDateTime)
    grace_until: Mapped[datetime] = mapped_column(UtcDateTime)
    is_held: Mapped[bool] = mapped_column(default=False)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    reason: Mapped[str] = mapped_column(String(200), default="")
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class UnitPlan(Base):
    """What a moderator has decided of a unit before it opens: when it does, or None, which leaves it out."""

    __tablename__ = "unit_plan"

    group_id: Mapped[int] = mapped_column(ForeignKey("study_group.id", ondelete="CASCADE"), primary_key=True)
    unit_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    opens_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PauseRow(Base):
    """A time without new units; `until_at` is None until somebody resumes."""

    __tablename__ = "pause"

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("study_group.id", ondelete="CASCADE"), index=True)
    from_at: Mapped[datetime] = mapped_column(UtcDateTime)
    until_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    reason: Mapped[str] = mapped_column(String(200), default="")
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Away(Base):
    """An absence in the member's own days, said before it mattered; `ended_on` is its real last day if ended early."""

    __tablename__ = "absence"
    __table_args__ = (Index("ix_absence_member", "group_id", "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("study_group.id", ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    from_on: Mapped[date]
    until_on: Mapped[date]
    zone: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(200), default="")
    said_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_on: Mapped[date | None]
