"""A group's stored past and planned future in one timeline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import CompoundSelect, String, and_, bindparam, literal, null, select, union, union_all
from sqlalchemy.orm import Session

from bot.curriculum.content import CoursePart, Roadmap, Unit
from bot.curriculum.track import Library
from bot.features.courses.own_roadmap import shelved
from bot.features.groups.calendar import pacing
from bot.features.groups.calendar.pacing import Pause, Rhythm, Slot, UnitWindow
from bot.features.groups.tables import Group, Occurrence, OccurrenceChange, PauseRow, UnitPlan
from bot.messages import markup
from bot.messages.errors import NotFound
from bot.storage.read_cache import read_cached

POST_LATENESS = timedelta(hours=24)
"""How late a post may go out; after that its unit waits for the next post slot, so that nobody misses it unseen."""


SETTLED_AFTER = timedelta(minutes=5)
"""How long after the last grace the closing post waits, so that what was said in time has arrived and is counted."""

_OPENED = (
    select(
        Occurrence.unit_id,
        Occurrence.number,
        Occurrence.opens_at,
        Occurrence.deadline_at,
        Occurrence.grace_until,
        OccurrenceChange.deadline_at.label("new_deadline_at"),
        OccurrenceChange.grace_until.label("new_grace_until"),
        OccurrenceChange.is_held,
        OccurrenceChange.reason,
    )
    .outerjoin(
        OccurrenceChange,
        and_(OccurrenceChange.group_id == Occurrence.group_id, OccurrenceChange.unit_id == Occurrence.unit_id),
    )
    .where(Occurrence.group_id == bindparam("group_id"))
    .order_by(Occurrence.opens_at, Occurrence.id, OccurrenceChange.id)
)
_PAUSES: Any = union_all(
    select(literal(None, String).label("unit_id"), PauseRow.from_at.label("from_at"), PauseRow.until_at).where(
        PauseRow.group_id == bindparam("group_id")
    ),
    select(UnitPlan.unit_id, UnitPlan.opens_at, null()).where(UnitPlan.group_id == bindparam("group_id")),
).order_by("from_at")
"""What stands between the rhythm and a date: pauses, and of single units when they open, None for never."""
_NEEDED: CompoundSelect[Any] = union(
    select(Group.tenant_id, Group.roadmap_id, Group.first_unit).where(Group.ended_at.is_(None)),
    select(Group.tenant_id, Group.roadmap_id, Group.last_unit).where(
        Group.ended_at.is_(None), Group.last_unit.is_not(None)
    ),
    select(Group.tenant_id, Group.roadmap_id, Occurrence.unit_id).join(Group).where(Group.ended_at.is_(None)),
)


@dataclass(frozen=True)
class Opened:
    """A unit that has opened, with its current times."""

    slot: Slot
    is_held: bool = False
    reasons: tuple[str, ...] = ()


Facts = tuple[tuple[Opened, ...], tuple[Pause, ...], Mapping[str, datetime | None]]


@dataclass(frozen=True)
class Timeline:
    """A group's units and dates; it reads nothing from the database."""

    group: Group
    roadmap: Roadmap
    opened: tuple[Opened, ...]
    pauses: tuple[Pause, ...]
    decided: Mapping[str, datetime | None] = field(default_factory=dict, hash=False)

    @property
    def zone(self) -> ZoneInfo:
        """The group's zone."""
        return ZoneInfo(self.group.zone)

    @property
    def rhythm(self) -> Rhythm:
        """The weekly post and deadline."""
        return Rhythm.parse(self.group.rhythm)

    def present(self, now: datetime) -> datetime:
        """Return `now`, or the newest opening if that is later, because what is stored has happened."""
        return max([now, *(o.slot.opens_at for o in self.opened)])

    def unit(self, slot: Slot) -> Unit:
        """Return the slot's unit."""
        return self.roadmap.unit(slot.unit_id)

    def label(self, slot: Slot) -> str:
        """Return "Unit 16: Backpropagation"."""
        return self.unit(slot).label

    def place(self, slot: Slot) -> str:
        """Return "Unit 16: Backpropagation (2 of 5 in part 3)"."""
        return self.roadmap.label(self.unit(slot))

    def find(self, unit_id: str) -> Opened | None:
        """Return the opened unit, or None."""
        return next((o for o in self.opened if o.slot.unit_id == unit_id), None)

    def planned(self, now: datetime, most: int | None = None) -> list[Slot]:
        """Return every slot that has not opened, or the next ones; an overdue post moves to a later slot."""
        if self.group.end_asked_at is not None:
            return []
        last_number = self.last_number
        return [slot for slot in self._plan(now - POST_LATENESS, most) if slot.number <= last_number]

    @property
    def punctual(self) -> Slot | None:
        """Return the next slot as planned if nothing had come late."""
        return next(iter(self._plan(None, 1)), None)

    def _plan(self, after: datetime | None, most: int | None) -> list[Slot]:
        starts_on, first, pace = self._begin()
        return pacing.plan_slots(
            self.windows,
            starts_on,
            first,
            pace,
            self.rhythm,
            self.zone,
            self._inherited(),
            self.pauses,
            after=after,
            confirmed_at=self.group.confirmed_at,
            decided=self.decided,
            most=most,
        )

    @property
    def is_walked(self) -> bool:
        """Whether the group has opened all its units."""
        return bool(self.opened) and not self.left

    @property
    def left(self) -> list[Unit]:
        """Return the units that are still to open, in order."""
        return [unit for unit in self._unopened() if self.decided.get(unit.id, unit) is not None]

    @property
    def left_out(self) -> list[Unit]:
        """Return the units that a moderator skips and can still restore, in order."""
        if self.group.end_asked_at is not None or self.group.closed_at is not None:
            return []
        return [unit for unit in self._unopened() if self.decided.get(unit.id, unit) is None]

    def _unopened(self) -> list[Unit]:
        indexes, last_number = pacing.list_remaining(self.windows, *self._begin(), self._inherited()), self.last_number
        return [self.roadmap.units[index] for index in indexes if index < last_number]

    @property
    def last_number(self) -> int:
        """Return the number of the group's last unit."""
        last = self.group.last_unit
        return self.roadmap.unit(last).number if last else len(self.roadmap.units)

    @property
    def has_breaks(self) -> bool:
        """Whether a week without a unit follows each part; never with a calendar pace."""
        return bool(self.group.has_breaks) and self.pace != "calendar"

    @property
    def windows(self) -> list[UnitWindow]:
        """Return every unit with the window that the plan uses."""
        return list_windows(self.roadmap, has_breaks=self.has_breaks)

    @property
    def legs(self) -> list[CoursePart]:
        """Return the parts that the group does, whole or in part."""
        first = self.roadmap.unit(self.group.first_unit).number
        return [leg for leg in self.roadmap.parts if leg.first <= self.last_number and leg.last >= first]

    def break_at(self, now: datetime) -> CoursePart | None:
        """Return the part that has just ended, during the break week after it; else None."""
        if not self.has_breaks or not self.opened or self.open_units(now):
            return None
        over, planned = self.roadmap.part_of(self.opened[-1].slot.unit_id), self.planned(now, 1)
        return over if planned and self.roadmap.part_of(planned[0].unit_id).number > over.number else None

    def running(self, now: datetime) -> Opened | None:
        """Return the newest unit whose late period has not ended; None between units and after the last."""
        return next((o for o in reversed(self.opened) if now < o.slot.grace_until), None)

    def open_units(self, now: datetime) -> list[Opened]:
        """Return every unit whose late period has not ended, oldest first."""
        return [o for o in self.opened if now < o.slot.grace_until]

    def to_come(self, now: datetime) -> list[Slot]:
        """Return every slot whose late period has not ended: open ones, then planned ones."""
        return [*(o.slot for o in self.open_units(now)), *self.planned(now)]

    def pause_at(self, now: datetime) -> Pause | None:
        """Return the pause that covers `now`, or None."""
        return next((p for p in self.pauses if p.covers(now)), None)

    def closing_at(self) -> datetime | None:
        """Return when the closing post is due; None while units are left, or in an open-ended pause."""
        if self.group.end_asked_at is not None:
            return self.group.end_asked_at
        if not self.is_walked:
            return None
        return self.over_at(self.opened[-1].slot)

    def over_at(self, last: Slot) -> datetime | None:
        """Return when the end of a part or of the course is announced; None in an open-ended pause."""
        at = pacing.find_closing_at(last, self.rhythm, self.zone, self.pauses)
        return max(at, last.grace_until + SETTLED_AFTER) if at is not None else None

    def catch_up_until(self) -> datetime | None:
        """Return when catching up ends; None before the closing post."""
        closed_at = self.group.closed_at
        return pacing.find_catch_up_end(closed_at, self.zone) if closed_at else None

    @property
    def pace(self) -> pacing.Pace:
        """Return the pace; a unit a week if the course has lost the dates of a calendar pace."""
        pace = parse_pace(self.group.pace)
        return pace if self.roadmap.is_dated or pace != "calendar" else "1 week"

    def before_start(self) -> list[str]:
        """Return the ids of units before the start by the calendar; they are never missed."""
        return pacing.list_before_start(self.windows, *self._begin())

    def _begin(self) -> tuple[date, int, pacing.Pace]:
        first = self.roadmap.unit(self.group.first_unit).number - 1
        return self.group.starts_on, first, self.pace

    def _inherited(self) -> list[Slot]:
        """Return the opened units; a retired unit appears as the unit that replaced it."""
        return [replace(o.slot, unit_id=self.roadmap.heir(o.slot.unit_id)) for o in self.opened]


def parse_pace(text: str) -> pacing.Pace:
    """Return the pace that a row stores."""
    match text:
        case "1 week" | "2 weeks" | "calendar":
            return text
        case _:
            raise ValueError(f"a pace of {text!r} is stored")


def list_windows(roadmap: Roadmap, *, has_breaks: bool = False) -> list[UnitWindow]:
    """Return every unit with its part and its phase's window; without dates the window is a placeholder."""
    dated = [(phase, phase.starts_on or date.min, phase.ends_on or date.min) for phase in roadmap.phases]
    return [
        UnitWindow(unit.id, first, last, roadmap.part_of(unit.id).number if has_breaks else 0)
        for phase, first, last in dated
        for unit in phase.units
    ]


class Astray(NotFound):
    """A group's course, or a unit that it needs, is missing or unusable.

    Args:
        lack: what is missing, in small Markdown.
        fix: what the operator should restore.
    """

    def __init__(self, group: Group, lack: str, fix: str) -> None:
        self.waits = f"Group {group.id} waits: {fix}"
        self.lack = f"**{markup.escape(group.name)}** can't continue: {lack}"
        self.fix = fix
        super().__init__(f"{self.lack} Ask the bot's operator to restore it: {fix}")


def load_timeline(session: Session, group: Group, installed: Library) -> Timeline:
    """Return a group's timeline; its facts are read once per unit of work.

    Raises:
        Astray: the installed course can't carry the group.
    """
    library = shelved(session, installed, group.tenant_id)
    if group.roadmap_id not in library:
        fix = f"restore or fix the folder {group.roadmap_id}, then run trailmate roadmap reload."
        raise Astray(group, f"its course `{group.roadmap_id}` is missing or unusable.", fix)
    rests_on = (Occurrence, OccurrenceChange, PauseRow, UnitPlan)
    opened, pauses, decided = read_cached(
        session, ("timeline", group.id), rests_on, lambda: _read_facts(session, group.id)
    )
    roadmap = library[group.roadmap_id].roadmap
    ends = (group.last_unit,) if group.last_unit else ()
    needed = dict.fromkeys((group.first_unit, *ends, *(o.slot.unit_id for o in opened)))
    if gone := ", ".join(f"`{unit_id}`" for unit_id in needed if not roadmap.knows(unit_id)):
        fix = f"give {roadmap.id}/roadmap.yaml the unit {gone} again under its id, then run trailmate roadmap reload."
        raise Astray(group, f"its course no longer has the unit {gone}, which the group needs.", fix)
    return Timeline(group, roadmap, opened, pauses, decided)


def list_astray(session: Session, installed: Library) -> list[Astray]:
    """Return the running groups whose installed courses lack something, oldest first."""
    lost = {
        roadmap_id
        for tenant_id, roadmap_id, unit_id in session.execute(_NEEDED).all()
        if (track := shelved(session, installed, tenant_id).get(roadmap_id)) is None or not track.roadmap.knows(unit_id)
    }
    missing: list[Astray] = []
    chosen = select(Group).where(Group.ended_at.is_(None), Group.roadmap_id.in_(lost)).order_by(Group.id)
    for group in session.scalars(chosen).all() if lost else ():
        try:
            load_timeline(session, group, installed)
        except Astray as astray:
            missing.append(astray)
    return missing


def _read_facts(session: Session, group_id: int) -> Facts:
    units: dict[str, list[Any]] = {}
    for row in session.connection().execute(_OPENED, {"group_id": group_id}):
        units.setdefault(row.unit_id, []).append(row)
    between = session.connection().execute(_PAUSES, {"group_id": group_id}).all()
    pauses = (Pause(from_at, until_at) for unit_id, from_at, until_at in between if unit_id is None)
    decided = {unit_id: opens_at for unit_id, opens_at, _ in between if unit_id is not None}
    return tuple(map(_build_opened, units.values())), tuple(pauses), decided


def _build_opened(changes: list[Any]) -> Opened:
    """Return a unit from its rows: one row per change of its times, or a single row without changes."""
    last = changes[-1]
    if last.new_deadline_at is None:
        return Opened(Slot(last.unit_id, last.number, last.opens_at, last.deadline_at, last.grace_until))
    slot = Slot(last.unit_id, last.number, last.opens_at, last.new_deadline_at, last.new_grace_until)
    return Opened(slot, last.is_held, tuple(c.reason for c in changes if c.reason))
