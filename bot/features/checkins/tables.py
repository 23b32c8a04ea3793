"""Tables of progress: an append-only record, and what streaks and points each member has by it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.base import Base, UtcDateTime

_BY_BYTES = String(240).with_variant(String(240, collation="C"), "postgresql")
"""Text that every engine sorts as Python does; a folded name is at most three times as long as the name."""


class Checkin(Base):
    """Someone worked on a unit; what came later is CheckinChange rows."""

    __tablename__ = "checkin"
    __table_args__ = (Index("ix_checkin_member", "group_id", "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("study_group.id", ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    unit_id: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    day: Mapped[date]
    zone: Mapped[str] = mapped_column(String(64))
    minutes: Mapped[int]
    note: Mapped[str] = mapped_column(String(500))
    link: Mapped[str | None] = mapped_column(String(500))


class CheckinChange(Base):
    """An edit, a move, an undo or a moderator's correction of a check-in; the newest says how it stands."""

    __tablename__ = "checkin_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    checkin_id: Mapped[int] = mapped_column(ForeignKey("checkin.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    unit_id: Mapped[str] = mapped_column(String(32))
    minutes: Mapped[int]
    note: Mapped[str] = mapped_column(String(500))
    link: Mapped[str | None] = mapped_column(String(500))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Ruling(Base):
    """A moderator excuses a member from a unit, voids it, lifts what was ruled of it before, or corrects a check-in."""

    __tablename__ = "ruling"
    __table_args__ = (Index("ix_ruling_member", "group_id", "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("study_group.id", ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    unit_id: Mapped[str] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str] = mapped_column(String(200))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Repair(Base):
    """A member repaired a streak that had ended at a unit: caught up on it, and passed its quiz. Once a leg."""

    __tablename__ = "streak_repair"
    __table_args__ = (UniqueConstraint("group_id", "account_id", "leg"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("study_group.id", ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    unit_id: Mapped[str] = mapped_column(String(32))
    leg: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PaceRow(Base):
    """Of how many who finished a group's way so many kept a unit; it names nobody."""

    __tablename__ = "unit_completion"
    __table_args__ = (UniqueConstraint("group_id", "unit_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("study_group.id", ondelete="CASCADE"))
    unit_id: Mapped[str] = mapped_column(String(32))
    kept: Mapped[int]
    finishers: Mapped[int]


_IS_FADING = text("fading <> ''")


class MemberStanding(Base):
    """A member's score as `scoring` computes it from their rows, under the name and visibility that a board needs.

    `basis` marks what of the group's timeline the score rests on; where that has changed, the row is out of date.
    Whoever has a membership has a row, of no basis until it is settled.
    `leg_kept` counts the kept units of the leg that the group walks, `leg_part` those in which the member took part.
    The unit is the one that runs, or ran last; `outcome_before` is that of the unit before it.
    """

    __tablename__ = "member_standing"
    __table_args__ = (
        Index(
            "ix_member_standing_counts",
            "group_id",
            "is_in",
            "basis",
            "is_resting",
            "outcome",
            "name_key",
            "account_id",
            "outcome_before",
        ),
        Index("ix_member_standing_alias", "group_id", "has_alias"),
        Index(
            "ix_member_standing_fading",
            "group_id",
            "is_in",
            "name_key",
            "account_id",
            sqlite_where=_IS_FADING,
            postgresql_where=_IS_FADING,
        ),
    )

    group_id: Mapped[int] = mapped_column(ForeignKey("study_group.id", ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True, index=True)
    basis: Mapped[str] = mapped_column(String(16))
    is_in: Mapped[bool]
    is_shown: Mapped[bool]
    has_alias: Mapped[bool]
    name: Mapped[str] = mapped_column(String(80))
    name_key: Mapped[str] = mapped_column(_BY_BYTES)
    season_points: Mapped[int]
    phase_points: Mapped[int]
    unit_points: Mapped[int]
    leg_kept: Mapped[int] = mapped_column(server_default="0")
    leg_part: Mapped[int] = mapped_column(server_default="0")
    outcome: Mapped[str] = mapped_column(String(8))
    outcome_before: Mapped[str] = mapped_column(String(8))
    streak: Mapped[int]
    best_streak: Mapped[int]
    freezes_held: Mapped[int]
    kept_towards_freeze: Mapped[int]
    freezes_spent_on: Mapped[str] = mapped_column(Text)
    fading: Mapped[str] = mapped_column(String(200))
    is_resting: Mapped[bool]


def _ranked(points: str) -> Index:
    """Return the index of a board: it begins with most points, and goes by name among those of the same."""
    row = MemberStanding.__table__.c
    ranked = (row.group_id, row.is_in, row.is_shown, row[points].desc(), row.name_key, row.account_id)
    return Index(f"ix_member_standing_{points}", *ranked)


RANKED = [*map(_ranked, ("season_points", "phase_points", "unit_points"))]
"""The indexes of the boards."""
