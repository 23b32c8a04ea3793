"""Token usage: tokens are reserved before a request and settled after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, delete, func, select, text
from sqlalchemy.orm import InstrumentedAttribute

from bot.features.groups.tables import Cohort, Membership
from bot.features.people.tables import AccountRow
from bot.features.token_budget import redaction
from bot.features.token_budget.budget import Budget, Short
from bot.features.token_budget.tables import UsageDay, UsageHold
from bot.llm.base import Usage
from bot.storage.insert import insert
from bot.storage.unit_of_work import Work

HOLD = timedelta(minutes=5)
"""How long tokens stay put aside for an answer that does not come: longer than any takes."""

_LOCK = 0x55534745


@dataclass(frozen=True)
class Asker:
    """Who asks, in which group if any, and when."""

    cohort_id: int | None
    account_id: int
    now: datetime


@dataclass(frozen=True)
class Reservation:
    """Tokens that are put aside, and the day that they belong to."""

    id: int
    day: date


@dataclass(frozen=True)
class Day:
    """A day's answers and tokens."""

    day: date
    answers: int
    tokens: int


@dataclass(frozen=True)
class Heavy:
    """Someone, with what they took."""

    external_id: str
    name: str
    answers: int
    tokens: int


_TOKENS = UsageDay.prompt_tokens + UsageDay.completion_tokens


class Ledger:
    """What groups and members spend."""

    def __init__(self, work: Work) -> None:
        self._session = work.session

    def hold(self, asker: Asker, tokens: int, budget: Budget) -> Reservation | Short:
        """Reserve tokens, or return whose daily budget is used up; requests of one group wait for each other."""
        self._lock(asker.cohort_id)
        self._session.execute(delete(UsageHold).where(UsageHold.until < asker.now))
        day = self.today(asker.cohort_id, asker.now)
        group, member = self.group(asker.cohort_id, day), self.member(asker, day)
        if short := budget.short(group, member, self.members(asker.cohort_id)):
            return short
        hold_id = insert(
            self._session,
            UsageHold,
            cohort_id=asker.cohort_id,
            account_id=asker.account_id,
            tokens=tokens,
            until=asker.now + HOLD,
        )
        return Reservation(hold_id, day)

    def settle(self, asker: Asker, held: Reservation, usage: Usage | None, is_whole: bool = True) -> None:
        """Release a reservation, and record the tokens spent, if any; a partial answer is not counted as an answer."""
        self._lock(asker.cohort_id)
        self._session.execute(delete(UsageHold).where(UsageHold.id == held.id))
        if usage is None:
            return
        row = self._session.scalars(
            select(UsageDay).where(
                _match_group(UsageDay.cohort_id, asker.cohort_id),
                UsageDay.account_id == asker.account_id,
                UsageDay.day == held.day,
            )
        ).first()
        if row is None:
            self._drop(asker.cohort_id, held.day - redaction.KEPT)
            row = UsageDay(
                cohort_id=asker.cohort_id,
                account_id=asker.account_id,
                day=held.day,
                answers=0,
                prompt_tokens=0,
                completion_tokens=0,
            )
            self._session.add(row)
        row.answers += is_whole
        row.prompt_tokens += usage.prompt
        row.completion_tokens += usage.completion

    def today(self, cohort_id: int | None, now: datetime) -> date:
        """Return the group's present day."""
        cohort = self._session.get(Cohort, cohort_id) if cohort_id is not None else None
        return now.astimezone(ZoneInfo(cohort.zone) if cohort is not None else UTC).date()

    def members(self, cohort_id: int | None) -> int:
        """Return how many are in the group; of those without one, nobody knows how many there are."""
        if cohort_id is None:
            return 100
        inside = Membership.cohort_id == cohort_id, Membership.left_at.is_(None)
        return self._session.scalar(select(func.count()).select_from(Membership).where(*inside)) or 0

    def group(self, cohort_id: int | None, day: date) -> int:
        """Return the tokens that a group has spent in a day, with those that are put aside now."""
        spent = self._sum(
            _match_group(UsageDay.cohort_id, cohort_id), _match_group(UsageHold.cohort_id, cohort_id), day
        )
        return spent + redaction.of_group(self._session, cohort_id, day)

    def member(self, asker: Asker, day: date) -> int:
        """Return the tokens that a member has spent in the group's day, with those that are put aside now."""
        of_day = _match_group(UsageDay.cohort_id, asker.cohort_id) & (UsageDay.account_id == asker.account_id)
        of_hold = _match_group(UsageHold.cohort_id, asker.cohort_id) & (UsageHold.account_id == asker.account_id)
        return self._sum(of_day, of_hold, day) + redaction.of_person(
            self._session, asker.cohort_id, day, asker.account_id
        )

    def days(self, cohort_id: int, since: date, account_id: int | None = None) -> dict[date, Day]:
        """Return the group's days from one on, of one member or of all; a day without answers is not there."""
        chosen = (
            select(UsageDay.day, func.sum(UsageDay.answers), func.sum(_TOKENS))
            .where(UsageDay.cohort_id == cohort_id, UsageDay.day >= since)
            .group_by(UsageDay.day)
        )
        if account_id is not None:
            chosen = chosen.where(UsageDay.account_id == account_id)
        days = {day: Day(day, int(answers), int(tokens)) for day, answers, tokens in self._session.execute(chosen)}
        if account_id is None:
            for day, (answers, tokens) in redaction.by_day(self._session, cohort_id, since).items():
                has = days.get(day, Day(day, 0, 0))
                days[day] = Day(day, has.answers + answers, has.tokens + tokens)
        return days

    def heaviest(self, cohort_id: int, since: date, most: int) -> Sequence[Heavy]:
        """Return who took most of the group's tokens from a day on."""
        tokens = func.sum(_TOKENS)
        chosen = (
            select(AccountRow.external_id, AccountRow.name, func.sum(UsageDay.answers), tokens)
            .join(AccountRow, AccountRow.id == UsageDay.account_id)
            .where(UsageDay.cohort_id == cohort_id, UsageDay.day >= since)
            .group_by(AccountRow.id, AccountRow.external_id, AccountRow.name)
            .order_by(tokens.desc(), AccountRow.name)
            .limit(most)
        )
        return [Heavy(who, name, int(answers), int(sum_)) for who, name, answers, sum_ in self._session.execute(chosen)]

    def _sum(self, of_day: ColumnElement[bool], of_hold: ColumnElement[bool], day: date) -> int:
        spent = self._session.scalar(select(func.sum(_TOKENS)).where(of_day, UsageDay.day == day))
        return (spent or 0) + (self._session.scalar(select(func.sum(UsageHold.tokens)).where(of_hold)) or 0)

    def _drop(self, cohort_id: int | None, before: date) -> None:
        self._session.execute(
            delete(UsageDay).where(_match_group(UsageDay.cohort_id, cohort_id), UsageDay.day < before)
        )

    def _lock(self, cohort_id: int | None) -> None:
        """Lock the group's budget. On SQLite a writing unit of work is alone from its start."""
        if self._session.get_bind().dialect.name == "postgresql":
            self._session.execute(text("SELECT pg_advisory_xact_lock(:k, :g)"), {"k": _LOCK, "g": cohort_id or 0})


def _match_group(column: InstrumentedAttribute[int | None], cohort_id: int | None) -> ColumnElement[bool]:
    return column.is_(None) if cohort_id is None else column == cohort_id
