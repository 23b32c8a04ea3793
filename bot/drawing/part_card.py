"""The card of a part that a group has finished: how many members completed each of its units. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.drawing import text
from bot.drawing.card import GAP, LEFT, NARROW, NORMAL, RIGHT, SMALL, Card, bars, pitch
from bot.drawing.shapes import Artwork
from bot.messages.numerals import numbered

PART = "leg"
"""The drawing's name, which stored replies hold."""
UNITS = 40
"""Units on a card: the last ones if the part has more."""


@dataclass(frozen=True)
class PartCard:
    """The data of the card.

    Args:
        title: the part's number, untrusted text.
        subject: the part's subject, untrusted text.
        first: the number of the first unit.
        kept: how many members completed each unit, on time or late.
        of: the number of members.
        late: how many of them joined after the first unit.
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
        """Return the data of an Image block, cut to its limits."""
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
    def read(cls, data: Mapping[str, str]) -> PartCard:
        """Parse an Image block's data; raise ValueError or KeyError if it is invalid."""
        counts, of = tuple(map(text.count, data["kept"].split(" "))), text.count(data["of"])
        if len(counts) > UNITS or not of > 0 or max(counts) > of:
            raise ValueError("a part of another size")
        since, until = map(date.fromisoformat, data["days"].split(" "))
        late = text.count(data.get("late", "0"))
        title, subject = text.bounded(data["title"]), text.bounded(data["subject"])
        return cls(title, subject, text.count(data["first"]), counts, of, since, until, late)


def draw(part: PartCard) -> Artwork:
    """Draw the part's completion by unit."""
    card = Card(f"{part.title}: members who completed each unit")
    card.y += 5
    span = f"{part.since.day} {part.since:%b} to {part.until.day} {part.until:%b %Y}"
    taken = card.label(RIGHT, span, SMALL, look="soft", anchor="end")
    card.label(LEFT, part.title, NORMAL, most=RIGHT - LEFT - taken - GAP, weight=600)
    card.y += 22
    card.label(LEFT, part.subject, SMALL, most=RIGHT - LEFT, look="soft")
    card.y += 4
    is_wide = pitch(len(part.kept)) >= NARROW
    numbers = range(part.first, part.first + len(part.kept))
    bars(card, part.kept, [str(n) if is_wide or n % 5 == 0 else "" for n in numbers], of=part.of)
    card.foot(f"By unit, {_count_members(part)}")
    return card.artwork()


def describe_completion(part: PartCard) -> str:
    """Describe the completion of each unit in words."""
    units = (f"unit {n}: {count}" for n, count in enumerate(part.kept, part.first))
    return f"{', '.join(units)}, {_count_members(part)}"


def _count_members(part: PartCard) -> str:
    joined = f" ({part.late} joined later)" if part.late else ""
    return f"of {numbered(part.of, 'member')}{joined}"
