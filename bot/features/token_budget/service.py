"""Daily token budgets of groups and members: reserve tokens before a request, and settle them after it.

The usage of a person who was forgotten still counts, without their name, so that no day's budget begins again.
"""

from __future__ import annotations

import hmac
import logging
import secrets
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import blake2b
from typing import Literal
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, ForeignKey, Index, String, delete, func, select, text, update
from sqlalchemy.orm import InstrumentedAttribute, Mapped, Session, mapped_column

from bot.base.observer import NOBODY, Observer
from bot.commands.context import Context
from bot.features.groups.tables import Group, Membership
from bot.features.people.tables import AccountRow
from bot.llm.base import ChatResting, ChatUnavailable, Usage
from bot.llm.metered import charged_to
from bot.messages.errors import TooMuch, UserError
from bot.messages.numerals import counted
from bot.storage.base import Base, UtcDateTime
from bot.storage.insert import insert
from bot.storage.unit_of_work import Database, Work


class UsageDay(Base):
    """What a member's answers took in a day of their group; without a group in a day of UTC."""

    __tablename__ = "usage_day"
    __table_args__ = (Index("ix_usage_day_group", "group_id", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int | None] = mapped_column(ForeignKey("study_group.id", ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    day: Mapped[date]
    answers: Mapped[int]
    prompt_tokens: Mapped[int]
    completion_tokens: Mapped[int]


class UsageHold(Base):
    """Tokens put aside for an answer that is being worded; one that never came lapses."""

    __tablename__ = "usage_hold"
    __table_args__ = (Index("ix_usage_hold_group", "group_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int | None] = mapped_column(ForeignKey("study_group.id", ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    tokens: Mapped[int]
    until: Mapped[datetime] = mapped_column(UtcDateTime)


class UsageLeft(Base):
    """What answers of somebody who was forgotten took in a day of their group, without them.

    `mark` tells on that day and the next whether it was them, should they come back: salted, and emptied after.
    """

    __tablename__ = "anonymous_usage"
    __table_args__ = (Index("ix_anonymous_usage_group", "group_id", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int | None] = mapped_column(ForeignKey("study_group.id", ondelete="CASCADE"))
    day: Mapped[date]
    answers: Mapped[int]
    tokens: Mapped[int]
    mark: Mapped[str] = mapped_column(String(64))


MINUTE = timedelta(minutes=1)

REMEMBERED = 5000
"""People whose latest questions are in memory; whoever asked longest ago is forgotten first."""


class QuestionRateLimit:
    """Limits the questions of each person.

    Args:
        a_minute: questions of one person; 0 sets no bound.
    """

    def __init__(self, a_minute: int = 0) -> None:
        self._a_minute = a_minute
        self._asked: dict[int, deque[datetime]] = {}

    def admit(self, account_id: int, now: datetime) -> None:
        """Count a question.

        Raises:
            TooMuch: one too many; it says when to go on, and does not count itself.
        """
        if not self._a_minute:
            return
        asked = self._asked.pop(account_id, deque())
        while asked and now - asked[0] >= MINUTE:
            asked.popleft()
        self._asked[account_id] = asked
        if len(self._asked) > REMEMBERED:
            del self._asked[next(iter(self._asked))]
        if len(asked) >= self._a_minute:
            wait = int((asked[0] + MINUTE - now).total_seconds()) + 1
            raise TooMuch(
                f"You have asked {counted(len(asked), 'question')} within a minute. Please try again in "
                f"{counted(wait, 'second')}."
            )
        asked.append(now)


Short = Literal["group", "member"]
"""Whose part of the day is used up."""


@dataclass(frozen=True)
class Budget:
    """A group's day.

    Args:
        tokens: of all its members together; 0 sets no bound.
        percent: a member's part of it; where members are fewer, an equal part is more and counts instead.
    """

    tokens: int = 0
    percent: int = 20

    def share(self, members: int) -> int:
        """Return the tokens of one member of so many."""
        return self.tokens * max(self.percent, 100 // max(members, 1)) // 100

    def short(self, group: int, member: int, members: int) -> Short | None:
        """Return whose budget is used up; None if one more answer is allowed.

        The last answer may exceed the budget, because its cost is known only afterwards.
        """
        if not self.tokens:
            return None
        if group >= self.tokens:
            return "group"
        return "member" if member >= self.share(members) else None


MARK_KEPT = timedelta(days=2)
"""How long it can be told who it was, by whoever comes back: the day is that of the group's zone."""
USAGE_KEPT = timedelta(days=31)


def keep_forgotten_usage(work: Work, account_id: int) -> None:
    """Keep what somebody's answers took when their rows go."""
    account = work.session.get_one(AccountRow, account_id)
    rows = work.session.scalars(select(UsageDay).where(UsageDay.account_id == account_id)).all()
    since = max((row.day for row in rows), default=date.min)
    for row in rows:
        is_new = row.day >= since - timedelta(days=1)  # a day of another zone may be another
        work.session.add(
            UsageLeft(
                group_id=row.group_id,
                day=row.day,
                answers=row.answers,
                tokens=row.prompt_tokens + row.completion_tokens,
                mark=_make_mark(account) if is_new else "",
            )
        )


def sweep_forgotten_usage(work: Work, now: datetime) -> int:
    """Take the marks off what is over, and delete what is old; return how many were deleted."""
    over = update(UsageLeft).where(UsageLeft.mark != "", UsageLeft.day < now.date() - MARK_KEPT)
    work.session.execute(over.values(mark=""))
    old = delete(UsageLeft).where(UsageLeft.day < now.date() - USAGE_KEPT).returning(UsageLeft.id)
    return len(work.session.scalars(old).all())


def sum_forgotten_of_group(session: Session, group_id: int | None, day: date) -> int:
    """Return the tokens of a day that were those of people who are forgotten."""
    return (
        session.scalar(select(func.sum(UsageLeft.tokens)).where(_match_forgotten(group_id), UsageLeft.day == day)) or 0
    )


def sum_forgotten_of_person(session: Session, group_id: int | None, day: date, account_id: int) -> int:
    """Return the tokens that somebody had spent in a day before they were forgotten and came back."""
    chosen = select(UsageLeft).where(_match_forgotten(group_id), UsageLeft.day == day, UsageLeft.mark != "")
    rows = session.scalars(chosen).all()
    account = session.get(AccountRow, account_id) if rows else None
    return sum(row.tokens for row in rows if account is not None and _is_of(row.mark, account))


def sum_forgotten_by_day(session: Session, group_id: int, since: date) -> Mapping[date, tuple[int, int]]:
    """Return the answers and tokens of forgotten people in a group, by day."""
    chosen = select(UsageLeft.day, func.sum(UsageLeft.answers), func.sum(UsageLeft.tokens)).group_by(UsageLeft.day)
    rows = session.execute(chosen.where(_match_forgotten(group_id), UsageLeft.day >= since))
    return {day: (int(answers), int(tokens)) for day, answers, tokens in rows}


def _match_forgotten(group_id: int | None) -> ColumnElement[bool]:
    column = UsageLeft.group_id
    return column.is_(None) if group_id is None else column == group_id


def _make_mark(account: AccountRow, salt: str = "") -> str:
    salt = salt or secrets.token_hex(8)
    identity = f"{account.platform}:{account.scope}:{account.external_id}"
    return salt + blake2b(identity.encode(), key=salt.encode(), digest_size=20).hexdigest()


def _is_of(mark: str, account: AccountRow) -> bool:
    return hmac.compare_digest(mark, _make_mark(account, mark[:16]))


HOLD = timedelta(minutes=5)
"""How long tokens stay put aside for an answer that does not come: longer than any takes."""

_LOCK = 0x55534745


@dataclass(frozen=True)
class Asker:
    """Who asks, in which group if any, and when."""

    group_id: int | None
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
        self._lock(asker.group_id)
        self._session.execute(delete(UsageHold).where(UsageHold.until < asker.now))
        day = self.today(asker.group_id, asker.now)
        group, member = self.group(asker.group_id, day), self.member(asker, day)
        if short := budget.short(group, member, self.members(asker.group_id)):
            return short
        hold_id = insert(
            self._session,
            UsageHold,
            group_id=asker.group_id,
            account_id=asker.account_id,
            tokens=tokens,
            until=asker.now + HOLD,
        )
        return Reservation(hold_id, day)

    def settle(self, asker: Asker, held: Reservation, usage: Usage | None, is_whole: bool = True) -> None:
        """Release a reservation, and record the tokens spent, if any; a partial answer is not counted as an answer."""
        self._lock(asker.group_id)
        self._session.execute(delete(UsageHold).where(UsageHold.id == held.id))
        if usage is None:
            return
        row = self._session.scalars(
            select(UsageDay).where(
                _match_group(UsageDay.group_id, asker.group_id),
                UsageDay.account_id == asker.account_id,
                UsageDay.day == held.day,
            )
        ).first()
        if row is None:
            self._drop(asker.group_id, held.day - USAGE_KEPT)
            row = UsageDay(
                group_id=asker.group_id,
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

    def today(self, group_id: int | None, now: datetime) -> date:
        """Return the group's present day."""
        group = self._session.get(Group, group_id) if group_id is not None else None
        return now.astimezone(ZoneInfo(group.zone) if group is not None else UTC).date()

    def members(self, group_id: int | None) -> int:
        """Return how many are in the group; of those without one, nobody knows how many there are."""
        if group_id is None:
            return 100
        inside = Membership.group_id == group_id, Membership.left_at.is_(None)
        return self._session.scalar(select(func.count()).select_from(Membership).where(*inside)) or 0

    def group(self, group_id: int | None, day: date) -> int:
        """Return the tokens that a group has spent in a day, with those that are put aside now."""
        spent = self._sum(_match_group(UsageDay.group_id, group_id), _match_group(UsageHold.group_id, group_id), day)
        return spent + sum_forgotten_of_group(self._session, group_id, day)

    def member(self, asker: Asker, day: date) -> int:
        """Return the tokens that a member has spent in the group's day, with those that are put aside now."""
        of_day = _match_group(UsageDay.group_id, asker.group_id) & (UsageDay.account_id == asker.account_id)
        of_hold = _match_group(UsageHold.group_id, asker.group_id) & (UsageHold.account_id == asker.account_id)
        return self._sum(of_day, of_hold, day) + sum_forgotten_of_person(
            self._session, asker.group_id, day, asker.account_id
        )

    def days(self, group_id: int, since: date, account_id: int | None = None) -> dict[date, Day]:
        """Return the group's days from one on, of one member or of all; a day without answers is not there."""
        chosen = (
            select(UsageDay.day, func.sum(UsageDay.answers), func.sum(_TOKENS))
            .where(UsageDay.group_id == group_id, UsageDay.day >= since)
            .group_by(UsageDay.day)
        )
        if account_id is not None:
            chosen = chosen.where(UsageDay.account_id == account_id)
        days = {day: Day(day, int(answers), int(tokens)) for day, answers, tokens in self._session.execute(chosen)}
        if account_id is None:
            for day, (answers, tokens) in sum_forgotten_by_day(self._session, group_id, since).items():
                has = days.get(day, Day(day, 0, 0))
                days[day] = Day(day, has.answers + answers, has.tokens + tokens)
        return days

    def heaviest(self, group_id: int, since: date, most: int) -> Sequence[Heavy]:
        """Return who took most of the group's tokens from a day on."""
        tokens = func.sum(_TOKENS)
        chosen = (
            select(AccountRow.external_id, AccountRow.name, func.sum(UsageDay.answers), tokens)
            .join(AccountRow, AccountRow.id == UsageDay.account_id)
            .where(UsageDay.group_id == group_id, UsageDay.day >= since)
            .group_by(AccountRow.id, AccountRow.external_id, AccountRow.name)
            .order_by(tokens.desc(), AccountRow.name)
            .limit(most)
        )
        return [Heavy(who, name, int(answers), int(sum_)) for who, name, answers, sum_ in self._session.execute(chosen)]

    def _sum(self, of_day: ColumnElement[bool], of_hold: ColumnElement[bool], day: date) -> int:
        spent = self._session.scalar(select(func.sum(_TOKENS)).where(of_day, UsageDay.day == day))
        return (spent or 0) + (self._session.scalar(select(func.sum(UsageHold.tokens)).where(of_hold)) or 0)

    def _drop(self, group_id: int | None, before: date) -> None:
        self._session.execute(delete(UsageDay).where(_match_group(UsageDay.group_id, group_id), UsageDay.day < before))

    def _lock(self, group_id: int | None) -> None:
        """Lock the group's budget. On SQLite a writing unit of work is alone from its start."""
        if self._session.get_bind().dialect.name == "postgresql":
            self._session.execute(text("SELECT pg_advisory_xact_lock(:k, :g)"), {"k": _LOCK, "g": group_id or 0})


def _match_group(column: InstrumentedAttribute[int | None], group_id: int | None) -> ColumnElement[bool]:
    return column.is_(None) if group_id is None else column == group_id


log = logging.getLogger(__name__)
Refused = Short | Literal["resting"]


class AskCharge:
    """One question's charge; it remembers why the model did not word the answer, if that is so."""

    def __init__(self, database: Database, budget: Budget, asker: Asker, observer: Observer = NOBODY) -> None:
        self._database, self._budget, self._asker, self._observer = database, budget, asker, observer
        self._held: Reservation | None = None
        self._spent: list[Usage] = []
        self.refused: Refused | None = None

    @property
    def is_held(self) -> bool:
        """Whether tokens are reserved."""
        return self._held is not None

    async def hold(self, tokens: int) -> None:
        """Reserve what all requests of the answer may take at most.

        Raises:
            ChatUnavailable: the day is used up, or that could not be read.
        """
        try:
            held = await self._database.run(lambda work: Ledger(work).hold(self._asker, tokens, self._budget))
        except UserError as trouble:
            raise ChatUnavailable("the budget could not be read") from trouble
        if isinstance(held, str):
            self.refused = held
            raise ChatUnavailable("the day's budget is used")
        self._held = held

    def spend(self, usage: Usage) -> None:
        """Add what a request used."""
        self._spent.append(usage)

    async def settle(self, why: BaseException | None = None) -> None:
        """Record the used tokens; if that fails, the answer stands and the reservation expires by itself."""
        held, self._held = self._held, None
        spent, self._spent = self._spent, []
        if isinstance(why, ChatResting):
            self.refused = "resting"
        if held is None:
            return
        usage = Usage(sum(each.prompt for each in spent), sum(each.completion for each in spent)) if spent else None
        if usage is not None:
            self._observer.spent(usage.prompt, usage.completion)
        try:
            await self._database.run(lambda work: Ledger(work).settle(self._asker, held, usage, why is None))
        except UserError:
            log.warning("what an answer took could not be noted")


class Meter:
    """Counts questions and what they take.

    Args:
        has_model: whether a chat model is set up at all.
        observer: told what was answered and spent.
    """

    def __init__(
        self,
        database: Database,
        budget: Budget,
        pace: QuestionRateLimit,
        *,
        has_model: bool,
        observer: Observer = NOBODY,
    ) -> None:
        self._database, self._pace = database, pace
        self.budget, self.has_model, self.observer = budget, has_model, observer

    @contextmanager
    def metered(self, ctx: Context) -> Iterator[AskCharge]:
        """Have what is asked of a model inside be charged to the caller; the charge says where the notes had to do.

        Raises:
            TooMuch: they ask too fast; the sentence says when to go on.
        """
        self._pace.admit(ctx.actor.account_id, ctx.now)
        with self.charge(Asker(ctx.actor.group_id, ctx.actor.account_id, ctx.now)) as charge:
            yield charge

    @contextmanager
    def charge(self, asker: Asker) -> Iterator[AskCharge]:
        """Have what is asked of a model inside be charged to somebody, however fast."""
        charge = AskCharge(self._database, self.budget, asker, self.observer)
        with charged_to(charge):
            yield charge
