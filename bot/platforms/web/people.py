"""The page's people, and the controls of its time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol
from zoneinfo import ZoneInfo

from bot.commands.context import MODERATES, Account, Place

_NO_PLACE = {"UTC", "Etc/UTC", "GMT", "Etc/GMT"}
"""Zones of browsers that hide their location and of unconfigured machines; none of them is suggested for a group."""

NAME = "local"
GENERAL = "general"
Step = Literal["hour", "day", "post"]


@dataclass(frozen=True)
class PagePerson:
    """A person whom the page can speak as."""

    id: str
    name: str
    moderates: bool = False


class DemoControls(Protocol):
    """Moves the demo's time."""

    @property
    def now(self) -> datetime:
        """The demo's current time, aware UTC; it advances while `move` runs."""

    async def move(self, to: Step) -> None:
        """Advance through every due time up to the next hour, day or post."""


def account_of(person: PagePerson, zone: str | None) -> Account:
    """Return the person's account; `zone` is the browser's zone."""
    grants = frozenset({MODERATES}) if person.moderates else frozenset[str]()
    known = known_zone(zone)
    known = None if known in _NO_PLACE else known
    source = "your browser" if known else ""
    return Account(NAME, NAME, person.id, person.name, known, grants, zone_source=source)


def known_zone(zone: str | None) -> str | None:
    """Return the zone if this machine knows it, else None."""
    try:
        return ZoneInfo(zone).key if zone else None
    except (ValueError, OSError, KeyError):  # an odd name, a folder's name, an unknown one
        return None


def place_of(person: PagePerson, room: str, thread: str | None) -> Place | None:
    """Return the place if the person may read there: #general, its threads, their own direct messages."""
    if room == f"@{person.id}" and not thread:
        return Place(NAME, NAME, room)
    return Place(NAME, NAME, GENERAL, thread or None) if room == GENERAL else None


def find_person(people: Sequence[PagePerson], person_id: str) -> PagePerson | None:
    """Return the person of this id."""
    return next((p for p in people if p.id == person_id), None)
