"""A group's calendar events and their iCalendar file. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:  # a third of a second of the start, for what few processes are ever asked
    from icalendar import Event as Component

ASKED_EVERY = timedelta(hours=1)
"""How often a calendar is asked to look again."""


@dataclass(frozen=True)
class Event:
    """Something at an instant.

    Args:
        group_id, name: what it is, whatever its time: the same for as long as it is the same.
        title, about: plain text.
        ends_at: None is a point in time, such as a deadline, which takes nobody's time.
    """

    group_id: int
    name: str
    title: str
    starts_at: datetime
    ends_at: datetime | None = None
    about: str = ""
    link: str = ""
    is_off: bool = False

    @property
    def mark(self) -> str:
        """Return a digest that changes whenever a calendar would show something else."""
        times = (self.starts_at.timestamp(), self.ends_at.timestamp() if self.ends_at else None)
        visible = (self.title, *times, self.about, self.link, self.is_off)
        return blake2b(repr(visible).encode(errors="replace"), digest_size=8).hexdigest()


@dataclass(frozen=True)
class Version:
    """Which one of an event's versions it is, counted from 0, and since when."""

    sequence: int
    at: datetime


def document(events: Sequence[tuple[Event, Version]], zone: str) -> bytes:
    """Return an iCalendar file (RFC 5545 with common extensions), with times in a zone that it defines."""
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//Trailmate//Study groups//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "Study group")
    calendar.add("x-wr-timezone", zone)
    calendar.add("refresh-interval", ASKED_EVERY, {"value": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    where = ZoneInfo(zone)
    for event, version in events:
        calendar.add_component(_make_component(event, version, where))
    if events:
        times = [event.starts_at.date() for event, _ in events]
        # clients read the zone's rules from here, so they reach a good deal further than the events
        calendar.add_missing_timezones(min(times) - timedelta(days=400), max(times) + timedelta(days=400))
    return bytes(calendar.to_ical())


def _make_component(event: Event, version: Version, where: ZoneInfo) -> Component:
    from icalendar import Event as Component

    component = Component()
    component.add("uid", f"c{event.group_id}-{event.name}@trailmate")
    component.add("sequence", version.sequence)
    component.add("dtstamp", version.at)
    component.add("last-modified", version.at)
    component.add("summary", event.title)
    component.add("dtstart", event.starts_at.astimezone(where))
    if event.ends_at is not None:
        component.add("dtend", event.ends_at.astimezone(where))
    component.add("transp", "TRANSPARENT" if event.ends_at is None else "OPAQUE")
    component.add("status", "CANCELLED" if event.is_off else "CONFIRMED")
    if event.about:
        component.add("description", event.about)
    if event.link:
        component.add("location", event.link)
    return component
