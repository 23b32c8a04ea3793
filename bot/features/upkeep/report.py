"""The state of a group as moderators ask for it: facts alone, told by `report_commands`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import and_, case, exists, func, select

from bot.core.context import Context
from bot.features.cohort.calendar.timeline import Opened, Timeline
from bot.features.people.tables import Account
from bot.features.progress.roll import Roll
from bot.features.progress.service import Progress
from bot.features.progress.standing import KEPT
from bot.features.progress.tables import Away
from bot.features.progress.tables import MemberStanding as Row

STANDS = ("kept", "missing", "away", "excused")
NAMES = 40
"""How many of a kind are named; the others are counted."""


@dataclass(frozen=True)
class Person:
    """A member by the platform's id and the name known here."""

    external_id: str
    name: str


@dataclass(frozen=True)
class Several:
    """Members of one kind: how many, and the first of them, NAMES at most."""

    count: int
    first: tuple[Person, ...]


@dataclass(frozen=True)
class UnitFacts:
    """Where the members stand with one unit; whoever rests is expected no more."""

    expected: int
    kept: Several
    missing: Several
    away: Several
    excused: Several


@dataclass(frozen=True)
class Fading:
    """A member who keeps less than before, and by which rule."""

    person: Person
    why: str


@dataclass(frozen=True)
class Report:
    """A group at one instant; without a unit before its first one and after its closing post.

    Of those who fade NAMES are told at most.
    """

    members: int
    unit: UnitFacts | None
    fading: tuple[Fading, ...]
    resting: Several


def read(progress: Progress, timeline: Timeline, ctx: Context) -> Report:
    """Return the facts of a group's report; the only place that knows where they are found."""
    roll = Roll(progress.cohorts, timeline, ctx.now)
    day = ctx.now.astimezone(timeline.zone).date()
    kinds = _Indexed(roll, day) if roll.is_settled else _Computed(roll, day)
    unit = None
    if _told(timeline, ctx.now) is not None:
        of = {stand: kinds.standing(stand) for stand in STANDS}
        unit = UnitFacts(expected=roll.count_awake(), **of)
    return Report(kinds.n_members, unit, kinds.fading(), kinds.resting())


class _Indexed:
    """Finds the members of each kind where everybody's row is up to date: counts, and the few that are named."""

    def __init__(self, roll: Roll, day: date) -> None:
        self._session = roll.cohorts.session
        self._in_cohort = and_(Row.cohort_id == roll.timeline.cohort.id, Row.is_in)
        last_on = func.coalesce(Away.ended_on, Away.until_on)
        of_row = and_(Away.cohort_id == Row.cohort_id, Away.account_id == Row.account_id)
        is_away = exists().where(of_row, Away.from_on <= day, last_on >= day)
        self._stands = case(
            (Row.outcome.in_(KEPT), "kept"), (is_away, "away"), (Row.outcome == "excused", "excused"),
            (Row.is_resting, "resting"), else_="missing",
        )  # fmt: skip
        self.n_members = self._count()

    @cached_property
    def _counts(self) -> dict[str, int]:
        chosen = select(self._stands.label("stand"), func.count().label("n")).select_from(Row)
        return {row.stand: row.n for row in self._session.execute(chosen.where(self._in_cohort).group_by("stand"))}

    def standing(self, stand: str) -> Several:
        """Return those who stand so with the unit."""
        count = self._counts.get(stand, 0)
        return Several(count, self._first(self._stands == stand) if count else ())

    def resting(self) -> Several:
        """Return those who rest."""
        count = self._count(Row.is_resting)
        return Several(count, self._first(Row.is_resting) if count else ())

    def fading(self) -> tuple[Fading, ...]:
        """Return the first of those who fade."""
        chosen = select(Account.external_id, Account.name, Row.fading).join(Row, Row.account_id == Account.id)
        chosen = chosen.where(self._in_cohort, Row.fading != "").order_by(Account.name, Account.id).limit(NAMES)
        return tuple(Fading(Person(external_id, name), why) for external_id, name, why in self._session.execute(chosen))

    def _count(self, *conditions: Any) -> int:
        chosen = select(func.count()).select_from(Row).where(self._in_cohort, *conditions)
        return self._session.scalar(chosen) or 0

    def _first(self, condition: Any) -> tuple[Person, ...]:
        chosen = select(Account.external_id, Account.name).join(Row, Row.account_id == Account.id)
        chosen = chosen.where(self._in_cohort, condition).order_by(Account.name, Account.id).limit(NAMES)
        return tuple(Person(external_id, name) for external_id, name in self._session.execute(chosen))


class _Computed:
    """Finds the same where rows are out of date: from everybody's standing as it is now."""

    def __init__(self, roll: Roll, day: date) -> None:
        cohort_id = roll.timeline.cohort.id
        self._accounts = [account for _, account in roll.cohorts.list_members(cohort_id)]
        self._rows = roll.rows
        away = select(Away.account_id).where(
            Away.cohort_id == cohort_id, Away.from_on <= day, func.coalesce(Away.ended_on, Away.until_on) >= day
        )
        self._away = set(roll.cohorts.session.scalars(away))
        self.n_members = len(self._accounts)

    def standing(self, stand: str) -> Several:
        """Return those who stand so with the unit."""
        return _several(a for a in self._accounts if self._stands(a.id) == stand)

    def resting(self) -> Several:
        """Return those who rest."""
        return _several(a for a in self._accounts if self._rows[a.id]["is_resting"])

    def fading(self) -> tuple[Fading, ...]:
        """Return the first of those who fade."""
        faded = [(a, why) for a in self._accounts if (why := self._rows[a.id]["fading"])]
        return tuple(Fading(_person(a), why) for a, why in faded[:NAMES])

    def _stands(self, account_id: int) -> str:
        """Return where a member stands; whoever rests and has nothing to show for it is left in peace."""
        row = self._rows[account_id]
        if row["outcome"] in KEPT:
            return "kept"
        if account_id in self._away:
            return "away"
        if row["outcome"] == "excused":
            return "excused"
        return "resting" if row["is_resting"] else "missing"


def _told(timeline: Timeline, now: datetime) -> Opened | None:
    """Return the running unit; after the last grace the last one, until the closing post says how the season went."""
    if (running := timeline.running(now)) is not None:
        return running
    return timeline.opened[-1] if timeline.opened and timeline.cohort.closed_at is None else None


def _several(accounts: Iterable[Account]) -> Several:
    listed = list(accounts)
    return Several(len(listed), tuple(map(_person, listed[:NAMES])))


def _person(account: Account) -> Person:
    return Person(account.external_id, account.name)
