"""The board as it is read: from the rows of standings by index, cut as `board` says, whatever the group's size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Literal

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from bot.features.progress import board
from bot.features.progress.board import BoardRow, Gap
from bot.features.progress.roll import Roll
from bot.features.progress.tables import MemberStanding as Row

Period = Literal["phase", "week", "season"]
POINTS: dict[Period, InstrumentedAttribute[int]] = {
    "phase": Row.phase_points, "week": Row.unit_points, "season": Row.season_points,
}  # fmt: skip


def read_board(roll: Roll, period: Period, me: int | None) -> list[BoardRow | Gap]:
    """Return the board that somebody sees, by index where everybody's row is up to date and bears the right name."""
    if roll.is_settled and not roll.has_lost_alias:
        return Ranking(roll.cohorts.session, roll.timeline.cohort.id, POINTS[period]).view(me)
    return board.view(list_standings(roll, POINTS[period].key), me)


def list_standings(roll: Roll, number: str) -> list[board.Standing]:
    """Return each member's number of some kind under the name that others may see."""
    shown = roll.cohorts.names(roll.timeline.cohort).shown()
    return [board.Standing(a, shown[a], row[number], not row["is_shown"]) for a, row in roll.rows.items()]


@dataclass(frozen=True)
class _Tie:
    """The shown rows of the same points: how many there are, and how many have more."""

    points: int
    n_rows: int
    n_above: int


class Ranking:
    """The shown rows of a cohort by falling points, those of the same points by name.

    Args:
        points: the column that they are ranked by.
    """

    def __init__(self, session: Session, cohort_id: int, points: InstrumentedAttribute[int]) -> None:
        self._session, self._points = session, points
        self._in_cohort = and_(Row.cohort_id == cohort_id, Row.is_in)
        self._is_listed = and_(self._in_cohort, Row.is_shown)
        counted = select(points, func.count()).where(self._is_listed).group_by(points).order_by(points.desc())
        counts = [(value, count) for value, count in session.execute(counted)]
        above = accumulate((count for _, count in counts), initial=0)
        self._ties = [_Tie(value, count, n) for (value, count), n in zip(counts, above, strict=False)]
        self._n_rows = sum(count for _, count in counts)

    def view(self, me: int | None, top: int = 5, neighbours: int = 2) -> list[BoardRow | Gap]:
        """Return what `board.view` does."""
        found = select(Row.name, Row.name_key, Row.is_shown, self._points).where(self._in_cohort, Row.account_id == me)
        mine = self._session.execute(found).one_or_none()
        if me is None or mine is None:
            return board.cut(board.parts(self._n_rows, None, top, neighbours), lambda part: self._rows(part, me))
        name, key, is_shown, points = mine
        before = or_(Row.name_key < key, and_(Row.name_key == key, Row.account_id < me))
        place = self._n_above(points) + self._count(self._points == points, before)
        if is_shown:
            return board.cut(board.parts(self._n_rows, place, top, neighbours), lambda part: self._rows(part, me))
        own = BoardRow(self._n_above(points) + 1, me, name, points, is_me=True, is_hidden=True)

        def rows(part: range) -> list[BoardRow]:
            """Return a part of the rows among which the hidden reader's own stands."""
            before, after = range(part.start, min(part.stop, place)), range(max(part.start - 1, place), part.stop - 1)
            return [*self._rows(before, me), *([own] if place in part else []), *self._rows(after, me)]

        return board.cut(board.parts(self._n_rows + 1, place, top, neighbours), rows)

    def _n_above(self, points: int) -> int:
        return sum(tie.n_rows for tie in self._ties if tie.points > points)

    def _count(self, *conditions: ColumnElement[bool]) -> int:
        return self._session.scalar(select(func.count()).where(self._is_listed, *conditions)) or 0

    def _rows(self, part: range, me: int | None) -> list[BoardRow]:
        rows: list[BoardRow] = []
        for tie in self._ties:
            start, stop = max(part.start - tie.n_above, 0), min(part.stop - tie.n_above, tie.n_rows)
            if start < stop:
                found = self._slice(tie.points, start, stop)
                rows += [BoardRow(tie.n_above + 1, one, name, tie.points, one == me) for one, name in found]
        return rows

    def _slice(self, points: int, start: int, stop: int) -> Sequence[Any]:
        """Return account and name of rows of the same points, from one place among them to another."""
        chosen = select(Row.account_id, Row.name).where(self._is_listed, self._points == points)
        return self._session.execute(
            chosen.order_by(Row.name_key, Row.account_id).offset(start).limit(stop - start)
        ).all()
