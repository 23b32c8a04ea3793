"""The card of a check-in: the streak, the unit that it fills on the trail, and how many of the group are in. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.drawing import text
from bot.drawing.card import GAP, LEFT, NORMAL, PADDING, RIGHT, SMALL, WIDTH, Card, mark
from bot.drawing.motif import motif
from bot.drawing.progress_card import MARKS, Unit, pack_units, unpack_units
from bot.drawing.shapes import Artwork, Box, Disc

RECEIPT = "receipt"
UNITS, DOTS = 12, 12
"""Units of the trail, and members as dots; more members are a number only."""
RADIUS, FILLED, BAND = 9.0, 14.0, 84.0


@dataclass(frozen=True)
class ReceiptCard:
    """What the card shows.

    Args:
        units: what the part's units are to the member, at most `UNITS`.
        first: the number of the first of them.
        at: the place of the unit that the check-in fills, from 0.
        gained: by how much the streak grew.
        n_in, n_part: how many completed the unit, and of how many; 0 if nothing may be said.
        moment: the milestone in words; "" for an ordinary check-in.
        phase_id: the phase whose pattern a milestone shows.
    """

    units: Sequence[Unit]
    first: int
    at: int
    streak: int
    gained: int
    n_in: int = 0
    n_part: int = 0
    moment: str = ""
    phase_id: str = ""

    def data(self) -> dict[str, str]:
        """Return the data of an Image block, bounded."""
        return {
            "units": pack_units(self.units),
            "at": f"{self.first} {self.at}",
            "counts": f"{self.streak} {self.gained} {self.n_in} {self.n_part}",
            **({"moment": text.bounded(self.moment), "id": text.bounded(self.phase_id)} if self.moment else {}),
        }

    @classmethod
    def read(cls, data: Mapping[str, str]) -> ReceiptCard:
        """Parse an Image block's data; raise ValueError or KeyError if it is invalid."""
        units = unpack_units(data["units"])
        first, at = map(text.count, data["at"].split(" "))
        streak, gained, n_in, n_part = map(text.count, data["counts"].split(" "))
        if not at < len(units) <= UNITS or n_in > n_part:
            raise ValueError("a trail of another size")
        moment, phase_id = text.bounded(data.get("moment", "")), text.bounded(data.get("id", ""))
        return cls(units, first, at, streak, gained, n_in, n_part, moment, phase_id)


def cut_window(units: Sequence[Unit], at: int) -> tuple[int, Sequence[Unit]]:
    """Return the place of the first unit that fits on a trail around another one, and the units that fit."""
    start = max(0, min(at - UNITS // 2, len(units) - UNITS))
    return start, units[start : start + UNITS]


def draw(receipt: ReceiptCard) -> Artwork:
    """Draw the card; a milestone has a band with its phase's pattern and its name."""
    card = Card(receipt.moment or f"Check-in for unit {receipt.first + receipt.at}")
    if receipt.moment:
        card.shapes += motif(receipt.phase_id, Box(16, 16, WIDTH - 16, 16 + BAND))
        card.y = 16 + BAND + 34
        card.label(LEFT, receipt.moment, 26, most=RIGHT - LEFT, look="accent", weight=600)
        card.y += 18
    card.y += 40
    taken = _draw_streak(card, receipt)
    _draw_group(card, receipt, RIGHT - LEFT - taken - 2 * GAP)
    _draw_trail(card, receipt)
    card.y -= PADDING - 22
    return card.artwork()


def _draw_streak(card: Card, receipt: ReceiptCard) -> float:
    """Draw the streak and what it gained; return the width that it takes."""
    number = str(receipt.streak)
    taken = card.label(LEFT, number, 44, look="accent", weight=600)
    if receipt.gained:
        taken += 8 + card.label(LEFT + taken + 8, f"+{receipt.gained}", NORMAL, look="accent", weight=600)
    words = "unit in a row" if receipt.streak == 1 else "units in a row"
    return max(taken, card.label(LEFT, words, SMALL, look="soft", down=22))


def _draw_group(card: Card, receipt: ReceiptCard, room: float) -> None:
    """Draw a dot for each member of the group, those who are in filled."""
    if receipt.n_part < 2:
        return
    words = f"{receipt.n_in} of {receipt.n_part} are in"
    card.label(RIGHT, words, SMALL, most=room, look="soft", down=22, anchor="end")
    if receipt.n_part > DOTS or receipt.n_part * 18 > room:
        return
    for n in range(receipt.n_part):
        x = RIGHT - 7 - 18 * (receipt.n_part - 1 - n)
        card.shapes += mark("full" if n < receipt.n_in else "ring", x, card.y - 12, 7)


def _draw_trail(card: Card, receipt: ReceiptCard) -> None:
    card.y += 64
    step = min(48.0, (RIGHT - LEFT - 2 * FILLED) / max(1, len(receipt.units) - 1))
    places = [LEFT + FILLED + step * n for n in range(len(receipt.units))]
    card.path([(x, card.y) for x in places], "line")
    card.path([(x, card.y) for x in places[: receipt.at + 1]], "mild")
    for n, (x, unit) in enumerate(zip(places, receipt.units, strict=True)):
        if n == receipt.at:
            card.shapes += [Disc(x, card.y, FILLED + 1, "pale"), *mark(MARKS[unit], x, card.y, FILLED - 3)]
        else:
            card.shapes += mark(MARKS[unit], x, card.y, RADIUS)
    half = text.width(label := f"Unit {receipt.first + receipt.at}", SMALL, 600) / 2
    middle = min(max(places[receipt.at], LEFT + half), RIGHT - half)
    card.label(middle, label, SMALL, down=34, weight=600, anchor="middle")
    card.y += 34
