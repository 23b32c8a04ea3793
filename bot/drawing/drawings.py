"""Every drawing by its name: what an Image block holds becomes an SVG that follows its reader's light or dark.

The colours of drawings, by day and by night; those of the local page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import TypeVar

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from bot.drawing import (
    board_card,
    certificate_card,
    header_card,
    map_card,
    part_card,
    progress_card,
    raster,
    receipt_card,
    text,
    week_card,
)
from bot.drawing.shapes import Artwork, Look
from bot.messages.picture import Drawing, Picture, Unknown

Palette = Mapping[Look, str]

LIGHT: Palette = {
    "paper": "#fffefb", "sunk": "#eeece4", "line": "#ddd8cb", "soft": "#5a655f", "ink": "#1d2724",
    "pale": "#cfe3d8", "mild": "#93c2ac", "strong": "#52977c", "accent": "#1f6a50",
}  # a table of data # fmt: skip

DARK: Palette = {
    "paper": "#1b221f", "sunk": "#27302c", "line": "#435049", "soft": "#a3b0a8", "ink": "#e7ebe6",
    "pale": "#234438", "mild": "#2f6a54", "strong": "#519c7e", "accent": "#7fc9a8",
}  # a table of data # fmt: skip


T = TypeVar("T")


def drawings() -> Mapping[str, Drawing]:
    """Return what draws, by the names that blocks know it by."""
    return {
        progress_card.PROGRESS: _drawing(progress_card.ProgressCard.read, progress_card.draw),
        header_card.HEADER: _drawing(header_card.HeaderCard.read, header_card.draw),
        certificate_card.CERTIFICATE: _drawing(certificate_card.CertificateCard.read, certificate_card.draw),
        map_card.MAP: _drawing(map_card.MapCard.read, map_card.draw),
        part_card.PART: _drawing(part_card.PartCard.read, part_card.draw),
        receipt_card.RECEIPT: _drawing(receipt_card.ReceiptCard.read, receipt_card.draw),
        week_card.WEEK: _drawing(week_card.WeekCard.read, week_card.draw),
        board_card.BOARD: _drawing(board_card.BoardCard.read, board_card.draw),
    }


def svg(artwork: Artwork) -> bytes:
    """Return a drawing as SVG; everything that it says is escaped."""
    return _template().render(artwork=artwork, light=LIGHT, dark=DARK).encode()


def png(drawn: bytes) -> bytes:
    """Return an SVG as PNG: with the carried fonts, and those of the machine for what these have not."""
    return raster.png(drawn, with_system=f'"{text.OTHER}"'.encode() in drawn)


def _drawing(read: Callable[[Mapping[str, str]], T], draw: Callable[[T], Artwork]) -> Drawing:
    def drawn(data: Mapping[str, str]) -> Picture:
        try:
            artwork = draw(read(data))
        except (KeyError, ValueError, OverflowError):
            raise Unknown from None
        return Picture(svg=svg(artwork))

    return drawn


@cache
def _template() -> Template:
    environment = Environment(loader=PackageLoader("bot.drawing"), autoescape=True, undefined=StrictUndefined)
    environment.filters["runs"] = text.runs
    return environment.get_template("artwork.svg")
