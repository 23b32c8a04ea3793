"""Valid check-ins, rulings and absences: the append-only rows with their later changes applied."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache, cached_property
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, bindparam, func, literal, null, select, union_all
from sqlalchemy.orm import Session

from bot.features.checkins import scoring
from bot.features.checkins.scoring import AwaySpan, CheckinFact, Period, QuizFact, Score
from bot.features.checkins.tables import Checkin, CheckinChange, Repair, Ruling
from bot.features.groups import late_join
from bot.features.groups.calendar.timeline import Opened, Timeline
from bot.features.groups.tables import Away, Membership
from bot.features.people.tables import AccountRow
from bot.features.quiz.tables import QuizDay
from bot.storage.read_cache import read_cached

_BY: Mapping[str, Callable[[ColumnElement[int]], ColumnElement[bool]]] = {
    "account": lambda column: column == bindparam("account"),
    "accounts": lambda column: column.in_(bindparam("accounts", expanding=True)),
}
"""How the facts of some accounts are picked out; those of a single one need no list that is spelled out each time."""
REPAIRED, AWAY = "repair", "away"
"""What stands for a repaired streak and for an absence among what was ruled."""
FEW = 100
"""Members whose facts are picked out by their accounts; of more, a group's facts are read whole."""


@dataclass(frozen=True)
class CheckinState(CheckinFact):
    """A check-in after its edits and moves; undone check-ins are left out."""

    id: int
    account_id: int
    minutes: int
    note: str
    link: str | None


@dataclass(frozen=True)
class Ruled:
    """A moderator's ruling about a member's unit."""

    account_id: int
    unit_id: str
    kind: str
    reason: str


@dataclass(frozen=True)
class Absence:
    """An absence in the member's local days; `until_on` is its real last day."""

    account_id: int
    from_on: date
    until_on: date
    said_at: datetime
    zone: str
    reason: str


@dataclass(frozen=True)
class Quizzed:
    """A member's local day with a quiz."""

    account_id: int
    day: date
    at: datetime


def list_standing(session: Session, group_id: int, accounts: Collection[int] | None = None) -> list[CheckinState]:
    """Return the group's valid check-ins, of some accounts or of all, oldest first."""
    named = _build_filter(accounts)

    def read() -> list[CheckinState]:
        changes = session.connection().execute(_select_checkins(*named), {"group": group_id, **named})
        newest = {row.id: row for row in changes}  # of those of one check-in the last says how it stands
        return [
            CheckinState(
                row.new_unit_id, row.at, row.day, row.id, row.account_id, row.new_minutes, row.new_note, row.new_link
            )
            if row.kind
            else CheckinState(row.unit_id, row.at, row.day, row.id, row.account_id, row.minutes, row.note, row.link)
            for row in newest.values()
            if row.kind != "undo"
        ]

    return read_cached(session, ("checkins", group_id, _make_key(accounts)), (Checkin, CheckinChange), read)


def _list_rulings_and_absences(
    session: Session, group_id: int, accounts: Collection[int] | None
) -> tuple[list[Ruled], list[Absence]]:
    """Return rulings with streak repairs, and absences; most members have none."""
    named = _build_filter(accounts)

    def read() -> tuple[list[Ruled], list[Absence]]:
        facts = session.connection().execute(_select_facts(*named), {"group": group_id, **named}).all()
        ruled = [Ruled(row.account_id, row.unit_id, row.kind, row.reason) for row in facts if row.kind != AWAY]
        away = [
            Absence(row.account_id, row.from_on, row.until_on, row.said_at, row.zone, row.reason)
            for row in facts
            if row.kind == AWAY
        ]
        return ruled, away

    return read_cached(session, ("said", group_id, _make_key(accounts)), (Ruling, Repair, Away), read)


def _list_quizzes(session: Session, group_id: int, accounts: Collection[int] | None) -> list[Quizzed]:
    named = _build_filter(accounts)

    def read() -> list[Quizzed]:
        quizzes = session.connection().execute(_select_quizzes(*named), {"group": group_id, **named})
        return [Quizzed(*row) for row in quizzes]

    return read_cached(session, ("quiz days", group_id, _make_key(accounts)), (QuizDay,), read)


def _build_filter(accounts: Collection[int] | None) -> dict[str, object]:
    if accounts is None:
        return {}
    return {"account": next(iter(accounts))} if len(accounts) == 1 else {"accounts": list(accounts)}


def _make_key(accounts: Collection[int] | None) -> tuple[int, ...] | None:
    return None if accounts is None else tuple(accounts)


G = TypeVar("G", Ruling, Ruled)


def list_valid_rulings(rows: Iterable[G]) -> list[G]:
    """Return one member's rulings that no later row of their unit lifts, oldest first."""
    standing: list[G] = []
    for row in rows:
        if row.kind == "lift":
            standing = [r for r in standing if r.unit_id != row.unit_id]
        elif all((r.unit_id, r.kind) != (row.unit_id, row.kind) for r in standing):
            standing.append(row)
    return standing


F = TypeVar("F", CheckinState, Ruled, Absence, Quizzed)


class Scores:
    """Scores of a group's members, computed by `scoring` from facts that are read once.

    Args:
        members: the members to score; a few read only their own facts.
    """

    def __init__(
        self, session: Session, timeline: Timeline, members: Sequence[tuple[Membership, AccountRow]], now: datetime
    ) -> None:
        self.timeline = timeline
        self._members, self._now = {a.id: (m, a) for m, a in members}, timeline.present(now)
        group_id = timeline.group.id
        only = [a.id for _, a in members] if len(members) <= FEW else None
        self._facts = _group_by_account(list_standing(session, group_id, only))
        ruled, away = _list_rulings_and_absences(session, group_id, only)
        rulings = _group_by_account(ruling for ruling in ruled if ruling.kind != REPAIRED)
        self._repaired = _group_by_account(ruling for ruling in ruled if ruling.kind == REPAIRED)
        self._rulings = {account_id: list_valid_rulings(ruled) for account_id, ruled in rulings.items()}
        self._away = _group_by_account(away)
        counts = timeline.group.has_quiz_points
        self._quizzes = _group_by_account(_list_quizzes(session, group_id, only)) if counts else {}
        self._periods = list_periods(timeline)

    @cached_property
    def by_account(self) -> dict[int, Score]:
        """Each member's score."""
        return {a.id: self._score(m, a) for m, a in self._members.values()}

    def adding(self, checkin: CheckinState) -> Scores:
        """Return the scores with one more check-in."""
        after = self._copy()
        facts = sorted([*self.facts(checkin.account_id), checkin], key=lambda s: (s.at, s.id))
        after._facts = {**self._facts, checkin.account_id: facts}
        return after

    def before(self, checkin: CheckinState) -> Scores:
        """Return the scores as they were before a check-in."""
        earlier = self.at(checkin.at)
        earlier._facts = {
            **self._facts,
            checkin.account_id: [s for s in self.facts(checkin.account_id) if s.id < checkin.id],
        }
        return earlier

    def at(self, now: datetime) -> Scores:
        """Return the scores as of another instant."""
        after = self._copy()
        after._now = self.timeline.present(now)
        return after

    def _copy(self) -> Scores:
        after = copy(self)
        after.__dict__.pop("by_account", None)
        return after

    def _score(self, membership: Membership, account: AccountRow) -> Score:
        rulings = self._rulings.get(account.id, [])
        return scoring.score(
            self._periods,
            self.facts(account.id),
            now=self._now,
            joined_at=membership.joined_at,
            excused=_list_units(rulings, "excuse"),
            voided=_list_units(rulings, "void"),
            away=[_make_span(a) for a in self._away.get(account.id, [])],
            repaired=self.repaired(account.id),
            quizzes=[QuizFact(quiz.day, quiz.at) for quiz in self._quizzes.get(account.id, [])],
            spared=late_join.list_spared(self.timeline, membership.joined_at),
            is_gone=membership.left_at is not None,
        )

    def rulings(self, account_id: int) -> list[Ruled]:
        """Return the account's rulings that were not lifted."""
        return self._rulings.get(account_id, [])

    def repaired(self, account_id: int) -> set[str]:
        """Return the units at which the account repaired a streak."""
        return {repair.unit_id for repair in self._repaired.get(account_id, [])}

    def away(self, account_id: int) -> list[Absence]:
        """Return the account's absences."""
        return self._away.get(account_id, [])

    def facts(self, account_id: int) -> list[CheckinState]:
        """Return the account's check-ins that stand."""
        return self._facts.get(account_id, [])

    def newest(self, account_id: int) -> datetime | None:
        """Return the instant of the account's newest fact that a score depends on, or None."""
        checkins, spans = self.facts(account_id), self.away(account_id)
        quizzes = self._quizzes.get(account_id, [])
        return max((*(s.at for s in checkins), *(a.said_at for a in spans), *(q.at for q in quizzes)), default=None)

    def is_away(self, account_id: int, day: date) -> bool:
        """Whether the account announced an absence on one of its local days."""
        return any(a.from_on <= day <= a.until_on for a in self.away(account_id))


def has_kept(session: Session, timeline: Timeline, account_id: int, opened: Opened, now: datetime) -> bool:
    """Whether an account has completed a unit, on time or late; rulings are read only if it has checked in."""
    group_id, unit_id = timeline.group.id, opened.slot.unit_id
    facts = [s for s in list_standing(session, group_id, [account_id]) if s.unit_id == unit_id]
    if not facts:
        return False
    ruled, _ = _list_rulings_and_absences(session, group_id, [account_id])
    rulings = list_valid_rulings(ruled)
    return scoring.is_kept(_make_period(opened), facts, now=timeline.present(now), voided=_list_units(rulings, "void"))


def list_periods(timeline: Timeline) -> list[Period]:
    """Return the opened units in the form that `scoring` takes."""
    way = timeline.roadmap
    return [replace(_make_period(o), leg=way.part_of(o.slot.unit_id).number) for o in timeline.opened]


def _make_period(opened: Opened) -> Period:
    slot = opened.slot
    return Period(slot.unit_id, slot.number, slot.opens_at, slot.deadline_at, slot.grace_until, opened.is_held)


def _list_units(rulings: Iterable[Ruled], kind: str) -> set[str]:
    return {r.unit_id for r in rulings if r.kind == kind}


def _make_span(absence: Absence) -> AwaySpan:
    return AwaySpan(absence.from_on, absence.until_on, absence.said_at, ZoneInfo(absence.zone))


def _group_by_account(facts: Iterable[F]) -> dict[int, list[F]]:
    by_account: dict[int, list[F]] = {}
    for fact in facts:
        by_account.setdefault(fact.account_id, []).append(fact)
    return by_account


@cache
def _select_checkins(by: str = "") -> Select[*tuple[Any, ...]]:
    """Return each check-in with its changes, one per row, the newest last."""
    new = CheckinChange
    chosen = (
        select(
            Checkin.id,
            Checkin.account_id,
            Checkin.unit_id,
            Checkin.at,
            Checkin.day,
            Checkin.minutes,
            Checkin.note,
            Checkin.link,
            new.kind,
            new.unit_id.label("new_unit_id"),
            new.minutes.label("new_minutes"),
            new.note.label("new_note"),
            new.link.label("new_link"),
        )
        .outerjoin(new, new.checkin_id == Checkin.id)
        .where(Checkin.group_id == bindparam("group"))
        .order_by(Checkin.at, Checkin.id, new.id)
    )
    return chosen.where(_BY[by](Checkin.account_id.expression)) if by else chosen


@cache
def _select_facts(by: str = "") -> Select[*tuple[Any, ...]]:
    """Return absences, rulings and repairs as rows of one shape, each kind in order of time."""
    last = func.coalesce(Away.ended_on, Away.until_on).label("until_on")
    none = (null(), null(), null(), null())  # typed by what stands above them
    away = select(
        Away.id,
        Away.account_id,
        literal(AWAY).label("kind"),
        literal("").label("unit_id"),
        Away.reason,
        Away.from_on,
        last,
        Away.said_at,
        Away.zone,
    )
    ruled = select(Ruling.id, Ruling.account_id, Ruling.kind, Ruling.unit_id, Ruling.reason, *none)
    mended = select(Repair.id, Repair.account_id, literal(REPAIRED), Repair.unit_id, literal(""), *none)
    parts = [
        chosen.where(table.group_id == bindparam("group"), *([_BY[by](table.account_id.expression)] if by else []))
        for chosen, table in ((away, Away), (ruled, Ruling), (mended, Repair))
    ]
    row = union_all(*parts).subquery()
    return select(row).order_by(row.c.id)


@cache
def _select_quizzes(by: str = "") -> Select[int, date, datetime]:
    chosen = select(QuizDay.account_id, QuizDay.day, QuizDay.at).order_by(QuizDay.at)
    chosen = chosen.where(QuizDay.group_id == bindparam("group"))
    return chosen.where(_BY[by](QuizDay.account_id.expression)) if by else chosen


@dataclass(frozen=True)
class MemberView:
    """A member's own view: their group, account and scores."""

    timeline: Timeline
    membership: Membership
    account: AccountRow
    scores: Scores

    @property
    def score(self) -> Score:
        """The member's score."""
        return self.scores.by_account[self.account.id]
