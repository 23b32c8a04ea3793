"""The card of one member: the way as a trail of units, what the streak is, and the weeks of study. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import cos, pi, sin
from typing import Literal, get_args

from bot.drawing import text
from bot.drawing.card import GAP, LEFT, RIGHT, SMALL, WIDTH, Card, Mark, mark
from bot.drawing.shapes import Artwork, Look, Plate
from bot.messages.numerals import numbered

PROGRESS = "progress"
Point = tuple[float, float]
Unit = Literal[
    "kept",
    "late",
    "caught up",
    "repaired",
    "frozen",
    "away",
    "excused",
    "paused",
    "missed",
    "open",
    "before",
    "to come",
]
_LETTERS: dict[Unit, str] = dict(zip(get_args(Unit), "klcrfaepmobt", strict=True))
_UNITS = {letter: unit for unit, letter in _LETTERS.items()}
MARKS: dict[Unit, Mark] = {
    "kept": "full", "late": "half", "caught up": "ring", "repaired": "plus", "frozen": "star", "away": "dash",
    "excused": "dash", "paused": "dash", "missed": "cross", "open": "next", "before": "dot", "to come": "dot",
}  # a table of data # fmt: skip
LABELS: dict[Unit, str] = {"kept": "completed", "frozen": "freeze used", "before": "before joining"}
DONE: frozenset[Unit] = frozenset({"kept", "late", "caught up", "repaired"})
UNITS, WEEKS = 96, 26
"""Units of the trail, the newest if there are more, and weeks of the map."""
A_ROW, STEP, ROW, RADIUS, BULGE = 16, 27.0, 29.0, 9.0, 13.0
PITCH = 38.0
"""The room of a week at most."""
STEPS: tuple[Look, ...] = ("sunk", "pale", "mild", "strong", "accent")
MINUTES = (1, 30, 60, 120)
"""From how many minutes on a day has the next deeper colour."""
WEEK_DAYS = (1, 2, 3, 5)
"""From how many days of study on a week has the next deeper colour."""


def pack_units(units: Sequence[Unit]) -> str:
    """Return one letter for each unit."""
    return "".join(_LETTERS[unit] for unit in units)


def unpack_units(letters: str) -> tuple[Unit, ...]:
    """Return the units of letters; KeyError for another letter."""
    return tuple(_UNITS[letter] for letter in letters)


@dataclass(frozen=True)
class ProgressCard:
    """What the card shows.

    Args:
        name: whose it is, hostile.
        group: of which group, hostile.
        units: what each unit of the way is to its member, those to come as well.
        first: the number of the first of them.
        since: the Monday with which the map begins.
        days: how much was studied on each day from then on, 0 to 4; its last day is that of the card.
    """

    name: str
    group: str
    units: Sequence[Unit]
    streak: int
    best: int
    freezes: int
    points: int
    since: date
    days: Sequence[int]
    first: int = 1

    def data(self) -> dict[str, str]:
        """Return what a block holds of it, bounded."""
        return {
            "name": text.bounded(self.name),
            "group": text.bounded(self.group),
            "units": pack_units(self.units),
            "first": str(self.first),
            "counts": f"{self.streak} {self.best} {self.freezes} {self.points}",
            "since": self.since.isoformat(),
            "days": "".join(map(str, self.days)),
        }

    @classmethod
    def read(cls, data: Mapping[str, str]) -> ProgressCard:
        """Read what a block holds; ValueError or KeyError if it is none."""
        streak, best, freezes, points = map(text.count, data["counts"].split(" "))
        units, days = data["units"], data["days"]
        if len(units) > UNITS or len(days) > 7 * WEEKS or set(days) - set("01234"):
            raise ValueError("a card of another size")
        return cls(
            text.bounded(data["name"]),
            text.bounded(data["group"]),
            unpack_units(units),
            streak,
            best,
            freezes,
            points,
            date.fromisoformat(data["since"]),
            tuple(map(int, days)),
            text.count(data["first"]),
        )


def window(units: Sequence[Unit]) -> tuple[int, Sequence[Unit]]:
    """Return the units that a trail shows, and the place of the first: the newest, and as many to come as fit."""
    passed = sum(unit != "to come" for unit in units)
    start = min(max(0, passed - UNITS + A_ROW), max(0, len(units) - UNITS))
    return start, units[start : start + UNITS]


def days(minutes: Mapping[date, int], begun_on: date, until: date) -> tuple[date, list[int]]:
    """Return the Monday of a map's first week, and how much was studied on each day until the last one."""
    monday = until - timedelta(days=until.weekday())
    first = max(begun_on - timedelta(days=begun_on.weekday()), monday - timedelta(weeks=WEEKS - 1))
    first = min(first, monday)
    span = (until - first).days + 1
    spent = (minutes.get(first + timedelta(days=n), 0) for n in range(span))
    return first, [sum(minute >= least for least in MINUTES) for minute in spent]


def draw(progress: ProgressCard) -> Artwork:
    """Draw the member's progress."""
    card = Card(f"{text.bounded(progress.name)}'s progress")
    card.head(progress.name, progress.group)
    _draw_counts(card, progress)
    _draw_trail(card, progress)
    _draw_weeks(card, progress)
    last = progress.since + timedelta(days=max(0, len(progress.days) - 1))
    card.foot(f"As of {last.day} {last:%b %Y}")
    return card.artwork()


def _draw_counts(card: Card, progress: ProgressCard) -> None:
    card.y += 62
    facts = (
        (LEFT, 46.0, progress.streak, "unit in a row" if progress.streak == 1 else "units in a row"),
        (LEFT + 160, 28.0, progress.best, "best streak"),
        (LEFT + 266, 28.0, progress.freezes, "freeze" if progress.freezes == 1 else "freezes"),
        (LEFT + 348, 28.0, progress.points, "point" if progress.points == 1 else "points"),
    )
    ends = [x - GAP for x, *_ in facts[1:]] + [RIGHT]
    for (x, size, number, what), end in zip(facts, ends, strict=True):
        size *= min(1.0, (end - x) / text.width(str(number), size, 600))
        card.label(x, str(number), size, look="accent" if x == LEFT else "ink", weight=600)
        card.label(x, what, SMALL, look="soft", down=23)
    card.y += 23


def _draw_trail(card: Card, progress: ProgressCard) -> None:
    units, last = progress.units, progress.first + len(progress.units) - 1
    done = sum(unit in DONE for unit in units)
    summary = f"{done} of {numbered(len(units), 'unit')}" if len(units) < UNITS else f"units {progress.first} to {last}"
    card.section("Units", summary if units else "")
    if not units:
        card.y += 26
        card.label(LEFT, "The first unit hasn't opened yet.", SMALL + 1, look="soft")
        return
    places = [_locate_unit(n, card.y + 27) for n in range(len(units))]
    walked = [n for n, unit in enumerate(units) if unit not in {"to come", "before"}]
    card.path(round_path(places, BULGE), "line")
    if walked:
        card.path(round_path(places[walked[0] : walked[-1] + 1], BULGE), "mild")
    for (x, y), unit in zip(places, units, strict=True):
        card.shapes += mark(MARKS[unit], x, y, RADIUS)
    card.y = max(y for _, y in places) + RADIUS
    meanings: dict[Mark, list[str]] = {}
    for unit in _LETTERS:
        if unit in units:
            meanings.setdefault(MARKS[unit], []).append(LABELS.get(unit, unit))
    card.legend((sign, ", ".join(same)) for sign, same in meanings.items())


def _locate_unit(n: int, top: float) -> Point:
    """Return a unit's position; each row starts below the end of the row above."""
    row, column = divmod(n, A_ROW)
    column = column if row % 2 == 0 else A_ROW - 1 - column
    return LEFT + RADIUS + column * STEP, top + row * ROW


def round_path(places: Sequence[Point], bulge: float) -> list[Point]:
    """Return the points of a path through the places; where it turns into the next row, it swings out by `bulge`."""
    way = list(places[:1])
    for (x0, y0), (x1, y1) in pairwise(places):
        if y1 > y0:
            out = 1 if x0 > WIDTH / 2 else -1
            angles = (pi * n / 12 for n in range(1, 12))
            way += [(x0 + out * bulge * sin(a), (y0 + y1) / 2 - (y1 - y0) / 2 * cos(a)) for a in angles]
        way.append((x1, y1))
    return way


def _draw_weeks(card: Card, progress: ProgressCard) -> None:
    """Draw a square for each week, deeper with each day of study."""
    days = [sum(map(bool, progress.days[start : start + 7])) for start in range(0, len(progress.days), 7)]
    studied = sum(count > 0 for count in days)
    card.section("Weeks", f"{studied} of {numbered(len(days), 'week')} with study" if days else "")
    pitch = min(PITCH, (RIGHT - LEFT) / max(1, len(days)))
    cell, size = pitch * 0.84, SMALL - 1
    card.y += 26
    mondays = [progress.since + timedelta(weeks=week) for week in range(len(days))]
    begins = [week for week in range(len(days)) if week == 0 or mondays[week].month != mondays[week - 1].month]
    # a first month of one week gives way to the next, which would stand in its label
    if len(begins) > 1 and (begins[1] - begins[0]) * pitch < text.width(f"{mondays[begins[0]]:%b}", size) + 4:
        del begins[0]
    for week in begins:
        month = f"{mondays[week]:%b}"
        card.label(min(LEFT + week * pitch, RIGHT - text.width(month, size)), month, size, look="soft")
    card.y += 9
    for week, count in enumerate(days):
        look = STEPS[sum(count >= least for least in WEEK_DAYS)]
        card.shapes.append(Plate(LEFT + week * pitch, card.y, cell, cell, look, 0.2 * cell))
    card.y += cell
