"""The state of a group as moderators ask for it: facts alone, told by `report_commands`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from itertools import chain, islice
from typing import Any

from sqlalchemy import Select, and_, bindparam, exists, func, literal_column, select

from bot.commands.context import Context
from bot.features.buddies.service import count_pairs
from bot.features.checkins.service import Progress
from bot.features.checkins.standings import KEPT
from bot.features.checkins.tables import MemberStanding as Row
from bot.features.groups.calendar.timeline import Opened, Timeline
from bot.features.groups.tables import Away
from bot.features.people.tables import AccountRow
from bot.features.quiz.strengths import Missed, list_most_missed
from bot.features.standings.group_standings import Kind, Roll

STANDS = ("kept", "missing", "away", "excused")
NAMES = 40
"""How many of a kind are named; the others are counted."""


@dataclass(frozen=True)
class ReportedMember:
    """A member by the platform's id and the name known here."""

    external_id: str
    name: str
    account_id: int


@dataclass(frozen=True)
class Several:
    """Members of one kind: how many, and the first of them by the name that the group knows, NAMES at most."""

    count: int
    first: tuple[ReportedMember, ...]


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

    person: ReportedMember
    why: str


@dataclass(frozen=True)
class PairCounts:
    """How many members have a buddy for a unit, and how many of them met theirs, without names."""

    number: int
    count: int
    met: int


@dataclass(frozen=True)
class GroupReport:
    """A group at one instant; without a unit before its first one and after its closing post.

    Of those who fade NAMES are told at most.

    Args:
        missed: questions of quizzes that were missed most, without names.
        pairs: of the last two units, the newest first.
    """

    members: int
    unit: UnitFacts | None
    fading: tuple[Fading, ...]
    resting: Several
    missed: tuple[Missed, ...] = ()
    pairs: tuple[PairCounts, ...] = ()


def read(progress: Progress, timeline: Timeline, ctx: Context) -> GroupReport:
    """Return the facts of a group's report; the only place that knows where they are found."""
    roll = Roll(progress.groups, timeline, ctx.now)
    day = ctx.now.astimezone(timeline.zone).date()
    kinds = _Indexed(roll, day) if roll.is_settled else _Computed(roll, day)
    unit = None
    if _find_reported_unit(timeline, ctx.now) is not None:
        of = {stand: kinds.standing(stand) for stand in STANDS}
        unit = UnitFacts(expected=roll.count_awake(), **of)
    track = progress.groups.tracks_of(timeline.group).get(timeline.roadmap.id)
    missed = list_most_missed(progress.session, timeline.group.id, track) if track is not None else []
    pairs = tuple(_count_pairs(progress, timeline))
    return GroupReport(kinds.n_members, unit, kinds.fading(), kinds.resting(), tuple(missed), pairs)


def _count_pairs(progress: Progress, timeline: Timeline) -> Iterator[PairCounts]:
    slots = [opened.slot for opened in reversed(timeline.opened[-2:])]
    counts = count_pairs(progress.session, timeline.group.id, [slot.unit_id for slot in slots])
    for slot in slots:
        if slot.unit_id in counts:
            yield PairCounts(slot.number, *counts[slot.unit_id])


def _stand(outcome: str, is_resting: bool, is_away: bool) -> str:
    """Return where a member stands; whoever rests and has nothing to show for it is left in peace."""
    if outcome in KEPT:
        return "kept"
    if is_away:
        return "away"
    if outcome == "excused":
        return "excused"
    return "resting" if is_resting else "missing"


class _Indexed:
    """Finds the members of each kind where everybody's row is up to date: counts, and the few that are named."""

    def __init__(self, roll: Roll, day: date) -> None:
        self._roll, self._day = roll, day
        self._away = self._read(_AWAY)
        self.n_members = sum(n for n, _, _ in roll.kinds)

    def standing(self, stand: str) -> Several:
        """Return those who stand so with the unit."""
        if stand == "away":
            return Several(len(self._away), _read_first(self._away))
        kinds = [kind for kind in self._roll.kinds if _stand(kind[2], kind[1], is_away=False) == stand]
        n_away = sum(_stand(outcome, is_resting, is_away=False) == stand for *_, is_resting, outcome in self._away)
        return Several(sum(n for n, _, _ in kinds) - n_away, self._named(kinds, with_away=stand == "kept"))

    def resting(self) -> Several:
        """Return those who rest."""
        kinds = [kind for kind in self._roll.kinds if kind[1]]
        return Several(sum(n for n, _, _ in kinds), self._named(kinds, with_away=True))

    def fading(self) -> tuple[Fading, ...]:
        """Return the first of those who fade."""
        return tuple(
            Fading(ReportedMember(row.external_id, row.name, row.account_id), row.fading) for row in self._read(_FADING)
        )

    def _named(self, kinds: Iterable[Kind], *, with_away: bool) -> tuple[ReportedMember, ...]:
        """Return the first of those of some kinds."""
        chosen = _named(with_away=with_away)
        members = [self._read(chosen, is_resting=is_resting, outcome=outcome) for _, is_resting, outcome in kinds]
        return _read_first(sorted(chain.from_iterable(members), key=lambda row: (row.name.lower(), row.account_id)))

    def _read(self, statement: Select[*tuple[Any, ...]], **values: object) -> Sequence[Any]:
        known = {"group": self._roll.timeline.group.id, "mark": self._roll.basis.mark, "day": self._day}
        return self._roll.groups.session.execute(statement, {**known, **values}).all()


class _Computed:
    """Finds the same where rows are out of date: from everybody's standing as it is now."""

    def __init__(self, roll: Roll, day: date) -> None:
        group_id = roll.timeline.group.id
        self._rows = roll.rows
        members = [account for _, account in roll.groups.list_members(group_id)]
        self._accounts = sorted(members, key=lambda account: (account.name.lower(), account.id))
        away = select(Away.account_id).where(
            Away.group_id == group_id, Away.from_on <= day, func.coalesce(Away.ended_on, Away.until_on) >= day
        )
        self._away = set(roll.groups.session.scalars(away))
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
        row = self._rows[account_id]
        return _stand(row["outcome"], row["is_resting"], account_id in self._away)


def _find_reported_unit(timeline: Timeline, now: datetime) -> Opened | None:
    """Return the running unit; after the last grace the last one, until the closing post says how the season went."""
    if (running := timeline.running(now)) is not None:
        return running
    return timeline.opened[-1] if timeline.opened and timeline.group.closed_at is None else None


def _several(accounts: Iterable[AccountRow]) -> Several:
    listed = list(accounts)
    return Several(len(listed), tuple(map(_person, listed[:NAMES])))


def _person(account: AccountRow) -> ReportedMember:
    return ReportedMember(account.external_id, account.name, account.id)


def _read_first(rows: Iterable[Any]) -> tuple[ReportedMember, ...]:
    return tuple(ReportedMember(row.external_id, row.name, row.account_id) for row in islice(rows, NAMES))


_IN_GROUP = and_(Row.group_id == bindparam("group"), Row.is_in)
_COVERS = and_(
    Away.group_id == bindparam("group"),
    Away.from_on <= bindparam("day"),
    func.coalesce(Away.ended_on, Away.until_on) >= bindparam("day"),
)
_BY_NAME = (func.lower(AccountRow.name), Row.account_id)
"""By the name that is told, which is not the one that a member chose for the others."""
_PERSON = select(AccountRow.external_id, AccountRow.name, Row.account_id).join(Row, Row.account_id == AccountRow.id)
_AWAY = (
    _PERSON.add_columns(Row.is_resting, Row.outcome)
    .where(_IN_GROUP, Row.outcome.not_in(KEPT), Row.account_id.in_(select(Away.account_id).where(_COVERS)))
    .order_by(*_BY_NAME)
)
_FADING = (
    select(AccountRow.external_id, AccountRow.name, Row.account_id, Row.fading)
    .join(Row, Row.account_id == AccountRow.id)
    .where(_IN_GROUP, Row.fading != literal_column("''"))
    .order_by(*_BY_NAME)
    .limit(NAMES)
)


@cache
def _named(*, with_away: bool) -> Select[*tuple[Any, ...]]:
    """Return the first of a kind, with or without those who are away."""
    of_kind = (Row.is_resting == bindparam("is_resting"), Row.outcome == bindparam("outcome"))
    chosen = _PERSON.where(_IN_GROUP, Row.basis == bindparam("mark"), *of_kind).order_by(*_BY_NAME).limit(NAMES)
    return chosen if with_away else chosen.where(~exists().where(_COVERS, Away.account_id == Row.account_id))
