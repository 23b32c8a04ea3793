"""A cohort's past as it is stored and its future as it is planned, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.features.cohort.calendar import pacing
from bot.features.cohort.calendar.pacing import Pause, Rhythm, Slot, UnitWindow
from bot.features.cohort.tables import Cohort, Occurrence, OccurrenceChange, PauseRow
from bot.features.roadmap.content import Roadmap, Unit
from bot.features.roadmap.track import Library

POST_LATENESS = timedelta(hours=24)
"""How late a post may go out; after that its unit waits for the next post slot, so that nobody misses it unseen."""


SETTLED_AFTER = timedelta(minutes=5)
"""How long after the last grace the closing post waits, so that what was said in time has arrived and is counted."""


@dataclass(frozen=True)
class Opened:
    """A unit that has opened, with its times as they stand now."""

    slot: Slot
    is_held: bool = False
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Timeline:
    """Everything about when, for one cohort; reads nothing."""

    cohort: Cohort
    roadmap: Roadmap
    opened: tuple[Opened, ...]
    pauses: tuple[Pause, ...]

    @property
    def zone(self) -> ZoneInfo:
        """The cohort's zone."""
        return ZoneInfo(self.cohort.zone)

    @property
    def rhythm(self) -> Rhythm:
        """The weekly post and deadline."""
        return Rhythm.parse(self.cohort.rhythm)

    def present(self, now: datetime) -> datetime:
        """Return `now`, or the newest opening where that is later: what is stored has happened."""
        return max([now, *(o.slot.opens_at for o in self.opened)])

    def unit(self, slot: Slot) -> Unit:
        """Return the slot's unit."""
        return self.roadmap.unit(slot.unit_id)

    def label(self, slot: Slot) -> str:
        """Return "Unit 7 of 53: Backpropagation"."""
        return self.unit(slot).label(len(self.roadmap.units))

    def find(self, unit_id: str) -> Opened | None:
        """Return the unit as it opened, or None."""
        return next((o for o in self.opened if o.slot.unit_id == unit_id), None)

    def planned(self, now: datetime) -> list[Slot]:
        """Return every slot that has not opened, first the next; a post overdue beyond its lateness moves on."""
        if self.cohort.end_asked_at is not None:
            return []
        cohort = self.cohort
        return pacing.plan(
            windows(self.roadmap),
            cohort.starts_on,
            self.roadmap.unit(cohort.first_unit).number - 1,
            pace_of(cohort.pace),
            self.rhythm,
            self.zone,
            [o.slot for o in self.opened],
            self.pauses,
            after=now - POST_LATENESS,
            confirmed_at=cohort.confirmed_at,
        )

    def running(self, now: datetime) -> Opened | None:
        """Return the newest unit whose grace has not ended, or None between units and after the last."""
        return next((o for o in reversed(self.opened) if now < o.slot.grace_until), None)

    def open_units(self, now: datetime) -> list[Opened]:
        """Return every unit whose grace has not ended, oldest first."""
        return [o for o in self.opened if now < o.slot.grace_until]

    def pause_at(self, now: datetime) -> Pause | None:
        """Return the pause that covers `now`, or None."""
        return next((p for p in self.pauses if p.covers(now)), None)

    def closing_at(self, now: datetime) -> datetime | None:
        """Return when the closing post is due; None while units are left, or paused without end."""
        if self.cohort.end_asked_at is not None:
            return self.cohort.end_asked_at
        if not self.opened or self.planned(now) or self.opened[-1].slot.number < len(self.roadmap.units):
            return None
        last = self.opened[-1].slot
        closing = pacing.closing_at(last, self.rhythm, self.zone, self.pauses)
        return max(closing, last.grace_until + SETTLED_AFTER) if closing is not None else None

    def catch_up_until(self) -> datetime | None:
        """Return when catching up ends; None before the closing post."""
        closed_at = self.cohort.closed_at
        return pacing.catch_up_until(closed_at, self.zone) if closed_at else None

    def before_start(self) -> list[str]:
        """Return the ids of units that the calendar puts before the start: never missed."""
        first = self.roadmap.unit(self.cohort.first_unit).number - 1
        return pacing.before_start(windows(self.roadmap), self.cohort.starts_on, first, pace_of(self.cohort.pace))


def pace_of(text: str) -> pacing.Pace:
    """Return the pace that a row stores."""
    match text:
        case "1 week" | "2 weeks" | "calendar":
            return text
        case _:
            raise ValueError(f"a pace of {text!r} is stored")


def windows(roadmap: Roadmap) -> list[UnitWindow]:
    """Return every unit with the dated window of its phase."""
    return [UnitWindow(u.id, p.starts_on, p.ends_on) for p in roadmap.phases for t in p.topics for u in t.units]


def load_timeline(session: Session, cohort: Cohort, library: Library) -> Timeline:
    """Read a cohort's occurrences, their changes and its pauses."""
    roadmap = library[cohort.roadmap_id].roadmap
    rows = session.scalars(
        select(Occurrence).where(Occurrence.cohort_id == cohort.id).order_by(Occurrence.opens_at)
    ).all()
    chosen = select(OccurrenceChange).where(OccurrenceChange.cohort_id == cohort.id).order_by(OccurrenceChange.id)
    changes: dict[str, list[OccurrenceChange]] = {}
    for change in session.scalars(chosen):
        changes.setdefault(change.unit_id, []).append(change)
    pauses = session.scalars(select(PauseRow).where(PauseRow.cohort_id == cohort.id).order_by(PauseRow.from_at)).all()
    return Timeline(
        cohort,
        roadmap,
        tuple(_opened(row, changes.get(row.unit_id, [])) for row in rows),
        tuple(Pause(p.from_at, p.until_at) for p in pauses),
    )


def _opened(row: Occurrence, changes: list[OccurrenceChange]) -> Opened:
    slot = Slot(row.unit_id, row.number, row.opens_at, row.deadline_at, row.grace_until)
    if not changes:
        return Opened(slot)
    last = changes[-1]
    slot = Slot(row.unit_id, row.number, row.opens_at, last.deadline_at, last.grace_until)
    return Opened(slot, last.is_held, tuple(c.reason for c in changes if c.reason))
