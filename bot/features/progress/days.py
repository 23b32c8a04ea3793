"""How many members of a group checked in to a unit on each day, of those who show themselves on the leaderboard."""

from __future__ import annotations

from datetime import date

from sqlalchemy import bindparam, distinct, func, or_, select
from sqlalchemy.orm import Session, aliased

from bot.db.reading import recall, rows
from bot.features.cohort.tables import Membership
from bot.features.progress.tables import Checkin, CheckinChange

_Any = aliased(CheckinChange)
_NEWEST = select(func.max(_Any.id)).where(_Any.checkin_id == Checkin.id).correlate(Checkin).scalar_subquery()
_BY_DAY = (
    select(Checkin.day, func.count(distinct(Checkin.account_id)))
    .join(Membership, (Membership.cohort_id == Checkin.cohort_id) & (Membership.account_id == Checkin.account_id))
    .outerjoin(CheckinChange, CheckinChange.id == _NEWEST)
    .where(
        Checkin.cohort_id == bindparam("cohort"),
        Membership.is_shown,
        func.coalesce(CheckinChange.unit_id, Checkin.unit_id) == bindparam("unit"),
        Checkin.day.between(bindparam("first"), bindparam("last")),
        or_(CheckinChange.id.is_(None), CheckinChange.kind != "undo"),
    )
    .group_by(Checkin.day)
)


def count_by_day(session: Session, cohort_id: int, unit_id: str, first: date, last: date) -> dict[date, int]:
    """Return how many shown members checked in to a unit on each day of a span, in their zones.

    Days without anybody are left out.
    """

    def read() -> dict[date, int]:
        found = rows(session, _BY_DAY, cohort=cohort_id, unit=unit_id, first=first, last=last)
        return {day: count for day, count in found}  # noqa: C416

    return recall(session, ("days", cohort_id, unit_id, first, last), (Checkin, CheckinChange, Membership), read)
