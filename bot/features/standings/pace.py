"""The pace of earlier finishers, from earlier rounds or from the course's folder."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from bot.curriculum.pace import LEAST, CompletionPace
from bot.curriculum.track import Track
from bot.features.checkins.tables import PaceRow
from bot.features.groups.calendar.timeline import Timeline
from bot.features.groups.tables import Cohort


def find_rounds_pace(session: Session, timeline: Timeline) -> CompletionPace | None:
    """Return the pace of this server's earlier rounds on the course, or None if too few finished."""
    cohort = timeline.cohort
    return _compute_pace(
        session, _select_totals(cohort.roadmap_id, Cohort.tenant_id == cohort.tenant_id, Cohort.id != cohort.id)
    )


def find_group_pace(session: Session, cohort_id: int) -> CompletionPace | None:
    """Return the pace that one group left, or None."""
    chosen = select(PaceRow).where(PaceRow.cohort_id == cohort_id).order_by(PaceRow.id)
    rows = session.scalars(chosen).all()
    if not rows or rows[0].finishers < LEAST:
        return None
    return CompletionPace(rows[0].finishers, {row.unit_id: round(100 * row.kept / row.finishers) for row in rows})


def find_course_pace(session: Session, roadmap_id: str) -> CompletionPace | None:
    """Return the pace of all rounds on a course, or None if too few finished."""
    return _compute_pace(session, _select_totals(roadmap_id))


def _select_totals(roadmap_id: str, *among: ColumnElement[bool]) -> Select[str, int, int]:
    totals = select(PaceRow.unit_id, func.sum(PaceRow.kept), func.sum(PaceRow.finishers))
    return totals.where(PaceRow.cohort_id.in_(select(Cohort.id).where(Cohort.roadmap_id == roadmap_id, *among)))


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
    leg = timeline.roadmap.leg_of(timeline.opened[-1].slot.unit_id) if timeline.opened else None
    its = [unit_id for unit_id in over if timeline.roadmap.leg_of(unit_id) == leg]
    if not its or (pace := (track.pace if track is not None else None) or find_rounds_pace(session, timeline)) is None:
        return ""
    n_kept = pace.by_now(its)
    return f"People who finished had kept {n_kept} of {len(its)} in this leg by now." if n_kept is not None else ""
