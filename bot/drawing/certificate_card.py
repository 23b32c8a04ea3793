"""The card of a part that somebody has completed: who, what, how much of it, when and with whom. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.drawing import text
from bot.drawing.card import GAP, PADDING, SMALL, Card
from bot.drawing.motif import motif
from bot.drawing.shapes import Artwork, Box, Look, Weight
from bot.messages.numerals import numbered

CERTIFICATE = "certificate"
UNITS = 64
"""Most units of a part."""
FORMAT = (600.0, 314.0)
"""The format of a link's picture in networks; as a PNG it is twice as large."""
PANEL = 150.0
START = 16 + PANEL + 26
"""Where the words begin, to the right of the pattern."""
ROOM = FORMAT[0] - PADDING - START
NAME, SUBJECT, SUBTITLE = 34.0, 23.0, 17.0


@dataclass(frozen=True)
class CertificateCard:
    """What the card shows.

    Args:
        leg: its number; 0 of a roadmap that is one leg.
        name: whose it is, hostile, as are `subject`, that of the leg, `roadmap`, empty where
            it is the subject, and `group`.
        phase_id: whose pattern it bears.
        kept: of each unit of the leg, whether it was kept; empty to say nothing of them.
        came_in: the number of the unit with which they came into the leg; 0 of who walked it from its beginning.
    """

    name: str
    leg: int
    subject: str
    roadmap: str
    group: str
    phase_id: str
    kept: tuple[bool, ...]
    since: date
    until: date
    came_in: int = 0

    def data(self) -> dict[str, str]:
        """Return the card's data for an Image block, within bounds."""
        texts = {
            "name": self.name,
            "subject": self.subject,
            "roadmap": self.roadmap,
            "group": self.group,
            "id": self.phase_id,
        }
        marks = "".join("k" if is_kept else "-" for is_kept in self.kept[:UNITS])
        days = f"{self.since.isoformat()} {self.until.isoformat()}"
        return {key: text.bounded(value) for key, value in texts.items()} | {
            "leg": str(self.leg),
            "units": marks,
            "days": days,
            "from": str(self.came_in),
        }

    @classmethod
    def read(cls, data: Mapping[str, str]) -> CertificateCard:
        """Parse an Image block's data; raise ValueError or KeyError if it is invalid."""
        units = data["units"]
        if len(units) > UNITS or set(units) - set("k-"):
            raise ValueError("a part of another size")
        since, until = map(date.fromisoformat, data["days"].split(" "))
        name, subject, way, group, phase_id = (
            text.bounded(data[key]) for key in ("name", "subject", "roadmap", "group", "id")
        )
        completed = tuple(unit == "k" for unit in units)
        came_in = text.count(data.get("from", "0"))  # a post that waits may be older than the line
        return cls(name, text.count(data["leg"]), subject, way, group, phase_id, completed, since, until, came_in)


def draw(certificate: CertificateCard) -> Artwork:
    """Draw the certificate in the format in which networks show a link."""
    which = f" of part {certificate.leg}" if certificate.leg else ""
    card = Card(
        f"Certificate of {certificate.name}: part {certificate.leg}" if which else f"Certificate of {certificate.name}"
    )
    card.shapes += motif(certificate.phase_id, Box(16, 16, 16 + PANEL, FORMAT[1] - 16))
    card.y = 62
    _draw_line(card, f"Certificate{which}", SUBTITLE, "accent")
    card.y += 44
    _draw_line(card, certificate.name, NAME, "ink", 600)
    card.y += 30
    _draw_line(card, "has completed", SUBTITLE)
    for line in text.lines(certificate.subject, ROOM, SUBJECT, 600, most=2):
        card.y += 30
        _draw_line(card, line, SUBJECT, "ink", 600)
    card.y += 27
    _draw_line(card, certificate.roadmap, SUBTITLE)
    card.y = FORMAT[1] - 54
    counts = f"{sum(certificate.kept)} of {numbered(len(certificate.kept), 'unit')}" + since(certificate.came_in)
    group = f"with {certificate.group}" if certificate.group else ""
    _draw_line(card, ", ".join(filter(None, (counts if certificate.kept else "", group))), SMALL + 1)
    card.y += 24
    taken = text.width("Trailmate", SMALL + 1, 600)
    card.label(FORMAT[0] - PADDING, "Trailmate", SMALL + 1, look="accent", weight=600, anchor="end")
    card.label(START, format_days(certificate), SMALL + 1, most=ROOM - taken - GAP, look="soft")
    return card.artwork(FORMAT)


def since(came_in: int) -> str:
    """Return with which unit a late joiner began; empty for members who were there from the start."""
    return f", from unit {came_in} on" if came_in else ""


def _draw_line(card: Card, words: str, size: float, look: Look = "soft", weight: Weight = 400) -> None:
    if words:
        card.label(START, words, size, most=ROOM, look=look, weight=weight)


def format_days(certificate: CertificateCard) -> str:
    """Return "2 Mar 2026 to 26 Nov 2026"."""
    return f"{_format_day(certificate.since)} to {_format_day(certificate.until)}"


def _format_day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
