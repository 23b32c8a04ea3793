"""Check-ins as they stand: the append-only rows with their later changes applied."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from bot.features.cohort.calendar.timeline import Timeline
from bot.features.cohort.tables import Membership
from bot.features.people.tables import Account
from bot.features.progress import scoring
from bot.features.progress.scoring import AwaySpan, CheckinFact, Period, Score
from bot.features.progress.tables import Away, Checkin, CheckinChange, Ruling

R = TypeVar("R", Ruling, Away)
FEW = 100
"""Members whose facts are picked out by their accounts; of more, a cohort's facts are read whole."""


@dataclass(frozen=True)
class Standing:
    """A check-in after its edits and moves; an undone one is not among these."""

    id: int
    account_id: int
    unit_id: str
    at: datetime
    day: date
    minutes: int
    note: str
    link: str | None


def list_standing(session: Session, cohort_id: int, accounts: Collection[int] | None = None) -> list[Standing]:
    """Return the cohort's check-ins that stand, of some accounts or of all, oldest first."""
    rows = select(Checkin).where(Checkin.cohort_id == cohort_id).order_by(Checkin.at, Checkin.id)
    changes = select(CheckinChange).join(Checkin).where(Checkin.cohort_id == cohort_id).order_by(CheckinChange.id)
    if accounts is not None:
        rows = rows.where(Checkin.account_id.in_(accounts))
        changes = changes.where(Checkin.account_id.in_(accounts))
    newest = {change.checkin_id: change for change in session.scalars(changes)}
    standing = []
    for row in session.scalars(rows):
        last = newest.get(row.id)
        if last is not None and last.kind == "undo":
            continue
        now: Checkin | CheckinChange = last or row
        standing.append(Standing(row.id, row.account_id, now.unit_id, row.at, row.day, now.minutes, now.note, now.link))
    return standing


def standing_rulings(rows: Iterable[Ruling]) -> list[Ruling]:
    """Return the rulings of one member that stand: those that no later row of their unit lifts; oldest first."""
    standing: list[Ruling] = []
    for row in rows:
        if row.kind == "lift":
            standing = [r for r in standing if r.unit_id != row.unit_id]
        elif all((r.unit_id, r.kind) != (row.unit_id, row.kind) for r in standing):
            standing.append(row)
    return standing


class Scores:
    """Scores of a cohort's members, each by the one pure function, from facts read once.

    Args:
        members: those whose scores are wanted; a few read only their own facts.
    """

    def __init__(
        self, session: Session, timeline: Timeline, members: Sequence[tuple[Membership, Account]], now: datetime
    ) -> None:
        self.timeline = timeline
        self._now = timeline.present(now)
        cohort_id = timeline.cohort.id
        only = [a.id for _, a in members] if len(members) <= FEW else None
        self.standing = list_standing(session, cohort_id, only)
        rulings = _by_account(session.scalars(_of(Ruling, cohort_id, only)).all())
        self._rulings = {account_id: standing_rulings(rows) for account_id, rows in rulings.items()}
        self._away = _by_account(session.scalars(_of(Away, cohort_id, only)).all())
        self._facts: dict[int, list[Standing]] = {}
        for one in self.standing:
            self._facts.setdefault(one.account_id, []).append(one)
        self._periods = periods(timeline)
        self.by_account = {a.id: self._score(m, a) for m, a in members}

    def _score(self, membership: Membership, account: Account) -> Score:
        rulings = self._rulings.get(account.id, [])
        return scoring.score(
            self._periods,
            [CheckinFact(s.unit_id, s.at, s.day) for s in self._facts.get(account.id, [])],
            now=self._now,
            joined_at=membership.joined_at,
            excused={r.unit_id for r in rulings if r.kind == "excuse"},
            voided={r.unit_id for r in rulings if r.kind == "void"},
            away=[_span(a) for a in self._away.get(account.id, [])],
            is_gone=membership.left_at is not None,
        )

    def rulings(self, account_id: int) -> list[Ruling]:
        """Return what moderators ruled about the account and did not lift."""
        return self._rulings.get(account_id, [])

    def away(self, account_id: int) -> list[Away]:
        """Return the account's absences."""
        return self._away.get(account_id, [])

    def facts(self, account_id: int) -> list[Standing]:
        """Return the account's check-ins that stand."""
        return self._facts.get(account_id, [])

    def newest(self, account_id: int) -> datetime | None:
        """Return the instant of the account's newest fact that a score sees only from then on, or None."""
        checkins, spans = self.facts(account_id), self.away(account_id)
        return max((*(s.at for s in checkins), *(a.said_at for a in spans)), default=None)

    def is_away(self, account_id: int, day: date) -> bool:
        """Whether the account said to be away on this local day of its own."""
        return any(a.from_on <= day <= (a.ended_on or a.until_on) for a in self.away(account_id))

    def has_kept(self, account_id: int, unit_id: str) -> bool:
        """Whether the unit counts as kept, on time or late."""
        found = self.by_account.get(account_id)
        return found is not None and any(s.unit_id == unit_id and s.outcome in ("kept", "late") for s in found.states)


def periods(timeline: Timeline) -> list[Period]:
    """Return what has opened, as the scoring function takes it."""
    return [
        Period(o.slot.unit_id, o.slot.number, o.slot.opens_at, o.slot.deadline_at, o.slot.grace_until, o.is_held)
        for o in timeline.opened
    ]


def _span(row: Away) -> AwaySpan:
    return AwaySpan(row.from_on, row.ended_on or row.until_on, row.said_at, ZoneInfo(row.zone))


def _by_account(rows: Iterable[R]) -> dict[int, list[R]]:
    by_account: dict[int, list[R]] = {}
    for row in rows:
        by_account.setdefault(row.account_id, []).append(row)
    return by_account


def _of(table: type[R], cohort_id: int, accounts: Collection[int] | None) -> Select[R]:
    chosen = select(table).where(table.cohort_id == cohort_id).order_by(table.id)
    return chosen if accounts is None else chosen.where(table.account_id.in_(accounts))
