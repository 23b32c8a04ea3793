"""Members' standings, to count and to name them: by index, or computed if rows are out of date."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVarTuple

from sqlalchemy import Select, and_, bindparam, func, literal, literal_column, select
from sqlalchemy.orm import Session

from bot.features.checkins import standings
from bot.features.checkins.checkin_log import FEW, Scores
from bot.features.checkins.standings import APART, KEPT, Basis
from bot.features.checkins.tables import MemberStanding as Row
from bot.features.groups.calendar.timeline import Timeline
from bot.features.groups.service import Cohorts
from bot.features.groups.snapshot import GroupSnapshot, read_once
from bot.storage import read_cache

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

    def __init__(self, cohorts: Cohorts, timeline: Timeline, now: datetime, everybody: Roll | None = None) -> None:
        self.cohorts, self.timeline, self.now = cohorts, timeline, now
        self.basis = Basis.of(timeline, now)
        self._session, self._cohort_id = cohorts.session, timeline.cohort.id
        self._in_cohort = and_(Row.cohort_id == timeline.cohort.id, Row.is_in)
        self._everybody, self._is_public = everybody, everybody is not None
        self._outcomes: dict[str, Mapping[str, int]] = {}

    @cached_property
    def public(self) -> Roll:
        """The members whom others may read about: those shown on the leaderboard, none if the posts show nothing."""
        return self if self._is_public else Roll(self.cohorts, self.timeline, self.now, self)

    @property
    def _is_silent(self) -> bool:
        return self._is_public and self.timeline.cohort.channel_shows == "nothing"

    @cached_property
    def is_settled(self) -> bool:
        """Whether every member's row is up to date."""
        return not self._is_silent and standings.are_settled(self._session, self._cohort_id, self.basis.mark)

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
        return self._listed(standings.list_rows(self._session, self._cohort_id, accounts))

    def _listed(self, rows: Standings) -> Standings:
        if self._everybody is None:
            return rows
        return {account_id: row for account_id, row in rows.items() if row["is_shown"] and not self._is_silent}

    @cached_property
    def has_lost_alias(self) -> bool:
        """Whether another member has somebody's alias, so that a row has the wrong name."""
        is_possible = bool(read_cache.rows(self._session, _ALIASES, cohort=self._cohort_id))
        return is_possible and bool(self.cohorts.names(self.timeline.cohort).lost())

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
                outcomes = read_cache.rows(
                    self._session,
                    _OUTCOMES_BEFORE[self._is_public],
                    cohort=self._cohort_id,
                    mark=self.basis.mark,
                )
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
            n_kept, n_part = read_cache.rows(
                self._session, _LEG[self._is_public], cohort=self._cohort_id, mark=self.basis.mark
            )[0]
        else:
            n_kept, n_part = (sum(row[name] for row in self.rows.values()) for name in ("leg_kept", "leg_part"))
        return n_kept, n_part, len(self.basis.leg)

    @cached_property
    def kinds(self) -> Sequence[Kind]:
        """How many members there are of each kind, by their current standing."""
        if self.is_settled:
            stored = read_cache.rows(
                self._session, _KINDS[self._is_public], cohort=self._cohort_id, mark=self.basis.mark
            )
            return [(n, is_resting, outcome) for n, is_resting, outcome in stored]
        kinds = Counter((row["is_resting"], row["outcome"]) for row in self.rows.values())
        return [(n, is_resting, outcome) for (is_resting, outcome), n in kinds.items()]

    def kept_names(self, unit_id: str, most: int) -> list[str]:
        """Return the first of the shown members who completed a unit, in order of the names that others see."""
        column = self._column(unit_id)
        if column is not None and self.is_settled and not self.has_lost_alias:
            chosen = select(Row.name).where(self._in_cohort, Row.is_shown, getattr(Row, column).in_(KEPT))
            return [*self._session.scalars(chosen.order_by(Row.name_key, Row.account_id).limit(most))]
        keepers, names = self._keepers(unit_id), self.cohorts.names(self.timeline.cohort).shown()
        return sorted((names[keeper] for keeper in keepers if self.rows[keeper]["is_shown"]), key=str.casefold)[:most]

    def names_of(self, accounts: Collection[int]) -> list[str]:
        """Return the shown names among some accounts, in order."""
        if not accounts:
            return []
        if self.has_lost_alias:
            names = self.cohorts.names(self.timeline.cohort).shown()
            ids = select(Row.account_id).where(self._in_cohort, Row.is_shown, Row.account_id.in_(accounts))
            return sorted((names[row] for row in self._session.scalars(ids)), key=str.casefold)
        chosen = select(Row.name).where(self._in_cohort, Row.is_shown, Row.account_id.in_(accounts))
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
            chosen = select(Row.account_id, Row.streak, Row.freezes_held).where(self._in_cohort, spent)
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
        members = self.cohorts.list_members(self._cohort_id)
        if self._is_public:
            members = [(member, account) for member, account in members if account.id in self.rows]
        return Scores(self._session, self.timeline, members, self.now)


def count_fading(session: Session, cohort_id: int) -> int:
    """Return how many members are fading, by the stored rows."""
    return int(read_cache.rows(session, _FADING, cohort=cohort_id)[0][0])


_FADING = (
    select(func.count())
    .select_from(Row)
    .where(Row.cohort_id == bindparam("cohort"), Row.is_in, Row.fading != literal_column("''"))
)
"""Spelled as the index of those who fade is."""
_ALIASES = select(Row.account_id).where(Row.cohort_id == bindparam("cohort"), Row.has_alias).limit(1)
_SETTLED = and_(Row.cohort_id == bindparam("cohort"), Row.is_in, Row.basis == bindparam("mark"))


def _build_queries(chosen: Select[*Ts]) -> dict[bool, Select[*Ts]]:
    """Return a query over settled rows, for all members and (under True) for those on the leaderboard."""
    return {False: chosen.where(_SETTLED), True: chosen.where(_SETTLED, Row.is_shown)}


_KINDS = _build_queries(select(func.count(), Row.is_resting, Row.outcome).group_by(Row.is_resting, Row.outcome))
_OUTCOMES_BEFORE = _build_queries(select(func.count(), Row.outcome_before).group_by(Row.outcome_before))
_LEG = _build_queries(select(func.coalesce(func.sum(Row.leg_kept), 0), func.coalesce(func.sum(Row.leg_part), 0)))


@read_once
def read_roll(group: GroupSnapshot) -> Roll:
    """Return how all members of a group stand."""
    return Roll(group.cohorts, group.timeline, group.now)


def read_public_roll(group: GroupSnapshot) -> Roll:
    """Return how the members stand whom the channel may read about."""
    return read_roll(group).public
