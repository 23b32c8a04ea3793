"""What a soak is made of, as plain values: groups, what people do and when, and what fails. The same for a seed."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

BEGINS = datetime(2026, 1, 8, 12, 0, tzinfo=UTC)
ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kolkata",
    "Pacific/Auckland",
    "America/St_Johns",
    "Asia/Tokyo",
    "Africa/Cairo",
    "America/Sao_Paulo",
    "Pacific/Kiritimati",
    "Australia/Lord_Howe",
    "Pacific/Niue",
)
"""With and without a clock change, half and quarter hours, both ends of the day."""
RHYTHMS = (
    (0, time(9), 6, time(21)),
    (0, time(9), 4, time(18)),
    (2, time(18), 1, time(18)),
    (4, time(17), 3, time(20)),
    (5, time(10), 4, time(20)),
    (6, time(2, 30), 5, time(2, 30)),
    (3, time(23, 45), 2, time(12)),
)
"""Days from Monday as 0, and hours, of post and deadline; two lie where a clock change takes or repeats an hour."""
PLATFORMS = ("discord", "slack")
WAKING = timedelta(days=1)
"""The least time between two outages, or rooms that are gone."""
Units = tuple[tuple[str, int], ...]
"""The ids of units in order, each with the number of its leg."""


@dataclass(frozen=True)
class Group:
    """What a moderator typed for one group.

    Args:
        weeks: of one unit.
        units: those that it walks.
        first: the number of its first unit in the roadmap, from 1.
        leg: the one that it walks alone, or None.
    """

    number: int
    platform: str
    tenant: str
    room: str
    zone: str
    starts_on: date
    rhythm: tuple[int, time, int, time]
    weeks: int
    roadmap: str
    units: Units
    has_breaks: bool
    leg: int | None
    members: tuple[str, ...]

    @property
    def name(self) -> str:
        """Its name."""
        return f"Group {self.number}"


@dataclass(frozen=True)
class Event:
    """Something that happens: a line that somebody types in a group, or a fault.

    Args:
        kind: "say" with group, who and line; "gone" with group, until and whether its mend is told; "down" with until;
            "skew" with the seconds by which a clock is wrong, and until; "kill"; "cut".
    """

    at: datetime
    kind: str
    group: int = -1
    who: str = ""
    line: str = ""
    until: datetime = BEGINS
    is_told: bool = False
    seconds: int = 0


@dataclass(frozen=True)
class Script:
    """All of it."""

    groups: tuple[Group, ...]
    events: tuple[Event, ...]
    until: datetime = field(default=BEGINS)


def script(seed: int, n_groups: int, weeks: int, roadmaps: dict[str, Units], processes: int) -> Script:
    """Return what a seed stands for."""
    chance, until = random.Random(seed), BEGINS + timedelta(weeks=weeks)
    groups = tuple(_group(chance, number, weeks, roadmaps) for number in range(n_groups))
    said = [event for group in groups for event in _said(chance, group, until)]
    faults = list(_faults(chance, groups, weeks, until, processes))
    return Script(groups, tuple(sorted([*said, *faults], key=lambda event: event.at)), until)


def _group(chance: random.Random, number: int, weeks: int, roadmaps: dict[str, Units]) -> Group:
    long = max(roadmaps, key=lambda roadmap: len(roadmaps[roadmap]))
    roadmap = long if chance.random() < 0.8 else chance.choice(sorted(roadmaps))
    units, leg = roadmaps[roadmap], None
    legs = sorted({leg for _, leg in units})
    if len(legs) > 1 and chance.random() < 0.25:
        leg = chance.choice(legs)
        units = tuple(unit for unit in units if unit[1] == leg)
    within = 10 if weeks < 9 or chance.random() < 0.7 else weeks * 7 // 2
    platform = PLATFORMS[number % 2]
    return Group(
        number,
        platform,
        f"{platform}-{number // 6}",
        f"C{number}",
        chance.choice(ZONES),
        BEGINS.date() + timedelta(days=chance.randint(2, within)),
        chance.choice(RHYTHMS),
        chance.choice((1, 1, 1, 2)),
        roadmap,
        units,
        len(legs) > 1 and leg is None and chance.random() < 0.5,
        leg,
        tuple(f"u{number}x{n}" for n in range(chance.randint(1, 3))),
    )


def _odd(at: datetime) -> datetime:
    """Move an instant off the full minutes at which posts are due, together with all others of its hour."""
    hour = (at - BEGINS) // timedelta(hours=1)
    minutes, seconds = (1, 32, 8, 45, 13, 38)[hour % 6], 5 + hour * 17 % 50
    return BEGINS + timedelta(hours=hour, minutes=minutes, seconds=seconds)


def _said(chance: random.Random, group: Group, until: datetime) -> Iterator[Event]:
    """Yield what is said in a group: check-ins, absences, pauses."""
    begins = datetime.combine(group.starts_on, time(), UTC) + timedelta(days=2)
    for n, who in enumerate(group.members):
        yield Event(BEGINS + timedelta(minutes=30), "say", group.number, who, "join")
        if n == 0:
            yield Event(BEGINS + timedelta(minutes=31), "say", group.number, who, "settings reminders=yes")
        at = begins
        while at < until:
            if chance.random() < 0.4:
                token = f"note {group.number} {n} {at:%m%d}"
                yield Event(_odd(at), "say", group.number, who, f"checkin 30 {token}")
            if chance.random() < 0.03:
                last = (at + timedelta(days=chance.randint(2, 12))).date()
                yield Event(_odd(at), "say", group.number, who, f"away until={last} reason=away-{at:%m%d}")
            at += timedelta(days=7, hours=chance.randint(-20, 20))
    at = begins
    while (at := at + timedelta(days=chance.randint(10, 120))) < until:
        weeks, begun = chance.choice((1, 2, 0)), _odd(at)
        given = f" {weeks}" if weeks else ""
        yield Event(begun, "say", group.number, "mo", f"cohort pause{given} from=now confirm=yes")
        at = begun + timedelta(days=7 * weeks or chance.randint(1, 20))
        if not weeks:
            yield Event(_odd(at), "say", group.number, "mo", "cohort resume")
        at += timedelta(days=3)


def _faults(
    chance: random.Random, groups: Sequence[Group], weeks: int, until: datetime, processes: int
) -> Iterator[Event]:
    """Yield what fails; no room is gone within a day of an outage, so that what is due has a day to arrive."""
    for _ in range(weeks if processes == 1 else 2 * weeks):
        yield Event(_odd(_within(chance, until)), "kill")
        if processes > 1:  # on one file there is no connection that breaks
            yield Event(_odd(_within(chance, until)), "cut")
    downs: list[tuple[datetime, datetime]] = []
    for _ in range(max(1, weeks // 4)):
        at = _odd(_within(chance, until - WAKING))
        hours = chance.choice((0.4, 5, 11, 20, 30, 96))
        if all(at > to + 2 * WAKING or at + timedelta(hours=hours) < of - 2 * WAKING for of, to in downs):
            downs.append((at, at + timedelta(hours=hours)))
            yield Event(at, "down", until=downs[-1][1])
    for group in groups:
        for _ in range(weeks // 13 + (chance.random() < 0.3)):
            at = _odd(_within(chance, until - WAKING))
            back = at + timedelta(hours=chance.choice((0.2, 2, 5, 9)))
            if all(back + WAKING < of or at > to + WAKING for of, to in downs):
                yield Event(at, "gone", group.number, until=back, is_told=chance.random() < 0.5)
    for _ in range(weeks // 2):
        at, seconds = _odd(_within(chance, until - WAKING)), chance.choice((90, 150, -5400, -600))
        if seconds > 0 or processes > 1:
            yield Event(at, "skew", until=at + timedelta(hours=chance.randint(1, 9)), seconds=seconds)


def _within(chance: random.Random, until: datetime) -> datetime:
    begins = BEGINS + WAKING
    return begins + (until - begins) * chance.random()
