"""Stored standings: each member's score as a row, computed by `scoring` and stored with the fact that changed it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Integer,
    bindparam,
    event,
    exists,
    insert,
    or_,
    select,
    union,
    union_all,
    update,
)
from sqlalchemy.orm import Mapper, Session
from sqlalchemy.orm.attributes import get_history

from bot.curriculum.track import Library
from bot.features import rules
from bot.features.checkins import scoring
from bot.features.checkins.checkin_log import Scores
from bot.features.checkins.scoring import Score, UnitState
from bot.features.checkins.tables import MemberStanding
from bot.features.groups.calendar.timeline import Astray, Timeline, load_timeline
from bot.features.groups.service import Member, lock_group
from bot.features.groups.tables import Group, Membership
from bot.features.people.tables import AccountRow
from bot.features.quiz.tables import QuizDay
from bot.storage.insert import put
from bot.storage.unit_of_work import Database, Work

KEPT = ("kept", "late")
"""Outcomes of a unit that count as kept."""
ABSENT = "absent"
"""What a row says of a unit instead of its outcome where the member rested at its deadline, or came after it."""
APART = ("", "before", "away", "excused", ABSENT)
"""What a row says of a unit in which the member did not take part."""
FOLLOWED = ("is_in", "is_shown")
"""The columns that only a change of the membership itself changes: who has left or hides comes back by no score."""
_IS_MEMBER = exists().where(
    Membership.group_id == MemberStanding.group_id,
    Membership.account_id == MemberStanding.account_id,
    Membership.left_at.is_(None),
)
_RULES = (
    6,  # one more whenever `scoring` comes to other results from the same facts and numbers
    sorted(rules.BASE_POINTS.items()),
    rules.MOST_EXTRA_DAYS,
    rules.FIRST_FREEZES,
    rules.MOST_FREEZES,
    rules.KEPT_PER_FREEZE,
    rules.FADING_AFTER,
    rules.RESTING_AFTER,
)


_MARK: BindParameter[str] = bindparam("mark")
_OF_OTHER_BASIS = [
    select(MemberStanding.account_id).where(MemberStanding.group_id == bindparam("group"), MemberStanding.is_in, other)
    for other in (MemberStanding.basis < _MARK, MemberStanding.basis > _MARK)
]
"""Rows of another basis, in two ranges of the index, which is fast if there is none."""
_UNSETTLED = union_all(*_OF_OTHER_BASIS).limit(bindparam("most", type_=Integer))
HAS_UNSETTLED = or_(*(chosen.exists() for chosen in _OF_OTHER_BASIS))
"""Whether a row of `group` is out of date."""


@dataclass(frozen=True)
class Basis:
    """What all standings depend on besides a member's own facts: the rules, and the units at an instant.

    Args:
        mark: a fingerprint; it changes whenever all rows must be computed again.
        unit: the running or last unit; None before the first.
        before: the unit that opened before it.
        phase: the units of its phase.
        leg: the opened units of its part.
    """

    mark: str
    unit: str | None
    before: str | None
    phase: frozenset[str]
    leg: frozenset[str]

    @classmethod
    def of(cls, timeline: Timeline, now: datetime) -> Basis:
        """Return the basis at an instant."""
        opened, phases = timeline.opened, timeline.roadmap.phase_ids
        current = timeline.running(now) or (opened[-1] if opened else None)
        unit = current.slot.unit_id if current else None
        earlier = [o.slot.unit_id for o in opened if current and o.slot.opens_at < current.slot.opens_at]
        present = timeline.present(now)
        legs = {o.slot.unit_id: timeline.roadmap.part_of(o.slot.unit_id).number for o in opened}
        units = [
            (
                o.slot.unit_id,
                o.slot.number,
                o.slot.deadline_at.timestamp(),
                o.slot.grace_until.timestamp(),
                o.is_held,
                o.slot.grace_until <= present,
                phases.get(o.slot.unit_id),
                legs[o.slot.unit_id],
            )
            for o in opened
        ]
        quizzes = (rules.QUIZ_DAY_POINTS,) if timeline.group.has_quiz_points else ()
        mark = hashlib.blake2b(repr((_RULES, unit, units, *quizzes)).encode(), digest_size=8).hexdigest()
        this_phase = phases.get(unit or "")
        phase = frozenset(u for u, p in phases.items() if unit is not None and p == this_phase)
        leg = frozenset(u for u, n in legs.items() if unit is not None and n == legs[unit])
        return cls(mark, unit, earlier[-1] if earlier else None, phase, leg)


_NOTHING = Basis("", None, None, frozenset(), frozenset())
"""What the row of somebody rests on who has just come."""


def settle(session: Session, timeline: Timeline, accounts: Collection[int], now: datetime) -> None:
    """Store the standings of members with the fact that changes them; accounts outside the group are skipped."""
    session.flush()
    lock_group(session, timeline.group.id)
    put(session, MemberStanding, [*_compute(session, timeline, accounts, now).values()], left_alone=FOLLOWED)


def repair_standings(session: Session, timeline: Timeline, accounts: Collection[int], now: datetime) -> None:
    """Store standings with membership and names, whatever the rows say."""
    put(session, MemberStanding, [*_compute(session, timeline, accounts, now).values()])
    of_group = (MemberStanding.group_id == timeline.group.id, MemberStanding.account_id.in_(accounts))
    session.execute(update(MemberStanding).where(*of_group, ~_IS_MEMBER).values(is_in=False, basis=""))


def store_known(session: Session, scores: Scores, member: Member, now: datetime) -> None:
    """Store a standing from a known score; nothing for an account that has left."""
    if member[0].left_at is None:
        put(session, MemberStanding, [*_build_rows(scores, [member], now).values()], left_alone=FOLLOWED)


def settle_some(session: Session, timeline: Timeline, now: datetime, most: int) -> bool:
    """Store some out-of-date standings; return whether none is left."""
    late = list_unsettled(session, timeline.group.id, Basis.of(timeline, now).mark, most + 1)
    if late:
        settle(session, timeline, late[:most], now)
    return len(late) <= most


def are_settled(session: Session, group_id: int, mark: str) -> bool:
    """Whether every member's row is up to date."""
    return not list_unsettled(session, group_id, mark, 1)


def list_unsettled(session: Session, group_id: int, mark: str, most: int) -> Sequence[int]:
    """Return some accounts whose row is out of date."""
    session.flush()
    values = {"group": group_id, "mark": mark, "most": most}
    return session.connection().execute(_UNSETTLED, values).scalars().all()


def list_present(session: Session, timeline: Timeline, now: datetime) -> dict[int, Mapping[str, Any]]:
    """Return every member's current row: the stored one if up to date, or else a computed one."""
    mark = Basis.of(timeline, now).mark
    rows = _read_stored(session, timeline.group.id, _IS_MEMBER, MemberStanding.basis == mark)
    members = select(Membership.account_id).where(
        Membership.group_id == timeline.group.id, Membership.left_at.is_(None)
    )
    late = [row for row in session.scalars(members) if row not in rows]
    return rows | _compute(session, timeline, late, now) if late else rows


def list_rows(session: Session, group_id: int, accounts: Collection[int]) -> dict[int, Mapping[str, Any]]:
    """Return the stored rows of some accounts."""
    return _read_stored(session, group_id, MemberStanding.account_id.in_(accounts))


def _read_stored(session: Session, group_id: int, *conditions: ColumnElement[bool]) -> dict[int, Mapping[str, Any]]:
    chosen = select(MemberStanding.__table__).where(MemberStanding.group_id == group_id, *conditions)
    return {row["account_id"]: dict(row) for row in session.execute(chosen).mappings()}


def list_wrong(session: Session, timeline: Timeline, accounts: Collection[int], now: datetime) -> list[int]:
    """Return the accounts without a row, or with wrong membership or an up-to-date row with wrong values."""
    mark, true = Basis.of(timeline, now).mark, _compute(session, timeline, accounts, now)

    def is_wrong(row: Mapping[str, Any]) -> bool:
        """Whether a row differs from the truth in what it has to be right about by now."""
        if (computed := true.get(row["account_id"])) is None:
            return bool(row["is_in"])
        return any(row[name] != computed[name] for name in (row if row["basis"] == mark else FOLLOWED))

    stored = list_rows(session, timeline.group.id, accounts)
    return [account for account in accounts if (is_wrong(stored[account]) if account in stored else account in true)]


COMPARED_AT_ONCE = 100
"""Standings in one transaction: a bot that runs beside it waits no longer than for these."""


def compare_all(
    database: Database, library: Library, now: datetime, tell: Callable[[int, int], None], *, repair: bool
) -> tuple[int, int]:
    """Return how many standings there should be, and how many are missing or wrong.

    Args:
        tell: called with how many have been checked, and how many there are.
        repair: whether to store the right values and settle late rows; only this settles ended groups.
    """
    chosen = union(
        select(MemberStanding.group_id, MemberStanding.account_id), select(Membership.group_id, Membership.account_id)
    ).order_by("group_id", "account_id")
    members: dict[int, list[int]] = {}
    for group_id, account_id in database.run_sync(lambda work: work.session.execute(chosen).all(), writes=False):
        members.setdefault(group_id, []).append(account_id)
    total = sum(map(len, members.values()))
    batches = [
        (group_id, of[i : i + COMPARED_AT_ONCE])
        for group_id, of in members.items()
        for i in range(0, len(of), COMPARED_AT_ONCE)
    ]
    seen = n_wrong = 0
    for group_id, accounts in batches:
        look = partial(_compare_batch, group_id, accounts, library, now, repair=repair)
        n_wrong += database.run_sync(look, writes=repair)
        seen += len(accounts)
        tell(seen, total)
    return total, n_wrong


def _compare_batch(
    group_id: int, accounts: Sequence[int], library: Library, now: datetime, work: Work, *, repair: bool
) -> int:
    group = work.session.get_one(Group, group_id)
    if repair:
        lock_group(work.session, group_id)
    try:
        timeline = load_timeline(work.session, group, library)
    except Astray:
        return 0
    wrong = list_wrong(work.session, timeline, accounts, now)
    if repair:
        mark = Basis.of(timeline, now).mark
        stored = list_rows(work.session, group_id, accounts)
        late = [account_id for account_id, row in stored.items() if row["basis"] != mark]
        repair_standings(work.session, timeline, [*wrong, *late], now)
    return len(wrong)


def _compute(
    session: Session, timeline: Timeline, accounts: Collection[int], now: datetime
) -> dict[int, Mapping[str, Any]]:
    chosen = (
        select(Membership, AccountRow)
        .join(AccountRow, AccountRow.id == Membership.account_id)
        .where(
            Membership.group_id == timeline.group.id,
            Membership.left_at.is_(None),
            Membership.account_id.in_(accounts),
        )
    )
    members = [(m, a) for m, a in session.execute(chosen)]
    return _build_rows(Scores(session, timeline, members, now), members, now)


def _build_rows(scores: Scores, members: Sequence[Member], now: datetime) -> dict[int, Mapping[str, Any]]:
    basis, present = Basis.of(scores.timeline, now), scores.timeline.present(now)
    rows = {a.id: _build_row(basis, m, a.name, scores.by_account[a.id]) for m, a in members}
    for member, account in members:
        # What a platform's clock dated ahead of ours has happened: it counts from when it was stored.
        if (newest := scores.newest(account.id)) is not None and newest > present:
            rows |= _build_rows(scores.at(newest), [(member, account)], newest)
    return rows


def _build_row(basis: Basis, membership: Membership, name: str, score: Score) -> Mapping[str, Any]:
    outcomes = {state.unit_id: get_outcome(state) for state in score.states}
    points = score.points_by_unit
    return {
        "group_id": membership.group_id,
        "account_id": membership.account_id,
        "basis": basis.mark,
        "is_in": membership.left_at is None,
        "is_shown": membership.is_shown,
        **_choose_name(membership.alias, name),
        "season_points": score.points,
        "phase_points": scoring.sum_points(score, basis.phase),
        "unit_points": points.get(basis.unit or "", 0),
        "leg_kept": sum(outcomes.get(unit) in KEPT for unit in basis.leg),
        "leg_part": sum(outcomes.get(unit, "") not in APART for unit in basis.leg),
        "outcome": outcomes.get(basis.unit or "", ""),
        "outcome_before": outcomes.get(basis.before or "", ""),
        "streak": score.streak,
        "best_streak": score.best_streak,
        "freezes_held": score.freezes_held,
        "kept_towards_freeze": score.kept_towards_freeze,
        "freezes_spent_on": " ".join(score.freezes_spent_on),
        "fading": score.fading or "",
        "is_resting": score.is_resting,
    }


def get_outcome(state: UnitState) -> str:
    """Return what a row says of a unit."""
    return state.outcome if state.took_part or state.outcome in APART else ABSENT


def _choose_name(alias: str, name: str) -> dict[str, Any]:
    """Return the name that a member wants; each look checks whether it is taken."""
    wanted = alias or name
    return {"has_alias": bool(alias), "name": wanted, "name_key": wanted.casefold()}


@event.listens_for(Membership, "after_insert")
@event.listens_for(Membership, "after_update")
def _follow_membership(_mapper: Mapper[Any], connection: Connection, row: Membership) -> None:
    """Copy membership, visibility and name into the row at once; a new member gets an unsettled row."""
    name = connection.scalar(select(AccountRow.name).where(AccountRow.id == row.account_id)) or ""
    values = {"is_in": row.left_at is None, "is_shown": row.is_shown, **_choose_name(row.alias, name)}
    if get_history(row, "left_at").has_changes():
        values["basis"] = ""
    chosen = (MemberStanding.group_id == row.group_id, MemberStanding.account_id == row.account_id)
    if not connection.execute(update(MemberStanding).where(*chosen).values(values)).rowcount:
        connection.execute(insert(MemberStanding).values(**_build_row(_NOTHING, row, name, Score())))


@event.listens_for(QuizDay, "after_insert")
def _follow_quiz_day(_mapper: Mapper[Any], connection: Connection, row: QuizDay) -> None:
    """Mark a member's row as out of date after a new quiz day."""
    chosen = (MemberStanding.group_id == row.group_id, MemberStanding.account_id == row.account_id)
    connection.execute(update(MemberStanding).where(*chosen).values(basis=""))


@event.listens_for(AccountRow, "after_update")
def _follow_account(_mapper: Mapper[Any], connection: Connection, row: AccountRow) -> None:
    if get_history(row, "name").has_changes():
        chosen = (MemberStanding.account_id == row.id, MemberStanding.has_alias.is_(False))
        connection.execute(update(MemberStanding).where(*chosen).values(_choose_name("", row.name)))
