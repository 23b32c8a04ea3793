"""The card of a leg that somebody has walked: who, what, how much of it, when and with whom. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.drawing import text
from bot.drawing.card import LEFT, NORMAL, RIGHT, SMALL, WIDTH, Card, mark
from bot.drawing.motif import motif
from bot.drawing.shapes import Artwork, Box
from bot.messages.numerals import numbered

CERTIFICATE = "certificate"
UNITS, A_ROW, STEP, RADIUS = 64, 16, 24.0, 8.0
"""Units of a leg, and how they stand."""
NAME, SUBJECT = 27.0, 18.0
ROOM, MIDDLE = RIGHT - LEFT, WIDTH / 2


@dataclass(frozen=True)
class CertificateCard:
    """What the card shows.

    Args:
        leg: its number; 0 of a roadmap that is one leg.
        name: whose it is, hostile, as are `subject`, that of the leg, `roadmap`, empty where
            it is the subject, and `group`.
        phase_id: whose pattern it bears.
        kept: of each unit of the leg, whether it was kept.
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
        if not 0 < len(units) <= UNITS or set(units) - set("k-"):
            raise ValueError("a part of another size")
        since, until = map(date.fromisoformat, data["days"].split(" "))
        name, subject, way, group, phase_id = (
            text.bounded(data[key]) for key in ("name", "subject", "roadmap", "group", "id")
        )
        completed = tuple(unit == "k" for unit in units)
        came_in = text.count(data.get("from", "0"))  # a post that waits may be older than the line
        return cls(name, text.count(data["leg"]), subject, way, group, phase_id, completed, since, until, came_in)


def draw(certificate: CertificateCard) -> Artwork:
    """Draw the certificate."""
    which = f" of part {certificate.leg}" if certificate.leg else ""
    card = Card(
        f"Certificate of {certificate.name}: part {certificate.leg}" if which else f"Certificate of {certificate.name}"
    )
    card.shapes += motif(certificate.phase_id, Box(16, 16, WIDTH - 16, 116))
    card.y = 146
    _draw_line(card, f"Certificate{which}", SMALL)
    card.y += 36
    card.label(MIDDLE, certificate.name, NAME, most=ROOM, weight=600, anchor="middle")
    card.y += 28
    _draw_line(card, "has completed", NORMAL - 1)
    for line in text.lines(certificate.subject, ROOM, SUBJECT, 600, most=2):
        card.y += 27
        card.label(MIDDLE, line, SUBJECT, look="accent", weight=600, anchor="middle")
    if certificate.roadmap:
        card.y += 24
        _draw_line(card, certificate.roadmap, NORMAL - 1)
    _draw_units(card, certificate.kept)
    card.y += 30
    summary = f"{sum(certificate.kept)} of {numbered(len(certificate.kept), 'unit')}" + since(certificate.came_in)
    card.label(MIDDLE, summary, NORMAL, weight=600, anchor="middle")
    card.y += 24
    _draw_line(card, f"{_format_day(certificate.since)} to {_format_day(certificate.until)}", SMALL)
    card.foot(f"With {certificate.group}" if certificate.group else "")
    return card.artwork()


def since(came_in: int) -> str:
    """Return with which unit a late joiner began; empty for members who were there from the start."""
    return f", from unit {came_in} on" if came_in else ""


def _draw_line(card: Card, words: str, size: float) -> None:
    card.label(MIDDLE, words, size, most=ROOM, look="soft", anchor="middle")


def _draw_units(card: Card, completed: tuple[bool, ...]) -> None:
    card.y += 34
    for start in range(0, len(completed), A_ROW):
        row = completed[start : start + A_ROW]
        left = MIDDLE - STEP * (len(row) - 1) / 2
        for n, is_kept in enumerate(row):
            card.shapes += mark("full" if is_kept else "dot", left + STEP * n, card.y, RADIUS)
        card.y += STEP
    card.y -= STEP - RADIUS


def _format_day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
