"""Plan when units open and fall due: pure functions from stored facts to future slots."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from types import MappingProxyType
from typing import Literal
from zoneinfo import ZoneInfo

from bot.features.groups.calendar.rhythm import GRACE, Rhythm, add_days, local_instant

__all__ = [
    "GRACE",
    "Pace",
    "Pause",
    "Rhythm",
    "Slot",
    "UnitWindow",
    "add_days",
    "extend_deadline",
    "find_catch_up_end",
    "find_closing_at",
    "list_before_start",
    "list_remaining",
    "local_instant",
    "plan_slots",
]

# A clock change between deadline and post moves them apart or together by an hour: that must not cost a whole week.
DST_TOLERANCE = timedelta(hours=1)
FIRST_DEADLINE_DAYS, MOVED_DEADLINE_DAYS = 5, 3
"""The least time for the first unit, and for one that opens at an hour of its own."""
CATCH_UP_DAYS = 28

Pace = Literal["1 week", "2 weeks", "calendar"]
Window = tuple[date, date]


@dataclass(frozen=True)
class UnitWindow:
    """A unit and the dated window of its phase, both days included.

    Args:
        leg: the number of its part; a break week comes before a new part. Equal for all units without breaks.
    """

    unit_id: str
    phase_start: date
    phase_end: date
    leg: int = 0

    @property
    def window(self) -> Window:
        """The first and the last day of the phase."""
        return self.phase_start, self.phase_end


@dataclass(frozen=True)
class Slot:
    """When a unit opens and falls due; `number` is its place in the course, from 1; all instants UTC."""

    unit_id: str
    number: int
    opens_at: datetime
    deadline_at: datetime
    grace_until: datetime


@dataclass(frozen=True)
class Pause:
    """A time without new units, from `from_at` to just before `until_at`; None: until resumed."""

    from_at: datetime
    until_at: datetime | None = None

    def covers(self, instant: datetime) -> bool:
        """Say whether an instant lies inside the pause."""
        return self.from_at <= instant and (self.until_at is None or instant < self.until_at)


def plan_slots(
    units: Sequence[UnitWindow],
    starts_on: date,
    first_index: int,
    pace: Pace,
    rhythm: Rhythm,
    zone: ZoneInfo,
    opened: Sequence[Slot] = (),
    pauses: Sequence[Pause] = (),
    *,
    after: datetime | None = None,
    confirmed_at: datetime | None = None,
    decided: Mapping[str, datetime | None] = MappingProxyType({}),
    most: int | None = None,
) -> list[Slot]:
    """Plan every unit that has not opened: one slot each, in order, up to an open-ended pause.

    Args:
        units: the whole roadmap in order.
        starts_on: the local day of the first post, whatever the weekday.
        first_index: index in `units` of the first unit to post, from 0.
        opened: the stored occurrences, in any order; taken as they are and never planned again.
        after: a post due before it moves to the first post slot at or after it (the oldest lateness worth sending).
        confirmed_at: when the group was confirmed; a first post whose hour had passed by then opens at this instant.
        decided: units that open at an hour of their own, if that lies after the opening before; None leaves one out.
        most: plan no more slots than this.
    """
    spread = _split_windows(units) if pace == "calendar" else {}
    last = max(opened, key=lambda slot: slot.deadline_at, default=None)
    legs = {unit.unit_id: unit.leg for unit in units}
    reached = max((legs.get(slot.unit_id, 0) for slot in opened), default=0)
    slots: list[Slot] = []
    for index in list_remaining(units, starts_on, first_index, pace, opened):
        if len(slots) == most:
            break
        own_at = decided.get(units[index].unit_id)
        if own_at is None and units[index].unit_id in decided:
            continue
        if last is None:
            turn_at = _find_first_turn(starts_on, confirmed_at, rhythm, zone)
        else:
            turn_at = _find_turn(last, spread.get(index), rhythm, zone, rests=units[index].leg > reached)
        reached = max(reached, units[index].leg)
        is_own = own_at is not None and (last is None or own_at > last.opens_at)
        turn_at = own_at if own_at is not None and is_own else turn_at
        opens_at = _move_out_of_pauses(turn_at, pauses, after, rhythm, zone)
        if opens_at is None:
            break
        least = FIRST_DEADLINE_DAYS if last is None else MOVED_DEADLINE_DAYS if is_own else 0
        deadline_at = _find_deadline(opens_at, least, pace, spread.get(index), rhythm, zone)
        last = Slot(units[index].unit_id, index + 1, opens_at, deadline_at, deadline_at + GRACE)
        slots.append(last)
    return slots


def list_remaining(
    units: Sequence[UnitWindow], starts_on: date, first_index: int, pace: Pace, opened: Sequence[Slot]
) -> list[int]:
    """Return the indexes of the units that are still to come, in order.

    What an edit has put before the newest unit comes next where it belongs to the phase that runs; a phase that is over
    is not taken up again, nor what lies before all that has opened.
    """
    places = {unit.unit_id: index for index, unit in enumerate(units)}
    known = [slot for slot in opened if slot.unit_id in places]
    if known:
        newest = units[places[max(known, key=lambda slot: slot.opens_at).unit_id]]
        phase = next(index for index, unit in enumerate(units) if unit.window == newest.window)
        start = max(first_index, phase, min(places[slot.unit_id] for slot in known))
    else:
        start = _find_first_index(units, starts_on, first_index, pace)
    opened_ids = {slot.unit_id for slot in known}
    return [index for index in range(start, len(units)) if units[index].unit_id not in opened_ids]


def list_before_start(units: Sequence[UnitWindow], starts_on: date, first_index: int, pace: Pace) -> list[str]:
    """Return the ids of units before the group's start, in order; they are never missed."""
    return [unit.unit_id for unit in units[: _find_first_index(units, starts_on, first_index, pace)]]


def extend_deadline(slot: Slot, zone: ZoneInfo, by: timedelta | datetime) -> Slot:
    """Move a running deadline to a later day at the same wall time, its grace with it.

    Args:
        by: a span, rounded up to whole local days; or the instant that the new deadline must not lie before.

    Raises:
        ValueError: for a negative span.
    """
    if isinstance(by, timedelta):
        if by < timedelta(0):
            raise ValueError("A deadline that people know can be moved later, never earlier.")
        deadline_at = add_days(slot.deadline_at, -(-by // timedelta(days=1)), zone)
    else:
        days = max(0, (by.astimezone(zone).date() - slot.deadline_at.astimezone(zone).date()).days)
        deadline_at = add_days(slot.deadline_at, days, zone)
        if deadline_at < by:
            deadline_at = add_days(slot.deadline_at, days + 1, zone)
    return replace(slot, deadline_at=deadline_at, grace_until=max(slot.grace_until, deadline_at + GRACE))


def find_closing_at(last: Slot, rhythm: Rhythm, zone: ZoneInfo, pauses: Sequence[Pause] = ()) -> datetime | None:
    """Return the closing post's slot, the next after the last late period; None in an open-ended pause."""
    return _move_out_of_pauses(rhythm.next_post(last.grace_until - DST_TOLERANCE, zone), pauses, None, rhythm, zone)


def find_catch_up_end(closing: datetime, zone: ZoneInfo) -> datetime:
    """Return when catching up ends: `CATCH_UP_DAYS` after the closing post, at its wall time."""
    return add_days(closing, CATCH_UP_DAYS, zone)


def _split_windows(units: Sequence[UnitWindow]) -> dict[int, Window]:
    """Split each phase's dated window into even parts, one per unit, by index."""
    spread: dict[int, Window] = {}
    for (start, end), members in groupby(enumerate(units), key=lambda pair: pair[1].window):
        indexes = [index for index, _ in members]
        days, count = (end - start).days + 1, len(indexes)
        for part, index in enumerate(indexes):
            first, stop = (start + timedelta(days=days * edge // count) for edge in (part, part + 1))
            spread[index] = (first, stop)
    return spread


def _find_first_index(units: Sequence[UnitWindow], starts_on: date, first_index: int, pace: Pace) -> int:
    if pace != "calendar":
        return first_index
    parts = _split_windows(units).items()
    return max(first_index, next((index for index, (_, stop) in parts if stop > starts_on), len(units)))


def _find_first_turn(starts_on: date, confirmed_at: datetime | None, rhythm: Rhythm, zone: ZoneInfo) -> datetime:
    turn_at = local_instant(starts_on, rhythm.post_time, zone)
    return turn_at if confirmed_at is None else max(turn_at, confirmed_at.astimezone(UTC))


def _find_turn(last: Slot, window: Window | None, rhythm: Rhythm, zone: ZoneInfo, *, rests: bool) -> datetime:
    # The deadline's own grace counts, not one that an outage made longer: rounds stay anchored to the calendar.
    turn_at = rhythm.next_post(last.deadline_at + GRACE - DST_TOLERANCE, zone)
    if rests:
        turn_at = rhythm.next_post(turn_at + DST_TOLERANCE, zone)
    if window is None:
        return turn_at
    return max(turn_at, rhythm.next_post(local_instant(window[0], time.min, zone), zone))


def _move_out_of_pauses(
    opens_at: datetime, pauses: Sequence[Pause], after: datetime | None, rhythm: Rhythm, zone: ZoneInfo
) -> datetime | None:
    if after is not None and opens_at < after:
        opens_at = rhythm.next_post(after, zone)
    while pause := next((pause for pause in pauses if pause.covers(opens_at)), None):
        if pause.until_at is None:
            return None
        opens_at = rhythm.next_post(pause.until_at, zone)
    return opens_at


def _find_deadline(
    opens_at: datetime, least: int, pace: Pace, window: Window | None, rhythm: Rhythm, zone: ZoneInfo
) -> datetime:
    days = least + (7 if pace == "2 weeks" else 0)
    due_at = rhythm.next_due(add_days(opens_at, days, zone), zone)
    if window is None:
        return due_at
    # By the calendar a unit runs until the next one's turn, so that there is always a running unit.
    turn_at = rhythm.next_post(local_instant(window[1], time.min, zone), zone)
    while (further := rhythm.next_due(due_at + timedelta(hours=1), zone)) + GRACE - DST_TOLERANCE <= turn_at:
        due_at = further
    return due_at
