"""How a cohort's members stand, to count and to name them: by index, computed where a row is out of date."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import and_, bindparam, func, literal, literal_column, select
from sqlalchemy.orm import Session

from bot.db import reading
from bot.features.cohort.calendar.pacing import Slot
from bot.features.cohort.calendar.timeline import Timeline
from bot.features.cohort.service import Cohorts
from bot.features.cohort.tables import Membership
from bot.features.progress import standing
from bot.features.progress.record import FEW, Scores
from bot.features.progress.standing import KEPT, Basis
from bot.features.progress.tables import MemberStanding as Row
from bot.features.rules import FEWEST_TOLD

Standings = Mapping[int, Mapping[str, Any]]
"""Rows of standings by account."""
Kind = tuple[int, bool, str]
"""How many members rest or not, with the same outcome of the unit that runs."""


class Roll:
    """The standings of a cohort's members at an instant."""

    def __init__(self, cohorts: Cohorts, timeline: Timeline, now: datetime) -> None:
        self.cohorts, self.timeline, self.now = cohorts, timeline, now
        self.basis = Basis.of(timeline, now)
        self._session, self._cohort_id = cohorts.session, timeline.cohort.id
        self._in_cohort = and_(Row.cohort_id == timeline.cohort.id, Row.is_in)

    @cached_property
    def is_settled(self) -> bool:
        """Whether everybody's row is up to date."""
        return standing.are_settled(self._session, self._cohort_id, self.basis.mark)

    @cached_property
    def rows(self) -> Standings:
        """Everybody's standing, by account: for what names or compares them all."""
        return standing.list_present(self._session, self.timeline, self.now)

    def rows_of(self, accounts: Collection[int]) -> Standings:
        """Return the standings of some, by account."""
        if len(accounts) > FEW or not self.is_settled:
            return {one: self.rows[one] for one in accounts}
        return standing.list_rows(self._session, self._cohort_id, accounts)

    @cached_property
    def has_lost_alias(self) -> bool:
        """Whether a name that somebody chose is borne by somebody else, so that their row has the wrong one."""
        is_possible = bool(reading.rows(self._session, _ALIASES, cohort=self._cohort_id))
        return is_possible and bool(self.cohorts.names(self.timeline.cohort).lost())

    def count_members(self) -> int:
        """Return how many are in the group, those among them who rest."""
        return sum(n for n, _, _ in self.kinds)

    def count_awake(self) -> int:
        """Return how many do not rest."""
        return sum(n for n, is_resting, _ in self.kinds if not is_resting)

    @cached_property
    def is_few(self) -> bool:
        """Whether a count of who kept something would say who did not."""
        return self.count_awake() < FEWEST_TOLD

    @cached_property
    def told_from(self) -> datetime | None:
        """When so many had come, of those who do not rest, that a count tells of nobody; None if they are few."""
        if self.is_few:
            return None
        if self.is_settled:
            found = reading.rows(self._session, _ENOUGH, cohort=self._cohort_id, mark=self.basis.mark)
            return found[0][0]
        members = self.cohorts.list_members(self._cohort_id)
        joined = sorted(one.joined_at for one, account in members if not self.rows[account.id]["is_resting"])
        return joined[FEWEST_TOLD - 1]

    def is_few_in(self, slot: Slot) -> bool:
        """Whether a count of who kept a unit would say who did not: whoever came after its deadline hides nobody."""
        return self.told_from is None or self.told_from > slot.deadline_at

    def count_kept(self, unit_id: str) -> int:
        """Return how many kept a unit, on time or late."""
        match self._column(unit_id):
            case "outcome":
                return sum(n for n, _, outcome in self.kinds if outcome in KEPT)
            case "outcome_before" if self.is_settled:
                found = reading.rows(self._session, _KEPT_BEFORE, cohort=self._cohort_id, mark=self.basis.mark)
                return int(found[0][0])
        return len(self._keepers(unit_id))

    def outcomes(self, unit_id: str) -> Mapping[str, int] | None:
        """Return how many members each outcome of a unit has; None of one that lies further back than the rows."""
        counts = Counter[str]()
        match self._column(unit_id):
            case None:
                return None
            case "outcome":
                found: Iterable[tuple[int, str]] = ((n, outcome) for n, _, outcome in self.kinds)
            case column if self.is_settled:
                found = reading.rows(self._session, _OUTCOMES_BEFORE, cohort=self._cohort_id, mark=self.basis.mark)
            case column:
                found = ((1, row[column]) for row in self.rows.values())
        for n, outcome in found:
            counts[outcome] += n
        return counts

    def count_kept_in_leg(self) -> int:
        """Return how many units of the leg that the group walks were kept, by all together."""
        if not self.is_settled:
            return sum(row["leg_kept"] for row in self.rows.values())
        found = reading.rows(self._session, _KEPT_IN_LEG, cohort=self._cohort_id, mark=self.basis.mark)
        return int(found[0][0] or 0)

    @cached_property
    def kinds(self) -> Sequence[Kind]:
        """How many there are of each kind, by what they are now."""
        if self.is_settled:
            found = reading.rows(self._session, _KINDS, cohort=self._cohort_id, mark=self.basis.mark)
            return [(n, is_resting, outcome) for n, is_resting, outcome in found]
        kinds = Counter((row["is_resting"], row["outcome"]) for row in self.rows.values())
        return [(n, is_resting, outcome) for (is_resting, outcome), n in kinds.items()]

    def kept_names(self, unit_id: str, most: int) -> list[str]:
        """Return the first of those who kept a unit and are shown, in order, as the others know them."""
        column = self._column(unit_id)
        if column is not None and self.is_settled and not self.has_lost_alias:
            chosen = select(Row.name).where(self._in_cohort, Row.is_shown, getattr(Row, column).in_(KEPT))
            return [*self._session.scalars(chosen.order_by(Row.name_key, Row.account_id).limit(most))]
        keepers, shown = self._keepers(unit_id), self.cohorts.names(self.timeline.cohort).shown()
        return sorted((shown[one] for one in keepers if self.rows[one]["is_shown"]), key=str.casefold)[:most]

    def names_of(self, accounts: Collection[int]) -> list[str]:
        """Return those of some who are shown, in order, as the others know them."""
        if not accounts:
            return []
        if self.has_lost_alias:
            names = self.cohorts.names(self.timeline.cohort).shown()
            ids = select(Row.account_id).where(self._in_cohort, Row.is_shown, Row.account_id.in_(accounts))
            return sorted((names[one] for one in self._session.scalars(ids)), key=str.casefold)
        chosen = select(Row.name).where(self._in_cohort, Row.is_shown, Row.account_id.in_(accounts))
        return [*self._session.scalars(chosen.order_by(Row.name_key, Row.account_id))]

    def outcome(self, row: Mapping[str, Any], unit_id: str) -> str:
        """Return what became of a unit for the member of a row; empty before it opened."""
        column = self._column(unit_id)
        if column is not None:
            return str(row[column])
        score = self.scores.by_account[row["account_id"]]
        return next((state.outcome for state in score.states if state.unit_id == unit_id), "")

    def list_saved(self, unit_id: str) -> list[tuple[int, int, int]]:
        """Return whom a freeze saved on a unit: account, streak and freezes left."""
        if self.is_settled:
            spent = (literal(" ") + Row.freezes_spent_on + " ").contains(f" {unit_id} ", autoescape=True)
            chosen = select(Row.account_id, Row.streak, Row.freezes_held).where(self._in_cohort, spent)
            return [(one, streak, held) for one, streak, held in self._session.execute(chosen)]
        rows = [row for row in self.rows.values() if unit_id in row["freezes_spent_on"].split()]
        return [(row["account_id"], row["streak"], row["freezes_held"]) for row in rows]

    def _column(self, unit_id: str) -> str | None:
        """Return the column with a unit's outcomes; None for a unit that lies further back."""
        return {self.basis.before: "outcome_before", self.basis.unit: "outcome"}.get(unit_id)

    def _keepers(self, unit_id: str) -> list[int]:
        if self.timeline.find(unit_id) is None:
            return []
        return [account_id for account_id, row in self.rows.items() if self.outcome(row, unit_id) in KEPT]

    @cached_property
    def scores(self) -> Scores:
        """Everybody's score: for what lies further back than the rows."""
        members = self.cohorts.list_members(self._cohort_id)
        return Scores(self._session, self.timeline, members, self.now)


def count_fading(session: Session, cohort_id: int) -> int:
    """Return how many of a cohort fade, by the rows as they were stored last."""
    return int(reading.rows(session, _FADING, cohort=cohort_id)[0][0])


_FADING = (
    select(func.count())
    .select_from(Row)
    .where(Row.cohort_id == bindparam("cohort"), Row.is_in, Row.fading != literal_column("''"))
)
"""Spelled as the index of those who fade is."""
_ALIASES = select(Row.account_id).where(Row.cohort_id == bindparam("cohort"), Row.has_alias).limit(1)
_SETTLED = and_(Row.cohort_id == bindparam("cohort"), Row.is_in, Row.basis == bindparam("mark"))
_KINDS = select(func.count(), Row.is_resting, Row.outcome).where(_SETTLED).group_by(Row.is_resting, Row.outcome)
_ENOUGH = (
    select(Membership.joined_at)
    .join(Row, (Row.cohort_id == Membership.cohort_id) & (Row.account_id == Membership.account_id))
    .where(_SETTLED, ~Row.is_resting)
    .order_by(Membership.joined_at)
    .limit(1)
    .offset(FEWEST_TOLD - 1)
)
_KEPT_BEFORE = select(func.count()).select_from(Row).where(_SETTLED, Row.outcome_before.in_(KEPT))
_OUTCOMES_BEFORE = select(func.count(), Row.outcome_before).where(_SETTLED).group_by(Row.outcome_before)
_KEPT_IN_LEG = select(func.sum(Row.leg_kept)).where(_SETTLED)
