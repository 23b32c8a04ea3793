"""Read the leaderboard from stored standings by index, whatever the group's size."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, Literal

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, exists, func, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from bot.features.checkins.tables import MemberStanding as Row
from bot.features.standings import leaderboard
from bot.features.standings.group_standings import Roll
from bot.features.standings.leaderboard import BoardRow, SkippedRows
from bot.storage import read_cache

Period = Literal["phase", "week", "season"]
POINTS: dict[Period, InstrumentedAttribute[int]] = {
    "phase": Row.phase_points,
    "week": Row.unit_points,
    "season": Row.season_points,
}

FOUND = 20
"""How many a search finds."""


def read_board(roll: Roll, period: Period, me: int | None) -> list[BoardRow | SkippedRows]:
    """Return a reader's leaderboard, by index if all rows are up to date with the right names."""
    if roll.is_settled and not roll.has_lost_alias:
        return Ranking(roll.cohorts.session, roll.timeline.cohort.id, POINTS[period]).view(me)
    return leaderboard.select_view(list_standings(roll, POINTS[period].key), me)


def search_board(roll: Roll, period: Period, me: int | None, text: str) -> list[BoardRow]:
    """Return the first members on the leaderboard whose names contain a text."""
    key = text.casefold()
    if roll.is_settled and not roll.has_lost_alias:
        return Ranking(roll.cohorts.session, roll.timeline.cohort.id, POINTS[period]).named(me, key)
    ranked = leaderboard.rank_rows(list_standings(roll, POINTS[period].key), me)
    return [row for row in ranked if key in row.name.casefold()][:FOUND]


def list_standings(roll: Roll, number: str) -> list[leaderboard.Standing]:
    """Return each member's number of some kind, under the name that others may see."""
    names = roll.cohorts.names(roll.timeline.cohort).shown()
    return [leaderboard.Standing(a, names[a], row[number], not row["is_shown"]) for a, row in roll.rows.items()]


class Ranking:
    """A group's shown rows by falling points, ties by name.

    Args:
        points: the column to rank by.
    """

    def __init__(self, session: Session, cohort_id: int, points: InstrumentedAttribute[int]) -> None:
        self._session, self._cohort_id, self._points = session, cohort_id, points.key
        self._above: dict[int, int] = {}

    def view(self, me: int | None, top: int = 5, neighbours: int = 2) -> list[BoardRow | SkippedRows]:
        """Return what `leaderboard.select_view` returns."""
        own_row = self._read(_select_member(self._points), account=me)
        if not own_row:
            return leaderboard.cut_rows(
                leaderboard.select_parts(None, top, neighbours), lambda part: self._rows(part, me)
            )
        name, is_shown, points, n_above, n_before, is_shared = own_row[0]
        self._above[points], place = n_above, n_above + n_before
        if is_shown:
            return leaderboard.cut_rows(
                leaderboard.select_parts(place, top, neighbours), lambda part: self._rows(part, me)
            )
        own = BoardRow(n_above + 1, me or 0, name, points, is_me=True, is_hidden=True, is_shared=is_shared)

        def rows(part: range) -> list[BoardRow]:
            """Return a part of the rows, with the hidden reader's own row in its place."""
            before, after = range(part.start, min(part.stop, place)), range(max(part.start - 1, place), part.stop - 1)
            return [*self._rows(before, me), *([own] if place in part else []), *self._rows(after, me)]

        return leaderboard.cut_rows(leaderboard.select_parts(place, top, neighbours), rows)

    def named(self, me: int | None, key: str) -> list[BoardRow]:
        """Return the first shown members whose folded names contain a key; hidden members are never found."""
        row = Row.__table__.c
        chosen = select(row.account_id, row.name, row[self._points], _is_shared(row, self._points)).where(
            row.cohort_id == self._cohort_id, row.is_in, row.is_shown, row.name_key.contains(key, autoescape=True)
        )
        falling = chosen.order_by(row[self._points].desc(), row.name_key).limit(FOUND)
        matches = self._session.execute(falling, {"cohort": self._cohort_id}).all()
        return [
            BoardRow(1 + self._n_above(points), account_id, name, points, account_id == me, is_shared=is_shared)
            for account_id, name, points, is_shared in matches
        ]

    def _rows(self, part: range, me: int | None) -> list[BoardRow]:
        ranked_rows = self._read(_select_part(self._points), start=part.start, most=len(part)) if part else ()
        ranked: list[BoardRow] = []
        for place, (account, name, points, is_shared) in enumerate(ranked_rows, part.start):
            if not ranked:
                rank = 1 + (self._n_above(points) if place else 0)
            elif points != ranked[-1].points:
                rank = place + 1
            ranked.append(BoardRow(rank, account, name, points, account == me, is_shared=is_shared))
        return ranked

    def _n_above(self, points: int) -> int:
        if points not in self._above:
            self._above[points] = self._read(_count_above(self._points), points=points)[0][0]
        return self._above[points]

    def _read(self, statement: Select[*tuple[Any, ...]], **values: object) -> Sequence[Any]:
        return read_cache.rows(self._session, statement, cohort=self._cohort_id, **values)


_OTHER = Row.__table__.alias()


def _is_listed(row: Any) -> ColumnElement[bool]:
    return and_(row.cohort_id == bindparam("cohort"), row.is_in, row.is_shown)


def _is_shared(row: Any, points: str) -> ColumnElement[bool]:
    """Return whether another shown member has the same points, and those are more than zero."""
    other = _OTHER.c
    are_two = exists().where(_is_listed(other), other[points] == row[points], other.account_id != row.account_id)
    return and_(row[points] > 0, are_two)


@cache
def _select_member(points: str) -> Select[*tuple[Any, ...]]:
    """Return a member's row, how many have more points, and how many of the same stand before it."""
    member, other = Row.__table__.c, _OTHER.c
    is_before = tuple_(other.name_key, other.account_id) < tuple_(member.name_key, member.account_id)
    n_above, n_before = (
        select(func.count()).select_from(_OTHER).where(_is_listed(other), condition).scalar_subquery()
        for condition in (other[points] > member[points], and_(other[points] == member[points], is_before))
    )
    chosen = select(member.name, member.is_shown, member[points], n_above, n_before, _is_shared(member, points))
    return chosen.where(
        member.cohort_id == bindparam("cohort"), member.account_id == bindparam("account"), member.is_in
    )


@cache
def _select_part(points: str) -> Select[int, str, int, bool]:
    """Return account, name, points and `is_shared` of the rows from one place to another."""
    row = Row.__table__.c
    chosen = select(row.account_id, row.name, row[points], _is_shared(row, points)).where(_is_listed(row))
    falling = chosen.order_by(row[points].desc(), row.name_key, row.account_id)
    return falling.offset(bindparam("start", type_=Integer)).limit(bindparam("most", type_=Integer))


@cache
def _count_above(points: str) -> Select[int]:
    """Return how many have more points."""
    row = Row.__table__.c
    return select(func.count()).select_from(Row).where(_is_listed(row), row[points] > bindparam("points"))
