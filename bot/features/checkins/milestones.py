"""Milestones worth a kind word: a first check-in, completed units, a finished part, a return. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import dropwhile, takewhile

from bot.curriculum.content import CoursePart, Roadmap
from bot.features.checkins.scoring import Score, State, UnitState
from bot.features.rules import FADING_AFTER, MILESTONES

DONE: frozenset[State] = frozenset({"kept", "late", "caught up"})
_KEPT: frozenset[State] = frozenset({"kept", "late"})
_SETTLED: frozenset[State] = DONE | {"excused", "away", "paused", "before"}
_MISSED: frozenset[State] = frozenset({"missed", "frozen"})

FIRST = "first"


BACK, COMPLETED, PART = "back", "kept", "leg"
"""What a milestone's key begins with. They are stored."""


@dataclass(frozen=True)
class Milestone:
    """A milestone that a check-in reached.

    Args:
        key: of its notice, which is sent once.
        kind: `FIRST`, `BACK`, `COMPLETED` or `PART`.
        number: how many units are completed, or the number of the part; 0 if the course has only one part.
        has_joined_late: whether the member joined during the part.
        has_gaps: whether the member finished the part without one of its units.
    """

    key: str
    kind: str
    number: int = 0
    has_joined_late: bool = False
    has_gaps: bool = False


def list_reached(before: Score, after: Score, way: Roadmap) -> Iterator[Milestone]:
    """Yield the milestones between the score before and after a check-in."""
    was, now = (sum(state.state in DONE for state in scored.states) for scored in (before, after))
    if now and not was:
        yield Milestone(FIRST, FIRST)
    if was and (key := _find_silence(before.states)) is not None and now > was:
        yield Milestone(f"{BACK}:{key}", BACK)
    n_before, n_now = (sum(state.state in _KEPT for state in scored.states) for scored in (before, after))
    for count in MILESTONES:
        if n_before < count <= n_now:
            yield Milestone(f"{COMPLETED}:{count}", COMPLETED, count)

    for leg in _list_finished_parts(after, way):
        if leg not in _list_finished_parts(before, way):
            has_joined_late = _count_before_joining(after, way, leg) > 0
            number = leg.number if len(way.parts) > 1 else 0
            yield Milestone(f"{PART}:{leg.number}", PART, number, has_joined_late, _has_gaps(after, way, leg))


def is_return(scored: Score, unit_id: str) -> bool:
    """Whether a unit is a member's first after a silence; one skipped week is no silence."""
    earlier = tuple(takewhile(lambda state: state.unit_id != unit_id, scored.states))
    return any(state.state in DONE for state in earlier) and _find_silence(earlier) is not None


def _list_finished_parts(scored: Score, way: Roadmap) -> list[CoursePart]:
    """Return the parts that have opened completely and have no open unit for the member.

    If the member joined during a part, they must have had at least half of it.
    """
    states = {way.heir(state.unit_id): state.state for state in scored.states}
    out = [leg for leg in way.parts if leg.units[-1].id in states]
    settled = [leg for leg in out if all(states.get(unit.id, "before") in _SETTLED for unit in leg.units)]
    return [
        leg
        for leg in settled
        if 2 * _count_before_joining(scored, way, leg) <= sum(unit.id in states for unit in leg.units)
    ]


def _count_before_joining(scored: Score, way: Roadmap, leg: CoursePart) -> int:
    """Return after how many units of a part a member joined; caught-up first units don't count."""
    states = {way.heir(state.unit_id): state.state for state in scored.states}
    walked = [states[unit.id] for unit in leg.units if unit.id in states]
    return max((i for i, state in enumerate(walked, 1) if state == "before"), default=0)


def _has_gaps(scored: Score, way: Roadmap, leg: CoursePart) -> bool:
    """Whether a member finished a part without one of its units, because they were away, excused or paused."""
    states = {way.heir(state.unit_id): state.state for state in scored.states}
    return any(states[unit.id] not in DONE | {"before"} for unit in leg.units if unit.id in states)


def _find_silence(states: Sequence[UnitState]) -> str | None:
    """Return the last unit of a silence that a check-in ends; None if at most one unit in a row was missed."""
    closed = dropwhile(lambda state: state.state == "open", reversed(states))
    counted = (state for state in closed if state.state in DONE | _MISSED)
    silent = list(takewhile(lambda state: state.state in _MISSED, counted))
    return silent[0].unit_id if len(silent) >= FADING_AFTER else None
