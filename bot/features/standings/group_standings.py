"""Members' standings, to count and to name them: by index, or computed if rows are out of date.

Also the leaderboard and the pages of members by name, read from stored standings whatever the group's size.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from typing import Any, Literal, TypeVarTuple

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Executable,
    Integer,
    Select,
    and_,
    bindparam,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from bot.features.checkins import standings
from bot.features.checkins.checkin_log import FEW, Scores
from bot.features.checkins.service import Turnout
from bot.features.checkins.standings import ABSENT, APART, KEPT, Basis
from bot.features.checkins.tables import MemberStanding as Row
from bot.features.groups.calendar.timeline import Timeline
from bot.features.groups.service import Groups, Member
from bot.features.groups.snapshot import GroupSnapshot, read_once
from bot.features.groups.tables import Membership
from bot.features.people.tables import AccountRow
from bot.features.standings import leaderboard
from bot.features.standings.leaderboard import BoardRow, SkippedRows

Ts = TypeVarTuple("Ts")

Standings = Mapping[int, Mapping[str, Any]]

"""Rows of standings by account."""

Kind = tuple[int, bool, str]

"""How many members rest or not, with the same outcome of the unit that runs."""


class Roll:
    """The standings of a group's members at an instant.

    Args:
        everybody: the roll of the whole group, if this one has only members whom others may read about.
    """

    def __init__(self, groups: Groups, timeline: Timeline, now: datetime, everybody: Roll | None = None) -> None:
        self.groups, self.timeline, self.now = groups, timeline, now
        self.basis: Basis = everybody.basis if everybody is not None else Basis.of(timeline, now)
        self._session, self._group_id = groups.session, timeline.group.id
        self._in_group = and_(Row.group_id == timeline.group.id, Row.is_in)
        self._everybody, self._is_public = everybody, everybody is not None
        self._outcomes: dict[str, Mapping[str, int]] = {}

    @cached_property
    def public(self) -> Roll:
        """The members whom others may read about: those shown on the leaderboard, none if the posts show nothing."""
        return self if self._is_public else Roll(self.groups, self.timeline, self.now, self)

    @cached_property
    def _is_silent(self) -> bool:
        return self._is_public and self.timeline.group.channel_shows == "nothing"

    @cached_property
    def is_settled(self) -> bool:
        """Whether every member's row is up to date."""
        return not self._is_silent and standings.are_settled(self._session, self._group_id, self.basis.mark)

    @cached_property
    def rows(self) -> Standings:
        """All standings by account; needed to name or compare all members."""
        if self._everybody is None:
            return standings.list_present(self._session, self.timeline, self.now)
        return self._listed(self._everybody.rows)

    def rows_of(self, accounts: Collection[int]) -> Standings:
        """Return some standings by account; a public roll leaves out hidden members."""
        if not accounts:
            return {}
        if len(accounts) > FEW or not self.is_settled:
            return {account: self.rows[account] for account in accounts if account in self.rows}
        return self._listed(standings.list_rows(self._session, self._group_id, accounts))

    def _listed(self, rows: Standings) -> Standings:
        if self._everybody is None:
            return rows
        return {account_id: row for account_id, row in rows.items() if row["is_shown"] and not self._is_silent}

    @cached_property
    def has_lost_alias(self) -> bool:
        """Whether another member has somebody's alias, so that a row has the wrong name."""
        if self._everybody is not None:
            return self._everybody.has_lost_alias
        is_possible = self._session.scalar(_ALIASES, {"group": self._group_id}) is not None
        return is_possible and bool(self.groups.names(self.timeline.group).lost())

    def count_members(self) -> int:
        """Return how many are in the group, resting members included."""
        return sum(n for n, _, _ in self.kinds)

    def count_awake(self) -> int:
        """Return how many do not rest."""
        return sum(n for n, is_resting, _ in self.kinds if not is_resting)

    def count_part(self, unit_id: str) -> int:
        """Return how many took part in a unit, or are members if it hasn't ended."""
        if self.timeline.find(unit_id) is None:
            return self.count_awake()
        return sum(n for outcome, n in self.outcomes(unit_id).items() if outcome not in APART)

    def count_kept(self, unit_id: str) -> int:
        """Return how many completed a unit, on time or late."""
        return sum(n for outcome, n in self.outcomes(unit_id).items() if outcome in KEPT)

    def knows(self, unit_id: str) -> bool:
        """Whether the rows hold the unit's outcomes, so that counting is cheap in a large group."""
        return self._column(unit_id) is not None

    def outcomes(self, unit_id: str) -> Mapping[str, int]:
        """Return how many members have each outcome of a unit; older units are computed from scores."""
        if unit_id not in self._outcomes:
            self._outcomes[unit_id] = self._count_outcomes(unit_id)
        return self._outcomes[unit_id]

    def _count_outcomes(self, unit_id: str) -> Mapping[str, int]:
        counts = Counter[str]()
        match self._column(unit_id):
            case None if self.timeline.find(unit_id) is None:  # it has not opened: nobody has kept it
                outcomes: Iterable[tuple[int, str]] = ()
            case None:
                outcomes = ((1, outcome) for outcome in self._earlier.get(unit_id, {}).values())
            case "outcome":
                outcomes = ((n, outcome) for n, _, outcome in self.kinds)
            case column if self.is_settled:
                outcomes = self._read(_OUTCOMES_BEFORE)
            case column:
                outcomes = ((1, row[column]) for row in self.rows.values())
        for n, outcome in outcomes:
            counts[outcome] += n
        return counts

    def count_leg(self) -> tuple[int, int, int]:
        """Return the completed and the possible units of the current part, over all who took part.

        Returns:
            Both numbers, and how many units the part has so far.
        """
        if self.is_settled:
            ((n_kept, n_part),) = self._read(_LEG)
        else:
            n_kept, n_part = (sum(row[name] for row in self.rows.values()) for name in ("leg_kept", "leg_part"))
        return n_kept, n_part, len(self.basis.leg)

    @cached_property
    def kinds(self) -> Sequence[Kind]:
        """How many members there are of each kind, by their current standing."""
        if not self._is_silent:
            kinds = [(n, is_resting, outcome) for n, is_resting, outcome in self._read(_KINDS)]
            if _UNSETTLED not in kinds:
                return kinds
        counts = Counter((row["is_resting"], row["outcome"]) for row in self.rows.values())
        return [(n, is_resting, outcome) for (is_resting, outcome), n in counts.items()]

    def _read(self, queries: Mapping[bool, Executable]) -> Sequence[Any]:
        """Return the rows of a query over settled rows."""
        self._session.flush()
        values = {"group": self._group_id, "mark": self.basis.mark}
        return self._session.connection().execute(queries[self._is_public], values).all()

    def kept_names(self, unit_id: str, most: int) -> list[str]:
        """Return the first of the shown members who completed a unit, in order of the names that others see."""
        column = self._column(unit_id)
        if column is not None and self.is_settled and not self.has_lost_alias:
            chosen = select(Row.name).where(self._in_group, Row.is_shown, getattr(Row, column).in_(KEPT))
            return [*self._session.scalars(chosen.order_by(Row.name_key, Row.account_id).limit(most))]
        keepers, names = self._keepers(unit_id), self.groups.names(self.timeline.group).shown()
        return sorted((names[keeper] for keeper in keepers if self.rows[keeper]["is_shown"]), key=str.casefold)[:most]

    def names_of(self, accounts: Collection[int]) -> list[str]:
        """Return the shown names among some accounts, in order."""
        if not accounts:
            return []
        if self.has_lost_alias:
            names = self.groups.names(self.timeline.group).shown()
            ids = select(Row.account_id).where(self._in_group, Row.is_shown, Row.account_id.in_(accounts))
            return sorted((names[row] for row in self._session.scalars(ids)), key=str.casefold)
        chosen = select(Row.name).where(self._in_group, Row.is_shown, Row.account_id.in_(accounts))
        return [*self._session.scalars(chosen.order_by(Row.name_key, Row.account_id))]

    def outcome(self, row: Mapping[str, Any], unit_id: str) -> str:
        """Return a unit's outcome for a row's member; empty before it opened."""
        column = self._column(unit_id)
        if column is not None:
            return str(row[column])
        return self._earlier.get(unit_id, {}).get(row["account_id"], "")

    def list_saved(self, unit_id: str) -> list[tuple[int, int, int]]:
        """Return the members whom a freeze saved on a unit: account, streak and freezes left."""
        if self.is_settled:
            spent = (literal(" ") + Row.freezes_spent_on + " ").contains(f" {unit_id} ", autoescape=True)
            chosen = select(Row.account_id, Row.streak, Row.freezes_held).where(self._in_group, spent)
            return [(account_id, streak, held) for account_id, streak, held in self._session.execute(chosen)]
        rows = [row for row in self.rows.values() if unit_id in row["freezes_spent_on"].split()]
        return [(row["account_id"], row["streak"], row["freezes_held"]) for row in rows]

    def _column(self, unit_id: str) -> str | None:
        """Return the column with a unit's outcomes; None for older units."""
        return {self.basis.before: "outcome_before", self.basis.unit: "outcome"}.get(unit_id)

    def _keepers(self, unit_id: str) -> list[int]:
        if self.timeline.find(unit_id) is None:
            return []
        return [account_id for account_id, row in self.rows.items() if self.outcome(row, unit_id) in KEPT]

    @cached_property
    def _earlier(self) -> Mapping[str, Mapping[int, str]]:
        """Each unit's outcome by member, from scores."""
        outcomes: dict[str, dict[int, str]] = {}
        for account_id, score in self.scores.by_account.items():
            for state in score.states:
                outcomes.setdefault(state.unit_id, {})[account_id] = standings.get_outcome(state)
        return outcomes

    @cached_property
    def scores(self) -> Scores:
        """All scores, for units that the rows no longer hold."""
        members = self.groups.list_members(self._group_id)
        if self._is_public:
            members = [(member, account) for member, account in members if account.id in self.rows]
        return Scores(self._session, self.timeline, members, self.now)


def count_fading(session: Session, group_id: int) -> int:
    """Return how many members are fading, by the stored rows."""
    return session.scalars(_FADING, {"group": group_id}).one()


_FADING = (
    select(func.count())
    .select_from(Row)
    .where(Row.group_id == bindparam("group"), Row.is_in, Row.fading != literal_column("''"))
)

"""Spelled as the index of those who fade is."""

_ALIASES = select(Row.account_id).where(Row.group_id == bindparam("group"), Row.has_alias).limit(1)

_SETTLED = and_(Row.group_id == bindparam("group"), Row.is_in, Row.basis == bindparam("mark"))


def _build_queries(chosen: Select[*Ts]) -> dict[bool, Select[*Ts]]:
    """Return a query over settled rows, for all members and (under True) for those on the leaderboard."""
    return {False: chosen.where(_SETTLED), True: chosen.where(_SETTLED, Row.is_shown)}


_UNSETTLED: Kind = (0, False, "unsettled")
"""Stands among the kinds if a row is out of date: one statement counts and checks."""

_KINDS: Mapping[bool, CompoundSelect[int, bool, str]] = {
    is_public: union_all(chosen, select(*map(literal, _UNSETTLED)).where(standings.HAS_UNSETTLED))
    for is_public, chosen in _build_queries(
        select(func.count(), Row.is_resting, Row.outcome).group_by(Row.is_resting, Row.outcome)
    ).items()
}

_OUTCOMES_BEFORE = _build_queries(select(func.count(), Row.outcome_before).group_by(Row.outcome_before))

_LEG = _build_queries(select(func.coalesce(func.sum(Row.leg_kept), 0), func.coalesce(func.sum(Row.leg_part), 0)))


@read_once
def read_roll(snapshot: GroupSnapshot) -> Roll:
    """Return how all members of a group stand."""
    return Roll(snapshot.groups, snapshot.timeline, snapshot.now)


def read_public_roll(snapshot: GroupSnapshot) -> Roll:
    """Return how the members stand whom the channel may read about."""
    return read_roll(snapshot).public


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
        return Ranking(roll.groups.session, roll.timeline.group.id, POINTS[period]).view(me)
    return leaderboard.select_view(list_standings(roll, POINTS[period].key), me)


def search_board(roll: Roll, period: Period, me: int | None, text: str) -> list[BoardRow]:
    """Return the first members on the leaderboard whose names contain a text."""
    key = text.casefold()
    if roll.is_settled and not roll.has_lost_alias:
        return Ranking(roll.groups.session, roll.timeline.group.id, POINTS[period]).named(me, key)
    ranked = leaderboard.rank_rows(list_standings(roll, POINTS[period].key), me)
    return [row for row in ranked if key in row.name.casefold()][:FOUND]


def list_standings(roll: Roll, number: str) -> list[leaderboard.Standing]:
    """Return each member's number of some kind, under the name that others may see."""
    names = roll.groups.names(roll.timeline.group).shown()
    return [leaderboard.Standing(a, names[a], row[number], not row["is_shown"]) for a, row in roll.rows.items()]


class Ranking:
    """A group's shown rows by falling points, ties by name.

    Args:
        points: the column to rank by.
    """

    def __init__(self, session: Session, group_id: int, points: InstrumentedAttribute[int]) -> None:
        self._session, self._group_id, self._points = session, group_id, points.key
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
        column = getattr(Row, self._points)
        chosen = select(Row.account_id, Row.name, column, _is_shared(self._points)).where(
            Row.group_id == self._group_id, Row.is_in, Row.is_shown, Row.name_key.contains(key, autoescape=True)
        )
        falling = chosen.order_by(column.desc(), Row.name_key).limit(FOUND)
        matches = self._session.execute(falling, {"group": self._group_id}).all()
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
        return self._session.execute(statement, {"group": self._group_id, **values}).all()


_OTHER = aliased(Row)


def _is_listed(row: Any) -> ColumnElement[bool]:
    return and_(row.group_id == bindparam("group"), row.is_in, row.is_shown)


def _is_shared(points: str) -> ColumnElement[bool]:
    """Return whether another shown member has the same points, and those are more than zero."""
    own, other = getattr(Row, points), getattr(_OTHER, points)
    are_two = exists().where(_is_listed(_OTHER), other == own, _OTHER.account_id != Row.account_id)
    return and_(own > 0, are_two)


@cache
def _select_member(points: str) -> Select[*tuple[Any, ...]]:
    """Return a member's row, how many have more points, and how many of the same stand before it."""
    own, other = getattr(Row, points), getattr(_OTHER, points)
    is_before = tuple_(_OTHER.name_key, _OTHER.account_id) < tuple_(Row.name_key, Row.account_id)
    n_above, n_before = (
        select(func.count()).select_from(_OTHER).where(_is_listed(_OTHER), condition).scalar_subquery()
        for condition in (other > own, and_(other == own, is_before))
    )
    chosen = select(Row.name, Row.is_shown, own, n_above, n_before, _is_shared(points))
    return chosen.where(Row.group_id == bindparam("group"), Row.account_id == bindparam("account"), Row.is_in)


@cache
def _select_part(points: str) -> Select[int, str, int, bool]:
    """Return account, name, points and `is_shared` of the rows from one place to another."""
    column = getattr(Row, points)
    chosen = select(Row.account_id, Row.name, column, _is_shared(points)).where(_is_listed(Row))
    falling = chosen.order_by(column.desc(), Row.name_key, Row.account_id)
    return falling.offset(bindparam("start", type_=Integer)).limit(bindparam("most", type_=Integer))


@cache
def _count_above(points: str) -> Select[int]:
    return select(func.count()).select_from(Row).where(_is_listed(Row), getattr(Row, points) > bindparam("points"))


PAGE = 50

Of = Literal["all", "missing", "fading", "resting"]

"""Which members: all, those who have not kept the unit that runs or ran last, who fades, who rests."""

_OF = {
    "missing": (Row.outcome.in_(("open", "missed", ABSENT)), Row.is_resting.is_(False)),
    "fading": (Row.fading != "",),
    "resting": (Row.is_resting,),
}


@dataclass(frozen=True)
class Leaf:
    """A page of members.

    Args:
        count: how many there are on all pages.
        number: which page it is, from 1.
    """

    members: Sequence[Member]
    count: int
    number: int

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.count // PAGE))


def read_page(roll: Roll, text: str = "", of: Of = "all", number: int = 1) -> Leaf:
    """Return a page of a group's members by name; the last page if the number is too high.

    Args:
        text: letters in their name or alias.
        of: a filter by stored standing.
    """
    group_id, session = roll.timeline.group.id, roll.groups.session
    chosen = (
        select(Membership, AccountRow)
        .join(AccountRow, AccountRow.id == Membership.account_id)
        .join(Row, (Row.account_id == Membership.account_id) & (Row.group_id == Membership.group_id))
        .where(Membership.group_id == group_id, Membership.left_at.is_(None), *_OF.get(of, ()))
    )
    if text:
        named = (
            Row.name_key.contains(text.casefold(), autoescape=True),
            AccountRow.name.icontains(text, autoescape=True),
        )
        chosen = chosen.where(or_(*named))
    count = session.scalar(select(func.count()).select_from(chosen.with_only_columns(Row.account_id).subquery())) or 0
    number = min(max(1, number), max(1, -(-count // PAGE)))
    part = chosen.order_by(func.lower(AccountRow.name), AccountRow.id).offset((number - 1) * PAGE).limit(PAGE)
    return Leaf([(m, a) for m, a in session.execute(part)], count, number)


class PublicTurnout(Turnout):
    """Counts, for the receipt of a check-in, the members whom others may read about."""

    def __init__(self, groups: Groups) -> None:
        self._groups = groups

    def count(self, timeline: Timeline, unit_id: str, now: datetime) -> tuple[int, int]:
        """Return how many have completed the unit and how many take part in it; zeros for older units."""
        roll = Roll(self._groups, timeline, now).public
        return (roll.count_kept(unit_id), roll.count_part(unit_id)) if roll.knows(unit_id) else (0, 0)
