"""The picture at the head of a unit's post: its phase, its own pattern and where it stands in its part. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.drawing import text
from bot.drawing.card import GAP, LARGE, LEFT, PADDING, SMALL, WIDTH, Card
from bot.drawing.motif import motif
from bot.drawing.shapes import Artwork, Box, Plate

HEADER = "header"
HEIGHT, PANEL, LINE = 128.0, 152.0, 27.0
"""The height, the width of the pattern, and the distance between lines."""
ROOM = WIDTH - 16 - PANEL - GAP - LEFT
"""The width that is free for words."""


@dataclass(frozen=True)
class HeaderCard:
    """What the card shows.

    Args:
        phase_id: the phase, which gives the kind of the pattern; the number gives its form.
        phase: its title, hostile.
        title: the title of the unit, hostile; only for readers who can't see the picture, because the post has it.
        place: where the unit stands, in words.
        number: its number in its part, of `of`.
    """

    phase_id: str
    phase: str
    title: str
    place: str
    number: int
    of: int

    def data(self) -> dict[str, str]:
        """Return its stored form, bounded."""
        return {
            "id": text.bounded(self.phase_id),
            "phase": text.bounded(self.phase),
            "title": text.bounded(self.title),
            "place": text.bounded(self.place),
            "at": f"{self.number} {self.of}",
        }

    @classmethod
    def read(cls, data: Mapping[str, str]) -> HeaderCard:
        """Read its stored form; raise ValueError or KeyError if it is none."""
        number, of = map(text.count, data["at"].split(" "))
        if not 0 < number <= of:
            raise ValueError("no place on a way")
        phase_id, phase, title, place = (text.bounded(data[key]) for key in ("id", "phase", "title", "place"))
        return cls(phase_id, phase, title, place, number, of)


def draw(header: HeaderCard) -> Artwork:
    """Draw the header."""
    card = Card(f"{header.title}: {header.place}")
    card.shapes += motif(header.phase_id, Box(WIDTH - 16 - PANEL, 16, WIDTH - 16, HEIGHT - 16), header.number)
    lines = text.lines(header.phase, ROOM, LARGE, 600, most=2)
    card.y = PADDING + (12 if len(lines) > 1 else 22)
    for line in lines:
        card.label(LEFT, line, LARGE, weight=600)
        card.y += LINE
    card.y = HEIGHT - PADDING - 4
    card.label(LEFT, header.place, SMALL, most=ROOM, look="accent", weight=600)
    card.shapes.append(Plate(LEFT, card.y + 8, ROOM, 5, "sunk", 2.5))
    card.shapes.append(Plate(LEFT, card.y + 8, max(5.0, ROOM * header.number / header.of), 5, "accent", 2.5))
    card.y = HEIGHT - PADDING + 6
    return card.artwork()
