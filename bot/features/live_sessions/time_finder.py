"""Find times for people in several zones: least night time, then least working time. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.features.groups.calendar.rhythm import local_instant

NIGHT = (time(23), time(7))
WORK = (time(9), time(17))
"""Working time, Monday to Friday."""
AHEAD, NOTICE = timedelta(days=14), timedelta(days=1)
LONGEST = timedelta(hours=4)
"""Shorter than a night and a working day, so one that spans either whole needs no check."""
LIKED = 19
"""The preferred hour in the group's own zone, among equally good ones."""
PROPOSED = 3
_SATURDAY = 5


@dataclass(frozen=True)
class TimeCandidate:
    """An instant, and for how many people it is night or working time."""

    at: datetime
    night: int
    working: int


def weigh(at: datetime, length: timedelta, zones: Mapping[str, int]) -> TimeCandidate:
    """Return for how many people a time is night or working time."""
    night = working = 0
    for name, people in zones.items():
        ends = [instant.astimezone(ZoneInfo(name)) for instant in (at, at + length - timedelta(minutes=1))]
        if any(end.time() >= NIGHT[0] or end.time() < NIGHT[1] for end in ends):
            night += people
        elif any(end.weekday() < _SATURDAY and WORK[0] <= end.time() < WORK[1] for end in ends):
            working += people
    return TimeCandidate(at, night, working)


def find_best(zones: Mapping[str, int], now: datetime, home: ZoneInfo, length: timedelta) -> list[TimeCandidate]:
    """Return the best whole hours of the next two weeks, each on another weekday, in order."""
    weighed = [weigh(at, length, zones) for at in _list_hours(now, home)]

    def badness(candidate: TimeCandidate) -> tuple[int, int, int, datetime]:
        return candidate.night, candidate.working, abs(candidate.at.astimezone(home).hour - LIKED), candidate.at

    by_weekday: dict[int, TimeCandidate] = {}
    for candidate in sorted(weighed, key=badness):
        by_weekday.setdefault(candidate.at.astimezone(home).weekday(), candidate)
    return sorted(list(by_weekday.values())[:PROPOSED], key=lambda candidate: candidate.at)


def _list_hours(now: datetime, home: ZoneInfo) -> Iterator[datetime]:
    """Yield each whole hour in the home zone once; a day with a clock change may have fewer."""
    today, seen = now.astimezone(home).date(), set[datetime]()
    for days in range(AHEAD.days + 1):
        for hour in range(24):
            at = local_instant(today + timedelta(days=days), time(hour), home)
            if now + NOTICE <= at <= now + AHEAD and at not in seen:
                seen.add(at)
                yield at
