"""How many members completed each closed unit or checked in each day, and the pace of earlier finishers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, bindparam, distinct, func, or_, select
from sqlalchemy.orm import Session, aliased

from bot.curriculum.pace import LEAST, CompletionPace
from bot.curriculum.track import Track
from bot.features.checkins.standings import APART, KEPT
from bot.features.checkins.tables import Checkin, CheckinChange, PaceRow
from bot.features.groups.calendar.timeline import Timeline
from bot.features.groups.tables import Group, Membership, Occurrence
from bot.features.standings import wording
from bot.features.standings.group_standings import Roll
from bot.storage.read_cache import read_cached

_Any = aliased(CheckinChange)

_NEWEST = select(func.max(_Any.id)).where(_Any.checkin_id == Checkin.id).correlate(Checkin).scalar_subquery()

_BY_DAY = (
    select(Checkin.day, func.count(distinct(Checkin.account_id)))
    .join(Membership, (Membership.group_id == Checkin.group_id) & (Membership.account_id == Checkin.account_id))
    .outerjoin(CheckinChange, CheckinChange.id == _NEWEST)
    .where(
        Checkin.group_id == bindparam("group"),
        Membership.is_shown,
        func.coalesce(CheckinChange.unit_id, Checkin.unit_id) == bindparam("unit"),
        Checkin.day.between(bindparam("first"), bindparam("last")),
        or_(CheckinChange.id.is_(None), CheckinChange.kind != "undo"),
    )
    .group_by(Checkin.day)
)


def count_by_day(session: Session, group_id: int, unit_id: str, first: date, last: date) -> dict[date, int]:
    """Return how many shown members checked in to a unit per day of a span, in their zones.

    Days without check-ins are left out.
    """

    def read() -> dict[date, int]:
        counts = session.execute(_BY_DAY, {"group": group_id, "unit": unit_id, "first": first, "last": last})
        return {day: count for day, count in counts}  # noqa: C416

    return read_cached(session, ("days", group_id, unit_id, first, last), (Checkin, CheckinChange, Membership), read)


SCORED = 60

"""The largest group whose units are counted at each look; larger groups use the counts stored at each unit's end."""

_SPARED = (*APART, "open", "paused")

"""Outcomes by which a unit does not count for a member."""


@dataclass(frozen=True)
class ClosedUnit:
    """A unit that has closed.

    Args:
        kept: how many completed it, of the `of` for whom it counted.
        pace: how many percent of earlier finishers had completed it; None if unknown.
    """

    number: int
    label: str
    kept: int
    of: int
    pace: int | None = None

    @property
    def percent(self) -> int:
        """How many percent completed it."""
        return round(100 * self.kept / self.of) if self.of else 0


def count_kept(outcomes: Mapping[str, int]) -> tuple[int, int]:
    """Return how many completed a unit, and for how many it counted."""
    return sum(outcomes.get(outcome, 0) for outcome in KEPT), sum(
        n for what, n in outcomes.items() if what not in _SPARED
    )


def list_closed(roll: Roll, pace: CompletionPace | None, *, is_for_all: bool) -> list[ClosedUnit]:
    """Return the closed units, oldest first; in a large group only those with stored counts.

    Args:
        is_for_all: whether every member reads it, so that hidden members aren't counted.
    """
    closed = [opened.slot for opened in roll.timeline.opened if opened.slot.grace_until <= roll.now]
    counted = _count_units(roll.public if is_for_all else roll, [slot.unit_id for slot in closed])
    return [
        ClosedUnit(
            slot.number, roll.timeline.label(slot), *totals, pace.kept.get(slot.unit_id) if pace is not None else None
        )
        for slot in closed
        if (totals := counted.get(slot.unit_id)) is not None and totals[1]
    ]


def _count_units(roll: Roll, units: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Return how many completed each unit, and for how many it counted."""
    if sum(n for n, _, _ in roll.kinds) <= SCORED:
        return {unit_id: count_kept(roll.outcomes(unit_id)) for unit_id in units}
    n_kept, n_counted = Occurrence.kept, Occurrence.counted_for
    stored = select(Occurrence.unit_id, n_kept, n_counted).where(
        Occurrence.group_id == roll.timeline.group.id, n_kept.is_not(None), n_counted.is_not(None)
    )
    return {
        unit_id: (n_kept or 0, n_counted or 0) for unit_id, n_kept, n_counted in roll.groups.session.execute(stored)
    }


def find_rounds_pace(session: Session, timeline: Timeline) -> CompletionPace | None:
    """Return the pace of this server's earlier rounds on the course, or None if too few finished."""
    group = timeline.group
    return _compute_pace(
        session, _select_totals(group.roadmap_id, Group.tenant_id == group.tenant_id, Group.id != group.id)
    )


def find_group_pace(session: Session, group_id: int) -> CompletionPace | None:
    """Return the pace that one group left, or None."""
    chosen = select(PaceRow).where(PaceRow.group_id == group_id).order_by(PaceRow.id)
    rows = session.scalars(chosen).all()
    if not rows or rows[0].finishers < LEAST:
        return None
    return CompletionPace(rows[0].finishers, {row.unit_id: round(100 * row.kept / row.finishers) for row in rows})


def find_course_pace(session: Session, roadmap_id: str) -> CompletionPace | None:
    """Return the pace of all rounds on a course, or None if too few finished."""
    return _compute_pace(session, _select_totals(roadmap_id))


def _select_totals(roadmap_id: str, *among: ColumnElement[bool]) -> Select[str, int, int]:
    totals = select(PaceRow.unit_id, func.sum(PaceRow.kept), func.sum(PaceRow.finishers))
    return totals.where(PaceRow.group_id.in_(select(Group.id).where(Group.roadmap_id == roadmap_id, *among)))


def _compute_pace(session: Session, walked: Select[str, int, int]) -> CompletionPace | None:
    totals = session.execute(walked.group_by(PaceRow.unit_id).order_by(func.min(PaceRow.id))).all()
    if not totals:
        return None
    return CompletionPace(
        min(of for _, _, of in totals), {unit_id: round(100 * kept / of) for unit_id, kept, of in totals}
    )


def describe_pace(session: Session, timeline: Timeline, track: Track | None, now: datetime) -> str:
    """Return how many units of the part earlier finishers had completed by now; empty if unknown."""
    over = [opened.slot.unit_id for opened in timeline.opened if opened.slot.grace_until <= now]
    leg = timeline.roadmap.part_of(timeline.opened[-1].slot.unit_id) if timeline.opened else None
    its = [unit_id for unit_id in over if timeline.roadmap.part_of(unit_id) == leg]
    if not its or (pace := (track.pace if track is not None else None) or find_rounds_pace(session, timeline)) is None:
        return ""
    n_kept = pace.typical_count(its)
    return wording.render_pace(n_kept, len(its)) if n_kept is not None else ""
