"""The card of a group's week: how many checked in on each day, and how the warm-up was answered. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.drawing import text
from bot.drawing.card import GAP, LEFT, NARROW, NORMAL, RIGHT, SMALL, Card, bars, mark, pitch
from bot.drawing.shapes import Artwork, Plate
from bot.messages.numerals import numbered

WEEK = "week"
DAYS, CHOICES = 28, 8
"""Days, the first of a unit if it has more, and choices of a warm-up."""
ROW = 23.0
"""From one choice to the next."""


@dataclass(frozen=True)
class WeekCard:
    """What the card shows.

    Args:
        title: which unit it was, hostile.
        since: its first day.
        days: how many checked in on each.
        spread: how many chose each choice of the warm-up; empty if it is not told.
        right: the choice that was right.
    """

    title: str
    since: date
    days: Sequence[int]
    spread: Sequence[tuple[str, int]] = ()
    right: str = ""

    def data(self) -> dict[str, str]:
        """Return what a block holds of it, bounded."""
        return {
            "title": text.bounded(self.title),
            "since": self.since.isoformat(),
            "days": " ".join(map(str, self.days[:DAYS])),
            "spread": " ".join(f"{letter}{count}" for letter, count in self.spread[:CHOICES]),
            "right": self.right,
        }

    @classmethod
    def read(cls, data: Mapping[str, str]) -> WeekCard:
        """Parse an Image block's data; raise ValueError or KeyError if it is invalid."""
        days, spread = data["days"].split(" "), data["spread"].split()
        if len(days) > DAYS or len(spread) > CHOICES or not all("A" <= entry[0] <= "Z" for entry in spread):
            raise ValueError("a week of another size")
        read = tuple((entry[0], text.count(entry[1:])) for entry in spread)
        since = date.fromisoformat(data["since"])
        return cls(text.bounded(data["title"]), since, tuple(map(text.count, days)), read, data["right"][:1])


def draw(week: WeekCard) -> Artwork:
    """Draw the check-ins of a week."""
    card = Card(f"{week.title}: check-ins by day")
    card.y += 5
    last = week.since + timedelta(days=len(week.days) - 1)
    span = f"{week.since.day} {week.since:%b} to {last.day} {last:%b}"
    span_width = text.width(span, SMALL)
    card.label(LEFT, week.title, NORMAL, most=RIGHT - LEFT - span_width - GAP, weight=600)
    card.label(RIGHT, span, SMALL, look="soft", anchor="end")
    _draw_days(card, week)
    if week.spread:
        _draw_spread(card, week)
    return card.artwork()


def _draw_days(card: Card, week: WeekCard) -> None:
    is_wide = pitch(len(week.days)) >= NARROW
    names = []
    for n in range(len(week.days)):
        day = week.since + timedelta(days=n)
        is_named = day.weekday() == 0 or n == 0
        names.append(f"{day:%a}" if is_wide else f"{day.day}" if is_named else "")
    bars(card, week.days, names)


def _draw_spread(card: Card, week: WeekCard) -> None:
    answered = sum(count for _, count in week.spread)
    card.y -= 6
    card.section("Warm-up", f"{answered} answered")
    most, start = max(1, *(count for _, count in week.spread)), LEFT + 30
    card.y += 4
    for letter, count in week.spread:
        card.y += ROW
        is_right = letter == week.right
        card.label(LEFT, letter, SMALL, look="accent" if is_right else "soft", weight=600)
        taken = card.label(RIGHT, str(count), SMALL, weight=600, anchor="end")
        room = RIGHT - max(taken, 30.0) - GAP - start
        card.shapes.append(Plate(start, card.y - 10, room, 10, "sunk", 5))
        if count:
            long = max(10.0, room * count / most)
            card.shapes.append(Plate(start, card.y - 10, long, 10, "accent" if is_right else "mild", 5))
        if is_right:
            card.shapes += mark("full", LEFT + 20, card.y - 5, 5)
    if week.right:
        card.legend([("full", "the right answer")])


def describe_days(week: WeekCard) -> str:
    """Return the days with a check-in in words."""
    days = ((week.since + timedelta(days=n), count) for n, count in enumerate(week.days) if count)
    return ", ".join(f"{day:%a} {day.day} {day:%b} {count}" for day, count in days) or numbered(0, "check-in")
