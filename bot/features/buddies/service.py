"""A group's buddies: wishes, pairs, and whether they met."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy import ColumnElement, ForeignKey, String, and_, case, exists, func, select, update
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from bot.features.groups.tables import Membership
from bot.features.people.tables import AccountRow
from bot.features.rules import RESTS_AFTER_SILENCE
from bot.storage.base import Base, UtcDateTime
from bot.storage.insert import put
from bot.storage.unit_of_work import Work


class BuddyWish(Base):
    """Whether a member of a group wants a buddy, and since when; to want one again counts from then on.

    `rests_from` is the unit from which on they get none, because they were silent on those before.
    """

    __tablename__ = "buddy_preference"

    group_id: Mapped[int] = mapped_column(ForeignKey("study_group.id", ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True, index=True)
    is_on: Mapped[bool]
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    rests_from: Mapped[str | None] = mapped_column(String(32))


class Pairing(Base):
    """A member's place in a pair for a unit: those of one number are together.

    `asked_at` is when they were asked whether they met, `answer` what they said: "yes", "no" or nothing yet.
    """

    __tablename__ = "pairing"

    group_id: Mapped[int] = mapped_column(ForeignKey("study_group.id", ondelete="CASCADE"), primary_key=True)
    unit_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True, index=True)
    number: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer: Mapped[str] = mapped_column(String(3), default="")


TWO = 2
"""A pair as it mostly is: where three are one, somebody may have been left out of a meeting."""
_TAKES_PART = (BuddyWish.is_on, Membership.left_at.is_(None))


@dataclass(frozen=True)
class PairedMember:
    """A member in a pair.

    Args:
        is_in: whether they still take part.
    """

    account: AccountRow
    number: int
    is_in: bool
    asked_at: datetime | None
    answer: str
    made_at: datetime


@dataclass(frozen=True)
class UnitPairs:
    """A unit's pairs, by account."""

    members: Mapping[int, PairedMember]

    def of(self, account_id: int) -> list[AccountRow]:
        """Return an account's buddies who still take part, by name."""
        own = self.members[account_id]
        others = [member.account for member in self._group(own) if member.is_in and member is not own]
        return sorted(others, key=lambda account: (account.name, account.id))

    def has_met(self, account_id: int) -> bool:
        """Whether an account met: in a pair one "yes" is enough, in a group of three each speaks for themselves."""
        own = self.members[account_id]
        group = self._group(own)
        return any(member.answer == "yes" for member in (group if len(group) <= TWO else [own]))

    def changed_at(self, account_id: int) -> datetime | None:
        """Return when an account's pair changed after the unit's first pairing; None if it didn't."""
        newest = max(member.made_at for member in self._group(self.members[account_id]))
        return newest if newest > min(member.made_at for member in self.members.values()) else None

    def _group(self, member: PairedMember) -> list[PairedMember]:
        return self._groups[member.number]

    @cached_property
    def _groups(self) -> Mapping[int, list[PairedMember]]:
        groups: dict[int, list[PairedMember]] = {}
        for member in self.members.values():
            groups.setdefault(member.number, []).append(member)
        return groups


@dataclass(frozen=True)
class BuddyUnit:
    """A unit for which somebody had a buddy.

    Args:
        is_silent: they were asked whether they met, and nobody has said so, nor they that they did not.
    """

    asked_at: datetime | None
    has_met: bool
    is_silent: bool


class Buddies:
    """Wishes and answers, in one unit of work."""

    def __init__(self, work: Work) -> None:
        self.session = work.session

    def wish(self, group_id: int, account_id: int) -> BuddyWish | None:
        """Return a member's wish; None if they never had one."""
        return self.session.get(BuddyWish, (group_id, account_id))

    def keep(self, group_id: int, account_id: int, *, is_on: bool, now: datetime) -> None:
        """Store whether a member wants a buddy from now on."""
        row = {"group_id": group_id, "account_id": account_id, "is_on": is_on, "since": now, "rests_from": None}
        put(self.session, BuddyWish, [row])

    def count(self, group_id: int) -> int:
        """Return how many take part."""
        return len(list_willing(self.session, group_id))

    def answer(self, group_id: int, unit_id: str, account_id: int, *, met: bool) -> bool:
        """Store whether a member met their buddy, which ends their rest; False without a buddy."""
        conditions = (Pairing.group_id == group_id, Pairing.unit_id == unit_id, Pairing.account_id == account_id)
        statement = update(Pairing).where(*conditions).values(answer="yes" if met else "no").returning(Pairing.number)
        if self.session.scalar(statement) is None:
            return False
        if (wish := self.wish(group_id, account_id)) is not None:
            wish.rests_from = None
        return True

    def pair(self, group_id: int, unit_id: str, account_id: int) -> UnitPairs:
        """Return the pair that a member is in for a unit."""
        return list_pairs(self.session, group_id, [unit_id], account_id)[unit_id]

    def weeks(self, group_id: int, account_id: int) -> list[BuddyUnit]:
        """Return the units for which a member had a buddy, the last first."""
        return list_weeks(self.session, group_id, [account_id]).get(account_id, [])


def list_willing(session: Session, group_id: int, *only: ColumnElement[bool]) -> list[tuple[AccountRow, BuddyWish]]:
    """Return the members who want a buddy, with their wish; conditions narrow them down."""
    chosen = (
        select(AccountRow, BuddyWish)
        .join(BuddyWish, BuddyWish.account_id == AccountRow.id)
        .join(Membership, and_(Membership.account_id == AccountRow.id, Membership.group_id == BuddyWish.group_id))
        .where(BuddyWish.group_id == group_id, *_TAKES_PART, *only)
        .order_by(AccountRow.id)
    )
    return [(account, wish) for account, wish in session.execute(chosen)]


def list_pairs(
    session: Session, group_id: int, units: Collection[str], account_id: int | None = None
) -> dict[str, UnitPairs]:
    """Return who is paired with whom for each of some units; of an account's own pair alone if one is given."""
    chosen = (
        select(Pairing, AccountRow, func.coalesce(and_(*_TAKES_PART), False))
        .join(AccountRow, AccountRow.id == Pairing.account_id)
        .outerjoin(BuddyWish, and_(BuddyWish.group_id == Pairing.group_id, BuddyWish.account_id == Pairing.account_id))
        .outerjoin(
            Membership, and_(Membership.group_id == Pairing.group_id, Membership.account_id == Pairing.account_id)
        )
        .where(Pairing.group_id == group_id, Pairing.unit_id.in_(units))
        .execution_options(populate_existing=True)
    )
    if account_id is not None:
        own_pairing = aliased(Pairing)
        together = and_(
            *(getattr(own_pairing, name) == getattr(Pairing, name) for name in ("group_id", "unit_id", "number"))
        )
        chosen = chosen.join(own_pairing, together).where(own_pairing.account_id == account_id)
    by_unit: dict[str, dict[int, PairedMember]] = {unit_id: {} for unit_id in units}
    for row, account, takes_part in session.execute(chosen):
        paired = PairedMember(account, row.number, bool(takes_part), row.asked_at, row.answer, row.made_at)
        by_unit[row.unit_id][account.id] = paired
    return {unit_id: UnitPairs(members) for unit_id, members in by_unit.items()}


def list_past(session: Session, group_id: int) -> list[list[list[int]]]:
    """Return the pairs of each earlier unit, oldest first."""
    chosen = select(Pairing.unit_id, Pairing.number, Pairing.account_id).where(Pairing.group_id == group_id)
    units: dict[str, dict[int, list[int]]] = {}
    for unit_id, number, account_id in session.execute(chosen.order_by(Pairing.made_at, Pairing.unit_id)):
        units.setdefault(unit_id, {}).setdefault(number, []).append(account_id)
    return [list(groups.values()) for groups in units.values()]


def list_weeks(session: Session, group_id: int, accounts: Collection[int]) -> dict[int, list[BuddyUnit]]:
    """Return the units for which accounts had a buddy, the latest first."""
    other = aliased(Pairing)
    together = (
        other.group_id == Pairing.group_id,
        other.unit_id == Pairing.unit_id,
        other.number == Pairing.number,
    )
    is_said = exists().where(*together, other.answer == "yes")
    size = select(func.count()).select_from(other).where(*together).scalar_subquery()
    chosen = (
        select(Pairing.account_id, Pairing.asked_at, Pairing.answer, is_said, size)
        .where(Pairing.group_id == group_id, Pairing.account_id.in_(accounts))
        .order_by(Pairing.made_at.desc(), Pairing.unit_id)
    )
    weeks: dict[int, list[BuddyUnit]] = {}
    for account_id, asked_at, answer, is_met, count in session.execute(chosen):
        has_met = is_met if count <= TWO else answer == "yes"
        weeks.setdefault(account_id, []).append(
            BuddyUnit(asked_at, has_met, asked_at is not None and not answer and not is_met)
        )
    return weeks


def is_silent(weeks: Iterable[BuddyUnit], since: datetime) -> bool:
    """Whether somebody has not said of so many units in a row whether they met that they are to rest.

    Args:
        weeks: theirs, the last first.
        since: when they last said that they want a buddy.
    """
    asked = [week for week in weeks if week.asked_at is not None and week.asked_at > since][:RESTS_AFTER_SILENCE]
    return len(asked) == RESTS_AFTER_SILENCE and all(week.is_silent for week in asked)


def count_pairs(session: Session, group_id: int, units: Collection[str]) -> dict[str, tuple[int, int]]:
    """Return how many members had a buddy for those of some units that had pairs, and how many of them met theirs.

    Of two, one who says so speaks for both; of three, each for themselves.
    """
    said_yes = func.count().filter(Pairing.answer == "yes").label("said_yes")
    pair = (
        select(Pairing.unit_id, func.count().label("members"), said_yes)
        .where(Pairing.group_id == group_id, Pairing.unit_id.in_(units))
        .group_by(Pairing.unit_id, Pairing.number)
        .subquery()
    )
    of_two = (pair.c.said_yes > 0) & (pair.c.members <= TWO)
    n_met = func.sum(case((of_two, pair.c.members), else_=pair.c.said_yes))
    totals = session.execute(select(pair.c.unit_id, func.sum(pair.c.members), n_met).group_by(pair.c.unit_id))
    return {unit_id: (int(count), int(met or 0)) for unit_id, count, met in totals}
