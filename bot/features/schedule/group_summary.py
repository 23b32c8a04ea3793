"""Numbers of all shown members for posts: check-ins, the goal, a week by day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.drawing.week_card import DAYS
from bot.features.groups.calendar.timeline import Opened
from bot.features.groups.snapshot import GroupSnapshot
from bot.features.quiz.warm_up import find_asked_warm_up
from bot.features.rules import GOAL_PERCENT
from bot.features.standings.group_standings import read_public_roll
from bot.features.standings.trend import count_by_day


@dataclass(frozen=True)
class Goal:
    """How many units of a part the shown members have completed together, and their goal.

    Args:
        kept: completed units, summed over members.
        of: the goal.
        whole: the sum if every member completed every unit in which they take part.
        units, members: how many units of the part count, and how many members take part today.
    """

    kept: int
    of: int
    whole: int
    units: int
    members: int


def compute_goal(snapshot: GroupSnapshot, opened: Opened) -> Goal | None:
    """Return the group's progress in a unit's part; None if its posts show no goal."""
    if snapshot.group.channel_shows != "goal":
        return None
    way, public = snapshot.timeline.roadmap, read_public_roll(snapshot)
    leg, newest = way.part_of(opened.slot.unit_id), snapshot.timeline.opened[-1:]
    is_current = any(way.part_of(running.slot.unit_id) is leg for running in newest)
    n_kept, part, units = public.count_leg() if is_current else (0, 0, 0)
    ahead = sum(way.part_of(slot.unit_id) is leg for slot in snapshot.timeline.planned(snapshot.now))
    members = public.count_awake()
    whole = part + ahead * members
    goal = -(-whole * GOAL_PERCENT // 100)
    return Goal(n_kept, goal, whole, units + ahead, members) if goal else None


@dataclass(frozen=True)
class Week:
    """A unit's check-ins by day, of the members who are shown.

    Args:
        unit: its number.
        counts: how many checked in on each day from the first on.
        spread, right: the warm-up's answers with their counts, and the right one; empty without a warm-up.
    """

    unit: int
    first: date
    counts: Sequence[int]
    spread: Sequence[tuple[str, int]]
    right: str


def count_week(snapshot: GroupSnapshot, closed: Opened) -> Week | None:
    """Return a closed unit's check-ins by day and its warm-up answers; None if no member is shown or checked in."""
    if not read_public_roll(snapshot).count_members():
        return None
    slot, zone = closed.slot, snapshot.timeline.zone
    first, last = (at.astimezone(zone).date() for at in (slot.opens_at, min(slot.deadline_at, snapshot.now)))
    days = [first + timedelta(days=n) for n in range(min(DAYS, (last - first).days + 1))]
    counts = count_by_day(snapshot.groups.session, snapshot.group.id, slot.unit_id, days[0], days[-1])
    if not counts:
        return None
    warm_up = find_asked_warm_up(snapshot, closed)
    spread, right = (warm_up.spread, warm_up.posed.right) if warm_up is not None and warm_up.spread else ((), "")
    return Week(slot.number, first, [counts.get(day, 0) for day in days], spread, right)


def count_checkins(snapshot: GroupSnapshot, opened: Opened) -> tuple[int, int]:
    """Return how many shown members have checked in for a unit, and how many take part in it."""
    unit_id, public = opened.slot.unit_id, read_public_roll(snapshot)
    return public.count_kept(unit_id), public.count_part(unit_id)
