"""The state of a group as moderators ask for it: facts alone, told by `report_commands`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from bot.core.context import Context
from bot.features.cohort.calendar.timeline import Opened, Timeline
from bot.features.people.tables import Account
from bot.features.progress.record import Scores
from bot.features.progress.service import Progress

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
    members = [account for _, account in progress.cohorts.list_members(timeline.cohort.id)]
    scores = progress.everyone(timeline, ctx)
    by_account = scores.by_account
    resting = [account for account in members if by_account[account.id].is_resting]
    fading = [Fading(_person(a), why) for a in members if (why := by_account[a.id].fading)]
    told = _told(timeline, ctx.now)
    unit = None
    if told is not None:
        day = ctx.now.astimezone(timeline.zone).date()
        stands = {a.id: _stands(scores, a.id, told.slot.unit_id, day) for a in members}
        of = {stand: _several(a for a in members if stands[a.id] == stand) for stand in STANDS}
        unit = UnitFacts(expected=len(members) - len(resting), **of)
    return Report(len(members), unit, tuple(fading[:NAMES]), _several(resting))


def _told(timeline: Timeline, now: datetime) -> Opened | None:
    """Return the running unit; after the last grace the last one, until the closing post says how the season went."""
    if (running := timeline.running(now)) is not None:
        return running
    return timeline.opened[-1] if timeline.opened and timeline.cohort.closed_at is None else None


def _stands(scores: Scores, account_id: int, unit_id: str, day: date) -> str:
    """Return where a member stands with a unit; whoever rests and has nothing to show for it is left in peace."""
    score = scores.by_account[account_id]
    if scores.has_kept(account_id, unit_id):
        return "kept"
    if scores.is_away(account_id, day):
        return "away"
    if any(state.unit_id == unit_id and state.outcome == "excused" for state in score.states):
        return "excused"
    return "resting" if score.is_resting else "missing"


def _several(accounts: Iterable[Account]) -> Several:
    listed = list(accounts)
    return Several(len(listed), tuple(map(_person, listed[:NAMES])))


def _person(account: Account) -> Person:
    return Person(account.external_id, account.name)
