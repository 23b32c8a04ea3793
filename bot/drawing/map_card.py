"""The card of a course: its parts as rows of one winding trail, where the group is, and where the reader is. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.drawing import text
from bot.drawing.card import GAP, LEFT, NORMAL, RIGHT, SMALL, Card, Mark, mark
from bot.drawing.progress_card import DONE, LABELS, MARKS, Point, Unit, pack_units, round_path, unpack_units
from bot.drawing.shapes import Artwork, Disc, Look
from bot.messages.numerals import numbered

MAP = "map"
PARTS, UNITS, A_ROW = 16, 160, 14
"""Most parts and units of a map, and units of a row."""
RADIUS, COMING, HALO, INDENT, BULGE = 9.0, 14.0, 13.0, 22.0, 20.0
HEADING, FACT = NORMAL + 2, SMALL + 2
HEAD, TRAIL, WRAP, PIN = 44.0, 28.0, 40.0, 20.0
"""From a trail down to the next heading, from there to its trail, from a row to the next one of its part, and what a
pin takes below its row."""


@dataclass(frozen=True)
class MapPart:
    """A part: its title, hostile, and what its units are to the reader."""

    title: str
    units: Sequence[Unit]


@dataclass(frozen=True)
class MapCard:
    """What the card shows.

    Args:
        title: that of the course, hostile.
        parts: the first shown one is part `number`, and its first unit is unit `first`.
        group_at: the number of the unit that the group is at; 0 if it is at none.
        own_at: the number of the last unit that the reader completed; 0 for none.
        is_member: whether the units' marks are the reader's own.
    """

    title: str
    parts: Sequence[MapPart]
    group_at: int
    own_at: int = 0
    is_member: bool = True
    number: int = 1
    first: int = 1

    def data(self) -> dict[str, str]:
        """Return the data of an Image block, bounded to the parts around the group."""
        card = self._cut()
        parts = [[text.bounded(part.title), pack_units(part.units)] for part in card.parts]
        return {
            "title": text.bounded(card.title),
            "parts": json.dumps(parts, ensure_ascii=False, separators=(",", ":")),
            "at": f"{card.number} {card.first} {card.group_at} {card.own_at} {int(card.is_member)}",
        }

    def _cut(self) -> MapCard:
        parts, number, first = list(self.parts), self.number, self.first
        while len(parts) > 1 and (len(parts) > PARTS or sum(len(part.units) for part in parts) > UNITS):
            if first + len(parts[0].units) <= self.group_at - len(parts[-1].units):
                first += len(parts.pop(0).units)
                number += 1
            else:
                parts.pop()
        parts = [MapPart(part.title, part.units[:UNITS]) for part in parts]
        return MapCard(self.title, parts, self.group_at, self.own_at, self.is_member, number, first)

    @classmethod
    def read(cls, data: Mapping[str, str]) -> MapCard:
        """Parse an Image block's data; raise ValueError or KeyError if it is invalid."""
        listed = json.loads(data["parts"][:10_000])
        if not isinstance(listed, list) or not 0 < len(listed) <= PARTS:
            raise ValueError("a map of another size")
        parts = [MapPart(text.bounded(str(title)), unpack_units(str(units))) for title, units in listed]
        if not all(part.units for part in parts) or sum(len(part.units) for part in parts) > UNITS:
            raise ValueError("a map of another size")
        number, first, group_at, own_at, is_member = map(text.count, data["at"].split(" "))
        return cls(text.bounded(data["title"]), parts, group_at, own_at, bool(is_member), number, first)


def draw(course: MapCard) -> Artwork:
    """Draw the map; the trail turns at the end of each row."""
    card = Card(f"Map of {course.title}")
    card.y += 4 - HEAD
    places: list[Point] = []
    for n, part in enumerate(course.parts):
        card.y += HEAD
        _draw_heading(card, course, course.number + n, part)
        card.y += TRAIL - WRAP
        for row in _split_rows(part.units):
            card.y += WRAP
            places += _place_row(len(row), card.y, is_back=len({y for _, y in places}) % 2 == 1)
            numbers = range(course.first + len(places) - len(row), course.first + len(places))
            card.y += PIN if course.group_at in numbers or course.own_at in numbers else 0
    bottom, units = card.y, [unit for part in course.parts for unit in part.units]
    card.path(round_path(places, BULGE), "line")
    card.path(round_path(places[: max(0, course.group_at - course.first + 1)], BULGE), "mild")
    for number, ((x, y), unit) in enumerate(zip(places, units, strict=True), course.first):
        if number == course.group_at:
            card.shapes.append(Disc(x, y, HALO, "pale"))
        card.shapes += mark(MARKS[unit], x, y, COMING if unit == "to come" else RADIUS)
    _draw_pins(card, course, places)
    card.y = bottom + 6
    meanings: dict[Mark, str] = {}
    for unit in units:
        meanings.setdefault(MARKS[unit], LABELS.get(unit, unit))
    card.legend((sign, meaning) for sign, meaning in meanings.items())
    card.y += 4
    return card.artwork()


def _draw_heading(card: Card, course: MapCard, number: int, part: MapPart) -> None:
    is_coming = set(part.units) == {"to come"}
    left, right = LEFT + INDENT - RADIUS, RIGHT - INDENT + RADIUS
    taken = card.label(right, _describe_count(course, part), FACT, look="soft", anchor="end")
    look: Look = "soft" if is_coming else "ink"
    card.label(left, f"{number}  {part.title}", HEADING, most=right - left - taken - GAP, look=look, weight=600)


def _describe_count(course: MapCard, part: MapPart) -> str:
    """Return "3 of 7 units"; "7 units" of a part that has not begun, or that has no marks of the reader."""
    count = numbered(len(part.units), "unit")
    has_begun = course.is_member and set(part.units) != {"to come"}
    return f"{sum(unit in DONE for unit in part.units)} of {count}" if has_begun else count


def _split_rows(units: Sequence[Unit]) -> list[Sequence[Unit]]:
    rows = -(-len(units) // A_ROW)
    size = -(-len(units) // rows)
    return [units[start : start + size] for start in range(0, len(units), size)]


def _place_row(count: int, y: float, *, is_back: bool) -> list[Point]:
    """Return the places of a row's units from one side to the other."""
    step = (RIGHT - LEFT - 2 * INDENT) / max(1, count - 1)
    xs = [LEFT + INDENT + step * n for n in range(count)] if count > 1 else [(LEFT + RIGHT) / 2]
    return [(x, y) for x in (reversed(xs) if is_back else xs)]


def _draw_pins(card: Card, course: MapCard, places: Sequence[Point]) -> None:
    """Write below the trail where the group is, and where the reader is if there is room for both."""
    pins = {course.group_at: "Group"}
    if course.own_at:
        pins[course.own_at] = "You and the group" if course.own_at == course.group_at else "You"
    taken: list[tuple[float, float, float]] = []
    for number, words in pins.items():
        if not 0 <= number - course.first < len(places) or not number:
            continue
        x, y = places[number - course.first]
        half = text.width(words, FACT, 600) / 2
        x = min(max(x, LEFT + half), RIGHT - half)
        if all(y != other or abs(x - at) > half + width + 4 for at, other, width in taken):
            card.y = y
            look: Look = "accent" if words != "Group" else "ink"
            card.label(x, words, FACT, down=HALO + 14, look=look, weight=600, anchor="middle")
            taken.append((x, y, half))


def describe_map(course: MapCard) -> str:
    """Return the parts in words, with what the reader has completed of each."""
    parts = (
        f"part {number} {part.title}: {_describe_count(course, part)}"
        for number, part in enumerate(course.parts, course.number)
    )
    at = f"The group is at unit {course.group_at}. " if course.group_at else ""
    return f"{at}{'; '.join(parts)}"
