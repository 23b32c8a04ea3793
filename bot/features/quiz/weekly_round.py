"""The weekly round: five questions on a unit, which each member answers alone on one day; then the group sees how."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.curriculum.bank import BankItem
from bot.curriculum.content import Unit
from bot.curriculum.track import Track
from bot.features.groups.calendar.rhythm import add_days
from bot.features.groups.calendar.timeline import Opened, Timeline
from bot.features.quiz.tables import QuizAnswer, QuizAttempt
from bot.features.rules import QUIZ_QUESTIONS

PREFIX = "round:"
"""Begins what stands in the place of a unit's id in an attempt at a weekly round."""
LASTS = timedelta(days=1)


@dataclass(frozen=True)
class WeeklyRound:
    """A unit's round: its questions, the same for everybody, and when it is open."""

    group_id: int
    unit: Unit
    items: tuple[BankItem, ...]
    opens_at: datetime
    closes_at: datetime

    @property
    def key(self) -> str:
        """What stands in the place of a unit's id in its attempts."""
        return f"{PREFIX}{self.unit.id}"


@dataclass(frozen=True)
class RoundResult:
    """How many members took part in a round, and how many were right, by question."""

    members: int
    right: Mapping[str, int]


def find_weekly_round(timeline: Timeline, track: Track, opened: Opened) -> WeeklyRound | None:
    """Return the round of a unit, which opens halfway to its deadline; None if the unit has no questions."""
    bank, slot, group_id = track.banks.get(opened.slot.unit_id), opened.slot, timeline.group.id
    if bank is None:
        return None
    opens_at = add_days(slot.opens_at, (slot.deadline_at - slot.opens_at) // (2 * LASTS), timeline.zone)
    return WeeklyRound(
        group_id,
        timeline.unit(slot),
        tuple(_choose_items(group_id, bank.items)),
        opens_at,
        min(opens_at + LASTS, slot.grace_until),
    )


def _choose_items(group_id: int, items: Sequence[BankItem]) -> list[BankItem]:
    return sorted(items, key=lambda item: zlib.crc32(f"{group_id}:{item.id}".encode()))[:QUIZ_QUESTIONS]


def count_right(session: Session, weekly: WeeklyRound) -> RoundResult:
    """Return how a round went; of each member only the first attempt counts."""
    first = (
        select(func.min(QuizAttempt.id))
        .where(QuizAttempt.group_id == weekly.group_id, QuizAttempt.unit_id == weekly.key)
        .group_by(QuizAttempt.account_id)
    )
    in_time = (QuizAnswer.attempt_id.in_(first), QuizAnswer.at < weekly.closes_at)
    members = session.scalar(select(func.count(QuizAnswer.account_id.distinct())).where(*in_time)) or 0
    right = select(QuizAnswer.item_id, func.count()).where(*in_time, QuizAnswer.is_right).group_by(QuizAnswer.item_id)
    return RoundResult(members, {item_id: count for item_id, count in session.execute(right)})  # noqa: C416
