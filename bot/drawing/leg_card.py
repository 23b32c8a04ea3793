"""The card of a leg that a group has walked: how many kept each of its units. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.drawing import text
from bot.drawing.card import GAP, LEFT, NARROW, NORMAL, RIGHT, SMALL, Card, bars, pitch
from bot.drawing.shapes import Artwork
from bot.messages.numerals import numbered

LEG = "leg"
UNITS = 40
"""Units of a leg, the last if it has more."""


@dataclass(frozen=True)
class LegCard:
    """What the card shows.

    Args:
        title: which leg it was, hostile, as is `subject`, what it was about.
        first: the number of the first unit.
        kept: how many members kept each, on time or caught up.
        of: how many members there are.
        late: how many of them came once the first unit was over.
    """

    title: str
    subject: str
    first: int
    kept: Sequence[int]
    of: int
    since: date
    until: date
    late: int = 0

    def data(self) -> dict[str, str]:
        """Return what a block holds of it, bounded."""
        left_out = max(0, len(self.kept) - UNITS)
        return {
            "title": text.bounded(self.title),
            "subject": text.bounded(self.subject),
            "first": str(self.first + left_out),
            "kept": " ".join(map(str, self.kept[left_out:])),
            "of": str(self.of),
            "days": f"{self.since.isoformat()} {self.until.isoformat()}",
            **({"late": str(self.late)} if self.late else {}),
        }

    @classmethod
    def read(cls, data: Mapping[str, str]) -> LegCard:
        """Parse an Image block's data; raise ValueError or KeyError if it is invalid."""
        counts, of = tuple(map(text.count, data["kept"].split(" "))), text.count(data["of"])
        if len(counts) > UNITS or not of > 0 or max(counts) > of:
            raise ValueError("a leg of another size")
        since, until = map(date.fromisoformat, data["days"].split(" "))
        late = text.count(data.get("late", "0"))
        title, subject = text.bounded(data["title"]), text.bounded(data["subject"])
        return cls(title, subject, text.count(data["first"]), counts, of, since, until, late)


def draw(leg: LegCard) -> Artwork:
    """Draw the part's completion by unit."""
    card = Card(f"{leg.title}: how many kept each unit")
    card.y += 5
    span = f"{leg.since.day} {leg.since:%b} to {leg.until.day} {leg.until:%b %Y}"
    taken = card.label(RIGHT, span, SMALL, look="soft", anchor="end")
    card.label(LEFT, leg.title, NORMAL, most=RIGHT - LEFT - taken - GAP, weight=600)
    card.y += 22
    card.label(LEFT, leg.subject, SMALL, most=RIGHT - LEFT, look="soft")
    card.y += 4
    is_wide = pitch(len(leg.kept)) >= NARROW
    numbers = range(leg.first, leg.first + len(leg.kept))
    bars(card, leg.kept, [str(n) if is_wide or n % 5 == 0 else "" for n in numbers], of=leg.of)
    card.foot(f"By unit, {_count_members(leg)}")
    return card.artwork()


def told(leg: LegCard) -> str:
    """Return the same in words."""
    units = (f"unit {n}: {count}" for n, count in enumerate(leg.kept, leg.first))
    return f"{', '.join(units)}, {_count_members(leg)}"


def _count_members(leg: LegCard) -> str:
    """Return the number of members in words."""
    came = f", {leg.late} of whom came later" if leg.late else ""
    return f"of {numbered(leg.of, 'member')}{came}"
