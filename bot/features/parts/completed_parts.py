"""The parts that a group has begun, and what its members completed of them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.curriculum.content import CoursePart
from bot.features.checkins.milestones import DONE
from bot.features.checkins.scoring import Score
from bot.features.groups.calendar.timeline import Opened, Timeline


@dataclass(frozen=True)
class Walked:
    """A part that the group has begun.

    Args:
        opened: its opened units in order, at least one.
        is_over: whether all its units have opened and closed.
    """

    leg: CoursePart
    opened: tuple[Opened, ...]
    is_over: bool

    @property
    def unit_ids(self) -> list[str]:
        """The ids of its opened units."""
        return [part.slot.unit_id for part in self.opened]

    @property
    def key(self) -> str:
        """The key for its messages: its last opened unit."""
        return self.opened[-1].slot.unit_id


def list_parts(timeline: Timeline, now: datetime) -> list[Walked]:
    """Return the parts with an opened unit, in order."""
    roadmap, is_closed = timeline.roadmap, timeline.group.closed_at is not None
    left = {roadmap.part_of(unit.id).number for unit in timeline.left}
    opened: dict[int, list[Opened]] = {}
    for unit in timeline.opened:
        opened.setdefault(roadmap.part_of(unit.slot.unit_id).number, []).append(unit)
    return [
        Walked(
            roadmap.parts[number - 1],
            tuple(units),
            is_closed or (number not in left and units[-1].slot.grace_until <= now),
        )
        for number, units in sorted(opened.items())
    ]


def last_over(legs: Sequence[Walked]) -> Walked | None:
    """Return the newest part that is over, or None."""
    return next((leg for leg in reversed(legs) if leg.is_over), None)


def count_completed(score: Score, part: Walked) -> int:
    """Return how many units of a part a member completed, caught-up ones included."""
    return len(list_completed(score, part))


def list_completed(score: Score, part: Walked) -> list[Opened]:
    """Return the units of a part that a member completed, caught-up ones included."""
    done = {state.unit_id for state in score.states if state.state in DONE}
    return [unit for unit in part.opened if unit.slot.unit_id in done]


def find_entry(score: Score, part: Walked) -> int:
    """Return the index of a member's first unit in a part; the part's length if they joined later."""
    ids = set(part.unit_ids)
    return next(
        (i for i, s in enumerate(s for s in score.states if s.unit_id in ids) if s.outcome != "before"), len(ids)
    )


def count_needed(score: Score, part: Walked) -> int:
    """Return how many units a certificate needs: three of four since the member joined, at least half of all."""
    of = len(part.opened)
    return max(-(-3 * (of - find_entry(score, part)) // 4), -(-of // 2))


def count_most(scores: Iterable[Score], part: Walked) -> int:
    """Return how many members completed most of a part."""
    return sum(count_completed(score, part) >= count_needed(score, part) for score in scores)
